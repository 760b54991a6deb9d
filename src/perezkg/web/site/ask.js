// SPARQL in the browser: canned queries as forms, an engine in a worker that can be ended, nothing asked of anybody.
"use strict";
(function () {
  const { queries, prefixes, things, words } = perezkgAsk;
  const at = (id) => document.getElementById(id);
  const [choice, form, text, status, answer] = ["choice", "parameters", "sparql", "status", "answer"].map(at);
  const [run, cancel] = [at("run"), at("cancel")];
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const byLabel = new Map();
  for (const [iri, [label]] of Object.entries(things)) if (!byLabel.has(label)) byLabel.set(label, iri);

  // Values become whole terms, as in perezkg: nothing in a value can go on as text of the query.
  const quoted = (value) => '"' + value.replace(/[\\"\n\r\t\b\f]/g, (c) => ({ "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" })[c]) + '"';
  const typed = (value, type) => `${quoted(value)}^^<${XSD}${type}>`;
  const terms = {
    string: (value) => quoted(value),
    language: (value, row) => `${quoted(value)}@${row.tag}`,
    integer: (value) => (/^[+-]?\d{1,18}$/.test(value) ? typed(String(BigInt(value.replace("+", ""))), "integer") : null),
    number: (value) => (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(value) ? typed(value, "decimal") : null),
    date: (value) => (/^\d{4}-\d\d-\d\d$/.test(value) ? typed(value, "date") : null),
    iri: (value) => {
      const [prefix, ...rest] = value.split(":");
      const iri = byLabel.get(value) || (prefix in prefixes ? prefixes[prefix] + rest.join(":") : value.replace(/^<(.*)>$/, "$1"));
      return /^[a-z][a-z0-9+.-]*:[^<>"{}|^`\\\u0000-\u0020]*$/i.test(iri) ? `<${iri}>` : null;
    },
  };

  function field(row) {
    const label = document.createElement("label");
    const name = document.createElement("span");
    name.textContent = row.name + (row.required ? " *" : "");
    const input = document.createElement(row.choices.length ? "select" : "input");
    for (const value of row.choices.length && !row.value ? ["", ...row.choices] : row.choices) input.add(new Option(value, value));
    if (!row.choices.length && row.kind === "date") input.type = "date";
    if (row.kind === "iri") {
      input.setAttribute("list", "names");
      input.addEventListener("input", () => offer(input.value));
    }
    input.name = row.name;
    input.value = row.kind === "iri" && things[row.value] ? things[row.value][0] : row.value;
    input.addEventListener("input", fill);
    label.append(name, input);
    return label;
  }

  // A thousand options would be slow: only those are offered in which the text stands.
  function offer(given) {
    const wanted = given.toLowerCase();
    const found = wanted ? [...byLabel.keys()].filter((label) => label.toLowerCase().includes(wanted)).slice(0, 30) : [];
    at("names").replaceChildren(...found.map((label) => new Option(label, label)));
  }

  const chosen = () => queries[choice.selectedIndex - 1];

  function fill() {
    const query = chosen();
    if (!query) return;
    const values = {};
    const wrong = [];
    for (const row of query.parameters) {
      const value = form.elements[row.name].value.trim();
      const term = value ? terms[row.kind](value, row) : null;
      if (term) values[row.name] = term;
      else if (value || row.required) wrong.push(row.name);
      form.elements[row.name].setAttribute("aria-invalid", String(wrong.includes(row.name)));
    }
    text.value = query.parts.map((part) => (typeof part === "string" ? part : values[part[0]] || part[1])).join("");
    run.disabled = wrong.length > 0;
    status.textContent = wrong.length ? words["needs"].replace("{}", wrong.join(", ")) : "";
  }

  function choose() {
    const query = chosen();
    at("about").textContent = query ? query.description : "";
    form.replaceChildren(...(query ? query.parameters.map(field) : []));
    run.disabled = false;
    fill();
    if (query) history.replaceState(null, "", "#" + query.name);
  }

  let worker = null;
  let number = 0;
  function begun() {
    const { glue, worker: ours } = perezkgEngine;
    const made = new Worker(URL.createObjectURL(new Blob([glue, "\n", ours], { type: "text/javascript" })));
    made.onmessage = (event) => event.data.id === number && ended(event.data);
    made.onerror = (event) => ended({ error: event.message || words["failed"] });
    return made;
  }

  function ask() {
    const first = !worker;
    worker = worker || begun();
    number += 1;
    run.disabled = true;
    cancel.disabled = false;
    status.textContent = words[first ? "loading" : "running"];
    answer.replaceChildren();
    const more = first ? { wasm: Uint8Array.from(atob(perezkgEngine.wasm), (c) => c.charCodeAt(0)), data: perezkgData } : {};
    worker.postMessage({ id: number, query: declared(text.value), ...more });
  }

  // Known prefixes need not be declared; on the first line, so that an engine's line numbers are those of the reader.
  function declared(query) {
    const missing = Object.entries(prefixes).filter(
      ([name]) => new RegExp(`(^|[^\\w-])${name}:`).test(query) && !new RegExp(`PREFIX\\s+${name}:`, "i").test(query),
    );
    return missing.map(([name, iri]) => `PREFIX ${name}: <${iri}> `).join("") + query;
  }

  function stop() {
    if (!worker) return;
    worker.terminate();
    worker = null;
    number += 1;
    idle(words["cancelled"]);
  }

  function idle(sentence) {
    run.disabled = false;
    cancel.disabled = true;
    status.textContent = sentence;
  }

  function ended(found) {
    if (found.error) {
      idle(found.error);
      return;
    }
    const seconds = found.seconds.toFixed(2);
    if (found.kind === "triples") {
      const lines = document.createElement("pre");
      lines.tabIndex = 0;
      lines.textContent = found.answer;
      answer.replaceChildren(lines, perezkgViews.download(found.answer, "answer.ttl", "text/turtle"));
      idle(words["triples"].replace("{}", seconds));
      return;
    }
    const told = JSON.parse(found.answer);
    if ("boolean" in told) {
      answer.replaceChildren(words[String(told.boolean)]);
      idle(words["answered"].replace("{}", seconds));
      return;
    }
    answer.replaceChildren(...perezkgViews.of(told, found.answer));
    idle(words["rows"].replace("{0}", told.results.bindings.length).replace("{1}", seconds));
  }

  choice.add(new Option(words["own"], ""));
  for (const query of queries) choice.add(new Option(query.title, query.name));
  choice.addEventListener("change", choose);
  form.addEventListener("submit", (event) => event.preventDefault());
  run.addEventListener("click", ask);
  cancel.addEventListener("click", stop);
  const named = queries.findIndex((query) => "#" + query.name === location.hash);
  choice.selectedIndex = named + 1;
  choose();
  if (named < 0) text.value = "SELECT ?kind (COUNT(*) AS ?number)\nWHERE { ?thing a ?kind }\nGROUP BY ?kind\nORDER BY DESC(?number)\n";
})();
