/**
 * The bootstrap, as stats/bootstrap.py has it: draws that are keyed by ids, or by groups, and what they say of a figure.
 * No page in here.
 */
window.reportgen.define("draws", () => {
  "use strict";

  const { distributions, intervals } = window.reportgen;
  const AT_ONCE = 4; // draws that share one hash
  const LARGEST = 7; // as often a unit is drawn at most
  const FLAT = 1e-12;
  const CUTS = cuts();

  /** Where the chances of Poisson(1) begin, in 65,536ths. */
  function cuts() {
    let [sum, term] = [0, Math.exp(-1)];
    return Array.from({ length: LARGEST }, (_, k) => {
      sum += term;
      term /= k + 1;
      return Math.round(sum * 65536);
    });
  }

  /** How often a unit is drawn by each number of 16 bits. */
  const TIMES = Uint8Array.from({ length: 65536 }, (_, drawn) => CUTS.filter((cut) => drawn >= cut).length);

  /** The upper 32 bits of the product of two whole numbers of 32. */
  function upper(a, b) {
    const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
    const [low, left, right] = [a0 * b0, a0 * b1, a1 * b0];
    const middle = (low >>> 16) + (left & 0xffff) + (right & 0xffff);
    return (a1 * b1 + (left >>> 16) + (right >>> 16) + (middle >>> 16)) >>> 0;
  }

  /**
   * How often each unit is drawn in the four draws of a number.
   * @param {Uint32Array} seeds the lower halves of the units' hashes, then the upper ones
   * @param {number} number of the four, from 1
   * @param {Uint8Array[]} into four arrays of an entry a unit
   */
  function four(seeds, number, into) {
    const n = seeds.length / 2;
    const [GOLD_LOW, GOLD_HIGH] = [0x7f4a7c15, 0x9e3779b9];
    const saltLow = Math.imul(number, GOLD_LOW) >>> 0;
    const saltHigh = (Math.imul(number, GOLD_HIGH) + upper(number, GOLD_LOW)) >>> 0;
    const [first, second, third, fourth] = into;
    for (let i = 0; i < n; i++) {
      let low = seeds[i] + saltLow;
      let high = (seeds[n + i] + saltHigh + (low > 0xffffffff ? 1 : 0)) >>> 0;
      low >>>= 0;
      low = (low ^ ((low >>> 30) | (high << 2))) >>> 0;
      high = (high ^ (high >>> 30)) >>> 0;
      high = (Math.imul(high, 0x1ce4e5b9) + Math.imul(low, 0xbf58476d) + upper(low, 0x1ce4e5b9)) >>> 0;
      low = Math.imul(low, 0x1ce4e5b9) >>> 0;
      low = (low ^ ((low >>> 27) | (high << 5))) >>> 0;
      high = (high ^ (high >>> 27)) >>> 0;
      high = (Math.imul(high, 0x133111eb) + Math.imul(low, 0x94d049bb) + upper(low, 0x133111eb)) >>> 0;
      low = Math.imul(low, 0x133111eb) >>> 0;
      low = (low ^ ((low >>> 31) | (high << 1))) >>> 0;
      high = (high ^ (high >>> 31)) >>> 0;
      first[i] = TIMES[low & 0xffff];
      second[i] = TIMES[low >>> 16];
      third[i] = TIMES[high & 0xffff];
      fourth[i] = TIMES[high >>> 16];
    }
  }

  /** Sorted values' quantile, between two of them in proportion. */
  function quantile(sorted, share) {
    const at = share * (sorted.length - 1);
    const below = Math.floor(at);
    const [low, high] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
    return low + (high - low) * (at - below);
  }

  const known = (values) => values.filter((one) => !Number.isNaN(one));
  const ends = (values, level) => {
    const sorted = known(values).sort();
    return sorted.length ? [0.5 - level / 2, 0.5 + level / 2].map((share) => quantile(sorted, share)) : [NaN, NaN];
  };

  /**
   * @param {number} value over the samples as they are
   * @param {Float64Array} drawn
   * @param {number} units that it rests on, for an interval that has no width
   * @param {number} level
   * @returns {[number, number]} NaN where there is none
   */
  function limits(value, drawn, units, level) {
    if (Number.isNaN(value) || units === 0 || !drawn.length) return [NaN, NaN];
    const [low, high] = ends(drawn.map((one) => Math.min(Math.max(one, 0), 1)), level);
    const found = [Math.min(low, value), Math.max(high, value)];
    if (found[1] - found[0] > FLAT) return /** @type {[number, number]} */ (found);
    return intervals.wilson(value, distributions.normalQuantile(0.5 + level / 2) ** 2 / units);
  }

  /**
   * @param {number} before @param {number} after values
   * @param {Float64Array} was @param {Float64Array} is the same draws of both
   * @param {number} units @param {number} level
   * @returns {{delta: number, low: number, high: number, p: number}} the second less the first
   */
  function difference(before, after, was, is, units, level) {
    const delta = after - before;
    const none = { delta, low: NaN, high: NaN, p: NaN };
    if (Number.isNaN(delta) || units === 0 || !was.length) return none;
    const moved = known(is.map((one, i) => one - was[i]));
    const spread = moved.reduce((most, one) => Math.max(most, one), -Infinity) - moved.reduce((least, one) => Math.min(least, one), Infinity);
    if (!moved.length || spread < FLAT) return { ...none, p: Math.abs(delta) < FLAT ? 1 : NaN };
    const [low, high] = ends(moved, level);
    const [below, above] = [moved.filter((one) => one <= FLAT).length, moved.filter((one) => one >= -FLAT).length];
    const p = Math.min((2 * (1 + Math.min(below, above))) / (moved.length + 1), 1);
    return { delta, low: Math.min(low, delta), high: Math.max(high, delta), p };
  }

  window.reportgen.draws = { AT_ONCE, four, limits, difference };
});
