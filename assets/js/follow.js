/*
 * Pages of which some parts follow any two versions, and others are the built pair's. Of each part that follows a copy is
 * shown while another pair is chosen; what fills it is loaded then.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const PATIENCE = 60; // milliseconds until it is said that a pair is being made

  /** @typedef {{built: HTMLElement, name: string, shown: HTMLElement | null}} Part as it was built, and a copy that follows */
  /**
   * @typedef {object} Filler What fills the parts of a page.
   * @property {(data: any, pair: {baseline: string, candidate: string}) => Promise<any>} make a view of a pair, which says
   *   in `has` which parts the pair has, and in `left` what is not told
   * @property {(name: string, part: HTMLElement, view: any) => void} fill
   * @property {(copies: HTMLElement[], view: any) => void | Promise<void>} draw once they are seen
   */

  /** @param {HTMLElement} opening says what fills the page's parts: `data-rg-chunk` and `data-rg-filler` */
  function wire(opening) {
    const page = /** @type {HTMLElement} */ (opening.closest(".rg-page"));
    const state = /** @type {HTMLElement} */ (page.querySelector("[data-rg-pair-state]"));
    const chunk = opening.dataset.rgChunk || "";
    /** @returns {Filler} */
    const filler = () => reportgen[opening.dataset.rgFiller || ""];
    /** @type {Part[]} */
    const parts = Array.from(page.querySelectorAll("[data-rg-follows]"), (one) => {
      const built = /** @type {HTMLElement} */ (one);
      return { built, name: built.dataset.rgFollows || "", shown: null };
    });
    let wished = 0;
    /** What is shown, or being made: "", the built pair, or both names. */
    let now = "";

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
      for (const one of page.querySelectorAll("[data-rg-only-built]")) one.toggleAttribute("hidden", which !== "built");
    }

    /** Says which two versions a part is about. @param {HTMLElement} part @param {{baseline: string, candidate: string}} names */
    function label(part, { baseline, candidate }) {
      const { element } = reportgen;
      for (const one of part.querySelectorAll("[data-rg-of-chosen]")) {
        one.replaceChildren(element("bdi", null, candidate), " against ", element("bdi", null, baseline));
        one.toggleAttribute("hidden", false);
      }
    }

    async function show() {
      const pair = reportgen.versions.pair();
      const wanted = pair.built ? "" : JSON.stringify([pair.baseline, pair.candidate]);
      if (wanted === now) return; // something else of the address changed
      now = wanted;
      const mine = ++wished;
      page.removeAttribute("aria-busy");
      tell("");
      if (pair.built) return turn("built");
      turn("none");
      page.setAttribute("aria-busy", "true");
      try {
        const view = await make(pair, mine);
        if (mine !== wished) return;
        const filled = parts.filter(({ name }) => view.has[name]);
        for (const part of filled) {
          part.shown = part.shown || copyOf(part.built);
          label(part.shown, pair);
          filler().fill(part.name, part.shown, view);
        }
        turn("chosen");
        for (const { name, shown } of parts) if (shown && !view.has[name]) shown.hidden = true;
        tell(view.left);
        page.removeAttribute("aria-busy");
        await filler().draw(filled.map((one) => /** @type {HTMLElement} */ (one.shown)), view);
      } catch {
        if (mine === wished) fail(pair);
      }
    }

    /** @param {HTMLElement} built @returns {HTMLElement} Behind it; what fills it brings it to life. */
    function copyOf(built) {
      const copy = /** @type {HTMLElement} */ (built.cloneNode(true));
      for (const one of copy.querySelectorAll("[data-rg-part]")) one.removeAttribute("data-rg-part");
      built.after(copy);
      return copy;
    }

    /** Nothing of this pair can be shown; where it is asked for again, that is another try. @param {any} pair */
    function fail(pair) {
      now = "failed";
      page.removeAttribute("aria-busy");
      turn("none");
      tell("The figures of these two versions can't be computed here: the report's data did not load.");
      say("failed", pair);
    }

    /** A sentence of the chunk about a pair. @param {string} name @param {any} pair */
    async function say(name, pair) {
      const data = await reportgen.data.load(chunk).catch(() => null);
      if (data) tell(data.words[name].replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ key) => pair[key]));
    }

    /** Everything that is told of a pair. @param {any} pair @param {number} mine */
    async function make(pair, mine) {
      const data = await reportgen.data.load(chunk);
      const slow = window.setTimeout(() => mine === wished && say("computing", pair), PATIENCE);
      try {
        await reportgen.later(page.dataset.rgOnDemand);
        return await filler().make(data, pair);
      } finally {
        window.clearTimeout(slow);
      }
    }

    reportgen.state.listen(show, page.id);
    if (!reportgen.versions.pair().built) show();
  }

  reportgen.follow = { wire };
})();
