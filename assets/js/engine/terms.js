/**
 * The two columns whose sums a metric divides, x and w of each state, as the report's tasks have them. No page in here.
 *
 * @typedef {object} Side one version over the states (or over the samples, which then are the states)
 * @property {boolean} values
 * @property {import("./parts.js").Parts | null} [parts] where samples consist of parts
 * @property {ArrayLike<number>} target class code + 1, or value
 * @property {ArrayLike<number>} said class code + 1 (0: not scored), or value (NaN: not scored)
 * @property {ArrayLike<number> | null} sure 1 where the version is wrong and sure of itself
 * @property {number | null} tolerance
 * @property {number[][] | null} costs by truth and prediction, class codes from 0
 */
window.reportgen.define("terms", () => {
  "use strict";

  /** @param {Side} side @returns {Float64Array} 1 where the version scored the state */
  function scored({ values, said }) {
    return Float64Array.from(said, (own) => (values ? !Number.isNaN(own) : own !== 0) ? 1 : 0);
  }

  const flag = (value) => (value ? 1 : 0);

  /** By metric: x and w of a state from its target t, what is said p and the class k, all class codes + 1. */
  const OF_CLASSES = {
    accuracy: (t, p) => [flag(t === p), 1],
    recall: (t, p, k) => [flag(t === k && p === k), flag(t === k)],
    precision: (t, p, k) => [flag(t === k && p === k), flag(p === k)],
    f1: (t, p, k) => [2 * flag(t === k && p === k), flag(t === k) + flag(p === k)],
    specificity: (t, p, k) => [flag(t !== k && p !== k), flag(t !== k)],
    false_positive_rate: (t, p, k) => [flag(t !== k && p === k), flag(t !== k)],
    false_negative_rate: (t, p, k) => [flag(t === k && p !== k), flag(t === k)],
    sure_wrong_rate: (t, p, k, { sure }, s) => [sure[s], 1],
    cost: (t, p, k, { costs }) => [costs[t - 1][p - 1], 1],
  };

  /** By metric: x of a sample from its target t and the prediction p. */
  const OF_VALUES = {
    mae: (t, p) => Math.abs(p - t),
    bias: (t, p) => p - t,
    mape: (t, p) => Math.abs(p - t) / Math.abs(t),
    smape: (t, p) => (Math.abs(t) + Math.abs(p) > 0 ? (2 * Math.abs(p - t)) / (Math.abs(t) + Math.abs(p)) : 0),
    within_tolerance: (t, p, tolerance) => flag(Math.abs(p - t) <= tolerance),
  };

  /** By type of error: how many parts of a sample it is a share of; all others are shares of the detections. */
  const ERRORS_OF = { missed_error: ({ right, missed }, s) => right[s] + missed[s] };
  const ofDetections = ({ right, false: wrong }, s) => right[s] + wrong[s];

  const overlap = (right, wrong, missed) => [right, right + wrong + missed];

  /** By metric: x and w of a sample from its right, false and missed parts; and, of pixels, what is told of these alone. */
  const OF_PARTS = {
    f1: (right, wrong, missed) => [2 * right, 2 * right + wrong + missed],
    precision: (right, wrong) => [right, right + wrong],
    recall: (right, _wrong, missed) => [right, right + missed],
    exact_match: (_right, wrong, missed) => [flag(wrong + missed === 0), 1],
    jaccard: (right, wrong, missed) => [right + wrong + missed ? right / (right + wrong + missed) : 1, 1],
    hamming_loss: (_right, wrong, missed, { classes }) => [wrong + missed, classes],
    iou: overlap,
    dice: (right, wrong, missed) => [2 * right, 2 * right + wrong + missed],
    boundary_iou: (_right, _wrong, _missed, { pixels: { near } }, s) => overlap(near.right[s], near.false[s], near.missed[s]),
    pixel_accuracy: (_right, _wrong, _missed, { pixels }, s) => [pixels.agreed[s], pixels.counted[s]],
  };

  /** By metric that is told of each class of pixels: x and w of a sample from those it has of the class right, and of all that either has. */
  const OF_CLASS = {
    iou: (right, union) => [right, union],
    dice: (right, union) => [2 * right, right + union],
    boundary_iou: (right, union) => [right, union],
  };

  /** The terms of one class of pixels. */
  function ofClass(metric, { parts: { pixels }, said }, klass) {
    const [x, w] = [new Float64Array(said.length), new Float64Array(said.length)];
    const { sample, right, union } = (metric === "boundary_iou" ? pixels.nearClasses : pixels.classes)[klass];
    for (let i = 0; i < sample.length; i++) {
      if (!Number.isNaN(said[sample[i]])) [x[sample[i]], w[sample[i]]] = OF_CLASS[metric](right[i], union[i]);
    }
    return { x, w };
  }

  /**
   * @param {string} metric
   * @param {Side} side
   * @param {number} klass code from 0; −1 where the metric is not of one class
   * @returns {{x: Float64Array, w: Float64Array}} 0 where the version did not score the state
   */
  function of(metric, side, klass) {
    const { values, parts, target, said, tolerance } = side;
    if (parts && klass !== parts.klass) return ofClass(metric, side, klass);
    const n = said.length;
    const [x, w] = [new Float64Array(n), new Float64Array(n)];
    for (let s = 0; s < n; s++) {
      if (values ? Number.isNaN(said[s]) : said[s] === 0) continue;
      if (parts && !Object.hasOwn(OF_PARTS, metric)) {
        if (parts.errors) [x[s], w[s]] = [parts.errors[metric][s], (ERRORS_OF[metric] || ofDetections)(parts, s)];
      } else if (parts) {
        [x[s], w[s]] = OF_PARTS[metric](parts.right[s], parts.false[s], parts.missed[s], parts, s);
      } else if (values) {
        x[s] = OF_VALUES[metric](target[s], said[s], tolerance);
        w[s] = 1;
      } else {
        [x[s], w[s]] = OF_CLASSES[metric](target[s], said[s], klass + 1, side, s);
      }
    }
    return { x, w };
  }

  /** @param {string} metric @param {any} meta the chunk "samples" @returns {boolean} Whether it follows from what is counted. */
  function has(metric, { parts, classes }) {
    return (parts && parts.errors.includes(metric)) || Object.hasOwn(parts ? OF_PARTS : classes.length ? OF_CLASSES : OF_VALUES, metric);
  }

  window.reportgen.terms = { scored, of, has };
});
