/* What pixels are taken for, of two versions that the report was not built with: in the place of what the page was built with. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element } = reportgen;
  const VIEWS = ["change", "baseline", "candidate"];

  /**
   * @param {HTMLElement} page
   * @param {(rows: any[]) => HTMLElement} metrics lists measures
   * @param {(name: string, pair: {baseline: string, candidate: string}) => string} say a sentence with both names
   * @returns {(pair: any) => void} shows what a pair's pixels are taken for
   */
  function pixels(page, metrics, say) {
    const blocks = /** @type {HTMLElement[]} */ (Array.from(page.querySelectorAll("[data-rg-pixels-of]")));
    const own = blocks.find((block) => block.hasAttribute("data-rg-pixels-live"));
    if (!own) return () => {};
    const places = Array.from(own.querySelectorAll("[data-rg-pixels]"), (place) => /** @type {HTMLElement} */ (place));
    const still = places.map((place) => Array.from(place.childNodes));
    const charts = VIEWS.map((view) => `compare-pixels-${view}-${own.dataset.rgPixelsAt}`);
    /** @type {any} */
    let shown = null;

    function restore() {
      places.forEach((place, i) => place.replaceChildren(...still[i]));
      for (const chart of charts) reportgen.charts.setKey(chart, "");
    }

    function fill({ baseline, version, pixel_n: n, pixel_told: told, class_metrics: rows }) {
      const texts = { n, change: say("pixels_change", { baseline, candidate: version }), baseline, candidate: version };
      const listed = told.map(({ text, cell }) => element("li", cell ? { "data-rg-is": cell[0], "data-rg-called": cell[1] } : null, element("bdi", null, text)));
      const filled = { told: listed, classes: rows.length ? [element("h3", null, "Class by class"), metrics(rows)] : [] };
      for (const place of places) place.replaceChildren(...(filled[place.dataset.rgPixels] || [texts[place.dataset.rgPixels]]));
    }

    /** Leads from each mistake that is told to its samples, where this form of the report can choose them. */
    async function lead() {
      const block = blocks.find((one) => !one.hidden);
      const lines = /** @type {HTMLElement[]} */ (Array.from(block ? block.querySelectorAll("li[data-rg-is]") : []));
      if (!lines.length || !reportgen.state.pages().includes("examples") || (await reportgen.data.load("samples")).absent.includes("pixel-cells")) return;
      for (const line of lines) {
        const { rgIs: is, rgCalled: called } = line.dataset;
        const said = /** @type {Node} */ (line.querySelector("bdi"));
        const href = reportgen.state.href("examples", { set: "all", ...reportgen.versions.carried(), is, called });
        const see = say("see_them", { baseline: "", candidate: "" });
        line.replaceChildren(said, " ", element("a", { href, "aria-label": `${see}: ${said.textContent}` }, see));
      }
    }

    async function draw(pair) {
      const { baseline, version } = pair;
      await Promise.all(VIEWS.map(async (view, i) => {
        const frame = await reportgen.charts.frame(charts[i]);
        if (shown !== pair) return;
        const { rows, table } = reportgen.pairCharts.confusion(pair.pixel_cells, frame, { view, share: true, said: say(`said_${view}`, { baseline, candidate: version }) });
        reportgen.charts.set(charts[i], rows, table);
      }));
    }

    const wayOn = () => lead().catch(() => {}); // the changes can be read without
    wayOn();
    return (pair) => {
      if (shown && shown.computed && !pair.computed) restore();
      shown = pair;
      for (const block of blocks) block.hidden = pair.computed ? block !== own : block.dataset.rgPixelsOf !== pair.version;
      if (pair.computed && pair.pixels) {
        fill(pair);
        draw(pair);
      }
      wayOn();
    };
  }

  reportgen.comparePixels = pixels;
})();
