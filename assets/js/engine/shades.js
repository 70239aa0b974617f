/**
 * How deep a cell of a heatmap is coloured, as reportgen/site/charts/ has it. No page in here.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { even } = window.reportgen.rounding;
  const STEPS = 12;
  const UNCLEAR_STEPS = 2;

  /** @param {number} share of the scale, from 0 to 1 @returns {number} Its step of the scale of sizes. */
  const sizeStep = (share) => Math.min(STEPS, Math.max(0, even(share * STEPS)));

  /**
   * @param {number} value
   * @param {number} limit the size with full colour
   * @param {boolean} clear beyond chance
   * @returns {number} how many steps from the middle a change stands: few where it is not clear, one at least where it is
   */
  function changeStep(value, limit, clear) {
    const reached = limit > 0 ? Math.min(1, Math.abs(value) / limit) * STEPS : 0;
    return clear ? Math.min(STEPS, Math.max(1, even(reached))) : Math.min(UNCLEAR_STEPS, Math.floor(reached));
  }

  window.reportgen.shades = { sizeStep, changeStep };
})();
