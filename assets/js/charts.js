/*
 * Live charts: Vega draws what the static SVG shows, and follows new rows. Only the layout that is seen is drawn; the
 * static SVG stays where anything fails. Vega and its interpreter are taken from the page here, so that nothing that
 * stands in a report can reach them.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { vega, vegaInterpreter } = reportgen;
  delete reportgen.vega;
  delete reportgen.vegaInterpreter;

  /** @typedef {Record<string, unknown>} Row */
  /**
   * @typedef {object} Payload
   * @property {object} vega The compiled spec, its data set empty.
   * @property {object} [narrow] The phone's layout of the same rows.
   * @property {Row[]} rows
   * @property {Record<string, Row[]>} [alternatives]
   */
  /**
   * @typedef {object} Live
   * @property {Payload | null} payload
   * @property {Row[] | null} rows What is shown; null until the payload is there.
   * @property {string | null} key The alternative that was asked for.
   * @property {string} selected The key of the selected cell.
   * @property {Map<Element, Promise<any>>} views By box.
   * @property {((key: string) => void)[]} listeners
   * @property {HTMLElement | null} figure
   */

  /** @type {Map<string, Live>} By chart id; a page may ask before the chart is wired. */
  const charts = new Map();

  /** @param {string} id @returns {Live} */
  function live(id) {
    let found = charts.get(id);
    if (!found) {
      found = { payload: null, rows: null, key: null, selected: "", views: new Map(), listeners: [], figure: null };
      charts.set(id, found);
    }
    return found;
  }

  /** @param {Live} chart @returns {Row[]} The rows to show, copied: Vega marks the ones it holds. */
  function shown(chart) {
    return (chart.rows || []).map((row) => ({ ...row, selected: Boolean(chart.selected) && row.key === chart.selected }));
  }

  /** @param {Live} chart @returns {Element[]} The boxes that are seen now: one, or none on a page that is not shown. */
  function seen(chart) {
    if (!chart.figure) return [];
    return Array.from(chart.figure.querySelectorAll("[data-rg-layout]")).filter((box) => box.getClientRects().length);
  }

  /** @param {Live} chart @param {Element} box @returns {Promise<any>} A view, in the box in the static SVG's place. */
  async function draw(chart, box) {
    const payload = /** @type {Payload} */ (chart.payload);
    const spec = box.getAttribute("data-rg-layout") === "narrow" ? payload.narrow : payload.vega;
    const still = /** @type {SVGElement} */ (box.querySelector("svg"));
    const stage = document.createElement("div");
    const view = new vega.View(vega.parse(spec, null, { ast: true }), {
      expr: vegaInterpreter,
      renderer: "svg",
      hover: false,
      logLevel: vega.Error,
      tooltip: () => {},
    });
    view.data("rows", shown(chart));
    view.initialize(stage);
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

  /** Brings what is seen up to date; a layout that comes into sight is drawn then. @param {Live} chart */
  async function refresh(chart) {
    if (!chart.payload) return;
    await Promise.all(
      seen(chart).map(async (box) => {
        const made = chart.views.get(box);
        if (!made) {
          const view = draw(chart, box);
          chart.views.set(box, view);
          await view;
        } else {
          const view = await made;
          await view.data("rows", shown(chart)).runAsync();
        }
      }),
    );
  }

  /** Says that a chart could not follow, rather than showing rows that are not meant. @param {Live} chart */
  function giveUp(chart) {
    if (!chart.figure || chart.key === null) return;
    for (const box of chart.figure.querySelectorAll("[data-rg-layout]")) {
      box.textContent = "This chart cannot be drawn here.";
    }
  }

  /** @param {Live} chart @returns {Promise<void>} */
  function update(chart) {
    return refresh(chart).catch(() => giveUp(chart));
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
    if (!chart.rows) chart.rows = rowsOf(chart, chart.key || "");
    // also tells when the page is shown, the window turned, or the other layout comes into sight
    new ResizeObserver(() => update(chart)).observe(figure);
  }

  /** @param {Live} chart @param {string} key @returns {Row[]} */
  function rowsOf(chart, key) {
    const { rows, alternatives } = /** @type {Payload} */ (chart.payload);
    return alternatives && Object.hasOwn(alternatives, key) ? alternatives[key] : rows;
  }

  /**
   * Show other rows.
   * @param {string} id @param {Row[]} rows @returns {Promise<void>} When they are drawn.
   */
  function set(id, rows) {
    const chart = live(id);
    chart.key = "";
    chart.rows = rows;
    return update(chart);
  }

  /**
   * Show the rows of an alternative; "" is what the report was built with.
   * @param {string} id @param {string} key @returns {Promise<void>}
   */
  function setKey(id, key) {
    const chart = live(id);
    chart.key = key;
    if (chart.payload) chart.rows = rowsOf(chart, key);
    return update(chart);
  }

  /**
   * Mark the cell of a key; "" marks none.
   * @param {string} id @param {string} key @returns {Promise<void>}
   */
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
