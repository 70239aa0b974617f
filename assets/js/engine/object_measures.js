/**
 * Average precision and recall of objects over a selection: of each version there and over the rest, and how two versions
 * differ, as analysis/object_ranks.py has them. No page in here.
 *
 * @typedef {object} Averages
 * @property {boolean} dear so many detections are selected that draws would take too long: figures have no intervals
 * @property {{n: number, units: number, value: number, low: number, high: number, rest: {n: number, value: number}}[]} versions
 * @property {{n: number, units: number, before: number, after: number, delta: number, low: number, high: number, p: number} | null} difference
 *
 * @typedef {(weight: Float64Array) => number} Figure by the weight of each row
 */
window.reportgen.define("object_measures", () => {
  "use strict";

  const { bits, draws, objects } = window.reportgen;
  const MOST_DRAWN = 5e8; // entries that all draws of all versions go through: some five seconds

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   */
  function open(meta, load) {
    /** @type {Promise<any> | null} */
    let based = null;
    /** Every version's figure over all samples, of the last metric and class. @type {{key: string, figures: Figure[]}} */
    let known = { key: "", figures: [] };

    async function base() {
      const of = (/** @type {string} */ what, /** @type {string} */ name) => Promise.all([load(`${what}-sample${name}`), load(`${what}-kind${name}`)]);
      const [told, seeds, truth, ...versions] = await Promise.all([load("objects"), load("draws"), of("truth", ""), ...meta.versions.map((_, v) => of("object", `-${v}`))]);
      return {
        told, seeds, truths: { begins: told.truths, sample: truth[0], kind: truth[1] },
        judged: versions.map(([sample, kind], v) => ({ ...told.versions[v], sample, kind })),
      };
    }

    /** Of a metric where its figure stands. */
    function readOf({ told }, name) {
      const [area, first, stop, most] = told.reads[name];
      return { area, first, stop: stop ?? told.overlaps, most };
    }

    /** By version, what its figure over some samples is made of: of one class, or of all. */
    function laidOf({ judged, truths }, read, klass, inside) {
      const all = judged.map((/** @type {any} */ one) => objects.lay(one, truths, read, inside));
      return klass === null ? all : all.map((/** @type {any[]} */ one) => [one[klass]]);
    }

    /** Over all samples: what is not selected weighs nothing. @returns {Figure[]} */
    function figuresOf(found, name, klass) {
      const key = `${name} ${klass}`;
      if (known.key !== key) {
        const everyone = new Uint8Array(meta.n).fill(1);
        known = { key, figures: laidOf(found, readOf(found, name), klass, everyone).map(objects.figure) };
      }
      return known.figures;
    }

    /** Of the selected samples their units: groups, or themselves, numbered as they come, with the seeds of their draws. */
    function unitsOf(seeds, group, inside) {
      const at = new Int32Array(meta.n).fill(-1);
      const places = new Map();
      for (let row = 0; row < meta.n; row++) {
        if (!inside[row]) continue;
        const unit = group ? group[row] - 1 : row;
        if (!places.has(unit)) places.set(unit, places.size);
        at[row] = places.get(unit);
      }
      const size = places.size;
      const own = new Uint32Array(2 * size);
      for (const [unit, place] of places) {
        own[place] = seeds[unit];
        own[size + place] = seeds[seeds.length / 2 + unit];
      }
      return { at, size, seeds: own };
    }

    /** @returns {Promise<Float64Array[] | null>} Each figure in each draw; null where it is not wanted any more. */
    async function drawn(figures, units, weight, n, go) {
      const found = figures.map(() => new Float64Array(n));
      const times = Array.from({ length: draws.AT_ONCE }, () => new Uint8Array(units.size));
      const own = new Float64Array(meta.n);
      for (let first = 0; first < n; first += draws.AT_ONCE) {
        draws.four(units.seeds, first / draws.AT_ONCE + 1, times);
        for (let k = 0; k < draws.AT_ONCE && first + k < n; k++) {
          for (let row = 0; row < meta.n; row++) if (units.at[row] >= 0) own[row] = times[k][units.at[row]] * weight[row];
          figures.forEach((one, v) => (found[v][first + k] = one(own)));
        }
        if (!(await go())) return null;
      }
      return found;
    }

    /** The draws less the bias that they show, the value's and their own: a precision that is the largest beyond a recall is too high. */
    function unbiased(values, value) {
      const defined = values.filter((one) => !Number.isNaN(one));
      const mean = defined.reduce((sum, one) => sum + one, 0) / defined.length;
      return defined.length ? values.map((one) => one + 2 * (value - mean)) : values;
    }

    /**
     * @param {import("./model.js").Own} own
     * @param {any} model whose counts are those of the selection
     * @param {string} name of the metric
     * @param {number | null} klass of one class; null: the mean over all that have an object to find
     * @param {boolean} whole with intervals, which take draws
     * @param {() => Promise<boolean>} go lets others have their turn, and says whether the answer is still wanted
     * @returns {Promise<Averages | null>} null where it is not wanted any more
     */
    async function of(own, model, name, klass, whole, go) {
      const found = await (based = based || base());
      const chosen = model.counter.chosen();
      const inside = new Uint8Array(meta.n);
      const [weight, here, rest] = [new Float64Array(meta.n), new Float64Array(meta.n), new Float64Array(meta.n)];
      for (let row = 0; row < meta.n; row++) {
        weight[row] = own.weight ? own.weight[row] : 1;
        inside[row] = bits.has(chosen, row) ? 1 : 0;
        (inside[row] ? here : rest)[row] = weight[row];
      }
      const values = figuresOf(found, name, klass).map((one) => [one(here), one(rest)]);
      const units = unitsOf(found.seeds, own.group, inside);
      let [dear, made] = [false, values.map(() => new Float64Array(0))];
      if (whole) {
        const laid = laidOf(found, readOf(found, name), klass, inside);
        dear = found.told.draws * laid.reduce((sum, one) => sum + objects.sizeOf(one), 0) > MOST_DRAWN;
        if (!dear) made = await drawn(laid.map(objects.figure), units, weight, found.told.draws, go);
      }
      return made && told(model, values, made.map((one, v) => unbiased(one, values[v][0])), units, dear);
    }

    function told(model, values, drawn_, { size }, dear) {
      const n = model.counter.selected();
      const several = size > 1 ? size : 0;
      const versions = values.map(([value, rest], v) => {
        const [low, high] = draws.limits(value, drawn_[v], several, meta.level);
        return { n, units: size, value, low, high, rest: { n: meta.n - n, value: rest } };
      });
      if (model.baseline === null) return { dear, versions, difference: null };
      const [was, is] = model.pair;
      const [before, after] = [values[was][0], values[is][0]];
      const change = draws.difference(before, after, drawn_[was], drawn_[is], several, meta.level);
      return { dear, versions, difference: { n, units: size, before, after, ...change } };
    }

    /**
     * How two versions differ over all samples, by every average of objects that can be drawn in a fair time.
     * @param {{group: ArrayLike<number> | null, weight: ArrayLike<number> | null}} own
     * @param {number[]} pair of versions
     * @param {() => Promise<void>} rest lets others have their turn
     * @returns {Promise<{metric: string, n: number, units: number, before: number, after: number, delta: number, low: number, high: number, p: number,
     *   others: [number, number, number][]}[]>} `others`: before, after and delta of every other version against the same baseline
     */
    async function between({ group, weight: weights }, pair, rest) {
      const found = await (based = based || base());
      const everyone = new Uint8Array(meta.n).fill(1);
      const weight = Float64Array.from(everyone, (one, row) => (weights ? weights[row] : one));
      const units = unitsOf(found.seeds, group, everyone);
      const several = units.size > 1 ? units.size : 0;
      const metrics = meta.metrics.filter((/** @type {any} */ one) => one.kind === "objects" && one.compared);
      const kept = [];
      let left = MOST_DRAWN;
      for (const metric of metrics) {
        const laid = laidOf(found, readOf(found, metric.name), null, everyone);
        left -= found.told.draws * pair.reduce((sum, v) => sum + objects.sizeOf(laid[v]), 0);
        if (left < 0) break;
        kept.push({ metric, figures: laid.map(objects.figure) });
        await rest();
      }
      const go = async () => {
        await rest();
        return true;
      };
      const made = (await drawn(kept.flatMap(({ figures }) => pair.map((v) => figures[v])), units, weight, found.told.draws, go)) || [];
      return kept.map(({ metric, figures }, i) => {
        const values = figures.map((one) => one(weight));
        const [before, after] = pair.map((v) => values[v]);
        const [was, is] = pair.map((v, side) => unbiased(made[2 * i + side], values[v]));
        const others = values.map((value) => [before, value, value - before]).filter(([, , delta], v) => !pair.includes(v) && !Number.isNaN(delta));
        return { metric: metric.name, n: meta.n, units: units.size, before, after, ...draws.difference(before, after, was, is, several, meta.level), others };
      });
    }

    return { of, between };
  }

  window.reportgen.objectMeasures = { open };
});
