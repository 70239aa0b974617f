/**
 * Values with their intervals from sums, as reportgen/stats/intervals.py and complement.py have them: the same methods,
 * fallbacks and limits. `tests/contract/intervals.json` holds both to the same cases. No page in here.
 *
 * @typedef {object} Sums of one metric and version over a selection
 * @property {number} n samples with w ≠ 0 @property {number} units samples, or groups
 * @property {number} w @property {number} x @property {number} ww @property {number} xw @property {number} xx
 * @property {boolean} weighted @property {boolean} grouped
 *
 * @typedef {object} PairSums of two versions over the same samples; cross moments as in Python
 * @property {Sums} baseline @property {Sums} candidate
 * @property {number} n @property {number} units
 * @property {number} xx @property {number} xw @property {number} wx @property {number} ww
 *
 * @typedef {[number, number]} Bounds of a metric
 * @typedef {{value: number, low: number, high: number}} Interval NaN where not defined
 * @typedef {{delta: number, low: number, high: number, p: number, before: number, after: number}} Difference
 */
window.reportgen.define("intervals", () => {
  "use strict";

  const { distributions, rounding } = window.reportgen;
  const NO_SPREAD = 1e-13; // squared residuals below this part of the squares that they are differences of are rounding
  const MOST_LOG = 100; // no limit is further from its value than by this power of e
  /** @type {Bounds} */
  const NO_BOUNDS = [-Infinity, Infinity];

  /** The smaller one; of a number and NaN the number. */
  const least = (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b));
  const z = (level) => distributions.normalQuantile(0.5 + level / 2);
  const t = (degrees, level) => distributions.studentQuantile(0.5 + level / 2, degrees);

  const kish = (sums) => (sums.w * sums.w) / sums.ww;

  /** Kish's n − 1 to a sixteenth; 1 at least, NaN below two units. */
  const degreesOf = (sums) => (sums.units > 1 ? Math.max(rounding.even(16 * (kish(sums) - 1)) / 16, 1) : NaN);

  function pairDegrees(pair) {
    if (!(pair.units > 1)) return NaN;
    if (pair.baseline.units === 1 || pair.candidate.units === 1) return 1;
    return least(degreesOf(pair.baseline), degreesOf(pair.candidate));
  }

  function unbiased(sums) {
    const m = Math.max(kish(sums), 2);
    return m / (m - 1);
  }

  /**
   * Wilson's score interval of a share.
   * @param {number} p
   * @param {number} width z² ÷ n
   * @returns {[number, number]}
   */
  function wilson(p, width) {
    const centre = (p + width / 2) / (1 + width);
    const half = Math.sqrt(p * (1 - p) * width + (width * width) / 4) / (1 + width);
    // at the ends the formula gives 0 and 1 but for rounding; a half that is NaN stays so
    return [p <= 0 ? 0 * half : Math.max(centre - half, 0), p >= 1 ? 1 + 0 * half : Math.min(centre + half, 1)];
  }

  const scoreLimits = (p, n, quantile) => wilson(p, (quantile * quantile) / n);

  /** The linearised variance of a ratio; 0 where the spread is no more than rounding, NaN below two units. */
  function linearisedVariance(ratio, sums) {
    if (!(sums.units > 1)) return NaN;
    let square = sums.xx - 2 * ratio * sums.xw + ratio * ratio * sums.ww;
    if (square <= NO_SPREAD * (sums.xx + ratio * ratio * sums.ww)) square = 0;
    return (unbiased(sums) * square) / (sums.w * sums.w);
  }

  /** n ÷ design effect, at most n; Kish's n where the share is 0 or 1; NaN below two units. */
  function effectiveN(value, sums) {
    const variance = linearisedVariance(value, sums);
    if (Number.isNaN(variance)) return NaN;
    if (value <= 0 || value >= 1) return kish(sums);
    return sums.n / Math.max(variance / ((value * (1 - value)) / sums.n), 1);
  }

  /** Limits and p (of value = 0) by Student's t; no variance: NaN limits, and p = 1 for a value of 0. */
  function tLimits(value, variance, degrees, level, bounds) {
    const spread = variance > 0 ? Math.sqrt(variance) : NaN;
    const half = t(degrees, level) * spread;
    const p = variance === 0 && Math.abs(value) < 1e-15 ? 1 : distributions.studentTwoSided(value / spread, degrees);
    return { low: Math.max(value - half, bounds[0]), high: Math.min(value + half, bounds[1]), p };
  }

  /** Limits on the scale that the bounds ask for. */
  function linearised(value, mean, sums, level, bounds, flatN, mostN = Infinity) {
    const variance = linearisedVariance(mean, sums);
    const degrees = degreesOf(sums);
    const [bottom, top] = bounds;
    const reach = top - bottom;
    if (Number.isFinite(reach)) {
      const share = Math.min(Math.max((value - bottom) / reach, 0), 1);
      const flat = variance <= (NO_SPREAD * reach) ** 2;
      const n = flat ? flatN : least((share * (1 - share) * reach * reach) / variance, mostN);
      const [low, high] = scoreLimits(share, n, t(degrees, level)).map((limit) => bottom + reach * limit);
      return { value, low, high };
    }
    if (bottom === 0) {
      const spread = variance > (NO_SPREAD * value) ** 2 ? Math.sqrt(variance) : NaN;
      const factor = Math.exp(Math.min((t(degrees, level) * spread) / value, MOST_LOG));
      return { value, low: value / factor, high: value * factor };
    }
    const { low, high } = tLimits(value, variance, degrees, level, bounds);
    return { value, low, high };
  }

  /**
   * @param {Sums} sums
   * @param {{binary: boolean, level: number, bounds?: Bounds}} how
   * @returns {Interval} Σx / Σw with its interval
   */
  function ratioInterval(sums, { binary, level, bounds = NO_BOUNDS }) {
    const value = sums.x / sums.w;
    if (!binary) return linearised(value, value, sums, level, bounds, kish(sums));
    const plain = !(sums.grouped || sums.weighted);
    const n = plain ? sums.w : effectiveN(value, sums);
    const [low, high] = scoreLimits(value, n, plain ? z(level) : t(degreesOf(sums), level));
    return { value, low, high };
  }

  /**
   * @param {number} value the metric
   * @param {Sums} sums of x = the influence of each sample and w = 1
   * @param {{level: number, bounds?: Bounds, trials?: number | null, capped?: boolean}} how
   * @returns {Interval}
   */
  function meanInterval(value, sums, { level, bounds = NO_BOUNDS, trials = null, capped = false }) {
    const mean = sums.x / sums.w;
    if (trials === null) return linearised(value, mean, sums, level, bounds, kish(sums));
    const n = kish(sums) * least(trials / sums.n, 1);
    return linearised(value, mean, sums, level, bounds, n, capped ? trials : Infinity);
  }

  /**
   * @param {number} before @param {number} after the metric of both versions over the same samples
   * @param {Sums} sums of x = the candidate's influence − the baseline's and w = 1
   * @param {{level: number, bounds?: Bounds}} how
   * @returns {Difference}
   */
  function meanDifference(before, after, sums, { level, bounds = NO_BOUNDS }) {
    let variance = linearisedVariance(sums.x / sums.w, sums);
    if (variance <= (NO_SPREAD * Math.max(Math.abs(before), Math.abs(after))) ** 2) variance = 0;
    const reach = bounds[1] - bounds[0];
    const delta = after - before;
    return { delta, ...tLimits(delta, variance, degreesOf(sums), level, [-reach, reach]), before, after };
  }

  /** After − before with its interval from the intervals of both and their correlation. */
  function squareAndAdd(before, [beforeLow, beforeHigh], after, [afterLow, afterHigh], phi) {
    const join = (own, other) => Math.sqrt(Math.max(own * own - 2 * phi * own * other + other * other, 0));
    const delta = after - before;
    return {
      low: Math.max(delta - join(after - afterLow, beforeHigh - before), -1),
      high: Math.min(delta + join(afterHigh - after, before - beforeLow), 1),
    };
  }

  /** Newcombe's method 10 for paired shares, with its correction of φ. */
  function newcombePaired(a, b, c, d, quantile) {
    const n = a + b + c + d;
    const [before, after] = [(a + b) / n, (a + c) / n];
    const margins = (a + b) * (c + d) * (a + c) * (b + d);
    const surplus = a * d - b * c;
    const corrected = surplus > 0 ? Math.max(surplus - n / 2, 0) : surplus;
    const phi = margins > 0 ? corrected / Math.sqrt(margins) : 0;
    return squareAndAdd(before, scoreLimits(before, n, quantile), after, scoreLimits(after, n, quantile), phi);
  }

  /** The two-sided mid-p of McNemar's test; 1 where nothing changed. */
  function mcnemarMidp(b, c) {
    if (Number.isNaN(b + c)) return NaN;
    if (!(b + c > 0)) return 1;
    const [atMost, exactly] = distributions.binomialHalfTail(Math.min(b, c), b + c);
    return Math.min(2 * atMost - exactly, 1);
  }

  /** The two-sided p of two shares of independent samples, by the score test. */
  function equalProportions(x1, n1, x2, n2) {
    const pooled = (x1 + x2) / (n1 + n2);
    const delta = x2 / n2 - x1 / n1;
    if (Number.isNaN(delta)) return NaN;
    return delta === 0 ? 1 : distributions.normalTwoSided(delta / Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2)));
  }

  function differenceVariance(before, after, pair) {
    const { baseline: b, candidate: c } = pair;
    if (!(pair.units > 1)) return NaN;
    const ofB = (b.xx - 2 * before * b.xw + before * before * b.ww) / (b.w * b.w);
    const ofC = (c.xx - 2 * after * c.xw + after * after * c.ww) / (c.w * c.w);
    const cross = (pair.xx - before * pair.wx - after * pair.xw + before * after * pair.ww) / (b.w * c.w);
    const scale = (b.xx + before * before * b.ww) / (b.w * b.w) + (c.xx + after * after * c.ww) / (c.w * c.w);
    const [u, v] = [unbiased(b), unbiased(c)];
    const square = u * ofB + v * ofC - 2 * Math.sqrt(u * v) * cross;
    return square <= NO_SPREAD * scale ? 0 : square;
  }

  /** Newcombe and McNemar on the counts of the four cells, scaled to Kish's n where grouped or weighted. */
  function paired(pair, level) {
    const { baseline: b, candidate: c } = pair;
    const scaled = b.grouped || b.weighted;
    const factor = scaled ? kish(b) / b.w : 1;
    const both = scaled ? Math.min(b.x, c.x) : pair.xx;
    const [n11, n10, n01] = [both * factor, (b.x - both) * factor, (c.x - both) * factor];
    const n00 = Math.max(b.w - b.x - c.x + both, 0) * factor;
    const quantile = scaled ? t(pairDegrees(pair), level) : z(level);
    return { ...newcombePaired(n11, n10, n01, n00, quantile), p: mcnemarMidp(n10, n01) };
  }

  /** Two Wilson intervals combined as though independent, and the score test of equal shares. */
  function combined(pair, level) {
    const [b, c] = [pair.baseline, pair.candidate].map((sums) => ratioInterval(sums, { binary: true, level }));
    const [n0, n1] = [kish(pair.baseline), kish(pair.candidate)];
    const limits = squareAndAdd(b.value, [b.low, b.high], c.value, [c.low, c.high], 0);
    return { ...limits, p: equalProportions(b.value * n0, n0, c.value * n1, n1) };
  }

  /**
   * @param {PairSums} pair
   * @param {{binary: boolean, level: number, bounds?: Bounds}} how
   * @returns {Difference} candidate − baseline over the same samples
   */
  function differenceInterval(pair, { binary, level, bounds = NO_BOUNDS }) {
    const { baseline: b, candidate: c } = pair;
    const [before, after] = [b.x / b.w, c.x / c.w];
    const variance = differenceVariance(before, after, pair);
    const reach = bounds[1] - bounds[0];
    const delta = after - before;
    let found = tLimits(delta, variance, pairDegrees(pair), level, binary ? [-1, 1] : [-reach, reach]);
    if (binary) {
      const same = pair.ww === b.ww && pair.ww === c.ww;
      if (same && !(b.grouped || b.weighted)) found = paired(pair, level);
      else if (variance === 0) found = same ? paired(pair, level) : combined(pair, level);
    }
    if (Number.isNaN(delta) || Number.isNaN(found.p)) found = { low: NaN, high: NaN, p: NaN };
    return { delta, low: found.low, high: found.high, p: found.p, before, after };
  }

  /** The two-sided p of two shares being equal, by the score test with groups or weights. */
  function equalProportionsInGroups(pair) {
    const { baseline: b, candidate: c } = pair;
    const [before, after, pooled] = [b.x / b.w, c.x / c.w, (b.x + c.x) / (b.w + c.w)];
    const variance = differenceVariance(before, after, pair);
    if (Number.isNaN(variance)) return NaN;
    if (before === after) return 1;
    const binomial = (before * (1 - before)) / b.n + (after * (1 - after)) / c.n;
    const effect = Math.max(binomial > 0 ? variance / binomial : Math.max(b.n / kish(b), c.n / kish(c)), 1);
    const error = Math.sqrt(effect * pooled * (1 - pooled) * (1 / b.n + 1 / c.n));
    return distributions.studentTwoSided((after - before) / error, pairDegrees(pair));
  }

  /**
   * @param {PairSums} pair the rest (as baseline) and the selection (as candidate)
   * @param {{binary: boolean, level: number, bounds?: Bounds}} how
   * @returns {Difference} the selection − the rest
   */
  function compareWithRest(pair, { binary, level, bounds = NO_BOUNDS }) {
    const { baseline: rest, candidate: inside } = pair;
    const found = differenceInterval(pair, { binary: false, level, bounds: binary ? [0, 1] : bounds });
    if (binary) {
      found.p = equalProportionsInGroups(pair);
      if (!(inside.grouped || inside.weighted)) {
        const limits = [rest, inside].map((sums) => scoreLimits(sums.x / sums.w, sums.w, z(level)));
        Object.assign(found, squareAndAdd(found.before, limits[0], found.after, limits[1], 0));
        found.p = equalProportions(rest.x, rest.w, inside.x, inside.w);
      }
    }
    if (inside.n > 0 && rest.n > 0) return found;
    return { ...found, delta: NaN, low: NaN, high: NaN };
  }

  window.reportgen.intervals = {
    wilson, squareAndAdd, mcnemarMidp, ratioInterval, meanInterval, meanDifference, differenceInterval, compareWithRest,
  };
});
