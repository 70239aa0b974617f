/* Which two versions are held against each other: the pickers in the header, and the links that carry the choice along. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  /** @typedef {import("./engine/pair.js").Pair} Pair */

  /** The pair that the report was built with. @type {Pair} */
  let built = { baseline: null, candidate: "" };
  /** @type {string[]} */
  let names = [];

  /** @returns {Pair & {built: boolean}} The pair that is held against each other now, and whether it is the built one. */
  function pair() {
    return reportgen.pair.read(reportgen.state.read(), names, built);
  }

  /** @returns {{baseline: string | null, version: string | null}} The choice, as links carry it along. */
  function carried() {
    return reportgen.pair.parts(pair(), built);
  }

  /** Go to a page with the choice. @param {string} page @param {Record<string, string>} [params] */
  function go(page, params) {
    reportgen.state.go(page, { ...carried(), ...params });
  }

  /** The page links carry the choice; links of findings do not: they are about the built pair. */
  function carry() {
    const now = pair();
    for (const link of document.querySelectorAll(".rg-nav [data-rg-to], [data-rg-pair-note] [data-rg-to]")) {
      link.setAttribute("href", reportgen.state.href(link.getAttribute("data-rg-to") || "", carried()));
    }
    for (const note of document.querySelectorAll("[data-rg-pair-note]")) {
      if (!(note instanceof HTMLElement)) continue;
      note.hidden = now.built;
      for (const name of note.querySelectorAll("[data-rg-chosen]")) {
        name.textContent = (name.getAttribute("data-rg-chosen") === "baseline" ? now.baseline : now.candidate) || "";
      }
    }
  }

  /** @param {HTMLElement} element */
  function wire(element) {
    built = { baseline: element.dataset.rgBuiltBaseline || null, candidate: element.dataset.rgBuiltCandidate || "" };
    /** @type {Record<string, HTMLSelectElement>} */
    const selects = {};
    for (const select of element.querySelectorAll("select")) selects[select.dataset.rgPick || ""] = select;
    const { baseline, candidate } = selects;
    if (!baseline || !candidate) return;
    names = Array.from(candidate.options, (option) => option.value);
    for (const choice of element.querySelectorAll("[data-rg-choice]")) choice.toggleAttribute("hidden", false);
    for (const plain of element.querySelectorAll("[data-rg-plain]")) plain.toggleAttribute("hidden", true);
    const show = () => {
      const now = pair();
      baseline.value = baseline.title = now.baseline || "";
      candidate.value = candidate.title = now.candidate;
      carry();
    };
    /** A version chosen on both sides: the two change places. @param {"baseline" | "candidate"} side */
    const turn = (side) => {
      const now = pair();
      const wanted = { baseline: baseline.value, candidate: candidate.value };
      if (wanted.baseline === wanted.candidate) {
        if (side === "baseline") wanted.candidate = now.baseline || "";
        else wanted.baseline = now.candidate;
      }
      reportgen.state.update(reportgen.pair.parts(wanted, built));
    };
    baseline.addEventListener("change", () => turn("baseline"));
    candidate.addEventListener("change", () => turn("candidate"));
    reportgen.state.listen(show);
    show();
  }

  reportgen.versions = { pair, carried, go, wire };
})();
