/**
 * What a number of samples can bear, the verdict on a change, and q of many: as stats/support.py and stats/significance.py
 * have them. No page in here.
 *
 * @typedef {{show: number, test: number, decide: number, groups: number}} Limits
 * @typedef {"counts" | "show" | "test" | "decide"} Support
 * @typedef {"better" | "worse" | "unclear" | "too_few"} Verdict
 */
window.reportgen.define("decide", () => {
  "use strict";

  const BEYOND = 0.05; // a change is beyond chance below this q, or p

  /**
   * @param {{n: number, units: number}} counted samples, and groups where there are groups
   * @param {boolean} grouped
   * @param {Limits} limits
   * @param {number} [trials] the samples that the figure varies like, where those are fewer; NaN: all of them
   * @returns {Support}
   */
  function support({ n, units }, grouped, limits, trials = NaN) {
    if (n < limits.show) return "counts";
    const few = Math.min(Number.isNaN(trials) ? Infinity : trials, grouped ? Infinity : units);
    if (Math.min(n, few) < limits.test || (grouped && units < limits.groups)) return "show";
    return n < limits.decide ? "test" : "decide";
  }

  /** @param {Support} own @returns {boolean} Whether a test is made on so many. */
  const tested = (own) => own === "test" || own === "decide";

  /**
   * @param {number} delta candidate − baseline
   * @param {number} q of a change in a family of tests, p of one that stands alone; NaN: no test was possible
   * @param {Support} own of the samples that both scored
   * @param {boolean} higher whether more is better
   * @returns {Verdict}
   */
  function verdict(delta, q, own, higher) {
    if (!tested(own)) return "too_few";
    if (!(q < BEYOND) || delta === 0 || Number.isNaN(delta)) return "unclear";
    return delta > 0 === higher ? "better" : "worse";
  }

  /** @param {ArrayLike<number>} p NaN: no test @returns {Float64Array} Benjamini's and Hochberg's q of each. */
  function benjaminiHochberg(p) {
    const q = new Float64Array(p.length).fill(NaN);
    const order = Array.from(p, (_, i) => i).filter((i) => !Number.isNaN(p[i])).sort((a, b) => p[a] - p[b] || a - b);
    let least = 1;
    for (let rank = order.length; rank > 0; rank--) {
      least = Math.min(least, p[order[rank - 1]] * (order.length / rank));
      q[order[rank - 1]] = least;
    }
    return q;
  }

  window.reportgen.decide = { support, tested, verdict, benjaminiHochberg };
});
