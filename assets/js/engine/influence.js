/**
 * Metrics that are no ratio of sums, with the influence of each sample on them, as stats/influence.py has them.
 * No page in here.
 *
 * @typedef {object} Influence
 * @property {number} value NaN where not defined
 * @property {Float64Array} x the influence of a sample of each state
 * @property {boolean} weighted whether that is still to be multiplied by the sample's weight
 * @property {number} trials NaN: all samples
 */
window.reportgen.define("influence", () => {
  "use strict";

  const PER_CLASS = 30; // with fewer samples a class, on average, that a class does not occur says little
  const AVERAGES = new Set(["macro_f1", "balanced_accuracy"]);
  const FEW_DECIDE = new Set([...AVERAGES, "rmse", "mean_iou"]); // which a few of many samples may decide
  /** @type {Record<string, [number, number]>} */
  const BOUNDS = {
    macro_f1: [0, 1], balanced_accuracy: [0, 1], mcc: [-1, 1], kappa: [-1, 1], mean_iou: [0, 1],
    rmse: [0, Infinity], r2: [-Infinity, 1], pearson_r: [-1, 1],
  };

  const UNDEFINED = { value: NaN, x: null, weighted: false, trials: NaN };

  /** Calls back with each kept cell's state, samples, weight and squared weight. */
  function each({ cells, n, weight, square }, w, act) {
    for (let cell = 0; cell < cells.size; cell++) {
      if (!n[cell]) continue;
      const s = cells.state ? cells.state[cell] : cell;
      if (w[s]) act(s, n[cell], weight ? weight[cell] : n[cell], square ? square[cell] : n[cell]);
    }
  }

  /** Weighted totals of the confusion matrix, by class code from 0. */
  function tableOf(part, w, target, said, classes) {
    const [targets, predictions, hits, squares] = [0, 1, 2, 3].map(() => new Float64Array(classes));
    let n = 0;
    each(part, w, (s, count, weight, square) => {
      const [t, p] = [target[s] - 1, said[s] - 1];
      n += count;
      targets[t] += weight;
      predictions[p] += weight;
      squares[t] += square;
      if (t === p) hits[t] += weight;
    });
    return { n, classes, targets, predictions, hits, squares };
  }

  const total = (values) => values.reduce((sum, one) => sum + one, 0);
  const dot = (a, b) => a.reduce((sum, one, i) => sum + one * b[i], 0);
  const occurring = (values) => values.reduce((count, one) => count + (one !== 0 ? 1 : 0), 0);

  /** K² / Σ 1/n over the classes that occur; see `_Table.trials` in Python. */
  function trialsOf({ n, classes, targets, squares }) {
    const k = occurring(squares);
    const unseen = k > 1 && n < PER_CLASS * classes ? classes - k : 0;
    let sum = unseen;
    for (let c = 0; c < classes; c++) if (squares[c] > 0) sum += squares[c] / targets[c] ** 2;
    return (k + unseen) ** 2 / sum;
  }

  function macroF1({ classes, targets, predictions, hits }) {
    const size = targets.map((one, c) => one + predictions[c]);
    const count = occurring(size);
    const f1 = hits.map((one, c) => (size[c] > 0 ? (2 * one) / size[c] : 0));
    const loss = f1.map((one, c) => (size[c] > 0 ? one / size[c] : 0));
    const of = (c) => (size[c] > 0 ? size[c] : 1);
    const slope = (t, p) => ((t === p ? 2 : 0) / of(t) - loss[t] - loss[p]) / count;
    return classes ? { value: total(f1) / count, slope } : null;
  }

  function balancedAccuracy({ targets, hits }) {
    const count = occurring(targets);
    const recall = hits.map((one, c) => (targets[c] > 0 ? one / targets[c] : 0));
    const slope = (t, p) => ((t === p ? 1 : 0) - recall[t]) / (targets[t] > 0 ? targets[t] : 1) / count;
    return { value: total(recall) / count, slope };
  }

  function mcc({ targets, predictions, hits }) {
    if (occurring(targets) < 2 || occurring(predictions) < 2) return null;
    const [s, right] = [total(targets), total(hits)];
    const ofPrediction = s ** 2 - dot(predictions, predictions);
    const ofTarget = s ** 2 - dot(targets, targets);
    const scale = Math.sqrt(ofPrediction * ofTarget);
    const value = (right * s - dot(targets, predictions)) / scale;
    const slope = (t, p) => {
      const own = ((t === p ? s : 0) + right - (targets[p] + predictions[t])) / scale;
      return own - (value * (s - predictions[p])) / ofPrediction - (value * (s - targets[t])) / ofTarget;
    };
    return { value, slope };
  }

  function kappa({ targets, predictions, hits }) {
    if (occurring(targets.map((one, c) => one + predictions[c])) < 2) return null;
    const [s, right] = [total(targets), total(hits)];
    const expected = dot(targets, predictions);
    const room = s ** 2 - expected;
    const value = (right * s - expected) / room;
    const slope = (t, p) => {
      const chance = targets[p] + predictions[t];
      return ((t === p ? s : 0) + right - chance - value * (2 * s - chance)) / room;
    };
    return { value, slope };
  }

  const OF_CLASSES = { macro_f1: macroF1, balanced_accuracy: balancedAccuracy, mcc, kappa };

  /**
   * @param {string} name macro_f1, balanced_accuracy, mcc or kappa
   * @param {import("./sums.js").Part} part
   * @param {ArrayLike<number>} w 1 for the states that count
   * @param {ArrayLike<number>} target @param {ArrayLike<number>} said class codes + 1 of each state
   * @param {number} classes
   * @returns {Influence}
   */
  function ofClasses(name, part, w, target, said, classes) {
    const table = tableOf(part, w, target, said, classes);
    const found = table.n ? OF_CLASSES[name](table) : null;
    if (!found) return UNDEFINED;
    const x = new Float64Array(w.length);
    for (let s = 0; s < x.length; s++) if (w[s]) x[s] = table.n * found.slope(target[s] - 1, said[s] - 1);
    return { value: found.value, x, weighted: true, trials: trialsOf(table) };
  }

  /** Σ share · f over the samples that count. */
  function weigh(part, w, all, f) {
    let sum = 0;
    each(part, w, (row, _, weight) => (sum += (weight / all) * f(row)));
    return sum;
  }

  function extent(part, w, values) {
    let [low, high] = [Infinity, -Infinity];
    each(part, w, (row) => {
      low = Math.min(low, values[row]);
      high = Math.max(high, values[row]);
    });
    return high - low;
  }

  function rmse(part, w, all, target, said) {
    const square = (row) => (said[row] - target[row]) ** 2;
    const mean = weigh(part, w, all, square);
    const root = Math.sqrt(mean);
    let [count, sum, squares, shares] = [0, 0, 0, 0];
    each(part, w, (row, n, weight) => {
      const share = weight / all;
      const own = share * square(row);
      count += n;
      sum += own;
      squares += own * own;
      shares += share * share;
    });
    const trials = squares ? ((count * sum ** 2) / squares) * shares : NaN;
    return { value: root, slope: (row) => (square(row) - mean) / (2 * (root > 0 ? root : 1)), trials };
  }

  function r2(part, w, all, target, said) {
    if (extent(part, w, target) === 0) return null;
    const mean = weigh(part, w, all, (row) => target[row]);
    const around = (row) => (target[row] - mean) ** 2;
    const square = (row) => (said[row] - target[row]) ** 2;
    const spread = weigh(part, w, all, around);
    const left = weigh(part, w, all, square) / spread;
    return { value: 1 - left, slope: (row) => -(square(row) - left * around(row)) / spread, trials: NaN };
  }

  function pearsonR(part, w, all, target, said) {
    if (extent(part, w, target) === 0 || extent(part, w, said) === 0) return null;
    const [ma, mb] = [target, said].map((values) => weigh(part, w, all, (row) => values[row]));
    const sa = Math.sqrt(weigh(part, w, all, (row) => (target[row] - ma) ** 2));
    const sb = Math.sqrt(weigh(part, w, all, (row) => (said[row] - mb) ** 2));
    const a = (row) => (target[row] - ma) / sa;
    const b = (row) => (said[row] - mb) / sb;
    const value = Math.min(Math.max(weigh(part, w, all, (row) => a(row) * b(row)), -1), 1);
    if (1 - Math.abs(value) < 1e-12) return { value: Math.sign(value), slope: () => 0, trials: NaN };
    return { value, slope: (row) => a(row) * b(row) - (value / 2) * (a(row) ** 2 + b(row) ** 2), trials: NaN };
  }

  const OF_VALUES = { rmse, r2, pearson_r: pearsonR };

  /**
   * @param {string} name rmse, r2 or pearson_r
   * @param {import("./sums.js").Part} part whose states are samples
   * @param {ArrayLike<number>} w 1 for the samples that count
   * @param {ArrayLike<number>} target @param {ArrayLike<number>} said values
   * @returns {Influence}
   */
  function ofValues(name, part, w, target, said) {
    let [n, all] = [0, 0];
    each(part, w, (_, count, weight) => {
      n += count;
      all += weight;
    });
    const found = n ? OF_VALUES[name](part, w, all, target, said) : null;
    if (!found) return UNDEFINED;
    const x = new Float64Array(w.length);
    each(part, w, (row, _, weight) => (x[row] = n * (weight / all) * found.slope(row)));
    return { value: found.value, x, weighted: false, trials: found.trials };
  }

  /**
   * The mean over classes of intersection over union; see `average_ratios` in Python.
   * @param {import("./sums.js").Part} part whose states are samples
   * @param {ArrayLike<number>} w 1 for the samples that count
   * @param {import("./parts.js").ClassCounts[]} classes
   * @returns {Influence}
   */
  function ofAreas(part, w, classes) {
    const [shares, squares, x] = [0, 1, 2].map(() => new Float64Array(w.length));
    let n = 0;
    each(part, w, (s, count, weight, square) => {
      n += count;
      shares[s] = weight;
      squares[s] = square;
    });
    const found = classes.map((one) => ofArea(one, shares, squares)).filter((one) => one.union > 0);
    if (!found.length) return UNDEFINED;
    let [value, thin] = [0, 0];
    for (const { of, right, union, square, share } of found) {
      const ratio = right / union;
      value += ratio / found.length;
      thin += square / share ** 2;
      of.sample.forEach((s, i) => {
        if (shares[s]) x[s] += (n * (of.right[i] - ratio * of.union[i])) / (union * found.length);
      });
    }
    return { value, x, weighted: true, trials: found.length ** 2 / thin };
  }

  /** The sums of one class over the samples that count. */
  function ofArea(of, shares, squares) {
    let [right, union, square, share] = [0, 0, 0, 0];
    of.sample.forEach((s, i) => {
      if (!shares[s] || !of.union[i]) return;
      right += shares[s] * of.right[i];
      union += shares[s] * of.union[i];
      square += squares[s];
      share += shares[s];
    });
    return { of, right, union, square, share };
  }

  window.reportgen.influence = { AVERAGES, FEW_DECIDE, BOUNDS, ofClasses, ofValues, ofAreas };
});
