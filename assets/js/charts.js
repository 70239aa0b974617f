/*
 * Live charts: Vega draws what the static SVG shows, and follows new rows, as the table below does. Only the layout that
 * is seen is drawn; the static SVG stays until the first drawing stands. Vega and its interpreter are taken from the page
 * here, so that nothing that stands in a report can reach them.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { vega, vegaInterpreter } = reportgen;
  delete reportgen.vega;
  delete reportgen.vegaInterpreter;

  /** @typedef {Record<string, unknown>} Row */
  /** @typedef {{rows: Row[], table: string[][]}} Shown */
  /**
   * @typedef {object} Payload
   * @property {object} vega The compiled spec, its data set empty.
   * @property {object} [narrow] The phone's layout of the same rows.
   * @property {Shown} shown What the report was built with.
   * @property {Record<string, Shown>} alternatives
   * @property {string[]} [cells] The fields of a row that make a line of the table.
   */
  /**
   * @typedef {object} Live
   * @property {HTMLElement | null} figure
   * @property {Payload | null} payload
   * @property {Row[] | null} rows Rows that a script gave; they hold over any key.
   * @property {string} key The alternative that is shown; "": what the report was built with.
   * @property {string} selected The key of the selected cell.
   * @property {Map<Element, Promise<any>>} views By box.
   * @property {((key: string) => void)[]} listeners
   * @property {Promise<void>} last The drawing that is under way.
   */

  /** @type {Map<string, Live>} By chart id; a page may ask before the chart is wired. */
  const charts = new Map();

  /** @param {string} id @returns {Live} */
  function live(id) {
    let found = charts.get(id);
    if (!found) {
      found = { figure: null, payload: null, rows: null, key: "", selected: "", views: new Map(), listeners: [], last: Promise.resolve() };
      charts.set(id, found);
    }
    return found;
  }

  /** @param {Live} chart @returns {Shown} */
  function meant(chart) {
    const { shown, alternatives, cells } = /** @type {Payload} */ (chart.payload);
    if (chart.rows) {
      const told = (/** @type {unknown} */ value) => (typeof value === "number" ? reportgen.numbers.count(value) : String(value ?? ""));
      const listed = chart.rows.filter((row) => row.t === "row");
      return { rows: chart.rows, table: listed.map((row) => (cells || []).map((field) => told(row[field]))) };
    }
    return Object.hasOwn(alternatives, chart.key) ? alternatives[chart.key] : shown;
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
      if (key) for (const act of chart.listeners) act(String(key));
    });
    return view;
  }

  /** @param {Live} chart */
  async function refresh(chart) {
    if (!chart.figure || !chart.payload) return;
    list(chart.figure, meant(chart).table);
    for (const box of chart.figure.querySelectorAll("[data-rg-layout]")) {
      if (!box.getClientRects().length) continue; // drawn when it comes into sight
      const made = chart.views.get(box);
      if (made) {
        await (await made).data("rows", copied(chart)).runAsync();
      } else {
        const view = draw(chart, box);
        chart.views.set(box, view);
        await view;
      }
    }
  }

  /** @param {HTMLElement} figure @param {string[][]} table The lines of "Show as table". */
  function list(figure, table) {
    const body = figure.querySelector(".rg-chart-table tbody");
    const cell = (/** @type {string} */ text, /** @type {number} */ i) =>
      reportgen.element(i ? "td" : "th", i ? null : { scope: "row" }, reportgen.element("bdi", null, text));
    if (body) body.replaceChildren(...table.map((line) => reportgen.element("tr", null, ...line.map(cell))));
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

  /** @param {HTMLElement} figure */
  async function wire(figure) {
    const id = figure.dataset.rgChart || "";
    const chart = live(id);
    chart.figure = figure;
    try {
      chart.payload = /** @type {Payload} */ (await reportgen.data.load(`chart-${id}`));
    } catch {
      giveUp(chart);
      return;
    }
    // it tells at once, and when the page is shown, the window turned, or the other layout comes into sight
    new ResizeObserver(() => update(chart)).observe(figure);
  }

  /**
   * Show other rows, with the fields that the built ones have.
   * @param {string} id @param {Row[]} rows @returns {Promise<void>} When they are drawn.
   */
  function set(id, rows) {
    const chart = live(id);
    chart.rows = rows;
    return update(chart);
  }

  /**
   * Show the rows of an alternative; "" is what the report was built with.
   * @param {string} id @param {string} key @returns {Promise<void>}
   */
  function setKey(id, key) {
    const chart = live(id);
    chart.rows = null;
    chart.key = key;
    return update(chart);
  }

  /** Mark the cell of a key; "" marks none. @param {string} id @param {string} key @returns {Promise<void>} */
  function select(id, key) {
    const chart = live(id);
    chart.selected = key;
    return update(chart);
  }

  /** Hear which cell is clicked. @param {string} id @param {(key: string) => void} act */
  function onSelect(id, act) {
    live(id).listeners.push(act);
  }

  reportgen.charts = { wire, set, setKey, select, onSelect };
})();
