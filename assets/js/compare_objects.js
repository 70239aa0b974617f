/* What is said of the objects of two versions in rows, as templates/parts/pair.html has it for the built pair. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;

  /** @param {string[]} head @param {(at: number) => boolean} isNumber @param {HTMLElement[]} lines @param {string} label */
  function listed(head, isNumber, lines, label) {
    const cells = head.map((text, i) => element(isNumber(i) ? "th.rg-num" : "th", { scope: "col" }, text));
    const table = element("table.rg-rows.rg-measures", null, element("thead", null, element("tr", null, ...cells)), element("tbody", null, ...lines));
    return element("div.rg-scroll", { tabindex: 0, role: "region", "aria-label": label }, table);
  }

  /** @param {any[]} rows what changed, object by object @param {(link: any) => HTMLElement} anchor @returns {HTMLElement} */
  function changes(rows, anchor) {
    const lines = rows.map((row) => {
      const sign = ["better", "worse"].includes(row.verdict) && element("span.rg-sign", null, reportgen.verdicts.sign(row.verdict));
      return element(`tr.rg-${row.verdict}`, { "data-rg-change": row.name },
        element("th", { scope: "row" }, row.label, " ", element("small", null, element("bdi", null, row.plain))),
        element("td.rg-num.rg-figure-cell", null, sign, row.count),
        element("td", null, row.link ? anchor(row.link) : numbers.MISSING));
    });
    return listed(["Change", "How many", "Where"], (i) => i === 1, lines, "What changed, object by object");
  }

  /** @param {any[]} rows what mending each type of error would give back @param {string} level of the intervals @returns {HTMLElement} */
  function gains(rows, level) {
    const lines = rows.map((row) => element("tr", null,
      element("th", { scope: "row" }, row.label, " ", element("small", null, row.plain)),
      element("td.rg-num", null, row.levels),
      element("td.rg-num.rg-figure-cell", null, row.change),
      element("td.rg-num", null, row.interval),
      element("td.rg-num", null, row.counts)));
    return listed(["Mended", "AP given back", "Change", level, "Errors, n"], (i) => i > 0, lines, "What mending each type of error would give back");
  }

  reportgen.compareObjects = { changes, gains };
})();
