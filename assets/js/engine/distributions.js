/**
 * Normal, Student-t, beta and binomial probabilities, as reportgen/stats/distributions.py has them. No page in here.
 */
window.reportgen.define("distributions", () => {
  "use strict";

  const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360];
  const SHIFT = 10; // the Stirling series holds to 1e-16 above this argument
  const MOST_STEPS = 20000;
  const TINY = 1e-300;

  /** @param {number} x 0 or more @returns {number} the complementary error function */
  function erfc(x) {
    const square = x * x;
    if (x < 2) {
      // 1 − the series of erf, whose terms are all positive: DLMF 7.6.2
      let term = x;
      let sum = x;
      for (let k = 1; term > sum * 1e-17; k++) {
        term *= (2 * square) / (2 * k + 1);
        sum += term;
      }
      return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
    }
    // the continued fraction DLMF 7.9.3, from far inside out
    let fraction = 0;
    for (let k = 120; k > 0; k--) fraction = k / 2 / (x + fraction);
    return Math.exp(-square) / Math.sqrt(Math.PI) / (x + fraction);
  }

  /** @param {number} z @returns {number} the two-sided p of a standard normal statistic; NaN passes through */
  function normalTwoSided(z) {
    return erfc(Math.abs(z) / Math.SQRT2);
  }

  /** @param {number} probability between 0 and 1 @returns {number} the standard normal quantile */
  function normalQuantile(probability) {
    const tail = 2 * Math.min(probability, 1 - probability);
    if (tail === 1) return 0;
    const t = Math.sqrt(-2 * Math.log(tail / 2));
    // Abramowitz, Stegun 26.2.23, and Newton's method from there
    let z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (let k = 0; k < 6; k++) z += (normalTwoSided(z) - tail) / (2 * Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
    return probability < 0.5 ? -z : z;
  }

  /** Log Γ(z) − ((z − ½) log z − z + ½ log 2π), for z > 0. */
  function stirlingRest(z) {
    let rest = 0;
    for (; z < SHIFT; z++) rest += (z + 0.5) * Math.log1p(1 / z) - 1;
    let power = 1 / z;
    for (const coefficient of STIRLING) {
      rest += coefficient * power;
      power /= z * z;
    }
    return rest;
  }

  function logNearOne(ratio, excess) {
    return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(ratio);
  }

  /** Log of x^a y^b / B(a, b), with x + y = 1. */
  function logBetaTerm(a, b, x, y) {
    const off = x * b - y * a;
    return (
      a * logNearOne((x * (a + b)) / a, off / a) + b * logNearOne((y * (a + b)) / b, -off / b) +
      0.5 * Math.log((a * b) / ((a + b) * 2 * Math.PI)) + stirlingRest(a + b) - stirlingRest(a) - stirlingRest(b)
    );
  }

  const awayFromZero = (value) => (Math.abs(value) < TINY ? TINY : value);

  /** The continued fraction DLMF 8.17.22 by the modified Lentz method. */
  function betaFraction(a, b, x) {
    let c = 1;
    let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
    let h = d;
    for (let m = 1; m < MOST_STEPS; m++) {
      const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
      d = 1 / awayFromZero(1 + even * d);
      c = awayFromZero(1 + even / c);
      h *= d * c;
      const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
      d = 1 / awayFromZero(1 + odd * d);
      c = awayFromZero(1 + odd / c);
      h *= d * c;
      if (Math.abs(d * c - 1) <= 1e-14) break;
    }
    return h;
  }

  /**
   * @param {number} a @param {number} b @param {number} x
   * @param {number} y 1 − x, given so that no digits are lost
   * @returns {number} the regularised incomplete beta function I_x(a, b)
   */
  function regularisedBeta(a, b, x, y) {
    if (x > (a + 1) / (a + b + 2)) return 1 - regularisedBeta(b, a, y, x); // it converges fast on the near side
    if (x <= 0) return 0;
    return Math.min(Math.max((Math.exp(logBetaTerm(a, b, x, y)) / a) * betaFraction(a, b, x), 0), 1);
  }

  /** @param {number} t @param {number} df @returns {number} the two-sided p; NaN where df is below 1 */
  function studentTwoSided(t, df) {
    if (!(df >= 1) || Number.isNaN(t)) return NaN;
    if (!Number.isFinite(t)) return 0;
    const square = t * t;
    return regularisedBeta(df / 2, 0.5, df / (df + square), square / (df + square));
  }

  /** The quantile from the normal one; Abramowitz, Stegun 26.7.5. */
  function expand(z, df) {
    const terms = [
      z,
      (z ** 3 + z) / 4,
      (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
      (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
      (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
    ];
    return terms.reduceRight((sum, term) => sum / df + term, 0);
  }

  /** Newton's method on the two-sided tail, which is convex: from below it cannot overshoot. */
  function climb(tail, z, df) {
    let t = df < 8 + z * z ? z : expand(z, df);
    for (let k = 0; k < 200; k++) {
      const x = df / (df + t * t);
      const y = (t * t) / (df + t * t);
      const step = (regularisedBeta(df / 2, 0.5, x, y) - tail) / ((2 * Math.exp(logBetaTerm(df / 2, 0.5, x, y))) / t);
      t += step;
      if (Math.abs(step) <= 1e-12 * t) break;
    }
    return t;
  }

  /** @type {Map<string, number>} the same degrees of freedom are asked for again */
  const known = new Map();
  const MOST_KNOWN = 100000;

  /** @param {number} probability @param {number} df @returns {number} NaN where df is below 1 */
  function studentQuantile(probability, df) {
    if (!(df >= 1)) return NaN;
    const key = `${probability} ${df}`;
    let t = known.get(key);
    if (t === undefined) {
      const tail = 2 * Math.min(probability, 1 - probability);
      const z = tail < 1 ? -normalQuantile(tail / 2) : 0;
      const size = tail < 1 ? (df >= (z < 4 ? 2000 : 1e7) ? expand(z, df) : climb(tail, z, df)) : 0;
      t = probability < 0.5 ? -size : size;
      if (known.size > MOST_KNOWN) known.clear();
      known.set(key, t);
    }
    return t;
  }

  /**
   * @param {number} k @param {number} n whole numbers or between
   * @returns {[number, number]} P(X ≤ k) and P(X = k) of X ~ Binomial(n, 1/2)
   */
  function binomialHalfTail(k, n) {
    const atMost = k < n ? regularisedBeta(n - k, k + 1, 0.5, 0.5) : 1;
    return [atMost, (Math.exp(logBetaTerm(n - k + 1, k + 1, 0.5, 0.5)) * 4) / (n + 1)];
  }

  window.reportgen.distributions = {
    normalTwoSided, normalQuantile, regularisedBeta, studentTwoSided, studentQuantile, binomialHalfTail,
  };
});
