/**
 * What versions find where detections count from any cut-off on, over any samples. Who is surer chooses an object first,
 * so that those from a cut-off on find the same ones whatever is below it. No page in here.
 *
 * @typedef {import("./parts.js").Parts} Parts
 */
window.reportgen.define("object_cutoffs", () => {
  "use strict";

  const { intervals, sums, terms } = window.reportgen;

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
        const found = { right: new Float64Array(meta.n), false: new Float64Array(meta.n), missed: own.right.map((one, row) => one + own.missed[row]), classes: own.classes, pixels: null, errors: null };
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

    /**
     * A figure at every cut-off.
     * @param {import("./model.js").Own} own
     * @param {import("./sums.js").Part} part the samples, over cells of one each
     * @param {any} metric of parts
     * @param {number} v
     * @returns {Generator<void, (base: any) => any, any>}
     */
    function* along({ samples }, part, metric, v, { told, sample, right }) {
      const side = { values: true, target: samples.target, said: samples.prediction[v], sure: null, tolerance: null, costs: null };
      const { right: known, missed, classes } = samples.parts[v];
      const parts = { right: new Float64Array(meta.n), false: new Float64Array(meta.n), missed: known.map((one, row) => one + missed[row]), classes, pixels: null, errors: null };
      const found = [];
      let i = 0;
      for (let step = told.steps; step >= 0; step--) {
        for (; i < told.ends[v][step]; i++) {
          const row = sample[i] - 1;
          if (right[i] > 1) {
            parts.right[row]++;
            parts.missed[row]--;
          } else parts.false[row]++;
        }
        const { x, w } = terms.of(metric.name, { ...side, parts }, -1);
        const all = sums.ratio(part, x, w);
        found[step] = { n: all.n, ...intervals.ratioInterval(all, { binary: false, level: meta.level, bounds: metric.bounds }) };
        yield;
      }
      return found;
    }

    return { at, base, along };
  }

  window.reportgen.objectCutoffs = { open };
});
