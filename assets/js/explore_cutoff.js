/*
 * From which score on a detection counts: a slider for all versions, or each one's own cut-off; and what two of them reach
 * at every score.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { find, put } = element;
  const CHART = "explore-cutoffs";
  const ACROSS = "the score from which a detection counts";
  const LISTED = 20; // lines of the table between the first cut-off and the last
  /** @typedef {{n: number, value: number, low: number, high: number}} Rate */

  /** @param {string} name @param {Rate | null} one @returns {Record<string, any>} The fields of a row. */
  function fields(name, one) {
    if (!one) return { [name]: null, [`${name}_low`]: null, [`${name}_high`]: null, [`${name}_text`]: numbers.MISSING, [`${name}_n`]: numbers.MISSING };
    return {
      [name]: one.value * 100, [`${name}_low`]: one.low * 100, [`${name}_high`]: one.high * 100,
      [`${name}_text`]: `${numbers.rate(one.value)} ${numbers.interval(one.low, one.high, "rate")}`, [`${name}_n`]: numbers.count(one.n),
    };
  }

  /**
   * The chart's rows, as reportgen/site/charts/object_curves.py has them.
   * @param {(Rate | null)[]} candidate @param {(Rate | null)[] | null} baseline at every cut-off
   * @param {(number | null)[]} read the cut-off of each
   */
  function rowsOf(candidate, baseline, read) {
    const last = candidate.length - 1;
    const step = Math.max(1, Math.round(candidate.length / LISTED));
    /** @type {Record<string, any>[]} */
    const rows = [{ t: "across", text: ACROSS }];
    candidate.forEach((one, i) => {
      rows.push({ t: i % step ? "point" : "row", x: i / last, cut: numbers.plain(i / last, 2), ...fields("own", one), ...fields("base", baseline ? baseline[i] : null) });
    });
    ["candidate", "baseline"].forEach((role, v) => {
      const [points, at] = [[candidate, baseline][v], read[v]];
      if (!points || at === null) return;
      rows.push({ t: `at-${role}`, x: at, y: 0, y2: 100 });
      const point = points[Math.round(at * last)];
      if (point) rows.push({ t: `dot-${role}`, x: at, y: point.value * 100 });
    });
    return rows;
  }

  /**
   * @param {HTMLElement} root
   * @param {any} meta
   * @param {(changes: Record<string, string | null>) => void} change writes the address
   */
  function cutoff(root, meta, change) {
    const { query } = reportgen;
    const box = root.querySelector("[data-rg-cutoff-box]");
    if (!(box instanceof HTMLElement) || !query.hasCutoffs(meta)) return { choose: () => {}, draw: async () => {} };
    const section = find(root, "curves");
    const slider = /** @type {HTMLInputElement} */ (box.querySelector("[data-rg-slider]"));
    const own = find(box, "own");
    const text = (/** @type {number} */ share) => numbers.plain(share, 2);
    let timer = 0;

    /** What stands beside the slider. @param {number | null} step */
    function show(step) {
      const told = step === null ? "each version's own" : text(step / query.CUTOFFS);
      put(find(box, "cutoff"), told);
      slider.setAttribute("aria-valuetext", told);
      slider.style.setProperty("--rg-filled", `${slider.value}%`);
      own.hidden = step === null;
      put(find(box, "scope"), step === null ? ownText() : `Which ${meta.nouns[1]} have mistakes, what became of them and their boxes stay as they are at each version's own cut-off.`);
    }

    const ownText = () => `${meta.versions.map((/** @type {any} */ { name }, /** @type {number} */ v) => `${name} ${text(meta.parts.cutoffs[v])}`).join(", ")}.`;

    /**
     * What the two versions reach at every score, over the selection.
     * @param {any} asked @param {any} explorer @param {() => boolean} wanted whether nothing else was asked meanwhile
     */
    async function draw({ metric, klass, baseline, candidate, cutoff: step }, explorer, wanted) {
      if (!query.isCut(metric)) return;
      const walked = await explorer.walk(metric.name, klass);
      if (!wanted() || !walked.length) return;
      const curves = walked.map((/** @type {Rate[]} */ curve) => curve.map((one) => (one.n >= meta.support.show && Number.isFinite(one.low) ? one : null)));
      const at = (/** @type {number | null} */ v) => (v === null ? null : step === null ? meta.parts.cutoffs[v] : step / query.CUTOFFS);
      const names = [candidate, baseline].filter((v) => v !== null).map((v) => meta.versions[v].name);
      const heads = section.querySelectorAll(".rg-chart-table thead th");
      names.forEach((name, v) => heads[1 + 2 * v] && put(heads[1 + 2 * v], `${name}, ${reportgen.selection.levelText(meta)}`));
      const name = klass === null ? metric.label : `${metric.label} of ${query.classesOf(meta)[klass]}`;
      put(find(section, "curves-metric"), name);
      for (const svg of section.querySelectorAll("[data-rg-chart] svg")) svg.setAttribute("aria-label", `${name} of ${names.join(" and ")}, by the score from which a detection counts.`);
      await reportgen.charts.set(CHART, rowsOf(curves[curves.length - 1], baseline === null ? null : curves[0], [at(candidate), baseline === null ? null : at(baseline)]));
    }

    /** @param {any} asked */
    function choose({ metric, cutoff: step, candidate }) {
      box.hidden = section.hidden = !query.isCut(metric);
      if (document.activeElement !== slider || step !== null) slider.value = String(step ?? Math.round(meta.parts.cutoffs[candidate] * query.CUTOFFS));
      show(step);
    }

    slider.addEventListener("input", () => {
      const step = Number(slider.value);
      show(step);
      window.clearTimeout(timer);
      timer = window.setTimeout(() => change({ cutoff: text(step / query.CUTOFFS) }), 60);
    });
    own.addEventListener("click", () => change({ cutoff: null }));
    return { choose, draw };
  }

  reportgen.exploreCutoff = { cutoff };
})();
