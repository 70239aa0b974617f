/**
 * What every sentence about two versions takes: their names, the words, how a change is written, and why there is none. The
 * words come with the chunk "compare" (reportgen/site/pair_words.py). No page in here.
 *
 * @typedef {object} Given
 * @property {any} meta the chunk "samples"
 * @property {any} data the chunk "compare"
 * @property {any} found what `pairing` gives
 * @property {number} baseline @property {number} candidate places of the versions
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers, wording } = window.reportgen;
  const TURNED = { better: "worse", worse: "better" };

  /** @param {number} value @returns {number | null} */
  const known = (value) => (Number.isNaN(value) ? null : value);

  /**
   * @template {{delta: number | null, low: number | null, high: number | null, verdict: string}} Change
   * @param {Change} change of a pair that was built
   * @returns {Change} the change back: the same test, seen from the other side
   */
  function turned(change) {
    const negative = (/** @type {number | null} */ value) => (value === null ? null : -value);
    return {
      ...change, delta: negative(change.delta), low: negative(change.high), high: negative(change.low),
      verdict: Object.hasOwn(TURNED, change.verdict) ? TURNED[change.verdict] : change.verdict,
    };
  }

  /** A p or q as it follows its letter: "= 0.031", "< 0.001". */
  function spoken(p) {
    const text = numbers.qValue(p);
    return text.startsWith("<") ? text : `= ${text}`;
  }

  /** @param {Given} given */
  function tools({ meta, data, found, baseline, candidate }) {
    const names = { baseline: meta.versions[baseline].name, candidate: meta.versions[candidate].name };
    const values = meta.classes.length === 0;
    const [one, many] = meta.nouns;
    const pairState = [
      ...(baseline === meta.baseline ? [] : [["baseline", names.baseline]]),
      ...(candidate === meta.candidate ? [] : [["version", names.candidate]]),
    ];
    const texts = { ...names, noun: one, nouns: many, level: data.level };
    const of = (name) => meta.metrics.find((metric) => metric.name === name);
    return {
      meta, data, found, names, values, of, pairState,
      /** The sentence of that name with its places filled. */
      say: (name, more = {}) => wording.fill(data.words[name], { ...texts, ...more }),
      noun: (n) => (n === 1 ? one : many),
      counted: (n) => `${numbers.count(n)} ${n === 1 ? one : many}`,
      link: (text, state, count = null) => ({ page: "examples", text, state: [...state, ...pairState], count }),
      primary: meta.metrics.find((metric) => metric.primary),
    };
  }

  /** With how many decimals a change is printed: those that serve every version held against the same baseline. */
  function decimalsOf(row, unit) {
    const ends = [[row.before, row.after, row.delta], ...row.others];
    return Math.max(...ends.map(([before, after, delta]) => numbers.differenceDecimals(before, after, delta, unit)));
  }

  /** Both ends, the difference and its interval, with the decimals in which they agree. */
  function changeTexts(row, unit) {
    const decimals = decimalsOf(row, unit);
    return [
      `${numbers.value(row.before, unit, decimals)} → ${numbers.value(row.after, unit, decimals)}`,
      numbers.difference(row.delta, unit, decimals),
      numbers.differenceInterval(known(row.low), known(row.high), unit, decimals),
    ];
  }

  const overallOf = ({ found, primary }) => found.changes.find((row) => row.metric === primary.name && row.class < 0 && !Number.isNaN(row.delta));

  /** Why there is no paired difference, in a sentence; empty where there is one. */
  function whyNot(own) {
    const { found, meta, names, primary, say, counted } = own;
    const [before, after] = found.scored;
    const shared = found.flips.n;
    const has = primary.versions[meta.versions.findIndex((one) => one.name === names.baseline)] && primary.versions[meta.versions.findIndex((one) => one.name === names.candidate)];
    const apart = has && shared < meta.support.test && 2 * shared < Math.min(before, after);
    const together = apart ? "_apart" : "";
    if (!apart && shared && (found.trainings ? has : overallOf(own))) return "";
    if (!after) return say(`none_usable${together}`, { version: names.candidate });
    if (!before) return say(`none_usable${together}`, { version: names.baseline });
    if (!shared) return say(`none_shared${together}`);
    return apart ? say("few_shared", { shared: counted(shared) }) : say("not_for_both", { metric: primary.label });
  }

  /** A change with its interval, in prose. */
  function sized({ say }, row, unit) {
    const decimals = decimalsOf(row, unit);
    const bare = numbers.difference(row.delta, unit, decimals);
    const size = unit === "rate" ? say("points", { size: bare }) : bare;
    if (Number.isNaN(row.low)) return size;
    return say("with_interval", { size, ends: numbers.differenceInterval(row.low, row.high, unit, decimals, say("joint")) });
  }

  window.reportgen.pairSaid = { changeTexts, decimalsOf, known, overallOf, sized, spoken, tools, turned, whyNot };
})();
