/* How a number is written, as reportgen/numbers.py has it; tests/contract/numbers.json holds both to the same cases. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const MINUS = "\u2212";
  const ELLIPSIS = "\u2026";
  const MISSING = "\u2013";
  const ROUNDING = 1e-12; // what is no further from 0 than that is 0
  const MORE = 2; // decimals that an end of a difference's interval has beyond the others where it would read as 0
  /** @typedef {"rate" | "number"} Unit */
  /** @typedef {number | null | undefined} Maybe */

  /** @param {string} digits @returns {string} With a comma before every third digit from the right. */
  function grouped(digits) {
    return digits.replace(/\B(?=(\d{3})+$)/g, ",");
  }

  /** @param {number} value @param {number} decimals @returns {string} Without sign, half away from zero. */
  function fixed(value, decimals) {
    const whole = Math.floor(Math.abs(value) * 10 ** decimals + 0.5 + 1e-9);
    // a locale's words take a thousand times as long; they are needed where a number's own would have an exponent
    const digits = whole < 1e21 ? String(whole) : whole.toLocaleString("en-US", { useGrouping: false });
    const text = digits.padStart(decimals + 1, "0");
    if (!decimals) return grouped(text);
    return `${grouped(text.slice(0, -decimals))}.${text.slice(-decimals)}`;
  }

  /** @param {string} text */
  function isZero(text) {
    return !/[1-9]/.test(text);
  }

  /** @param {Maybe[]} values @returns {number} Three significant digits of the largest, at most four decimals. */
  function decimalsOf(...values) {
    const top = Math.max(0, ...values.map((v) => (Number.isFinite(v) ? Math.abs(/** @type {number} */ (v)) : 0)));
    return top === 0 ? 2 : Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(top))));
  }

  /** @param {number} n @returns {string} "48,210" */
  function count(n) {
    return (n < 0 ? "-" : "") + fixed(n, 0);
  }

  /** @param {number} n @returns {string} "61 fewer", "103 more", "as many" */
  function moreOrFewer(n) {
    return n === 0 ? "as many" : `${count(Math.abs(n))} ${n > 0 ? "more" : "fewer"}`;
  }

  /** @param {Maybe} value @param {number} [decimals] @returns {string} "92.6%"; 100% and 0% only where exact. */
  function rate(value, decimals = 1) {
    if (value === null || value === undefined) return MISSING;
    if (value === 0 || value === 1) return value ? "100%" : "0%";
    const text = fixed(value * 100, decimals);
    if (isZero(text)) return `< ${fixed(10 ** -decimals, decimals)}%`;
    if (Number(text.replaceAll(",", "")) >= 100) return `> ${fixed(100 - 10 ** -decimals, decimals)}%`;
    return `${text}%`;
  }

  /** @param {number} value @param {number} decimals @returns {string} With its sign; zero without. */
  function signed(value, decimals) {
    const text = fixed(value, decimals);
    return isZero(text) ? text : (value < 0 ? MINUS : "+") + text;
  }

  /** @param {number} value @param {number} decimals @returns {string} With the decimals that its first digit needs; "> 0" where they are many. */
  function signedEnd(value, decimals) {
    if (Math.abs(value) < ROUNDING) return signed(0, decimals);
    for (let places = decimals; places <= decimals + MORE; places++) {
      const text = signed(value, places);
      if (!isZero(text)) return text;
    }
    return value > 0 ? "> 0" : "< 0";
  }

  /** @param {number} value @param {number} decimals @returns {string} */
  function plain(value, decimals) {
    const text = fixed(value, decimals);
    return value < 0 && !isZero(text) ? MINUS + text : text;
  }

  /** @param {Maybe} v @param {Unit} unit @param {number} [decimals] @returns {string} A metric's value. */
  function value(v, unit, decimals) {
    if (v === null || v === undefined) return MISSING;
    if (unit === "rate") return rate(v, decimals ?? 1);
    return plain(v, decimals ?? decimalsOf(v));
  }

  /** @param {Maybe} v @param {Unit} unit @param {number} [decimals] @returns {string} A difference, in points for rates. */
  function difference(v, unit, decimals) {
    if (v === null || v === undefined) return MISSING;
    if (unit === "rate") return signed(v * 100, decimals ?? 1);
    return signed(v, decimals ?? decimalsOf(v));
  }

  /**
   * @param {Maybe} low @param {Maybe} high @param {Unit} unit @param {number | undefined} decimals
   * @param {string} joint @param {(v: number, places: number) => string} write
   */
  function ends(low, high, unit, decimals, joint, write) {
    if (low === null || low === undefined || high === null || high === undefined) return MISSING;
    const scale = unit === "rate" ? 100 : 1;
    const places = decimals ?? (unit === "rate" ? 1 : decimalsOf(low, high));
    return write(low * scale, places) + joint + write(high * scale, places);
  }

  /** @param {Maybe} low @param {Maybe} high @param {Unit} unit @param {number} [decimals] @returns {string} "90.7…93.0" */
  function interval(low, high, unit, decimals, joint = ELLIPSIS) {
    return ends(low, high, unit, decimals, joint, plain);
  }

  /** @param {Maybe} low @param {Maybe} high @param {Unit} unit @param {number} [decimals] @returns {string} "−11.2…−5.4"; an end is 0 only where it is */
  function differenceInterval(low, high, unit, decimals, joint = ELLIPSIS) {
    return ends(low, high, unit, decimals, joint, signedEnd);
  }

  /**
   * @param {number} before @param {number} after @param {number} delta @param {Unit} unit
   * @returns {number} Decimals with which the printed ends and the printed difference agree; one more at most.
   */
  function differenceDecimals(before, after, delta, unit) {
    const scale = unit === "rate" ? 100 : 1;
    const places = unit === "rate" ? 1 : decimalsOf(before, after);
    const shown = (/** @type {string} */ text) => Number(text.replace(MINUS, "-").replaceAll(",", ""));
    const ends = shown(plain(after * scale, places)) - shown(plain(before * scale, places));
    return Math.abs(ends - shown(signed(delta * scale, places))) < 0.5 * 10 ** -places ? places : places + 1;
  }

  /**
   * The shares of two parts of a whole, which as printed add up to 100%: the second is the rest.
   * @param {number} one @param {number} other @param {number} [decimals] @returns {[string, string]}
   */
  function twoShares(one, other, decimals = 1) {
    const share = one / (one + other);
    const rest = 1 - Number((Number(fixed(share * 100, decimals).replaceAll(",", "")) / 100).toFixed(decimals + 2));
    return [rate(share, decimals), rate(rest > 0 && rest < 1 ? rest : 1 - share, decimals)];
  }

  /** @param {Maybe} q @returns {string} "< 0.001", 0.008, 0.31 */
  function qValue(q) {
    if (q === null || q === undefined) return MISSING;
    return q < 0.001 ? "< 0.001" : fixed(q, q < 0.0995 ? 3 : 2);
  }

  /** @param {Maybe} p @returns {string} "0.94", "< 0.01", "> 0.99" */
  function probability(p) {
    if (p === null || p === undefined) return MISSING;
    if (p === 0 || p === 1) return `${p}.00`;
    if (p < 0.005) return "< 0.01";
    return p >= 0.995 ? "> 0.99" : fixed(p, 2);
  }

  reportgen.numbers = {
    MINUS, ELLIPSIS, MISSING, count, moreOrFewer, rate, signed, plain, value, difference, interval, differenceInterval, differenceDecimals, qValue,
    probability, twoShares,
  };
})();
