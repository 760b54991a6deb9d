// Answers each query NAME.rq of the folders named, over the folder's data.nt, with Comunica: NAME.json for rows and
// truth values, NAME.nt for triples, NAME.error where it fails; times.tsv has milliseconds, version.txt the version.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

// The packages stand in the folder that is the working directory; a module would look beside this file.
const require = createRequire(resolve('package.json'));
const { QueryEngine } = require('@comunica/query-sparql-rdfjs');
const { Parser, Store } = require('n3');

async function answer(engine, source, text) {
  const result = await engine.query(text, { sources: [source] });
  const rows = result.resultType !== 'quads';
  const { data } = await engine.resultToString(result, rows ? 'application/sparql-results+json' : 'application/n-triples');
  let whole = '';
  for await (const part of data) {
    whole += part;
  }
  return [rows ? '.json' : '.nt', whole];
}

const version = JSON.parse(readFileSync('node_modules/@comunica/query-sparql-rdfjs/package.json', 'utf8')).version;
for (const folder of process.argv.slice(2)) {
  writeFileSync(join(folder, 'version.txt'), version);
  const store = new Store(new Parser({ format: 'N-Triples' }).parse(readFileSync(join(folder, 'data.nt'), 'utf8')));
  const engine = new QueryEngine();
  const times = [];
  for (const file of readdirSync(folder).filter(name => name.endsWith('.rq')).sort()) {
    const stem = file.slice(0, -3);
    const start = performance.now();
    try {
      const [extension, whole] = await answer(engine, store, readFileSync(join(folder, file), 'utf8'));
      writeFileSync(join(folder, stem + extension), whole);
    } catch (error) {
      writeFileSync(join(folder, `${stem}.error`), String(error));
    }
    times.push(`${stem}\t${Math.round(performance.now() - start)}\n`);
  }
  writeFileSync(join(folder, 'times.tsv'), times.join(''));
}
