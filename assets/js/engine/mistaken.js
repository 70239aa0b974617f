/**
 * The samples with pixels of one class that a version takes for another, as an address asks for them, and what of one sample
 * is so taken. No page in here.
 *
 * @typedef {{target: number, prediction: number}} Wanted places among the names of the chunk "samples"
 */
window.reportgen.define("mistaken", () => {
  "use strict";

  /** @param {URLSearchParams} params of any origin @param {any} meta the chunk "samples" @returns {Wanted | null} null: the address asks for no pixels */
  function read(params, { pixels, absent }) {
    if (!pixels || absent.includes("pixel-cells")) return null;
    const [target, prediction] = ["is", "called"].map((key) => pixels.names.indexOf(params.get(key) || ""));
    return target < 0 || prediction < 0 || target === prediction ? null : { target, prediction };
  }

  /**
   * @param {import("./pixels.js").Version} version
   * @param {number} k how many names there are
   * @param {Wanted} wanted
   * @param {Uint8Array} scored 1 for the samples that the version scored
   * @returns {Uint32Array} by sample, how many of its pixels are so
   */
  function hold({ cells, begins, sample, n }, k, { target, prediction }, scored) {
    const found = new Uint32Array(scored.length);
    const place = cells.indexOf(target * k + prediction);
    for (let i = place < 0 ? 0 : begins[place]; place >= 0 && i < begins[place + 1]; i++) {
      if (scored[sample[i] - 1]) found[sample[i] - 1] = n[i] - 1;
    }
    return found;
  }

  /** @param {Uint32Array} rows @param {Uint32Array} held @param {boolean} ranked those with most of them first @returns {Uint32Array} The rows that have any. */
  function select(rows, held, ranked) {
    const some = rows.filter((row) => held[row] > 0);
    return ranked ? some.sort((a, b) => held[b] - held[a] || a - b) : some;
  }

  /**
   * @param {import("./pixels.js").Version} version
   * @param {number} k how many names there are
   * @param {number} row
   * @param {Uint8Array} scored 1 for the samples that the version scored
   * @returns {(Wanted & {n: number, samples: number})[]} what of a sample's pixels is taken for something else, most of them first, and in how many samples it is
   */
  function of({ cells, begins, sample, n }, k, row, scored) {
    /** @type {(Wanted & {n: number, samples: number})[]} */
    const found = [];
    if (!scored[row]) return found;
    cells.forEach((cell, place) => {
      const [target, prediction] = [Math.floor(cell / k), cell % k];
      if (target === prediction) return;
      let [own, samples] = [0, 0];
      for (let i = begins[place]; i < begins[place + 1]; i++) {
        samples += scored[sample[i] - 1];
        if (sample[i] === row + 1) own = n[i] - 1;
      }
      if (own) found.push({ target, prediction, n: own, samples });
    });
    return found.sort((a, b) => b.n - a.n || a.target - b.target || a.prediction - b.prediction);
  }

  window.reportgen.mistaken = { read, hold, select, of };
});
