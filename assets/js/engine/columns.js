/**
 * The columns of a report that filters and counts go by, for a pair of versions. No page in here.
 *
 * @typedef {import("./counter.js").Column} Column
 */
window.reportgen.define("columns", () => {
  "use strict";

  const { confidences, outcomes } = window.reportgen;
  const BINS = 40;
  const JUDGED = 3;
  const FLIPS = 5;

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => any} codes a column by the name of its chunk
   * @returns {Column[]} those that no version changes: the label and the attributes
   */
  function fixed(meta, codes) {
    const target = meta.attributes.find((one) => one.kind === "target");
    const found = meta.attributes
      .filter((one) => one.kind !== "target")
      .map((one) => ({ key: `a.${one.name}`, codes: codes(one.column), size: one.values.length + 1 }));
    if (target) found.unshift({ key: "label", codes: codes(target.column), size: target.values.length + 1 });
    else if (meta.classes.length) found.unshift({ key: "label", codes: codes("target"), size: meta.classes.length + 1 });
    return found;
  }

  /**
   * What a state tells is counted over states, and its column is made where a filter asks for it.
   * @param {Column[]} others those that no version changes
   * @param {import("./outcomes.js").Samples} samples
   * @param {number | null} baseline
   * @param {number} candidate
   * @param {Uint8Array} now the candidate's outcome
   * @param {import("./states.js").States | null} states of the two versions, the baseline first; null for values
   * @returns {Column[]} the others, and those of the two versions
   */
  function withPair(others, samples, baseline, candidate, now, states) {
    const known = states && { n: states.size, values: false, target: states.target, prediction: states.said };
    const own = states ? states.said.length - 1 : 0;
    const column = (key, size, make, ofStates) => lazy({ key, size, states: states && ofStates() }, make);
    const found = others.map((one) => (states && one.codes === samples.target ? { ...one, states: states.target } : one));
    found.push(column("now", JUDGED, () => now, () => outcomes.judge(known, own)));
    if (samples.confidence[candidate]) {
      found.push({ key: "confidence", codes: confidences.bins(samples.confidence[candidate]), size: confidences.BINS + 1 });
    }
    if (states) found.push(column("predicted", states.classes + 1, () => samples.prediction[candidate], () => states.said[own]));
    if (baseline === null) return found;
    found.push(column("was", JUDGED, () => outcomes.judge(samples, baseline), () => outcomes.judge(known, 0)));
    found.push(column("flip", FLIPS, () => outcomes.flips(samples, baseline, candidate), () => outcomes.flips(known, 0, own)));
    if (states) found.push(column("said", states.classes + 1, () => samples.prediction[baseline], () => states.said[0]));
    return found;
  }

  /** @returns {Column} With codes that are made when they are first read. */
  function lazy(column, make) {
    let codes = null;
    return Object.defineProperty(column, "codes", { get: () => (codes = codes || make()), enumerable: true });
  }

  /** @param {ArrayLike<number>} values @param {number} from @param {number} to @returns {Uint8Array} 1 within, ends included. */
  function between(values, from, to) {
    const out = new Uint8Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = values[i] >= from && values[i] <= to ? 1 : 0;
    return out;
  }

  /**
   * The bins of numbers: equal ones from the first to the last hundredth, the first and the last hold what is beyond.
   * @param {Float64Array} values
   * @returns {{edges: number[], codes: Uint8Array}} the bin of each, from 1; 0: none
   */
  function binned(values) {
    const known = values.filter((one) => !Number.isNaN(one)).sort();
    const last = known.length - 1;
    if (last < 0) return { edges: [], codes: new Uint8Array(values.length) };
    let [from, to] = [known[Math.floor(0.01 * last)], known[Math.ceil(0.99 * last)]];
    if (from === to) [from, to] = [known[0], known[last]];
    const codes = new Uint8Array(values.length);
    const width = (to - from) / BINS || 1;
    for (let i = 0; i < codes.length; i++) {
      if (!Number.isNaN(values[i])) codes[i] = Math.min(Math.max(Math.floor((values[i] - from) / width), 0), BINS - 1) + 1;
    }
    const ends = Array.from({ length: BINS + 1 }, (_, k) => from + k * width);
    return { edges: [known[0], ...ends.slice(1, -1), known[last]], codes };
  }

  window.reportgen.columns = { BINS, fixed, withPair, between, binned };
});
