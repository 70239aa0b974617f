/*
 * The Overview for any two versions. Its figures and charts follow; the answer, the gates and the findings are the built
 * pair's. What that takes is loaded when another pair is chosen.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const PAGE = "overview";

  /** @typedef {{built: HTMLElement, name: string, shown: HTMLElement | null}} Part as it was built, and a copy that follows */

  /** @param {HTMLElement} opening */
  function wire(opening) {
    const page = /** @type {HTMLElement} */ (opening.closest(".rg-page"));
    const state = /** @type {HTMLElement} */ (page.querySelector("[data-rg-pair-state]"));
    /** @type {Part[]} */
    const parts = Array.from(page.querySelectorAll("[data-rg-follows]"), (one) => {
      const built = /** @type {HTMLElement} */ (one);
      return { built, name: built.dataset.rgFollows || "", shown: null };
    });
    let wished = 0;

    function tell(/** @type {string} */ text) {
      state.textContent = text;
      state.hidden = !text;
    }

    /** What is of one pair only, or of none while it is being made. @param {"built" | "chosen" | "none"} which */
    function turn(which) {
      for (const { built, shown } of parts) {
        built.hidden = which !== "built";
        if (shown) shown.hidden = which !== "chosen";
      }
      for (const label of page.querySelectorAll("[data-rg-of-built]")) label.toggleAttribute("hidden", which === "built");
    }

    async function show() {
      const mine = ++wished;
      const pair = reportgen.versions.pair();
      page.removeAttribute("aria-busy");
      tell("");
      if (pair.built) return turn("built");
      turn("none");
      page.setAttribute("aria-busy", "true");
      const view = await make(pair, mine).catch(() => null);
      if (mine !== wished) return;
      page.removeAttribute("aria-busy");
      if (!view) return void fail(pair);
      for (const part of parts) {
        if (!part.shown) {
          part.shown = /** @type {HTMLElement} */ (part.built.cloneNode(true));
          part.built.after(part.shown);
        }
        if (view.has[part.name]) reportgen.overviewParts.fill(part.name, part.shown, view);
      }
      turn("chosen");
      for (const { name, shown } of parts) if (shown && !view.has[name]) shown.hidden = true;
      tell(view.left);
      reportgen.overviewParts.draw(parts.map((one) => one.shown), view);
    }

    async function fail(/** @type {{baseline: string | null, candidate: string}} */ { baseline, candidate }) {
      const data = await reportgen.data.load("overview").catch(() => null);
      if (data) tell(data.words.failed.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ key) => ({ baseline, candidate })[key]));
    }

    /** Everything that is told of a pair. @param {any} pair @param {number} mine */
    async function make(pair, mine) {
      const data = await reportgen.data.load("overview");
      const names = { baseline: pair.baseline, candidate: pair.candidate };
      const slow = window.setTimeout(() => {
        if (mine === wished) tell(data.words.computing.replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {keyof names} */ key) => names[key]));
      }, 60);
      try {
        await reportgen.later(page);
        return await reportgen.overviewParts.make(data);
      } finally {
        window.clearTimeout(slow);
      }
    }

    reportgen.state.listen(show, PAGE);
    if (!reportgen.versions.pair().built) show();
  }

  reportgen.overview = { wire };
})();
