/* What one takes along of a selection: the lines of a manifest that follow it, and its ids. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { find } = element;

  /**
   * @param {HTMLElement} root
   * @param {any} meta
   * @param {any} explorer
   * @param {() => {filters: Map<string, any>, facets: any[], words: (filter: any) => string, n: number}} now what is chosen
   */
  function handing(root, meta, explorer, now) {
    const box = find(root, "handed");
    find(root, "save").addEventListener("click", save);
    find(root, "ids").addEventListener("click", ids);
    const { menu } = reportgen.listMenu;
    find(root, "ids").after(menu(meta, () => ({ n: now().n, state: selected() }), () => explorer.table(["id", "label"], meta.n)));

    /** What is chosen, without what is only shown of it. */
    function selected() {
      const params = reportgen.state.read();
      for (const key of ["metric", "class", "order"]) params.delete(key);
      return params;
    }

    function linesOf() {
      const { filters, facets } = now();
      return reportgen.selection.lines(filters, facets, meta);
    }

    function save() {
      const made = linesOf();
      const close = element("button.rg-button", { type: "button" }, "Close");
      close.addEventListener("click", () => {
        box.hidden = true;
        find(root, "save").focus();
      });
      if ("slice" in made) {
        const lines = element("pre", { tabindex: "0" }, made.slice);
        box.replaceChildren(
          "These are a slice. With these lines the manifest follows it in every report, as one that decides by itself; say in your own words why it matters.",
          lines, close,
        );
      } else {
        const lines = element("pre", { tabindex: "0" }, `pinned:\n  ${made.name}: ${made.name}.csv`);
        const down = element("button.rg-button", { type: "button" }, "Download IDs");
        down.addEventListener("click", ids);
        box.replaceChildren(
          "These can't be told by values alone, so they are pinned: download their IDs, put the file beside the manifest, and add there",
          lines, down, " ", close,
        );
      }
      box.hidden = false;
      box.querySelector("pre").focus();
    }

    async function ids() {
      const { filters, words } = now();
      const made = linesOf();
      const found = await explorer.ids();
      const { ending, type, text } = reportgen.pins.file(found);
      const name = "name" in made ? made.name : reportgen.pins.name([...filters.values()].map(words)) || "selection";
      reportgen.copy.save(`${name}.${ending}`, text, type);
      box.replaceChildren(
        `Saved ${numbers.count(found.length)} ${found.length === 1 ? "ID" : "IDs"} as ${name}.${ending}. To follow them in the next report, put the file beside the manifest and add there: `,
        element("code", null, `pinned: {${name}: ${name}.${ending}}`),
      );
      box.hidden = false;
    }

    return {
      /** What was told of another selection goes. */
      clear: () => {
        box.hidden = true;
        reportgen.listMenu.close();
      },
    };
  }

  reportgen.exploreHanding = { handing };
})();
