/* Which version is held against the baseline: the picker in the header, and the links that carry the choice along. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  let built = "";
  /** @type {string[]} */
  let names = [];

  /** @returns {string} The version that is held against the baseline now. */
  function chosen() {
    const name = reportgen.state.get("version");
    return names.includes(name) ? name : built;
  }

  /** @returns {string | null} The choice as the address has it: none where it is the built one. */
  function carried() {
    return chosen() === built ? null : chosen();
  }

  /** Go to a page with the choice. @param {string} page @param {Record<string, string>} [params] */
  function go(page, params) {
    reportgen.state.go(page, { version: carried(), ...params });
  }

  /** The page links carry the choice; links of findings do not: they are about the built pair. */
  function carry() {
    const version = carried();
    for (const link of document.querySelectorAll(".rg-nav [data-rg-to]")) {
      link.setAttribute("href", reportgen.state.href(link.getAttribute("data-rg-to") || "", { version }));
    }
    for (const note of document.querySelectorAll("[data-rg-pair-note]")) {
      if (!(note instanceof HTMLElement)) continue;
      note.hidden = version === null;
      for (const name of note.querySelectorAll("[data-rg-chosen]")) name.textContent = version || "";
    }
  }

  /** @param {HTMLElement} element */
  function wire(element) {
    built = element.dataset.rgBuilt || "";
    const label = element.querySelector("[data-rg-choice]");
    const plain = element.querySelector("[data-rg-plain]");
    const select = element.querySelector("select");
    if (!(label instanceof HTMLElement) || !(plain instanceof HTMLElement) || !select) return;
    names = Array.from(select.options, (option) => option.value);
    label.hidden = false;
    plain.hidden = true;
    const show = () => {
      select.value = chosen();
      carry();
    };
    select.addEventListener("change", () => {
      reportgen.state.update({ version: select.value === built ? null : select.value });
    });
    reportgen.state.listen(show);
    show();
  }

  reportgen.versions = { chosen, carried, go, wire };
})();
