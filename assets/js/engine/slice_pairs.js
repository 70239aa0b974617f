/**
 * The primary metric's change on every slice between any two versions, as analysis/versions.py and flips.py have it for
 * those that the report was built with. One pass over the samples an attribute, and one a pair of attributes. No page in
 * here.
 *
 * @typedef {object} Changes a column a property, an entry a slice in the order of the chunk "slices"; NaN and −1: none
 * @property {string} why why there is no change: "" (there is), "trainings", "metric" or "absent"
 * @property {Float64Array} before @property {Float64Array} after over the samples that both scored
 * @property {Float64Array} delta @property {Float64Array} low @property {Float64Array} high @property {Float64Array} q
 * @property {Int32Array} n samples @property {Int32Array} units groups, or samples
 * @property {Int8Array} support @property {Int8Array} verdict places in the catalogue's `supports` and `verdicts`
 * @property {Int32Array} newly_broken @property {Int32Array} newly_fixed
 * @property {Int32Array} both_right @property {Int32Array} both_wrong
 * @property {number[]} scored how many samples each of the two scored
 * @property {number} tested how many slices were tested together
 * @property {[number, number, number][]} others before, after and delta of every other version against the same baseline,
 *   over all samples
 *
 * @typedef {object} Axis slices that share no sample
 * @property {string[]} columns whose codes tell them apart
 * @property {number[]} sizes of the columns
 * @property {Int32Array} slices by cell of the codes; −1: none
 *
 * @typedef {object} Part one slice of three terms or more, or one that a search found
 * @property {number} slice @property {{column: string, code: number}[]} terms @property {boolean} found
 */
window.reportgen.define("slice_pairs", () => {
  "use strict";

  const { cells, confidences, counter, decide, intervals, outcomes, parts, sliceSums, states, terms } = window.reportgen;

  /**
   * Which slices are told apart by which columns.
   * @param {any} meta the chunk "samples" @param {any} catalogue the chunk "slices"
   * @returns {{axes: Axis[], parts: Part[]}} without those by the predicted label, which are never compared
   */
  function plan(meta, catalogue) {
    const known = new Map(meta.attributes.map((one) => [one.name, { ...one, code: new Map(one.values.map((value, i) => [value, i + 1])) }]));
    /** @type {Map<string, Axis>} */
    const axes = new Map();
    const parts = [];
    const found = catalogue.origins.indexOf("found");
    for (let i = 0; i < catalogue.n.length; i++) {
      const own = termsOf(catalogue, known, i);
      if (!own) continue;
      const size = own.reduce((product, one) => product * one.size, 1);
      if (catalogue.origin[i] === found || own.length > 2) {
        parts.push({ slice: i, terms: own, found: catalogue.origin[i] === found });
        continue;
      }
      const key = own.map((one) => one.column).join(" ");
      if (!axes.has(key)) axes.set(key, { columns: own.map((one) => one.column), sizes: own.map((one) => one.size), slices: new Int32Array(size).fill(-1) });
      axes.get(key).slices[own.reduce((cell, one) => cell * one.size + one.code, 0)] = i;
    }
    return { axes: [...axes.values()], parts };
  }

  function termsOf(catalogue, known, i) {
    const own = [];
    for (const place of catalogue.terms) {
      if (place.attribute[i] < 0) break;
      const attribute = catalogue.attributes[place.attribute[i]];
      if (attribute.kind === "prediction") return null;
      const code = place.value[i];
      const pinned = attribute.kind === "pinned";
      const column = known.get(pinned ? attribute.filters[code] : attribute.name);
      if (!column) return null;
      own.push({ column: column.column, size: column.values.length + 1, code: pinned ? 1 : column.code.get(attribute.values[code]) || 0 }); // 0: missing
    }
    return own;
  }

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   * @param {<T>(steps: Generator<void, T>) => Promise<T>} run
   */
  function open(meta, load, run) {
    const { n } = meta;
    const k = meta.classes.length;
    const metric = meta.metrics.find((one) => one.primary);
    const binary = metric.kind === "binary"; // then both versions have one denominator
    const quick = binary && !meta.grouped;
    const how = { n, quick, grouped: meta.grouped };
    /** @type {Promise<any> | null} */
    let based = null;

    /** What every pair rests on; columns in the order of groups, where there are groups. */
    async function base() {
      const catalogue = await load("slices");
      const { axes, parts: single } = plan(meta, catalogue);
      const searched = single.some((one) => one.found);
      const [target, group, weight, half] = await Promise.all([
        load("target"),
        meta.grouped ? load("group") : null,
        meta.weighted ? load("weight") : null,
        searched ? load("confirming").catch(() => null) : null,
      ]);
      const order = group && cells.byGroup(n, group);
      const names = new Set([...axes.flatMap((one) => one.columns), ...single.flatMap((one) => one.terms.map((term) => term.column))]);
      const codes = new Map();
      for (const name of names) codes.set(name, sorted(await load(name), order));
      return { catalogue, axes, single, target, order, codes, group: sorted(group, order), weight: sorted(weight, order), half: sorted(half, order) };
    }

    /** A column in the order in which the samples are read. */
    function sorted(column, order) {
      if (!column || !order) return column;
      const out = new column.constructor(n);
      for (let i = 0; i < n; i++) out[i] = column[order[i]];
      return out;
    }

    async function samplesOf(own, pair) {
      const prediction = [];
      const confidence = [];
      const consists = [];
      for (const v of pair) {
        prediction[v] = await load(`prediction-${v}`);
        consists[v] = meta.parts ? await parts.of(meta, v, load) : null;
        confidence[v] = metric.name === "sure_wrong_rate" ? await load(`confidence-${v}`) : null;
      }
      return { n, values: k === 0, target: own.target, prediction, confidence, parts: consists, tolerance: meta.tolerance, margin: meta.margin };
    }

    /** @returns {string} Why the report's columns do not give the change of two versions. */
    function whyNot(pair) {
      if (pair.some((v) => meta.versions[v].trainings > 1)) return "trainings";
      if (!metric.compared || !pair.every((v) => metric.versions[v])) return "metric";
      return metric.chunk && pair.some((v) => meta.absent.includes(`terms-${metric.name}-${v}`)) ? "absent" : "";
    }

    const scored = (said) => (k ? said !== 0 : !Number.isNaN(said));

    /** The metric's terms of two versions sample by sample; w is 0 where not both scored it. */
    async function termsOfPair(samples, pair) {
      const [said, other] = pair.map((v) => samples.prediction[v]);
      const both = new Uint8Array(n);
      for (let i = 0; i < n; i++) both[i] = scored(said[i]) && scored(other[i]) ? 1 : 0;
      if (metric.chunk) {
        const [x0, x1] = await Promise.all(pair.map((v) => load(`terms-${metric.name}-${v}`)));
        return { x0, w0: both, x1, w1: both };
      }
      if (!k) {
        const [old, now] = pair.map((v) => terms.of(metric.name, {
          values: true, parts: samples.parts[v], target: samples.target, said: samples.prediction[v], sure: null, tolerance: meta.tolerance, costs: null,
        }, -1));
        for (const { x, w } of [old, now]) for (let i = 0; i < n; i++) if (!both[i]) x[i] = w[i] = 0;
        return { x0: old.x, w0: old.w, x1: now.x, w1: now.w };
      }
      const sure = pair.map((v) => confidences.sureWrong(samples, v));
      const found = await run(states.find({ n, classes: k, target: samples.target, said: [said, other], sure }));
      const [old, now] = pair.map((_, place) =>
        terms.of(metric.name, { values: false, target: found.target, said: found.said[place], sure: found.sure[place], tolerance: null, costs: meta.costs }, -1),
      );
      const [x0, w0, x1, w1] = Array.from({ length: 4 }, () => (binary ? new Uint8Array(n) : new Float64Array(n)));
      for (let i = 0; i < n; i++) {
        if (!both[i]) continue;
        const s = found.of[i];
        x0[i] = old.x[s];
        w0[i] = old.w[s];
        x1[i] = now.x[s];
        w1[i] = now.w[s];
      }
      return { x0, w0, x1, w1 };
    }

    /** What the passes over the samples read, in their order. */
    async function rowsOf(own, samples, pair, why) {
      const flips = outcomes.flips(samples, pair[0], pair[1]);
      const none = new Uint8Array(n);
      const { x0, w0, x1, w1 } = why ? { x0: none, w0: none, x1: none, w1: none } : await termsOfPair(samples, pair);
      const state = new Uint8Array(n);
      for (let i = 0; i < n; i++) {
        const kind = w0[i] || w1[i] ? (quick ? 1 + 2 * x0[i] + x1[i] : 1) : 0;
        state[i] = kind * sliceSums.FLIPS + flips[i];
      }
      const [a, b, c, d] = [x0, w0, x1, w1].map((column) => sorted(column, own.order));
      return { state: sorted(state, own.order), x0: a, w0: b, x1: c, w1: d };
    }

    /** One slice alone, over all samples or those of a half: its cell is 1. */
    function* sumPart(own, rows, part, among) {
      const inside = new Uint8Array(n);
      const wanted = part.terms.map(({ column, code }) => ({ codes: own.codes.get(column), code }));
      for (let start = 0; start < n; start += counter.BLOCK) {
        const end = Math.min(n, start + counter.BLOCK);
        for (let i = start; i < end; i++) inside[i] = among && !among[i] ? 0 : 1;
        for (const { codes, code } of wanted) for (let i = start; i < end; i++) if (codes[i] !== code) inside[i] = 0;
        yield;
      }
      return yield* sliceSums.up(how, own, rows, [inside], [2]);
    }

    /** Whatever a pair of versions has on every slice, without q and verdict. */
    async function figuresOf(own, rows) {
      const size = own.catalogue.n.length;
      const out = empty(size);
      for (const { columns: names, sizes, slices } of own.axes) {
        const sums = await run(sliceSums.up(how, own, rows, names.map((name) => own.codes.get(name)), sizes));
        await run(tell(out, own, sums, slices));
      }
      for (const part of own.single) {
        const at = Int32Array.of(-1, part.slice);
        await run(tell(out, own, await run(sumPart(own, rows, part, null)), at));
        if (!part.found) continue;
        const half = empty(size);
        if (own.half) await run(tell(half, own, await run(sumPart(own, rows, part, own.half)), at));
        for (const name of ["low", "high", "p", "support"]) out[name][part.slice] = half[name][part.slice];
      }
      return out;
    }

    function empty(size) {
      const found = Object.fromEntries(["before", "after", "delta", "low", "high", "p", "q"].map((name) => [name, new Float64Array(size).fill(NaN)]));
      for (const name of ["n", "units", "newly_broken", "newly_fixed", "both_right", "both_wrong"]) found[name] = new Int32Array(size).fill(-1);
      for (const name of ["support", "verdict"]) found[name] = new Int8Array(size).fill(-1);
      return found;
    }

    /** The figures of the cells that are slices. */
    function* tell(out, own, sums, slices) {
      const { supports } = own.catalogue;
      const told = { binary, level: meta.level, bounds: metric.bounds.map((limit, end) => limit ?? (end ? Infinity : -Infinity)) };
      for (let cell = 0; cell < slices.length; cell++) {
        const i = slices[cell];
        if (i < 0) continue;
        for (const [name, code] of Object.entries(outcomes.FLIP)) if (code) out[name][i] = sliceSums.total(sums.counts, cell, (_, flip) => flip === code);
        const pair = sliceSums.pairOf(how, sums, cell, own.weight !== null);
        const found = intervals.differenceInterval(pair, told);
        out.n[i] = pair.n;
        out.units[i] = pair.units;
        for (const name of ["before", "after", "delta", "low", "high", "p"]) out[name][i] = found[name];
        out.support[i] = supports.indexOf(decide.support(pair, meta.grouped, meta.support));
        if (cell % 64 === 63) yield;
      }
    }

    /** q of the slices that are enumerated, which are one family; the whole and what the manifest names decide by p. */
    function judge(out, { catalogue }) {
      const { critical, origins, origin, supports, verdicts } = catalogue;
      const size = catalogue.n.length;
      const state = Array.from({ length: size }, (_, i) => (critical[String(i)] !== undefined ? "decide" : supports[out.support[i]]));
      const enumerated = (i) => !["all", "declared", "found"].includes(origins[origin[i]]) && decide.tested(state[i]) && !Number.isNaN(out.p[i]);
      const family = Array.from({ length: size }, (_, i) => i).filter(enumerated);
      const q = decide.benjaminiHochberg(family.map((i) => out.p[i]));
      family.forEach((i, place) => (out.q[i] = q[place]));
      for (let i = 0; i < size; i++) {
        if (out.support[i] < 0) continue;
        const alone = ["all", "declared"].includes(origins[origin[i]]);
        const decides = Number.isNaN(out.q[i]) && alone ? out.p[i] : out.q[i];
        out.verdict[i] = verdicts.indexOf(decide.verdict(out.delta[i], decides, state[i], metric.higher));
      }
      return family.length;
    }

    /** Every other version against the same baseline, over all samples: one number of decimals serves all of them. */
    async function othersOf(own, samples, pair) {
      const found = [];
      for (let v = 0; v < meta.versions.length; v++) {
        if (pair.includes(v) || whyNot([pair[0], v])) continue;
        samples.prediction[v] = await load(`prediction-${v}`);
        samples.confidence[v] = metric.name === "sure_wrong_rate" ? await load(`confidence-${v}`) : null;
        samples.parts[v] = meta.parts ? await parts.of(meta, v, load) : null;
        const of = await termsOfPair(samples, [pair[0], v]);
        const weight = meta.weighted ? await load("weight") : null;
        const [x0, w0, x1, w1] = [of.x0, of.w0, of.x1, of.w1].map((values, place) => total(values, weight, place < 2 ? of.w0 : of.w1));
        if (w0 && w1) found.push([x0 / w0, x1 / w1, x1 / w1 - x0 / w0]);
      }
      return found;
    }

    /** Σ weight · value of the samples that count. */
    function total(values, weight, w) {
      let sum = 0;
      for (let i = 0; i < n; i++) if (w[i]) sum += (weight ? weight[i] : 1) * values[i];
      return sum;
    }

    function scoredOf(said) {
      let count = 0;
      for (let i = 0; i < n; i++) if (scored(said[i])) count++;
      return count;
    }

    /**
     * @param {number} baseline @param {number} candidate places of two versions
     * @returns {Promise<Changes>}
     */
    async function pairSlices(baseline, candidate) {
      based = based || base();
      const own = await based;
      const pair = [baseline, candidate];
      const why = whyNot(pair);
      const samples = await samplesOf(own, pair);
      const out = await figuresOf(own, await rowsOf(own, samples, pair, why));
      const scored = pair.map((v) => scoredOf(samples.prediction[v]));
      if (why) return { ...empty(own.catalogue.n.length), ...flipsOf(out), why, scored, tested: 0, others: [] };
      const tested = judge(out, own);
      return { ...out, why, scored, tested, others: await othersOf(own, samples, pair) };
    }

    return { pairSlices };
  }

  const flipsOf = ({ newly_broken, newly_fixed, both_right, both_wrong }) => ({ newly_broken, newly_fixed, both_right, both_wrong });

  window.reportgen.slicePairs = { open };
});
