/* Ranges of confidences and of numbers: histograms that one brushes, fields to type in, and what they follow. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { put } = element;
  const SURE = "confidence";
  const SURE_STEP = 0.005; // to which a brush on confidences is rounded
  const OUTCOMES = 3; // not scored, wrong, right

  const short = (/** @type {number} */ x) => String(Number(x.toPrecision(6))).replace("-", numbers.MINUS);

  /**
   * @param {HTMLElement} root
   * @param {any} meta
   * @param {{choose: (key: string, range: any) => void, count: (attribute: string) => void}} acts `count`: somebody looks at
   *   the raw numbers of an attribute
   */
  function ranges(root, meta, acts) {
    const found = new Map();
    for (const fields of root.querySelectorAll("[data-rg-range]")) {
      const key = fields.getAttribute("data-rg-range") || "";
      found.set(key, range(/** @type {HTMLElement} */ (fields), key));
    }
    const section = /** @type {HTMLElement | null} */ (root.querySelector(`[data-rg-facet="${SURE}"]`));
    const none = /** @type {HTMLElement | null} */ (section && section.querySelector("[data-rg-clear]"));
    if (none) none.addEventListener("click", () => acts.choose(SURE, null));

    /** @param {HTMLElement} fields @param {string} key */
    function range(fields, key) {
      const box = /** @type {HTMLElement | null} */ (root.querySelector(`[data-rg-brush="${CSS.escape(key)}"]`));
      const chart = box ? box.querySelector("[data-rg-chart]")?.getAttribute("data-rg-chart") || "" : "";
      const one = { chart, ends: /** @type {[number, number]} */ ([0, 1]), show: (/** @type {any} */ _range) => {} };
      const step = (/** @type {number} */ x) => (key === SURE ? Math.round(x / SURE_STEP) * SURE_STEP : Number(x.toPrecision(4)));
      const brush = reportgen.brush({
        box, fields, ends: () => one.ends, step: (/** @type {number} */ x) => Number(step(x).toFixed(10)),
        choose: (/** @type {any} */ chosen) => acts.choose(key, chosen && { key, ...chosen }),
      });
      one.show = brush.show;
      const details = /** @type {HTMLDetailsElement | null} */ (fields.closest("[data-rg-numbers]"));
      if (details && !reportgen.query.ranges(meta, meta.candidate).includes(key)) {
        details.replaceChildren(element("summary", null, "Exact range"), element("p.rg-small", null, "The exact numbers are in the report's folder; this one file has their bins."));
      } else if (details) {
        details.addEventListener("toggle", () => details.open && acts.count(key.slice("n.".length)));
      }
      return one;
    }

    /** What is chosen, before it is answered. @param {Map<string, any>} filters */
    function choose(filters) {
      for (const [key, one] of found) if (!filters.has(key)) one.show(null);
    }

    /** The histograms, after the figures: Vega draws them. @param {any} answer @param {Map<string, any>} filters */
    function draw(answer, filters) {
      for (const [key, { edges, counts }] of Object.entries(answer.histograms)) {
        const one = found.get(key);
        if (!one || !one.chart || edges.length < 3) continue;
        const width = edges[2] - edges[1];
        const low = edges[1] - width;
        one.ends = [low, low + width * (edges.length - 1)];
        const rows = [{ t: "floor", x: one.ends[0], x2: one.ends[1], zero: 0 }];
        for (let i = 0; i + 1 < edges.length; i++) {
          const [unscored, wrong, right] = counts.slice(OUTCOMES * i, OUTCOMES * (i + 1));
          rows.push(/** @type {any} */ ({
            t: "row", name: `${short(edges[i])}…${short(edges[i + 1])}`, x: low + i * width, x2: low + (i + 1) * width, zero: 0,
            n: unscored + wrong + right, wrong,
          }));
        }
        reportgen.charts.set(one.chart, rows);
        one.show(filters.get(key) || null);
      }
    }

    /** How many are wrong and right of those that have a confidence. @param {any} answer @param {Map<string, any>} filters */
    function count(answer, filters) {
      const known = answer.histograms[SURE];
      if (!section) return;
      section.hidden = !known;
      if (!known) return;
      let [wrong, right] = [0, 0];
      for (let i = 0; i < known.counts.length; i += OUTCOMES) {
        wrong += known.counts[i + 1];
        right += known.counts[i + 2];
      }
      put(section.querySelector("[data-rg-wrong]"), numbers.count(wrong));
      put(section.querySelector("[data-rg-right]"), numbers.count(right));
      if (none) none.hidden = !filters.has(SURE);
    }

    return { choose, draw, count };
  }

  reportgen.exploreRanges = { ranges };
})();
