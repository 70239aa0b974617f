/**
 * What the Slices page says of two versions that the report was not built with, from the words that
 * reportgen/site/slice_words.py has for those that it was. No page in here.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers } = window.reportgen;

  /**
   * @param {any} catalogue of the pair
   * @param {string} name of a sentence
   * @param {Record<string, string>} given what its places take; the two versions' names are known
   * @returns {string}
   */
  function say(catalogue, name, given = {}) {
    const { baseline, candidate, metric, nouns } = catalogue;
    const known = { baseline, candidate, metric: metric.label, noun: nouns[0], nouns: nouns[1], ...given };
    return catalogue.words[name].replace(/\{(\w+)\}/g, (/** @type {string} */ _, /** @type {string} */ place) => known[place]);
  }

  /**
   * @param {any} catalogue of the pair
   * @param {{why: string, scored: number[], n: number, delta: number | null}} of over all samples: how many each version
   *   scored, how many both did, and the change
   * @returns {string} why the two are not compared; "" where they are
   */
  function notCompared(catalogue, { why, scored, n, delta }) {
    if (["trainings", "absent", "failed"].includes(why)) return say(catalogue, why);
    const none = [catalogue.candidate, catalogue.baseline].find((_, at) => scored[1 - at] === 0);
    const apart = !why && n < catalogue.limits.test && 2 * n < Math.min(...scored);
    const together = apart ? "_apart" : "";
    if (none !== undefined) return say(catalogue, `none_usable${together}`, { version: none });
    if (n === 0) return say(catalogue, `none_shared${together}`);
    if (apart) return say(catalogue, "few_shared", { shared: `${numbers.count(n)} ${catalogue.nouns[n === 1 ? 0 : 1]}` });
    return delta === null ? say(catalogue, "not_for_both") : "";
  }

  /** @param {any} catalogue of the pair @param {any} after @param {any[]} slices @returns {string} How many slices got better and worse. */
  function key(catalogue, after, slices) {
    const counts = [0, 0, 0, 0]; // in the order of the catalogue's verdicts
    for (const one of slices) {
      const verdict = after.verdict[one.i];
      if (one.level > 0 && one.origin !== "found" && verdict !== null) counts[verdict]++;
    }
    const of = (/** @type {string} */ name) => counts[catalogue.verdicts.indexOf(name)];
    const [better, worse, unclear, few] = ["better", "worse", "unclear", "too_few"].map(of);
    const n = numbers.count(better + worse + unclear);
    const lead = say(catalogue, worse ? "some_worse" : "none_worse", { worse: numbers.count(worse), better: numbers.count(better) });
    const tested = say(catalogue, few === 1 ? "untested_one" : few ? "untested" : "tested", { n, few: numbers.count(few) });
    return say(catalogue, "key", { lead, unclear: numbers.count(unclear), tested });
  }

  /** @param {any} catalogue of the pair @param {string} view @returns {string} What the heatmap draws, and how to read it. */
  function heatProse(catalogue, view) {
    const { baseline, candidate, metric } = catalogue;
    if (view !== "change") return say(catalogue, "heat_level", { label: metric.label, version: view === "baseline" ? baseline : candidate });
    const points = metric.unit === "rate" ? say(catalogue, "points") : "";
    return say(catalogue, "heat_change", { metric: metric.lowered, points });
  }

  window.reportgen.sliceWords = { say, notCompared, key, heatProse };
})();
