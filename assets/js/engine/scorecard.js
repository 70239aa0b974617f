/**
 * The scorecard of any two versions, as reportgen/site/scorecard.py plans it for the built ones. No page in here.
 *
 * @typedef {object} Change of a metric, candidate − baseline
 * @property {number | null} delta @property {number | null} low @property {number | null} high @property {number} n
 * @property {number | null} decimals @property {string} support @property {string} verdict
 *
 * @typedef {[value: number | null, low: number | null, high: number | null, n: number, support: string, reason: string | null]} Level
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers, verdicts } = window.reportgen;
  const RADII = { baseline: 4, other: 3.4, candidate: 4.6 };
  const LINES = { baseline: 13, other: 23, candidate: 33 };
  const ORDER = ["other", "baseline", "candidate"];
  const SUPPORTS = ["counts", "show", "test", "decide"];
  const COLUMNS = 4;
  const STEP = 9.5;

  /** One decimal, halves to the even digit. */
  function tenth(x) {
    const [below, over] = [Math.floor(x * 10), x * 10 - Math.floor(x * 10)];
    return (over < 0.5 || (over === 0.5 && below % 2 === 0) ? below : below + 1) / 10;
  }

  /**
   * @param {any} data the chunk "overview"
   * @param {{baseline: string, candidate: string}} pair
   * @param {Record<string, Change>} changes by metric; none where the two are not compared
   * @returns {{columns: [string, string][], width: number, rows: any[], n_others: number}}
   */
  function make(data, pair, changes) {
    const { card, versions } = data;
    const kindOf = (name) => (name === pair.candidate ? "candidate" : name === pair.baseline ? "baseline" : "other");
    const many = versions.length > card.many;
    const shown = versions.filter((name) => !many || kindOf(name) !== "other");
    const width = shown.length >= COLUMNS ? card.crowded : card.width;
    const layout = { ...card, width, isMany: many, kindOf, versions, shown, undefinedWord: data.words.undefined };
    return {
      columns: shown.map((name) => [name, kindOf(name)]), width, n_others: versions.length - shown.length,
      rows: data.metrics.map((metric) => rowOf(metric, Object.hasOwn(changes, metric.name) ? changes[metric.name] : null, layout, pair)),
    };
  }

  /** A measure: every version's value, and the change. */
  function rowOf(metric, change, layout, pair) {
    const places = change && change.decimals !== null ? change.decimals : undefined;
    const { versions, shown, undefinedWord } = layout;
    const of = (name) => metric.values[versions.indexOf(name)];
    const known = versions.filter((name) => of(name) && of(name)[0] !== null);
    const ends = known.flatMap((name) => of(name).slice(0, 3).filter((v) => v !== null));
    const [low, high] = ends.length ? [Math.min(...ends), Math.max(...ends)] : [0, 1];
    const [lowText, highText] = numbers.interval(low, high, metric.unit, places).split(numbers.ELLIPSIS);
    const own = of(pair.candidate);
    const supports = [change && change.support, own && own[4]].filter(Boolean).map((one) => SUPPORTS.indexOf(one));
    const words = change && change.delta !== null
      ? {
        verdict: change.verdict, change: numbers.difference(change.delta, metric.unit, places),
        interval: numbers.differenceInterval(change.low, change.high, metric.unit, places), word: verdicts.word(change.verdict),
      }
      : { verdict: null, change: "", interval: "", word: change ? (known.length ? undefinedWord : numbers.MISSING) : "" };
    const reasons = known.length ? [] : versions.map((name) => (of(name) && of(name)[5]) || "").filter(Boolean);
    return {
      label: metric.label, plain: metric.plain, aside: metric.aside, ...words, why: [...new Set(reasons)].sort().join(" "),
      cells: shown.map((name) => cellOf(metric, name, layout.kindOf(name), of(name), places)),
      low: ends.length ? lowText : "", high: ends.length ? highText : "",
      marks: marksOf(known, of, [low, high], layout),
      support: supports.length ? SUPPORTS[Math.min(...supports)] : "decide",
      n: numbers.count(change ? change.n : Math.max(0, ...known.map((name) => of(name)[3]))),
    };
  }

  function cellOf(metric, version, kind, row, places) {
    if (!row || row[0] === null) return { version, kind, value: numbers.MISSING, interval: "", why: (row && row[5]) || "" };
    const [value, low, high] = row;
    return { version, kind, value: numbers.value(value, metric.unit, places), interval: numbers.interval(low, high, metric.unit, places), why: "" };
  }

  /** The versions from top to bottom; where there are many, all but two share the line in the middle. */
  function marksOf(known, of, [low, high], { isMany, kindOf, height, pad, width }) {
    const at = (value) => tenth(pad + (high > low ? (value - low) / (high - low) : 0.5) * (width - 2 * pad));
    const marks = known.map((name, i) => {
      const kind = kindOf(name);
      const [value, from, to] = of(name);
      const y = isMany ? LINES[kind] : height / 2 + (i - (known.length - 1) / 2) * STEP;
      const end = (one) => ((isMany && kind === "other") || one === null ? at(value) : at(one));
      return { kind, x: at(value), y: tenth(y), r: RADII[kind], left: end(from), right: end(to) };
    });
    return marks.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  }

  window.reportgen.scorecard = { make };
})();
