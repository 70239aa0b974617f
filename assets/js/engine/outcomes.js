/**
 * What became of each sample, derived from targets and predictions as the report's tasks derive it. No page in here.
 *
 * @typedef {object} Samples the columns of a report
 * @property {number} n
 * @property {boolean} values predictions are values (regression), not codes of classes
 * @property {ArrayLike<number>} target class code + 1 (0: none), or the true value (NaN: none)
 * @property {ArrayLike<number>[]} prediction a version each; likewise, missing where it did not score the sample
 * @property {(Uint16Array | null)[]} confidence a version each, as engine/confidences.js has them
 * @property {number | null} tolerance regression: the error up to which a prediction is right
 * @property {number | null} margin regression: the growth of an error from which it is a flip
 */
window.reportgen.define("outcomes", () => {
  "use strict";

  /** What a version made of a sample. */
  const NONE = 0;
  const WRONG = 1;
  const RIGHT = 2;

  /** What became of a sample between two versions; the order of `flip_codes` in Python, plus one. */
  const FLIP = { none: 0, both_wrong: 1, newly_fixed: 2, newly_broken: 3, both_right: 4 };

  /**
   * @param {Samples} samples
   * @param {number} version
   * @returns {Float64Array} |prediction − target|; NaN where there is none
   */
  function errors(samples, version) {
    const { n, target } = samples;
    const prediction = samples.prediction[version];
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) out[i] = Math.abs(prediction[i] - target[i]);
    return out;
  }

  /**
   * @param {Samples} samples
   * @param {number} version
   * @returns {Uint8Array} NONE (not scored), WRONG or RIGHT
   */
  function judge(samples, version) {
    const { n, target } = samples;
    const out = new Uint8Array(n);
    if (samples.values) {
      const error = errors(samples, version);
      const tolerance = samples.tolerance ?? -1;
      for (let i = 0; i < n; i++) out[i] = Number.isNaN(error[i]) ? NONE : error[i] <= tolerance ? RIGHT : WRONG;
      return out;
    }
    const prediction = samples.prediction[version];
    for (let i = 0; i < n; i++) out[i] = prediction[i] === 0 ? NONE : prediction[i] === target[i] ? RIGHT : WRONG;
    return out;
  }

  /**
   * @param {Samples} samples
   * @param {number} baseline
   * @param {number} candidate
   * @returns {Uint8Array} a value of FLIP each; none where not both versions scored the sample
   */
  function flips(samples, baseline, candidate) {
    const { n } = samples;
    const before = judge(samples, baseline);
    const after = judge(samples, candidate);
    const out = new Uint8Array(n);
    if (!samples.values) {
      for (let i = 0; i < n; i++) out[i] = before[i] && after[i] ? 2 * before[i] + after[i] - 2 : FLIP.none;
      return out;
    }
    const was = errors(samples, baseline);
    const is = errors(samples, candidate);
    const margin = samples.margin ?? 0;
    for (let i = 0; i < n; i++) {
      if (!before[i] || !after[i]) continue;
      const moved = is[i] - was[i];
      if (moved > margin) out[i] = FLIP.newly_broken;
      else if (moved < -margin) out[i] = FLIP.newly_fixed;
      else out[i] = after[i] === RIGHT ? FLIP.both_right : FLIP.both_wrong;
    }
    return out;
  }

  /**
   * @param {Samples} samples
   * @param {number} version
   * @returns {Uint16Array | Float32Array} how much a sample is worth looking at, none below 0: the confidence of a label,
   *   as it is kept (0 where the version gives none), or the size of the error, in the same 32 bits as Python's
   */
  function hardness(samples, version) {
    const { n, values, confidence } = samples;
    if (!values) return confidence[version] || new Uint16Array(n);
    const error = errors(samples, version);
    const out = new Float32Array(n);
    for (let i = 0; i < n; i++) out[i] = Number.isNaN(error[i]) ? 0 : error[i];
    return out;
  }

  window.reportgen.outcomes = { NONE, WRONG, RIGHT, FLIP, errors, judge, flips, hardness };
});
