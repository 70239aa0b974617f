/*
 * Live charts: Vega draws other rows than those of the static SVG, as the table below lists them. Only the layout that is
 * seen is drawn, and only where a script asks for anything of the chart; the static SVG stays until the first drawing
 * stands. Vega and its interpreter are loaded when the first one is drawn, and are taken from the page here, so that
 * nothing that stands in a report can reach them.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  /** @typedef {{vega: any, vegaInterpreter: any}} Tools */

  /** @returns {Tools} */
  function take() {
    const { vega, vegaInterpreter } = reportgen;
    delete reportgen.vega;
    delete reportgen.vegaInterpreter;
    return { vega, vegaInterpreter };
  }

  /** They stand in the single file; in the folder they are scripts of their own. @type {Promise<Tools> | null} */
  let tools = reportgen.vega ? Promise.resolve(take()) : null;

  /** @returns {Promise<Tools>} Rejects where they cannot be had. */
  function drawing() {
    tools = tools || reportgen.later(document.documentElement.dataset.rgDrawing).then(take);
    return tools;
  }

  /** @typedef {Record<string, unknown>} Row */
  /** @typedef {{rows: Row[], table: string[][]}} Shown */
  /** @typedef {{n: number, rows: Record<string, any[]>, table: string[][]}} Folded Field by field, null where a row has none. */
  /**
   * @typedef {object} Payload
   * @property {object} vega The compiled spec, its data set empty.
   * @property {object} [narrow] The phone's layout of the same rows.
   * @property {Shown} shown What the report was built with.
   * @property {Record<string, Folded>} alternatives
   * @property {any} [frame] What a script must know that makes rows.
   * @property {string[]} [cells] The fields of a row that make a line of the table.
   */
  /**
   * @typedef {object} Live
   * @property {HTMLElement | null} figure
   * @property {Payload | null} payload
   * @property {Row[] | null} rows Rows that a script gave; they hold over any key.
   * @property {string[][] | null} table The lines of their table, where they are not made of the rows.
   * @property {string[] | null} links What those lines lead to.
   * @property {string} key The alternative that is shown; "": what the report was built with.
   * @property {boolean} asked Whether a script asked for anything that the static SVG does not show or do.
   * @property {string} selected The key of the selected cell.
   * @property {Map<Element, Promise<any>>} views By box.
   * @property {Acts | null} acts What its cells do, where they do anything.
   * @property {string} seen The key of the cell that was last brought into sight.
   * @property {Promise<void>} last The drawing that is under way.
   */

  /**
   * @typedef {object} Acts
   * @property {(key: string) => void} open A cell was clicked, or Enter pressed on it.
   * @property {(key: string) => void} [walk] An arrow key led to a cell; without it, it is only outlined.
   */
  const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

  /** @type {Map<string, Live>} By chart id; a page may ask before the chart is wired. */
  const charts = new Map();

  /** @param {string} id @returns {Live} */
  function live(id) {
    let found = charts.get(id);
    if (!found) {
      found = {
        figure: null, payload: null, rows: null, table: null, links: null, key: "", asked: false, selected: "", acts: null, seen: "",
        views: new Map(), last: Promise.resolve(),
      };
      charts.set(id, found);
    }
    return found;
  }

  /** @param {Live} chart @returns {Shown} */
  function meant(chart) {
    const { shown, alternatives, cells } = /** @type {Payload} */ (chart.payload);
    if (chart.rows && chart.table) return { rows: chart.rows, table: chart.table };
    if (chart.rows) {
      const told = (/** @type {unknown} */ value) => (typeof value === "number" ? reportgen.numbers.count(value) : String(value ?? ""));
      const listed = chart.rows.filter((row) => row.t === "row");
      return { rows: chart.rows, table: listed.map((row) => (cells || []).map((field) => told(row[field]))) };
    }
    return Object.hasOwn(alternatives, chart.key) ? unfolded(alternatives[chart.key]) : shown;
  }

  /** @param {Folded} folded @returns {Shown} Rows and lines, from the columns that they travel in. */
  function unfolded({ n, rows, table }) {
    const at = (/** @type {number} */ i) => Object.entries(rows).filter(([, column]) => column[i] !== null).map(([name, column]) => [name, column[i]]);
    return {
      rows: Array.from({ length: n }, (_, i) => Object.fromEntries(at(i))),
      table: (table[0] || []).map((_, i) => table.map((column) => column[i])),
    };
  }

  /** @param {Live} chart @returns {Row[]} The rows to draw, copied: Vega marks those it holds. */
  function copied(chart) {
    return meant(chart).rows.map((row) => ({ ...row, selected: chart.selected !== "" && row.key === chart.selected }));
  }

  /** @param {Live} chart @param {Element} box @returns {Promise<any>} A view, in the static SVG's place in the box. */
  async function draw(chart, box) {
    const payload = /** @type {Payload} */ (chart.payload);
    const still = box.querySelector("svg");
    if (!still) throw new Error("nothing to replace");
    const { vega, vegaInterpreter } = await drawing();
    const stage = document.createElement("div");
    const spec = box.getAttribute("data-rg-layout") === "narrow" ? payload.narrow : payload.vega;
    const view = new vega.View(vega.parse(spec, null, { ast: true }), {
      expr: vegaInterpreter,
      renderer: "svg",
      hover: false,
      logLevel: vega.Error,
      tooltip: () => {},
    });
    view.data("rows", copied(chart)).initialize(stage);
    await view.runAsync();
    const svg = /** @type {SVGElement} */ (stage.querySelector("svg"));
    for (const name of ["class", "role", "aria-label"]) svg.setAttribute(name, still.getAttribute(name) || "");
    svg.setAttribute("data-rg-live", "");
    still.replaceWith(svg);
    view.addEventListener("click", (/** @type {Event} */ _, /** @type {any} */ item) => {
      const key = item && item.datum && item.datum.key;
      if (key && chart.acts) chart.acts.open(String(key));
    });
    return view;
  }

  /** The cells by keys, once the chart and what they do are known: a box has the focus, an outline stands on the cell. @param {Live} chart */
  function walkable(chart) {
    if (!chart.figure || !chart.acts || chart.figure.querySelector("[data-rg-said]")) return;
    const said = reportgen.element("p.rg-hidden", { "aria-live": "polite", "data-rg-said": true });
    chart.figure.append(said);
    for (const box of chart.figure.querySelectorAll("[data-rg-layout]")) walk(chart, /** @type {HTMLElement} */ (box), said);
  }

  /** @param {Live} chart @param {HTMLElement} box @param {HTMLElement} said Where the cell is told. */
  function walk(chart, box, said) {
    const label = box.querySelector("svg")?.getAttribute("aria-label") || "";
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `${label} Arrow keys go from cell to cell, Enter opens one.`);
    box.addEventListener("keydown", (event) => {
      if (!chart.payload) return;
      const acts = /** @type {Acts} */ (chart.acts);
      const step = Object.hasOwn(STEPS, event.key) ? STEPS[/** @type {keyof STEPS} */ (event.key)] : null;
      if (!step && !(event.key === "Enter" && chart.selected)) return;
      event.preventDefault();
      if (!step) return void acts.open(chart.selected);
      const cell = neighbour(chart, step);
      if (!cell) return;
      said.textContent = spoken(chart, cell);
      if (acts.walk) acts.walk(String(cell.key));
      else mark(chart, String(cell.key));
    });
  }

  /** @param {Live} chart @param {number[]} step @returns {Row | undefined} The next cell that opens anything; at first the first one. */
  function neighbour(chart, [down, right]) {
    const cells = meant(chart).rows.filter((row) => row.t === "cell" && row.key);
    const from = cells.find((row) => row.key === chart.selected);
    if (!from) return cells[0];
    const way = (/** @type {Row} */ row) => (Number(row.row) - Number(from.row)) * down + (Number(row.col) - Number(from.col)) * right;
    const ahead = cells.filter((row) => (down ? row.col === from.col : row.row === from.row) && way(row) > 0);
    return ahead.sort((a, b) => way(a) - way(b))[0];
  }

  /** @param {Live} chart @param {Row} cell @returns {string} "night, rain: −8.3, 74.8%, n 812" */
  function spoken(chart, cell) {
    const { rows } = meant(chart);
    const [row, column] = [["name", "row"], ["column", "col"]].map(([t, at]) => rows.find((one) => one.t === t && one[at] === cell[at]));
    const texts = [cell.text0, cell.text1, cell.text2].filter((text) => text !== undefined);
    return `${row ? row.text : ""}, ${column ? column.text : ""}: ${texts.join(", ")}`;
  }

  /** Where the chart scrolls in its box, the selected cell is brought into sight, once. @param {Live} chart @param {Element} box */
  function reveal(chart, box) {
    if (!chart.selected || chart.seen === chart.selected) return;
    chart.seen = chart.selected;
    const drawn = Array.from(box.querySelectorAll("path"), (path) => /** @type {any} */ (path));
    const cell = drawn.find(({ __data__: item }) => item && item.datum && item.datum.key === chart.selected);
    if (!cell) return;
    const [own, outer] = [cell.getBoundingClientRect(), box.getBoundingClientRect()];
    if (own.left < outer.left || own.right > outer.right) box.scrollLeft += (own.left + own.right - outer.left - outer.right) / 2;
  }

  /** @param {Live} chart */
  async function refresh(chart) {
    if (!chart.figure || !chart.payload || !chart.asked) return;
    list(chart.figure, meant(chart).table, chart.links);
    for (const box of chart.figure.querySelectorAll("[data-rg-layout]")) {
      if (!box.getClientRects().length) continue; // drawn when it comes into sight
      const made = chart.views.get(box);
      if (made) {
        await (await made).data("rows", copied(chart)).runAsync();
      } else {
        const view = draw(chart, box);
        chart.views.set(box, view);
        await view;
        chart.seen = "";
      }
      reveal(chart, box);
    }
  }

  /** @param {HTMLElement} figure @param {string[][]} table The lines of "Show as table". @param {string[] | null} links */
  function list(figure, table, links) {
    const { element } = reportgen;
    const body = figure.querySelector(".rg-chart-table tbody");
    const head = (/** @type {string} */ text, /** @type {number} */ at) =>
      element("th", { scope: "row" }, links ? element("a", { href: links[at] }, element("bdi", null, text)) : element("bdi", null, text));
    const lineOf = ([first, ...rest], at) => element("tr", null, head(first, at), ...rest.map((text) => element("td", null, element("bdi", null, text))));
    if (body) body.replaceChildren(...table.map(lineOf));
  }

  /** Draws what is meant now, after the drawing that is under way. @param {Live} chart @returns {Promise<void>} */
  function update(chart) {
    chart.last = chart.last.then(() => refresh(chart)).catch(() => giveUp(chart));
    return chart.last;
  }

  /** Rather no chart than one of rows that are not meant. @param {Live} chart */
  function giveUp(chart) {
    if (!chart.figure || (!chart.rows && !chart.key)) return;
    for (const box of chart.figure.querySelectorAll("[data-rg-layout]")) box.textContent = "This chart cannot be drawn here.";
  }

  /** Which chart each figure is. @type {WeakMap<HTMLElement, string>} */
  const wired = new WeakMap();

  /** Once a figure, and again where it becomes another chart's. @param {HTMLElement} figure of a chart, or a copy of one with an id of its own: `data-rg-like` names whose it is */
  async function wire(figure) {
    const id = figure.dataset.rgChart || "";
    if (wired.get(figure) === id) return;
    wired.set(figure, id);
    const chart = live(id);
    chart.figure = figure;
    walkable(chart);
    try {
      chart.payload = /** @type {Payload} */ (await reportgen.data.load(`chart-${figure.dataset.rgLike || id}`));
    } catch {
      giveUp(chart);
      return;
    }
    // it tells at once, and when the page is shown, the window turned, or the other layout comes into sight
    new ResizeObserver(() => update(chart)).observe(figure);
  }

  /**
   * Show other rows, with the fields that the built ones have.
   * @param {string} id @param {Row[]} rows @param {string[][]} [table]
   * @param {string[] | null} [links] what the table's lines lead to
   * @returns {Promise<void>} When they are drawn.
   */
  function set(id, rows, table, links) {
    const chart = live(id);
    Object.assign(chart, { rows, table: table || null, links: links || null, asked: true });
    return update(chart);
  }

  /**
   * Show the rows of an alternative; "" is what the report was built with.
   * @param {string} id @param {string} key @returns {Promise<void>}
   */
  function setKey(id, key) {
    const chart = live(id);
    Object.assign(chart, { rows: null, table: null, links: null, key, asked: chart.asked || key !== "" });
    return update(chart);
  }

  /** @param {string} id @returns {Promise<any>} What a script must know of the layout that makes rows for it. */
  async function frame(id) {
    return (await reportgen.data.load(`chart-${id}`)).frame;
  }

  /** @param {Live} chart @param {string} key */
  function mark(chart, key) {
    Object.assign(chart, { selected: key, asked: chart.asked || key !== "" });
    return update(chart);
  }

  /** Mark the cell of a key; "" marks none. @param {string} id @param {string} key @returns {Promise<void>} */
  function select(id, key) {
    return mark(live(id), key);
  }

  /** What the cells do, by mouse and by keys. @param {string} id @param {Acts} acts */
  function onSelect(id, acts) {
    const chart = live(id);
    Object.assign(chart, { acts, asked: true });
    walkable(chart);
    update(chart);
  }

  reportgen.charts = { wire, frame, set, setKey, select, onSelect };
})();
