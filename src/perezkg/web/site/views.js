// An answer as a table, and as a map, a timeline or a chart where its columns allow that; as files to keep.
"use strict";
const perezkgViews = (function () {
  const { things, words } = perezkgAsk;
  const SVG = "http://www.w3.org/2000/svg";
  const XSD = "http://www.w3.org/2001/XMLSchema#";
  const most = 1000;
  const drawn = 60;

  function element(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function titled(text) {
    return element("title", {}, text);
  }

  const shown = (term) => (!term ? "" : term.type === "uri" && things[term.value] ? things[term.value][0] : term.value);
  const numeric = (term) => term && /(integer|decimal|double|float)$/.test(term.datatype || "") ? Number(term.value) : NaN;

  // A year as a number, with months and days as parts of it.
  function moment(term) {
    const parts = term && /^(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?(?:T.*|Z)?$/.exec(term.value);
    if (!parts || !(term.datatype || "").startsWith(XSD)) return NaN;
    if (/integer$/.test(term.datatype) && (Number(parts[1]) < 1000 || Number(parts[1]) > 2999)) return NaN;
    return Number(parts[1]) + (parts[2] ? (Number(parts[2]) - 1) / 12 : 0) + (parts[3] ? (Number(parts[3]) - 1) / 372 : 0);
  }

  function columnOf(told, value, named) {
    const rows = told.results.bindings;
    return told.head.vars.find((name) => {
      const given = rows.filter((row) => row[name]);
      return given.length > 0 && given.every((row) => !Number.isNaN(value(row[name]))) && (!named || named.test(name));
    });
  }

  function nameColumn(told, others) {
    const rows = told.results.bindings;
    return told.head.vars.find(
      (name) => !others.includes(name) && rows.some((row) => row[name] && Number.isNaN(numeric(row[name])) && Number.isNaN(moment(row[name]))),
    ) || told.head.vars[0];
  }

  function table(told) {
    const made = document.createElement("table");
    const last = told.head.vars[told.head.vars.length - 1];
    const hidden = last === "iri" && told.head.vars.length > 1;
    const columns = hidden ? told.head.vars.slice(0, -1) : told.head.vars;
    const head = made.createTHead().insertRow();
    for (const name of columns) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = name;
      head.append(cell);
    }
    const body = made.createTBody();
    for (const row of told.results.bindings.slice(0, most)) {
      const line = body.insertRow();
      columns.forEach((name, place) => {
        const cell = line.insertCell();
        const term = row[name];
        const iri = term && term.type === "uri" ? term.value : hidden && place === 0 && row.iri ? row.iri.value : "";
        if (iri && things[iri]) {
          const link = document.createElement("a");
          link.href = things[iri][1];
          link.textContent = shown(term) || things[iri][0];
          cell.append(link);
        } else cell.textContent = shown(term);
      });
    }
    const holder = document.createElement("div");
    holder.className = "wide";
    holder.tabIndex = 0;
    holder.append(made);
    return holder;
  }

  function picture(width, height, label, ...children) {
    return element("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label }, ...children);
  }

  function map(told) {
    const rows = told.results.bindings;
    const [north, east] = [columnOf(told, numeric, /^lat/i), columnOf(told, numeric, /^(long?|lng)/i)];
    if (!north || !east) return null;
    const name = nameColumn(told, [north, east]);
    const spots = rows.filter((row) => row[north] && row[east]).map((row) => ({ x: (numeric(row[east]) + 180) * 4, y: (90 - numeric(row[north])) * 4, text: shown(row[name]) }));
    const land = document.getElementById("land").content.cloneNode(true).querySelector("g");
    const [left, right] = [Math.min(...spots.map((spot) => spot.x)), Math.max(...spots.map((spot) => spot.x))];
    const [top, bottom] = [Math.min(...spots.map((spot) => spot.y)), Math.max(...spots.map((spot) => spot.y))];
    const across = Math.max(right - left, (bottom - top) * 2, 60) * 1.1;
    const box = [(left + right - across) / 2, (top + bottom) / 2 - across / 4, across, across / 2];
    const dots = spots.map((spot) => element("circle", { class: "spot", cx: spot.x, cy: spot.y, r: across / 120 }, titled(spot.text)));
    land.setAttribute("stroke-width", across / 900);
    return element("svg", { viewBox: box.join(" "), role: "img", "aria-label": words["map"], class: "map" }, land, ...dots);
  }

  function timeline(told) {
    const when = columnOf(told, moment);
    if (!when) return null;
    const name = nameColumn(told, [when]);
    const events = told.results.bindings.filter((row) => row[when]).map((row) => ({ at: moment(row[when]), text: shown(row[name]), when: row[when].value }));
    events.sort((a, b) => a.at - b.at);
    const some = events.slice(0, drawn);
    const [from, to] = [Math.floor(some[0].at), Math.max(Math.ceil(some[some.length - 1].at), Math.floor(some[0].at) + 1)];
    const x = (at) => 10 + ((at - from) / (to - from)) * 300;
    const parts = [element("text", { x: 10, y: 14 }, String(from)), element("text", { x: 310, y: 14, "text-anchor": "end" }, String(to))];
    some.forEach((event, row) => {
      const y = 34 + row * 20;
      parts.push(element("line", { class: "grid", x1: 10, x2: 310, y1: y, y2: y }));
      parts.push(element("circle", { class: "dot", cx: x(event.at), cy: y, r: 5 }, titled(event.when)));
      parts.push(element("text", { class: "lane", x: 325, y: y + 4 }, `${event.when} ${event.text}`));
    });
    return picture(900, 40 + some.length * 20, words["timeline"], ...parts);
  }

  function chart(told) {
    const number = columnOf(told, (term) => (Number.isNaN(moment(term)) ? numeric(term) : NaN));
    if (!number) return null;
    const name = nameColumn(told, [number]);
    const bars = told.results.bindings.filter((row) => row[number]).slice(0, drawn).map((row) => ({ value: numeric(row[number]), text: shown(row[name]) }));
    const largest = Math.max(...bars.map((bar) => Math.abs(bar.value)), 1e-9);
    const parts = bars.flatMap((bar, row) => [
      element("text", { class: "lane", x: 395, y: row * 22 + 18, "text-anchor": "end" }, bar.text.length > 55 ? bar.text.slice(0, 54) + "…" : bar.text),
      element("rect", { class: "count", x: 405, y: row * 22 + 6, height: 16, width: (Math.abs(bar.value) / largest) * 400 }, titled(`${bar.text}: ${bar.value}`)),
      element("text", { x: 410 + (Math.abs(bar.value) / largest) * 400, y: row * 22 + 18 }, String(bar.value)),
    ]);
    return picture(900, bars.length * 22 + 12, `${words["chart"]}: ${number}`, ...parts);
  }

  function csv(told) {
    const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
    const lines = told.results.bindings.map((row) => told.head.vars.map((name) => cell(row[name] ? row[name].value : "")).join(","));
    return [told.head.vars.join(","), ...lines, ""].join("\r\n");
  }

  function download(content, name, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = name;
    link.textContent = name.split(".").pop().toUpperCase();
    return link;
  }

  function of(told, text) {
    const files = document.createElement("p");
    files.className = "files";
    files.append(download(csv(told), "answer.csv", "text/csv"), download(text, "answer.json", "application/sparql-results+json"));
    if (!told.results.bindings.length) return [files];
    const views = [["table", table(told)], ["map", map(told)], ["timeline", timeline(told)], ["chart", chart(told)]].filter(([, made]) => made);
    const holder = document.createElement("div");
    const buttons = views.map(([name, made]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words[name];
      button.addEventListener("click", () => {
        buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        holder.replaceChildren(made);
      });
      return button;
    });
    buttons[0].click();
    const bar = document.createElement("p");
    bar.append(...buttons);
    const more = document.createElement("p");
    more.textContent = told.results.bindings.length > most ? words["more"].replace("{}", most) : "";
    return views.length > 1 ? [bar, holder, more, files] : [holder, more, files];
  }

  return { of, download };
})();
