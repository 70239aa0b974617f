/**
 * Rounding as Python and numpy do it. No page in here.
 */
window.reportgen.define("rounding", () => {
  "use strict";

  /** @param {number} x @returns {number} The nearest whole number, halves to the even one. */
  function even(x) {
    const below = Math.floor(x);
    const over = x - below;
    return over < 0.5 || (over === 0.5 && below % 2 === 0) ? below : below + 1;
  }

  window.reportgen.rounding = { even };
});
