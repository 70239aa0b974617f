/* Makes a list of a selection: a button that opens what the list is for, and saves it as CSV or JSON. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { put } = element;

  /** @type {(() => void) | null} Closes the menu that is open. */
  let closeOpen = null;
  let made = 0;

  document.addEventListener("click", (event) => {
    const inside = event.target instanceof Element && event.target.closest(".rg-list-box");
    if (!inside && closeOpen && event.isTrusted) closeOpen(); // what saves a file clicks a link of its own
  });

  /**
   * @typedef {object} Selection
   * @property {number} n samples
   * @property {URLSearchParams} state what Explore is asked for, to select them
   */

  /**
   * @param {any} meta the chunk "samples"
   * @param {() => Selection} now what is selected
   * @param {() => Promise<[string, string | number | null][]>} rows id and label of every sample of it
   * @returns {HTMLElement}
   */
  function menu(meta, now, rows) {
    const { lists } = reportgen;
    const id = `rg-list-${++made}`;
    const open = element("button.rg-button", { type: "button", "aria-expanded": "false", "aria-controls": id, "data-rg-list-open": true, title: "To relabel, to collect more like, to exclude or to review" }, "Make a list", element.sign("down"));
    const what = element("p.rg-list-what");
    const said = element("p.rg-small", { role: "status", "data-rg-list-said": true });
    const choices = Object.entries(lists.ACTIONS).map(([action, { name, asks }], i) => {
      const radio = element("input", { type: "radio", name: id, value: action, checked: i === 0 });
      return element("label", null, radio, element("span", null, name, element("small", null, asks)));
    });
    const files = [["csv", "CSV"], ["json", "JSON"]].map(([ending, name]) => {
      const button = /** @type {HTMLButtonElement} */ (element("button.rg-button", { type: "button", "data-rg-list-save": ending }, `Save ${name}`));
      button.addEventListener("click", () => save(ending));
      return button;
    });
    const acts = element("fieldset", null, element("legend", null, "A list to"), ...choices);
    const panel = element("div.rg-list-menu", { id, role: "group", "aria-label": "A list to act on", hidden: true }, what, acts, element("p.rg-list-files", null, ...files), said);
    const box = element("div.rg-list-box", null, open, panel);

    function told() {
      const { state, n } = now();
      const asked = reportgen.query.explore(state, meta);
      return { asked, state, n, ...lists.tell(asked, reportgen.query.facets(meta, asked.baseline, asked.candidate), meta) };
    }

    function show() {
      if (closeOpen) closeOpen();
      const { n, reason } = told();
      what.replaceChildren(element("b", null, `${numbers.count(n)} ${meta.nouns[n === 1 ? 0 : 1]}: `), element("bdi", null, reason));
      put(said, "");
      for (const file of files) file.disabled = n === 0;
      panel.hidden = false;
      open.setAttribute("aria-expanded", "true");
      panel.classList.toggle("rg-list-left", box.getBoundingClientRect().left > window.innerWidth - 340);
      closeOpen = close;
      const chosen = panel.querySelector("input:checked");
      if (chosen instanceof HTMLElement) chosen.focus();
    }

    function close() {
      if (panel.contains(document.activeElement)) open.focus();
      panel.hidden = true;
      open.setAttribute("aria-expanded", "false");
      closeOpen = null;
    }

    /** @param {string} ending */
    async function save(ending) {
      const { asked, state, reason, conditions } = told();
      const chosen = panel.querySelector("input:checked");
      const action = chosen instanceof HTMLInputElement ? chosen.value : "review";
      const samples = await rows();
      const file = `${lists.fileName(action, reason)}.${ending}`;
      const nameOf = (/** @type {number | null} */ v) => (v === null ? null : meta.versions[v].name);
      const report = { ...meta.report, candidate: nameOf(asked.candidate), baseline: nameOf(asked.baseline) };
      const { href } = reportgen.state;
      const selection = href("explore", state).replace(/^[^#]*/u, "");
      const text = ending === "csv"
        ? lists.csv(action, { reason, conditions }, samples)
        : lists.json(action, { reason, conditions }, selection, report, samples.map(([one]) => one));
      reportgen.copy.save(file, text, ending === "csv" ? "text/csv" : "application/json");
      put(said, `Saved ${numbers.count(samples.length)} ${samples.length === 1 ? "ID" : "IDs"} as ${file}.`);
    }

    open.addEventListener("click", () => (panel.hidden ? show() : close()));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || panel.hidden) return;
      event.stopPropagation(); // what it stands in stays open
      close();
    });
    return box;
  }

  reportgen.listMenu = { menu, close: () => closeOpen && closeOpen() };
})();
