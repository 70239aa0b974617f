/**
 * AUROC with its interval and its paired difference, and average precision, as stats/ranking.py has them: exact, from the
 * places of scores. No page in here.
 *
 * @typedef {object} Ranked the samples of one class and the others, an entry each
 * @property {Uint8Array} y 1: of the class
 * @property {ArrayLike<number>[]} ranks by version: the place of each score, ties alike, from 1
 * @property {ArrayLike<number> | null} group
 * @property {ArrayLike<number> | null} weight
 */
window.reportgen.define("ranking", () => {
  "use strict";

  const { distributions, intervals, rounding } = window.reportgen;
  const PRIOR_DEGREES = 1;

  const nothing = { value: NaN, low: NaN, high: NaN };
  const most = (values) => values.reduce((top, one) => (one > top ? one : top), 0);
  const total = (values) => values.reduce((sum, one) => sum + one, 0);

  /** Groups as codes from 0 without gaps; samples where there are none. */
  function unitsOf(n, group) {
    const codes = new Map();
    const at = Uint32Array.from({ length: n }, (_, i) => {
      if (!group) return i;
      if (!codes.has(group[i])) codes.set(group[i], codes.size);
      return codes.get(group[i]);
    });
    return { at, size: group ? codes.size : n };
  }

  /** Σ weight of the positives and of the others, by place. */
  function byPlace(y, ranks, weight) {
    const size = most(ranks) + 1;
    const sums = [new Float64Array(size), new Float64Array(size)];
    for (let i = 0; i < y.length; i++) sums[y[i] ? 0 : 1][ranks[i]] += weight ? weight[i] : 1;
    return sums;
  }

  /** Each sample's placement among the other class: the part of it on the right side, ties half. */
  function place(y, ranks, weight, totals) {
    const [positives, others] = byPlace(y, ranks, weight);
    const [below, above] = [new Float64Array(positives.length), new Float64Array(positives.length)];
    let [p, o] = [0, 0];
    for (let at = 0; at < positives.length; at++) {
      p += positives[at];
      o += others[at];
      below[at] = (o - others[at] / 2) / totals[1];
      above[at] = 1 - (p - positives[at] / 2) / totals[0];
    }
    return Float64Array.from(y, (own, i) => (own ? below : above)[ranks[i]]);
  }

  /** What each unit adds to each AUROC, through its positives and through its others. */
  function pullsOf({ y, ranks, group, weight }) {
    const n = y.length;
    const totals = [0, 0];
    for (let i = 0; i < n; i++) totals[y[i] ? 0 : 1] += weight ? weight[i] : 1;
    const { at, size } = unitsOf(n, group);
    const kinds = [0, 1].map((kind) => {
      const seen = new Uint8Array(size);
      for (let i = 0; i < n; i++) if ((y[i] ? 0 : 1) === kind) seen[at[i]] = 1;
      return total(seen);
    });
    const share = (i) => (weight ? weight[i] : 1) / totals[y[i] ? 0 : 1];
    const values = [];
    const pulls = ranks.map((own) => {
      const placement = place(y, own, weight, totals);
      let [sum, all] = [0, 0];
      for (let i = 0; i < n; i++) {
        if (!y[i]) continue;
        sum += share(i) * placement[i];
        all += share(i);
      }
      values.push(sum / all);
      const parts = [new Float64Array(size), new Float64Array(size)];
      for (let i = 0; i < n; i++) parts[y[i] ? 0 : 1][at[i]] += share(i) * (placement[i] - sum / all);
      return parts;
    });
    return { values, pulls, nPositive: kinds[0], nOther: kinds[1], size, grouped: group !== null };
  }

  function dot(a, b) {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }

  /** The covariance of two AUROCs; NaN below two units of either kind. */
  function covariance({ pulls, nPositive, nOther, size, grouped }, a, b) {
    if (Math.min(nPositive, nOther) < 2) return NaN;
    let found = (nPositive / (nPositive - 1)) * dot(pulls[a][0], pulls[b][0]);
    found += (nOther / (nOther - 1)) * dot(pulls[a][1], pulls[b][1]);
    if (grouped) found += (size / (size - 1)) * (dot(pulls[a][0], pulls[b][1]) + dot(pulls[a][1], pulls[b][0]));
    return found;
  }

  /** Degrees of freedom of a version's variance, from its fourth moment. */
  function degreesOf({ pulls, nPositive, nOther, size, grouped }, version) {
    const [positives, others] = pulls[version];
    const parts = grouped ? [[positives.map((one, i) => one + others[i]), size]] : [[positives, nPositive], [others, nOther]];
    let [spread, squares] = [0, 0];
    for (const [pull, n] of parts) {
      let [square, fourth] = [0, 0];
      for (const one of pull) {
        square += one * one;
        fourth += one ** 4;
      }
      spread += fourth - (square * square) / n;
      squares += square;
    }
    const twice = 2 * squares ** 2;
    return spread > twice / (size - 1) ? twice / spread : size - 1;
  }

  /** Kish's n of the positives and of the others, over units. */
  function kish({ y, weight }, { at, size }) {
    return [1, 0].map((kind) => {
      const sizes = new Float64Array(size);
      for (let i = 0; i < y.length; i++) if (y[i] === kind) sizes[at[i]] += weight ? weight[i] : 1;
      return total(sizes) ** 2 / Math.max(dot(sizes, sizes), 1e-300);
    });
  }

  /** The variance of an AUROC of this value whose scores are exponential (Hanley and McNeil). */
  function hanleyMcneil(value, samples) {
    const [n, m] = kish(samples, unitsOf(samples.y.length, null));
    const more = ((n + m) / 2 - 1) * ((1 - value) / (2 - value) + value / (1 + value));
    return (value * (1 - value) * (1 + more)) / (n * m);
  }

  function around(value, variance, quantile) {
    const centre = Math.log(value / (1 - value));
    const half = (quantile * Math.sqrt(variance)) / (value * (1 - value));
    return [centre - half, centre + half].map((limit) => 1 / (1 + Math.exp(-limit)));
  }

  function logitLimits(found, version, samples, level, moderated) {
    const value = found.values[version];
    let variance = covariance(found, version, version);
    if (!Number.isFinite(variance)) return [NaN, NaN];
    if (variance <= 1e-16 || !(value > 0 && value < 1)) {
      const pairs = Math.min(...kish(samples, unitsOf(samples.y.length, samples.group)));
      return intervals.wilson(value, distributions.normalQuantile(0.5 + level / 2) ** 2 / pairs);
    }
    if (!moderated) {
      const tail = 0.5 + level / 2;
      return around(value, variance, samples.group ? distributions.studentQuantile(tail, found.size - 1) : distributions.normalQuantile(tail));
    }
    const apart = samples.group ? pullsOf({ ...samples, ranks: [samples.ranks[version]], group: null }) : found;
    const alone = covariance(apart, samples.group ? 0 : version, samples.group ? 0 : version);
    const expected = hanleyMcneil(value, samples) * Math.max(variance / alone, 1);
    const degrees = degreesOf(found, version);
    variance = (degrees * variance + PRIOR_DEGREES * Math.max(expected, variance)) / (degrees + PRIOR_DEGREES);
    return around(value, variance, distributions.studentQuantile(0.5 + level / 2, rounding.even(16 * (degrees + PRIOR_DEGREES)) / 16));
  }

  const oneClass = (y) => !y.some((own) => own) || y.every((own) => own);

  /**
   * @param {Ranked} samples of one version
   * @param {number} level
   * @returns {{value: number, low: number, high: number}} NaN with one class alone
   */
  function auroc(samples, level) {
    if (oneClass(samples.y)) return nothing;
    const found = pullsOf(samples);
    const [low, high] = logitLimits(found, 0, samples, level, true);
    return { value: found.values[0], low, high };
  }

  /**
   * @param {Ranked} samples of two versions, the baseline first
   * @param {number} level
   * @returns {{before: number, after: number, delta: number, low: number, high: number, p: number}} paired
   */
  function aurocDifference(samples, level) {
    if (oneClass(samples.y)) return { before: NaN, after: NaN, delta: NaN, low: NaN, high: NaN, p: NaN };
    const found = pullsOf(samples);
    const [before, after] = found.values;
    const delta = after - before;
    const variances = [0, 1].map((v) => covariance(found, v, v));
    const cross = covariance(found, 0, 1);
    const spread = variances[0] + variances[1] - 2 * cross;
    if (!Number.isFinite(spread)) return { before, after, delta, low: NaN, high: NaN, p: NaN };
    const limits = [0, 1].map((v) => /** @type {[number, number]} */ (logitLimits(found, v, samples, level, false)));
    const scale = Math.sqrt(variances[0] * variances[1]);
    const flat = spread <= 1e-12 * (variances[0] + variances[1]);
    let [low, high] = [NaN, NaN];
    if (!flat || scale === 0) {
      const rho = scale > 0 ? cross / scale : 0;
      ({ low, high } = intervals.squareAndAdd(before, limits[0], after, limits[1], Math.min(Math.max(rho, -1), 1)));
    }
    return { before, after, delta, low, high, p: testOf({ delta, flat, scale, spread }, found, samples) };
  }

  function testOf({ delta, flat, scale, spread }, found, samples) {
    if (!flat) {
      const z = delta / Math.sqrt(spread);
      return samples.group ? distributions.studentTwoSided(z, found.size - 1) : distributions.normalTwoSided(z);
    }
    if (delta === 0) return 1;
    const pairs = Math.min(...kish(samples, unitsOf(samples.y.length, samples.group)));
    return scale === 0 ? intervals.mcnemarMidp(Math.abs(delta) * pairs, 0) : NaN;
  }

  /**
   * @param {Ranked} samples of one version
   * @returns {number} Σ (recall − recall before) · precision over the places from the highest down; NaN
   *   without positives or without others, as a report has it
   */
  function averagePrecision({ y, ranks, weight }) {
    const [positives, others] = byPlace(y, ranks[0], weight);
    let [found, seen, sum] = [0, 0, 0];
    for (let at = positives.length - 1; at >= 0; at--) {
      found += positives[at];
      seen += positives[at] + others[at];
      if (positives[at]) sum += (positives[at] * found) / seen;
    }
    return found && found < seen ? sum / found : NaN;
  }

  window.reportgen.ranking = { auroc, aurocDifference, averagePrecision };
});
