/**
 * What versions find where detections count from any cut-off on, over any samples. Who is surer chooses an object first,
 * so that those from a cut-off on find the same ones whatever is below it. No page in here.
 *
 * @typedef {import("./parts.js").Parts} Parts
 * @typedef {object} Walked a version's detections, the surest first; codes + 1
 * @property {any} told @property {ArrayLike<number>} sample @property {ArrayLike<number>} right
 * @property {ArrayLike<number> | null} classes null: all are walked, whatever their class
 * @property {Parts} nothing before any of them counts: all that is to find is missed
 */
window.reportgen.define("object_cutoffs", () => {
  "use strict";

  const { intervals, sums, terms } = window.reportgen;

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   */
  function open(meta, load) {
    /**
     * @param {Parts} own of a version at its own cut-off
     * @param {number} v
     * @param {number} klass of which class alone; −1: of all
     * @returns {Promise<Walked>}
     */
    async function base(own, v, klass) {
      const [told, sample, right, classes, missed] = await Promise.all([
        load("object-cutoffs"), load(`sure-sample-${v}`), load(`sure-right-${v}`), klass < 0 ? null : load(`sure-class-${v}`),
        klass < 0 ? own.right.map((one, row) => one + own.missed[row]) : wanted(klass),
      ]);
      const [none, wrong] = [0, 1].map(() => new Float64Array(meta.n));
      return { told, sample, right, classes, nothing: { right: none, false: wrong, missed, classes: own.classes, klass, pixels: null, errors: null } };
    }

    /** @returns {Promise<Float64Array>} by sample, how many objects of a class there are to find */
    async function wanted(klass) {
      const [{ truths }, sample, kind] = await Promise.all([load("objects"), load("truth-sample"), load("truth-kind")]);
      const found = new Float64Array(meta.n);
      for (let i = truths[klass]; i < truths[klass + 1]; i++) if ((kind[i] - 1) & 1) found[sample[i] - 1]++;
      return found;
    }

    /** Counts the detections from one place to another in. @param {Parts} parts @param {Walked} walked */
    function count(parts, { sample, right, classes }, from, to) {
      for (let i = from; i < to; i++) {
        if (classes && classes[i] - 1 !== parts.klass) continue;
        const row = sample[i] - 1;
        if (right[i] > 1) {
          parts.right[row]++;
          parts.missed[row]--;
        } else parts.false[row]++;
      }
    }

    /**
     * @param {Parts[]} parts of each version at its own cut-off
     * @param {number | null} step of the grid of cut-offs; null: each version's own
     * @param {number} klass of which class alone; −1: of all
     * @returns {Promise<Parts[]>} at this one
     */
    async function at(parts, step, klass) {
      return Promise.all(parts.map(async (own, v) => {
        const walked = await base(own, v, klass);
        const { told, nothing: found } = walked;
        count(found, walked, 0, step === null ? told.own[v] : told.ends[v][step]);
        return found;
      }));
    }

    /**
     * A figure at every cut-off.
     * @param {import("./model.js").Own} own
     * @param {import("./sums.js").Part} part the samples, over cells of one each
     * @param {any} metric of parts
     * @param {number} v
     * @param {Walked} walked
     * @returns {Generator<void, any[]>}
     */
    function* along({ samples }, part, metric, v, walked) {
      const side = { values: true, target: samples.target, said: samples.prediction[v], sure: null, tolerance: null, costs: null };
      const { told, nothing: parts } = walked;
      const found = [];
      for (let step = told.steps, done = 0; step >= 0; step--) {
        count(parts, walked, done, told.ends[v][step]);
        done = told.ends[v][step];
        const { x, w } = terms.of(metric.name, { ...side, parts }, parts.klass);
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
