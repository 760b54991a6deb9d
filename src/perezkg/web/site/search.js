// Search over the labels that labels.js brings: nothing is asked of anybody.
"use strict";
(function () {
  const field = document.getElementById("search");
  const list = document.getElementById("found");
  const count = document.getElementById("count");
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const entries = perezkgLabels.map((entry) => ({ key: plain(entry[0]), label: entry[0], page: entry[1], kind: entry[2] }));
  const most = 100;
  function show() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const hits = words.length ? entries.filter((entry) => words.every((word) => entry.key.includes(word))) : [];
    // First what begins so, then what has a word that does.
    const rank = (key) => key.startsWith(words[0]) ? 0 : (" " + key.replace(/[^\p{L}\p{N}]+/gu, " ")).includes(" " + words[0]) ? 1 : 2;
    hits.sort((a, b) => rank(a.key) - rank(b.key));
    list.replaceChildren(...hits.slice(0, most).map((entry) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = entry.page;
      link.textContent = entry.label;
      item.append(link, entry.kind ? " – " + entry.kind : "");
      return item;
    }));
    count.textContent = !words.length ? "" : hits.length ? count.dataset.some.replace("{}", hits.length) : count.dataset.none;
  }
  // What is looked for stands in the address: going back finds it again.
  field.value = field.value || new URLSearchParams(location.hash.slice(1)).get("q") || "";
  field.addEventListener("input", () => {
    history.replaceState(null, "", "#" + new URLSearchParams({ q: field.value }));
    show();
  });
  show();
})();
