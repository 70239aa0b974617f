/* From which score on a detection counts: a slider for all versions, or each one's own cut-off. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { find, put } = element;

  /**
   * @param {HTMLElement} root
   * @param {any} meta
   * @param {(changes: Record<string, string | null>) => void} change writes the address
   */
  function cutoff(root, meta, change) {
    const { query } = reportgen;
    const box = root.querySelector("[data-rg-cutoff-box]");
    if (!(box instanceof HTMLElement) || !query.hasCutoffs(meta)) return { choose: () => {} };
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

    /** @param {any} asked */
    function choose({ metric, cutoff: step, candidate }) {
      box.hidden = metric.kind === "objects"; // over all detections, whatever the cut-off
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
    return { choose };
  }

  reportgen.exploreCutoff = { cutoff };
})();
