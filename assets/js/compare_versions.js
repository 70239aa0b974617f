/* The table of all versions against the baseline, for a baseline that the report was not built with. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element } = reportgen;
  const SVG = "http://www.w3.org/2000/svg";

  /** @param {Element} svg @param {Record<string, string>} paths */
  function plot(svg, { verdict, ...paths }) {
    svg.setAttribute("class", `rg-plot rg-plot-${verdict}`);
    for (const [name, d] of Object.entries(paths)) {
      const path = svg.querySelector(`.rg-plot-${name}`);
      if (path) path.setAttribute("d", d);
    }
  }

  /** @param {{x: number, label: string}[]} ticks @returns {Element[]} */
  function ticksOf(ticks) {
    return ticks.map(({ x, label }) => {
      const text = document.createElementNS(SVG, "text");
      text.setAttribute("x", String(x));
      text.setAttribute("y", "12");
      text.textContent = label;
      return text;
    });
  }

  /**
   * @param {HTMLElement} blank a line of the table as it was built, to copy
   * @param {any} row of pair_view.js
   * @param {any} scale
   * @param {(link: any) => HTMLElement} anchor
   * @returns {HTMLElement}
   */
  function lineOf(blank, row, scale, anchor) {
    const line = /** @type {HTMLElement} */ (blank.cloneNode(true));
    line.className = `rg-slice rg-${row.verdict}${row.chosen ? " rg-is-selected" : ""}`;
    line.dataset.rgVersion = row.name;
    const [name, n, levels, drawn, change, broken, fixed, slices] = Array.from(line.children);
    name.replaceChildren(anchor(row.link), ...(row.note ? [" ", element("small", null, element("bdi", null, row.note))] : []));
    const labelled = (/** @type {Element} */ cell, /** @type {Node | string} */ value) => cell.replaceChildren(...Array.from(cell.children).slice(0, 1), value);
    labelled(n, row.n);
    levels.textContent = row.levels;
    plot(/** @type {Element} */ (drawn.querySelector("svg")), reportgen.rowPlots.change(scale, row.drawn, row.verdict, "decide"));
    const sign = element("span.rg-sign", null, reportgen.verdicts.sign(row.verdict));
    change.replaceChildren(element("span", null, sign, row.change), " ", element("small", null, row.interval));
    labelled(broken, anchor(row.broken));
    labelled(fixed, anchor(row.fixed));
    slices.textContent = "";
    return line;
  }

  /**
   * @param {HTMLElement} section with the table
   * @param {(link: any) => HTMLElement} anchor
   * @returns {(pair: any) => void} shows the table of a pair that was computed; of another one as it was built
   */
  function table(section, anchor) {
    const body = /** @type {HTMLElement} */ (section.querySelector("tbody"));
    const axis = /** @type {Element} */ (section.querySelector(".rg-plot-axis"));
    const built = { lines: Array.from(body.children), ticks: Array.from(axis.childNodes) };
    return (pair) => {
      const own = pair.computed && pair.versions.length > 0;
      section.hidden = pair.computed && !own;
      section.classList.toggle("rg-without-slices", own);
      if (!own) {
        body.replaceChildren(...built.lines);
        axis.replaceChildren(...built.ticks);
        for (const line of built.lines) line.classList.toggle("rg-is-selected", line.dataset.rgVersion === pair.version);
        return;
      }
      const ends = pair.versions.flatMap(({ drawn }) => (drawn ? [drawn.low, drawn.high, drawn.value] : []));
      const scale = reportgen.rowPlots.changeScale(ends, pair.unit);
      body.replaceChildren(...pair.versions.map((row) => lineOf(/** @type {HTMLElement} */ (built.lines[0]), row, scale, anchor)));
      axis.replaceChildren(...ticksOf(scale.ticks));
    };
  }

  reportgen.compareVersions = table;
})();
