/**
 * What the change between two versions is made of, by attribute, as analysis/contributions.py has it. No page in here.
 */
window.reportgen.define("contributions", () => {
  "use strict";

  const { cells, decide, figures } = window.reportgen;
  const BLOCK = 1 << 16;
  const MOST_VALUES = 30; // of an attribute that have a line of their own: the largest shares

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   * @param {<T>(steps: Generator<void, T>) => Promise<T>} run
   * @param {(baseline: number, candidate: number) => Promise<any>} pairSlices as engine/slice_pairs.js has it
   * @param {{base: () => Promise<any>, spaceOf: (own: any, pair: number[]) => Generator<void, any>}} pairs of engine/pairing.js
   */
  function open(meta, load, run, pairSlices, { base, spaceOf }) {
    const k = meta.classes.length;
    const primary = meta.metrics.find((one) => one.primary);
    const scored = (said) => (k ? said !== 0 : !Number.isNaN(said));

    /** The slices of single values, by attribute: the place of each value's code. */
    function valuesOf(catalogue) {
      const found = new Map();
      for (let i = 0; i < catalogue.n.length; i++) {
        const [first, second] = catalogue.terms;
        const own = first && first.attribute[i] >= 0 && !(second && second.attribute[i] >= 0) && catalogue.origins[catalogue.origin[i]] === "attribute";
        if (!own) continue;
        const attribute = catalogue.attributes[first.attribute[i]];
        if (!found.has(attribute.name)) found.set(attribute.name, []);
        found.get(attribute.name).push({ i, value: attribute.values[first.value[i]], shown: attribute.shown[first.value[i]] });
      }
      return found;
    }

    /** One slice's line of what `pairSlices` gives. */
    function lineOf(slices, catalogue, i) {
      const { delta, low, high, n, before, after } = slices;
      return {
        delta: delta[i], low: low[i], high: high[i], n: n[i], before: before[i], after: after[i],
        support: catalogue.supports[slices.support[i]], verdict: catalogue.verdicts[slices.verdict[i]],
      };
    }

    /** Σ weight of the samples that both scored, and that by each code of a column. */
    function* heldBy({ samples, weight }, pair, codes, size) {
      const [said, other] = pair.map((v) => samples.prediction[v]);
      const held = new Float64Array(size);
      for (let row = 0; row < meta.n; row++) {
        if (scored(said[row]) && scored(other[row])) held[codes[row]] += weight ? weight[row] : 1;
        if (row % BLOCK === BLOCK - 1) yield;
      }
      return { held, whole: held.reduce((sum, one) => sum + one, 0) };
    }

    /** What each value of an attribute brings to the change of the primary metric; analysis/contributions.py. */
    async function contributionsOf(own, space, attribute, values, slices, catalogue) {
      const codes = await load(attribute.column);
      const { held, whole } = await run(heldBy(own, space.pair, codes, attribute.values.length + 1));
      const known = values.map((one) => ({ ...one, code: attribute.values.indexOf(one.value) + 1, ...lineOf(slices, catalogue, one.i) }));
      const place = (/** @type {any} */ one) => one.code || Infinity; // missing stands last
      const largest = known.sort((a, b) => held[b.code] - held[a.code] || place(a) - place(b)).slice(0, MOST_VALUES);
      const rows = largest.filter((row) => !Number.isNaN(row.delta) && row.support !== "counts").sort((a, b) => place(a) - place(b));
      if (!rows.length) return null;
      const brings = ({ value, shown, delta, low, high, n, verdict, support }, share) => ({
        value, shown, share, delta, contribution: share * delta, low: share * low, high: share * high, n, verdict, support,
      });
      const taken = new Set(rows.map((row) => row.code));
      const rest = held.reduce((sum, one, code) => sum + (taken.has(code) ? 0 : one), 0);
      const lines = rows.map((row) => brings(row, held[row.code] / whole));
      if (rest > 0) lines.push(brings(restOf(own, space, codes, taken), rest / whole));
      return { attribute: attribute.name, target: attribute.kind === "target", rows: lines };
    }

    /** All values without a line of their own, together; they are in no family of tests, and have no verdict. */
    function restOf(own, space, codes, taken) {
      const { cells: space0 } = space.part;
      const counts = new Uint32Array(space0.size);
      for (let row = 0; row < meta.n; row++) if (!taken.has(codes[row])) counts[space0.of ? space0.of[row] : row]++;
      const part = cells.part(space0, counts, own.weight, (row) => !taken.has(codes[row]));
      const found = figures.difference({ metric: primary, klass: -1 }, space.views[0], space.views[1], part, space.both, { classes: k, level: meta.level });
      const support = decide.support(found, meta.grouped, meta.support);
      return { ...found, value: null, shown: null, support, verdict: decide.tested(support) ? "unclear" : "too_few" };
    }

    /**
     * What rests on the change of every slice.
     * @param {number} baseline @param {number} candidate places of the versions
     * @returns {Promise<{made: {attribute: string, target: boolean, rows: any[]}[], targets: any[]}>} what the change of the
     *   primary metric is made of, by attribute (`value` null: the rest); of values the changes by the target's ranges
     */
    async function compose(baseline, candidate) {
      const slices = await pairSlices(baseline, candidate);
      if (slices.why) return { made: [], targets: [] };
      const catalogue = await load("slices");
      const own = await base();
      const values = valuesOf(catalogue);
      const target = meta.attributes.find((one) => one.kind === "target");
      const ranges = k || !target ? [] : values.get(target.name) || [];
      const targets = ranges.map((one) => ({ ...one, ...lineOf(slices, catalogue, one.i) })).filter((row) => !Number.isNaN(row.delta));
      const made = [];
      if (primary.kind === "influence" || primary.chunk) return { made, targets };
      const space = await run(spaceOf(own, [baseline, candidate]));
      for (const attribute of meta.attributes) {
        const found = values.has(attribute.name) && (await contributionsOf(own, space, attribute, values.get(attribute.name), slices, catalogue));
        if (found) made.push(found);
      }
      return { made, targets };
    }

    return { compose };
  }

  window.reportgen.contributions = { open };
});
