/**
 * Where it got worse, where better: the slices that the Overview shows of any two versions, as reportgen/site/diverged.py
 * chooses them for the built ones. No page in here.
 *
 * @typedef {object} Row a slice with its change
 * @property {any} one of the index @property {number} n @property {number | null} delta
 * @property {number | null} low @property {number | null} high @property {number | null} decimals
 * @property {string} support @property {string} verdict
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers, wording } = window.reportgen;
  const MOST = { worse: 5, unclear: 5, better: 7 };
  const LOWEST = 5;

  /** @param {any} shown what engine/slice_made.js or the report has of a pair @param {any} one a slice @returns {Row | null} */
  function rowOf({ catalogue, after }, one) {
    const { i } = one;
    const support = after.delta_support && after.delta_support[i];
    if (support === null || support === undefined) return null;
    return {
      one, n: after.delta_n[i], delta: after.delta[i], low: after.delta_low[i], high: after.delta_high[i], decimals: after.decimals[i],
      support: catalogue.supports[support], verdict: catalogue.verdicts[after.verdict[i]],
    };
  }

  /** What a search found counts for the versions that it was made for alone. @param {any} shown @param {any} one a slice @returns {boolean} */
  const counts = ({ carried, after }, one) => one.level > 0 && (one.origin !== "found" || (carried && after.searched.includes(one.i)));

  /** The loss or gain that is certain, in the samples it stands for. */
  const certain = (row) => Math.min(Math.abs(row.low), Math.abs(row.high)) * row.n;

  const by = (...keys) => (a, b) => {
    for (const key of keys) {
      const order = key(a) - key(b);
      if (order) return order;
    }
    return wording.compare(a.one.id, b.one.id);
  };

  /** At most 5 worse, 5 without clear change and 7 better, from the worst to the best. */
  function chosen(tested, sign, termsOf) {
    const of = (verdict) => tested.filter((row) => (row.verdict in MOST ? row.verdict : "unclear") === verdict);
    const worse = of("worse").sort(by((row) => -certain(row))).slice(0, MOST.worse);
    const better = of("better").sort(by((row) => -certain(row))).slice(0, MOST.better);
    const terms = new Set(worse.flatMap((row) => termsOf(row.one)));
    const apart = (row) => (row.one.level === 1 && terms.has(termsOf(row.one)[0]) ? 0 : 1);
    const unclear = worse.length
      ? of("unclear").sort(by(apart, (row) => row.one.level, (row) => -row.n)).slice(0, MOST.unclear)
      : of("unclear").sort(by((row) => sign * row.delta)).slice(0, LOWEST);
    return [...worse, ...unclear, ...better].sort(by((row) => sign * row.delta));
  }

  /**
   * @param {any} data the chunk "overview"
   * @param {any} shown the pair's slices, of slice_data.js
   * @param {any[]} slices of the index
   * @param {(catalogue: any, i: number) => any[]} termsOf of a slice
   * @returns {{prose: string, key: string, rows: Row[], tested: Row[], whole: Row | null}}
   */
  function make(data, shown, slices, termsOf) {
    const { limits, nouns, metric } = data;
    const names = { baseline: shown.baseline, candidate: shown.version };
    const say = (name, given = {}) => wording.fill(data.words[name], { ...names, nouns: nouns[1], ...given });
    const all = slices.find((one) => one.level === 0);
    const whole = all ? rowOf(shown, all) : null;
    const rows = slices.filter((one) => counts(shown, one)).map((one) => rowOf(shown, one)).filter(Boolean);
    const tested = rows.filter((row) => ["decide", "test"].includes(row.support) && row.delta !== null);
    if (!tested.length || !whole) return { prose: "", key: say("slices_untested", { test: String(limits.test) }), rows: [], tested, whole };
    const own = tested.filter((row) => !row.one.pinned);
    const name = (one) => termsOf(shown.catalogue, one.i).map((term) => `${term.attribute.name}=${term.value}`);
    const found = chosen(own.length ? own : tested, metric.higher ? 1 : -1, name);
    return { prose: prose(data, say, whole, found), key: key(say, tested, found), rows: found, tested, whole };
  }

  /** What to see; it claims what the marks show. */
  function key(say, tested, rows) {
    const n = numbers.count(tested.length);
    const of = (verdict) => tested.filter((row) => row.verdict === verdict).length;
    if (!of("worse")) return say("slices_none_worse", { n });
    const first = rows.find((row) => row.verdict === "worse");
    return say("slices_worse", {
      worse: numbers.count(of("worse")), n, most: first ? say("slices_most", { name: first.one.name }) : "",
      gained: of("better") ? say("slices_gained", { better: numbers.count(of("better")) }) : "",
    });
  }

  function prose({ metric, limits }, say, whole, rows) {
    const crossed = rows.some((row) => row.one.level > 1);
    const size = numbers.difference(whole.delta, metric.unit, whole.decimals ?? undefined);
    return [
      say("slices_change", { metric: metric.lowered, crossed: say(crossed ? "slices_crossed" : "slices_plain") }),
      say("slices_rings"),
      ...(rows.some((row) => row.support !== "decide") ? [say("slices_band", { decide: String(limits.decide) })] : []),
      say("slices_whole", { change: metric.measure ? `${size} ${metric.measure}` : size }),
    ].join(" ");
  }

  window.reportgen.diverged = { make, counts };
})();
