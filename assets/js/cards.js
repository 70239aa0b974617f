/* Data or model? One card at a time, as the address says; all of them where scripts don't run, and on paper. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});

  /** @param {HTMLElement} section */
  function wire(section) {
    const cards = /** @type {HTMLElement[]} */ (Array.from(section.querySelectorAll("[data-rg-card]")));
    const pick = /** @type {HTMLSelectElement | null} */ (section.querySelector("[data-rg-card-pick]"));
    if (!pick) return;

    /** @param {string} wished of an address that anybody may have written */
    function show(wished) {
      const chosen = cards.some((card) => card.dataset.rgCard === wished) ? wished : cards[0].dataset.rgCard || "";
      pick.value = chosen;
      for (const card of cards) card.classList.toggle("rg-card-aside", card.dataset.rgCard !== chosen);
    }

    section.querySelector("[data-rg-card-tools]")?.toggleAttribute("hidden", false);
    pick.addEventListener("change", () => reportgen.state.update({ finding: pick.value === cards[0].dataset.rgCard ? null : pick.value }));
    reportgen.state.listen((/** @type {URLSearchParams} */ params) => {
      show(params.get("finding") || "");
    }, "data");
    show(reportgen.state.place().page === "data" ? reportgen.state.get("finding") : "");
  }

  for (const section of document.querySelectorAll("[data-rg-cards]")) wire(/** @type {HTMLElement} */ (section));
})();
