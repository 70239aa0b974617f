/**
 * What versions find where detections count from any cut-off on, over any samples. Who is surer chooses an object first,
 * so that those from a cut-off on find the same ones whatever is below it. No page in here.
 *
 * @typedef {import("./parts.js").Parts} Parts
 */
window.reportgen.define("object_cutoffs", () => {
  "use strict";

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   */
  function open(meta, load) {
    /** @returns {Promise<{told: any, sample: ArrayLike<number>, right: ArrayLike<number>}>} of a version, the surest first; codes + 1 */
    async function base(v) {
      const [told, sample, right] = await Promise.all([load("object-cutoffs"), load(`sure-sample-${v}`), load(`sure-right-${v}`)]);
      return { told, sample, right };
    }

    /**
     * @param {Parts[]} parts of each version at its own cut-off
     * @param {number} step of the grid of cut-offs
     * @returns {Promise<Parts[]>} at this one
     */
    async function at(parts, step) {
      return Promise.all(parts.map(async (own, v) => {
        const { told, sample, right } = await base(v);
        const found = { right: new Float64Array(meta.n), false: new Float64Array(meta.n), missed: own.right.map((one, row) => one + own.missed[row]), classes: own.classes };
        for (let i = 0; i < told.ends[v][step]; i++) {
          const row = sample[i] - 1;
          if (right[i] > 1) {
            found.right[row]++;
            found.missed[row]--;
          } else found.false[row]++;
        }
        return found;
      }));
    }

    return { at };
  }

  window.reportgen.objectCutoffs = { open };
});
