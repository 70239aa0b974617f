/* What the pixels of a selection are taken for: the most frequent mistakes, and every cell as a table. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const ROWS = 8;

  /** @typedef {import("./engine/pixels.js").Share} Share */
  /** @typedef {Pick<Share, "n" | "share" | "low" | "high" | "samples" | "held">} Part of a cell */

  /** @param {HTMLElement} root @param {any} meta the chunk "samples" */
  function pixels(root, meta) {
    const section = /** @type {HTMLElement | null} */ (root.querySelector("[data-rg-taken]"));
    if (!section) return { draw: async () => {} };
    const { selection } = reportgen;
    const body = /** @type {HTMLTableElement} */ (section.querySelector("table")).tBodies[0];
    const [note, all, box] = ["[data-rg-taken-note]", "details", "[data-rg-taken-all]"].map((one) => /** @type {HTMLElement} */ (section.querySelector(one)));
    /** @type {{names: string[], versions: Share[][], address: ((is: string, called: string) => string) | null} | null} */
    let last = null;
    all.addEventListener("toggle", () => last && table(last));

    /** What a version has of any cell: of classes that it has no pixels of nothing. @param {Share[]} known @param {number} k @returns {(cell: number) => Part} */
    function partsOf(known, k) {
      const parts = new Map(known.map((one) => [one.target * k + one.prediction, one]));
      return (cell) => parts.get(cell) || { n: 0, share: NaN, low: NaN, high: NaN, samples: 0, held: 0 };
    }

    /** A share with its interval, where so many samples bear one. @param {Part} one */
    function told(one) {
      if (selection.support(meta, one.samples, Infinity) === "counts") return { share: numbers.MISSING, ends: "" };
      return { share: numbers.rate(one.share), ends: Number.isFinite(one.low) ? numbers.interval(one.low, one.high, "rate") : "" };
    }

    /** The cells that either version fills, by the candidate and, where there is one, the baseline. @param {{names: string[], versions: Share[][]}} found */
    function cells({ names, versions }) {
      const k = names.length;
      const sides = versions.map((known) => partsOf(known, k));
      const every = new Set(versions.flatMap((known) => known.map((one) => one.target * k + one.prediction)));
      return [...every].sort((a, b) => a - b).map((cell) => {
        const [now, was] = sides.map((side) => side(cell)).reverse();
        return { target: Math.floor(cell / k), prediction: cell % k, n: now.n, samples: now.samples, held: now.held, before: was ? told(was).share : null, ...told(now) };
      });
    }

    const beforeOf = ({ before, share }) => (before === null || share === numbers.MISSING ? [] : [`${before} → `]);

    /**
     * Where Examples has the samples of a cell, by its names; null where it cannot choose them as they are chosen here.
     * @param {any} view @returns {((is: string, called: string) => string) | null}
     */
    function addresses({ asked, facets }) {
      const { query } = reportgen;
      const filters = [...asked.filters.values()];
      if (!filters.every(({ key, codes }) => query.inExamples(key) && !(codes && codes.includes(0)))) return null;
      const state = Object.fromEntries(Object.entries(query.written(asked.filters, facets)).filter(([key]) => query.inExamples(key)));
      return (is, called) => reportgen.state.href("examples", { ...state, set: state.set || "all", ...reportgen.versions.carried(), is, called });
    }

    /** What stands in a row, leading to the samples of a mistake, where the candidate makes it. */
    function linked(cell, { names, address }, ...content) {
      const { target, prediction, held } = cell;
      if (!address || !held || target === prediction) return content;
      return [element("a", { href: address(names[target], names[prediction]), "data-rg-count": held, title: `See the ${numbers.count(held)} ${meta.nouns[held === 1 ? 0 : 1]} with such pixels` }, ...content)];
    }

    /** Every cell, where somebody reads it. */
    function table(found) {
      if (!(/** @type {HTMLDetailsElement} */ (all).open)) return;
      const head = ["Is", "Called", "Share", selection.levelText(meta), `${meta.nouns[1]}, n`].map((text, i) => element(i > 1 ? "th.rg-num" : "th", { scope: "col" }, text));
      const rows = cells(found).map((cell) => element("tr", null,
        element("th", { scope: "row" }, element("bdi", null, found.names[cell.target])),
        element("td", null, ...linked(cell, found, element("bdi", null, found.names[cell.prediction]))),
        element("td.rg-num", null, ...beforeOf(cell), cell.share),
        element("td.rg-num", null, cell.ends),
        element("td.rg-num", null, numbers.count(cell.samples))));
      box.replaceChildren(element("table.rg-xp-matrix", null, element("thead", null, element("tr", null, ...head)), element("tbody", null, ...rows)));
    }

    /** @param {NonNullable<typeof last>} found */
    function fill(found) {
      const wrong = cells(found).filter((one) => one.target !== one.prediction);
      wrong.sort((a, b) => b.n - a.n || a.target - b.target || a.prediction - b.prediction);
      body.replaceChildren(...wrong.slice(0, ROWS).map((cell) => element("tr", null,
        element("th", { scope: "row" }, ...linked(cell, found, element("bdi", null, found.names[cell.target]), " → ", element("b", null, element("bdi", null, found.names[cell.prediction])))),
        element("td.rg-num", null, ...beforeOf(cell), element("b", null, cell.share), " ", element("small", null, [cell.ends, `n ${numbers.count(cell.samples)}`].filter(Boolean).join(", "))))));
      const left = wrong.length - ROWS;
      say(!wrong.length ? "No pixel is called another class." : left > 0 ? `${numbers.count(left)} more, each of no more pixels.` : "");
      all.hidden = false;
      table(found);
    }

    function say(/** @type {string} */ text) {
      note.textContent = text;
      note.hidden = !text;
    }

    /** @param {any} view @param {any} explorer @param {() => boolean} wanted whether the selection is still the same */
    async function draw(view, explorer, wanted) {
      const found = await explorer.taken().catch(() => null);
      if (!wanted()) return;
      last = found && { ...found, address: addresses(view) };
      if (last) return fill(last);
      body.replaceChildren();
      all.hidden = true;
      say("This one file leaves out what pixels are taken for; the report's folder has it.");
    }

    return { draw };
  }

  reportgen.explorePixels = { pixels };
})();
