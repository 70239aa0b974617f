/* The last reliability diagram: any of the slices whose bins are known. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const PAGE = "confidence";

  /** @param {HTMLElement} section */
  async function wire(section) {
    const select = section.querySelector("[data-rg-where]");
    const diagram = section.querySelector("[data-rg-diagram]");
    if (!(select instanceof HTMLSelectElement) || !(diagram instanceof HTMLElement)) return;
    /** @type {{id: string, where: string, error: string, detail: string, too_sure: boolean, sentence: string}[]} */
    let heads;
    try {
      ({ heads } = await reportgen.data.load("confidence"));
    } catch {
      return; // what is drawn stays
    }
    const built = select.value;
    const field = (/** @type {string} */ name) => /** @type {HTMLElement} */ (diagram.querySelector(`[data-rg-field="${name}"]`));

    function show() {
      const wanted = reportgen.state.get("where") || built;
      const found = heads.findIndex((head) => head.id === wanted);
      const at = found < 0 ? heads.findIndex((head) => head.id === built) : found;
      const head = heads[at];
      select.value = head.id;
      for (const name of /** @type {const} */ (["where", "error", "detail", "sentence"])) field(name).textContent = head[name];
      field("joint").textContent = head.error ? ", " : "";
      field("label").textContent = head.error ? "error" : "";
      field("error").classList.toggle("rg-is-worse", head.too_sure);
      reportgen.charts.setKey(diagram.dataset.rgDiagram, head.id === built ? "" : String(at));
    }

    select.addEventListener("change", () => reportgen.state.update({ where: select.value === built ? null : select.value }));
    for (const tool of section.querySelectorAll("[data-rg-tools]")) tool.removeAttribute("hidden");
    reportgen.state.listen(show, PAGE);
    show();
  }

  reportgen.reliability = { wire };
})();
