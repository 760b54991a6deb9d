// Stands behind the engine's own script in a worker: loads the data once, then answers one query after another.
"use strict";
let store = null;
onmessage = (event) => {
  const { id, wasm, data, query } = event.data;
  try {
    if (!store) {
      initSync({ module: wasm });
      store = new Store();
      store.load(data, { format: "application/n-triples", lenient: true, no_transaction: true });
    }
    const start = performance.now();
    const kind = kindOf(query);
    const format = kind === "triples" ? "text/turtle" : "json";
    const answer = store.query(query, { results_format: format });
    postMessage({ id, kind, answer, seconds: (performance.now() - start) / 1000 });
  } catch (error) {
    postMessage({ id, error: String((error && error.message) || error) });
  }
};
// The form of a query is its first keyword outside of IRIs, strings and comments.
function kindOf(query) {
  const bare = query.replace(/<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g, " ");
  const word = /\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i.exec(bare);
  return word && /^[CD]/i.test(word[1]) ? "triples" : "results";
}
