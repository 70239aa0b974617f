/* What the pixels of a selection are taken for: the most frequent mistakes, and every cell as a table. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const ROWS = 8;

  /** @typedef {import("./engine/pixels.js").Share} Share */

  /** @param {HTMLElement} root @param {any} meta the chunk "samples" */
  function pixels(root, meta) {
    const section = /** @type {HTMLElement | null} */ (root.querySelector("[data-rg-taken]"));
    if (!section) return { draw: async () => {} };
    const { selection } = reportgen;
    const body = /** @type {HTMLTableElement} */ (section.querySelector("table")).tBodies[0];
    const [note, all, box] = ["[data-rg-taken-note]", "details", "[data-rg-taken-all]"].map((one) => /** @type {HTMLElement} */ (section.querySelector(one)));
    /** @type {{names: string[], versions: Share[][]} | null} */
    let last = null;
    all.addEventListener("toggle", () => last && table(last));

    /** @param {Share | undefined} one of a version @param {Share} other of the same cell in another one */
    const shareOf = (one, other) => (one ? one.share : other.of ? 0 : NaN);

    /** A share with its interval, where so many samples bear one. @param {Share} one */
    function told(one) {
      if (selection.support(meta, one.samples, Infinity) === "counts") return { share: numbers.MISSING, ends: "" };
      return { share: numbers.rate(one.share), ends: Number.isFinite(one.low) ? numbers.interval(one.low, one.high, "rate") : "" };
    }

    /** The cells of the candidate and, where there is one, of the baseline. @param {{names: string[], versions: Share[][]}} found */
    function cells({ names, versions }) {
      const now = versions[versions.length - 1];
      const was = versions.length > 1 ? versions[0] : [];
      const known = new Map(was.map((one) => [one.target * names.length + one.prediction, one]));
      return now.map((one) => ({ one, before: versions.length > 1 ? shareOf(known.get(one.target * names.length + one.prediction), one) : null, ...told(one) }));
    }

    const beforeOf = ({ before, share }) => (before === null || share === numbers.MISSING ? [] : [`${numbers.rate(before)} → `]);

    /** Every cell, where somebody reads it. */
    function table(found) {
      if (!(/** @type {HTMLDetailsElement} */ (all).open)) return;
      const head = ["Is", "Called", "Share", selection.levelText(meta), `${meta.nouns[1]}, n`].map((text, i) => element(i > 1 ? "th.rg-num" : "th", { scope: "col" }, text));
      const rows = cells(found).map((cell) => element("tr", null,
        element("th", { scope: "row" }, element("bdi", null, found.names[cell.one.target])),
        element("td", null, element("bdi", null, found.names[cell.one.prediction])),
        element("td.rg-num", null, ...beforeOf(cell), cell.share),
        element("td.rg-num", null, cell.ends),
        element("td.rg-num", null, numbers.count(cell.one.samples))));
      box.replaceChildren(element("table.rg-xp-matrix", null, element("thead", null, element("tr", null, ...head)), element("tbody", null, ...rows)));
    }

    /** @param {{names: string[], versions: Share[][]}} found */
    function fill(found) {
      const wrong = cells(found).filter(({ one }) => one.target !== one.prediction);
      wrong.sort((a, b) => b.one.n - a.one.n || a.one.target - b.one.target || a.one.prediction - b.one.prediction);
      body.replaceChildren(...wrong.slice(0, ROWS).map((cell) => element("tr", null,
        element("th", { scope: "row" }, element("bdi", null, found.names[cell.one.target]), " → ", element("b", null, element("bdi", null, found.names[cell.one.prediction]))),
        element("td.rg-num", null, ...beforeOf(cell), element("b", null, cell.share), " ", element("small", null, [cell.ends, `n ${numbers.count(cell.one.samples)}`].filter(Boolean).join(", "))))));
      const left = wrong.length - ROWS;
      say(!wrong.length ? "No pixel is called another class." : left > 0 ? `${numbers.count(left)} more, each of fewer pixels.` : "");
      all.hidden = false;
      table(found);
    }

    function say(/** @type {string} */ text) {
      note.textContent = text;
      note.hidden = !text;
    }

    /** @param {any} explorer @param {() => boolean} wanted whether the selection is still the same */
    async function draw(explorer, wanted) {
      const found = await explorer.taken().catch(() => null);
      if (!wanted()) return;
      last = found;
      if (found) return fill(found);
      body.replaceChildren();
      all.hidden = true;
      say("This one file leaves out what pixels are taken for; the report's folder has it.");
    }

    return { draw };
  }

  reportgen.explorePixels = { pixels };
})();
