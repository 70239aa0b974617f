/**
 * The columns of a report that filters and counts go by, for a pair of versions. No page in here.
 *
 * @typedef {import("./counter.js").Column} Column
 */
window.reportgen.define("columns", () => {
  "use strict";

  const { outcomes } = window.reportgen;
  const STEPS = 60000; // of the grid that confidences stand on: columns.CONFIDENCE_STEPS in Python
  const BINS = 40;
  const SURE = Math.fround(0.9);
  const JUDGED = 3;
  const FLIPS = 5;

  /** @param {number} confidence @returns {number} Its step of the grid. */
  const step = (confidence) => Math.round(confidence * STEPS);

  /** @param {Float32Array} confidence @returns {Uint8Array} Its bin from 1 to BINS; 0: none. */
  function bins(confidence) {
    const out = new Uint8Array(confidence.length);
    const width = STEPS / BINS;
    for (let i = 0; i < out.length; i++) {
      if (!Number.isNaN(confidence[i])) out[i] = Math.min(Math.floor(step(confidence[i]) / width), BINS - 1) + 1;
    }
    return out;
  }

  /** @param {Float32Array} confidence @param {Uint8Array} outcome @returns {Uint8Array} 1: wrong, and sure of it. */
  function sureWrong(confidence, outcome) {
    const out = new Uint8Array(outcome.length);
    for (let i = 0; i < out.length; i++) out[i] = outcome[i] === outcomes.WRONG && confidence[i] >= SURE ? 1 : 0;
    return out;
  }

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
   * @param {import("./outcomes.js").Samples} samples
   * @param {number | null} baseline
   * @param {number} candidate
   * @param {Uint8Array} now the candidate's outcome
   * @param {number} classes 0 for values
   * @returns {Column[]} those of the two versions
   */
  function ofPair(samples, baseline, candidate, now, classes) {
    const found = [{ key: "now", codes: now, size: JUDGED }];
    if (classes) found.push({ key: "predicted", codes: samples.prediction[candidate], size: classes + 1 });
    if (samples.confidence[candidate]) found.push({ key: "confidence", codes: bins(samples.confidence[candidate]), size: BINS + 1 });
    if (baseline === null) return found;
    found.push({ key: "was", codes: outcomes.judge(samples, baseline), size: JUDGED });
    found.push({ key: "flip", codes: outcomes.flips(samples, baseline, candidate), size: FLIPS });
    if (classes) found.push({ key: "said", codes: samples.prediction[baseline], size: classes + 1 });
    return found;
  }

  /** @param {Float32Array} confidence @param {number} from @param {number} to @returns {Uint8Array} 1 within, ends included. */
  function within(confidence, from, to) {
    const [low, high] = [Math.ceil(from * STEPS - 1e-6), Math.floor(to * STEPS + 1e-6)];
    const out = new Uint8Array(confidence.length);
    for (let i = 0; i < out.length; i++) {
      const at = step(confidence[i]); // NaN is in no range
      out[i] = at >= low && at <= high ? 1 : 0;
    }
    return out;
  }

  /** @param {ArrayLike<number>} values @param {number} from @param {number} to @returns {Uint8Array} The same for numbers. */
  function between(values, from, to) {
    const out = new Uint8Array(values.length);
    for (let i = 0; i < out.length; i++) out[i] = values[i] >= from && values[i] <= to ? 1 : 0;
    return out;
  }

  /** @returns {number[]} The ends of the bins of confidences. */
  const edges = () => Array.from({ length: BINS + 1 }, (_, k) => k / BINS);

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

  window.reportgen.columns = { BINS, fixed, ofPair, sureWrong, within, between, edges, binned };
});
