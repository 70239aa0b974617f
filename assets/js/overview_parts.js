/* The parts of the Overview that follow another pair than the built one: copies of those that were built, filled anew. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element } = reportgen;
  const { write } = element;
  const SVG = "http://www.w3.org/2000/svg";

  /** @typedef {{page: string, text: string, state: [string, string][], count: number | null}} Link */

  /** @param {Link} link @returns {HTMLElement} Or its text where the report has no such page. */
  function anchor(link) {
    const text = element("bdi", null, link.text);
    if (!reportgen.state.pages().includes(link.page)) return text;
    return element("a", { href: reportgen.state.href(link.page, new URLSearchParams(link.state)), "data-rg-count": link.count }, text);
  }

  /** @param {Link[]} links */
  const listed = (links) => links.length > 0 && element("p.rg-links", null, ...links.flatMap((link) => [anchor(link), " "]));

  /** @param {any} data the chunk "overview" @returns {Promise<any>} What engine/overview_view.js makes of the chosen pair. */
  async function make(data) {
    const told = await reportgen.sliceData.open();
    const shown = await told.pair();
    /** @type {any} */
    let found = null;
    /** @type {any} */
    let meta = null;
    if (!shown.carried) {
      meta = await reportgen.data.load("samples");
      const explorer = await reportgen.explorer.shared();
      const places = [shown.baseline, shown.version].map((name) => data.versions.indexOf(name));
      found = await explorer.compare(places[0], places[1]);
    }
    const view = reportgen.overviewView.make({ data, shown, slices: told.slices, found, meta });
    const has = { points: view.points.length > 0, slices: true, scorecard: true, flips: view.flips !== null };
    return { ...view, data, has };
  }

  /** @param {HTMLElement} part @param {any} view */
  function points(part, view) {
    const lines = view.points.map((/** @type {any} */ one) =>
      element("div.rg-point", null,
        element("dt", null, one.label),
        element("dd", null,
          element(one.verdict ? `span.rg-figure.rg-is-${one.verdict}` : "span.rg-figure", null, one.verdict && element.sign(one.verdict), one.verdict && " ", one.figure),
          " ", element("span.rg-small", null, one.detail), listed(one.links))));
    part.querySelector("dl")?.replaceChildren(...lines);
  }

  /** @param {HTMLElement} part @param {any} view */
  function slices(part, { slices: own, data, names }) {
    const chart = part.querySelector(".rg-diverging"); // a report without tested slices has none, and says nothing of it
    write(part, { prose: chart ? own.prose : "", key: own.key });
    if (chart instanceof HTMLElement) chart.hidden = !own.rows.length;
    const link = part.querySelector(":scope > .rg-links a");
    if (link) link.setAttribute("href", reportgen.state.href("slices", { n: "0", ...parts(data, names) }));
  }

  /** The pair as links carry it. */
  function parts(/** @type {any} */ data, /** @type {any} */ names) {
    return reportgen.pair.parts(names, { baseline: data.baseline, candidate: data.candidate });
  }

  /** @param {string} tag @param {Record<string, string | number>} attributes */
  function drawn(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
    return made;
  }

  /** A measure's small plot. @param {any} row @param {any} card @param {any} data */
  function plot(row, { width }, { card, level }) {
    const told = row.cells.map((/** @type {any} */ cell) => `${cell.version} ${cell.value}${cell.interval ? `, ${level} ${cell.interval}` : ""}`).join("; ");
    const svg = drawn("svg", { class: "rg-strip", width, height: card.height, viewBox: `0 0 ${width} ${card.height}`, role: "img", "aria-label": `${row.label}: ${told}` });
    for (const { kind, x, y, r, left, right } of row.marks) {
      if (left !== right) svg.append(drawn("path", { class: `rg-strip-rule rg-strip-${kind}`, d: `M${left} ${y}H${right}` }));
      svg.append(drawn("circle", { class: `rg-strip-dot rg-strip-${kind}`, cx: x, cy: y, r }));
    }
    return svg;
  }

  /** What changed in a measure. @param {any} row @param {boolean} isCompared */
  function changeCells(row, isCompared) {
    if (!isCompared) return [];
    if (!row.verdict) return [element("td.rg-small", { colspan: 3 }, row.word || "not compared")];
    return [
      element(`td.rg-score-change.rg-is-${row.verdict}`, null, element.sign(row.verdict), " ", row.change),
      element("td.rg-small.rg-score-interval", null, row.interval),
      element(`td.rg-score-word.rg-is-${row.verdict}`, null, row.word),
    ];
  }

  /** @param {HTMLElement} part @param {any} view */
  function scorecard(part, { card, data }) {
    const { level } = data;
    const rows = card.rows.map((/** @type {any} */ row) =>
      element("tr", null,
        element("th", { scope: "row" }, row.label, element("span.rg-small", null, `${row.plain}; ${row.aside}`)),
        ...row.cells.map((/** @type {any} */ cell) =>
          element(`td.rg-number.rg-score-value.rg-score-${cell.kind}`, { "data-rg-version": cell.version, title: cell.interval ? `${level} ${cell.interval}` : cell.why || null }, cell.value)),
        row.why ? element("td.rg-score-plot.rg-small", null, row.why)
          : element("td.rg-score-plot", null, element("span.rg-score-end", null, row.low), plot(row, card, data), element("span.rg-score-end", null, row.high)),
        ...changeCells(row, card.against !== ""),
        element("td.rg-number.rg-small", null, row.n, ["show", "counts"].includes(row.support) && element("small", null, " few"))));
    part.querySelector("tbody")?.replaceChildren(...rows);
    const head = /** @type {Element} */ (part.querySelector("thead tr"));
    const key = card.columns.flatMap((/** @type {[string, string]} */ [name, kind]) => [element("span", null, element.sign(kind), " ", element("bdi", null, name)), " "]);
    head.replaceChildren(
      element("th", { scope: "col" }, "Measure"),
      ...card.columns.map((/** @type {[string, string]} */ [name]) => element("th.rg-number", { scope: "col" }, element("bdi", null, name))),
      element("th.rg-score-key", { scope: "col" }, ...key, element("span", null, `${level} intervals`)),
      card.against && element("th", { scope: "col", colspan: 3 }, element("bdi", null, card.against)),
      element("th.rg-number", { scope: "col" }, "n"),
    );
    write(part, { shared: card.shared });
    for (const words of part.querySelectorAll("[data-rg-compared]")) words.toggleAttribute("hidden", !card.against);
  }

  /** @param {HTMLElement} part @param {any} view */
  function flips(part, { flips: own }) {
    if (!own) return;
    write(part, own);
    part.querySelector("[data-rg-links]")?.replaceChildren(listed(own.links) || "");
    const cut = part.querySelector("[data-rg-shares]");
    if (cut instanceof HTMLElement) cut.hidden = !own.parts.length;
  }

  const FILLED = { points, slices, scorecard, flips };

  /** @param {keyof FILLED} name @param {HTMLElement} part the copy @param {any} view */
  function fill(name, part, view) {
    FILLED[name](part, view);
  }

  /** The charts of the copies, which come to life where they are first shown. @param {HTMLElement[]} copies @param {any} view */
  async function draw(copies, view) {
    const { charts, chartRows, flipCharts, wording } = reportgen;
    const { data, names } = view;
    const say = (/** @type {string} */ name, /** @type {any} */ given) => wording.fill(data.words[name], { ...names, ...given });
    const { slices: own, flips: flipped } = view;
    const changes = own.rows.map((/** @type {any} */ row) => ({ ...row, label: row.one.name }));
    const links = own.rows.map((/** @type {any} */ { one }) => reportgen.state.href("slices", { slice: one.id, ...parts(data, names) }));
    /** @type {Record<string, ((frame: any) => any) | null>} */
    const made = {
      "overview-slices-chart": own.rows.length ? (frame) => chartRows.diverging(changes, own.whole.delta, frame, names.candidate) : null,
      "overview-flips-chart": flipped && ((frame) => flipCharts.flips(flipped.counts, frame, { data, say, pair: names })),
      "overview-shares": flipped && flipped.parts.length ? (frame) => flipCharts.shares(flipped.parts, frame) : null,
    };
    const labels = { "overview-slices-chart": own.key, "overview-flips-chart": flipped && flipped.prose, "overview-shares": flipped && (flipped.concentration || flipped.shares_heading) };
    for (const figure of copies.flatMap((copy) => Array.from(copy.querySelectorAll("[data-rg-chart]")))) {
      const id = figure.getAttribute("data-rg-chart") || "";
      const rowsOf = made[id];
      if (!rowsOf) continue;
      const frame = await charts.frame(id).catch(() => null);
      figure.toggleAttribute("hidden", !frame); // rather no chart than that of others
      if (!frame) continue;
      for (const svg of figure.querySelectorAll("svg")) svg.setAttribute("aria-label", labels[/** @type {keyof labels} */ (id)]);
      const { rows, table } = rowsOf(frame);
      charts.wire(figure);
      charts.set(id, rows, table, id === "overview-slices-chart" ? links : null);
    }
  }

  reportgen.overviewParts = { make, fill, draw };
})();
