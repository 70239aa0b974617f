/**
 * Which two versions the address holds against each other. No page in here.
 *
 * @typedef {{baseline: string | null, candidate: string}} Pair by name; no baseline where there is one version
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  /**
   * What is unknown or missing is the built one, and so are both where a version would be held against itself.
   * @param {URLSearchParams} params of any origin: baseline, and version for the candidate
   * @param {string[]} names of the versions
   * @param {Pair} built
   * @returns {Pair & {built: boolean}} and whether it is the built one
   */
  function read(params, names, built) {
    const known = (/** @type {string} */ key) => names.find((name) => name === params.get(key));
    const baseline = known("baseline") ?? built.baseline;
    const candidate = known("version") ?? built.candidate;
    if (baseline === candidate || built.baseline === null) return { ...built, built: true };
    return { baseline, candidate, built: baseline === built.baseline && candidate === built.candidate };
  }

  /**
   * @param {Pair} one
   * @param {Pair} built
   * @returns {{baseline: string | null, version: string | null}} as the address has it; null where it is the built one
   */
  function parts({ baseline, candidate }, built) {
    return { baseline: baseline === built.baseline ? null : baseline, version: candidate === built.candidate ? null : candidate };
  }

  window.reportgen.pair = { read, parts };
})();
