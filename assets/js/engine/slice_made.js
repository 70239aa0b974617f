/**
 * A version's figures against a baseline that the report was not built with, as reportgen/site/slice_columns.py writes them
 * for the built one: the version's own levels, and the changes that engine/slice_pairs.js makes. No page in here.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers } = window.reportgen;
  const FLIPS = ["newly_broken", "newly_fixed", "both_right", "both_wrong"];

  const figures = (/** @type {Float64Array} */ column) => Array.from(column, (value) => (Number.isNaN(value) ? null : value));
  const counts = (/** @type {Int32Array | Int8Array} */ column) => Array.from(column, (value) => (value < 0 ? null : value));

  /**
   * @param {any} catalogue of the pair @param {any[]} slices of the index
   * @param {any} before the baseline's chunk @param {any} own the version's chunk
   * @param {import("./slice_pairs.js").Changes | null} changes null: they could not be made
   * @param {any} [others] columns of changes that the report carries, where the samples do not give them
   * @returns {any} the figures
   */
  function figuresOf(catalogue, slices, before, own, changes, others = {}) {
    const { value, low, high, n, x, support } = own;
    const none = Array(slices.length).fill(null);
    const after = {
      value, low, high, n, x, support, found: foundOf(catalogue, slices, own),
      before: none, after: none, delta: none, delta_low: none, delta_high: none, q: none, decimals: none, delta_n: none,
      verdict: none, delta_support: none,
    };
    if (changes) {
      for (const name of FLIPS) after[name] = counts(changes[name]);
      if (!changes.why) Object.assign(after, changed(catalogue, slices, changes));
    }
    Object.assign(after, others);
    return { ...after, scales: scales(catalogue, slices, before, after) };
  }

  function changed({ metric }, slices, changes) {
    const decimals = slices.map(({ i, level }) => {
      const ends = [changes.before[i], changes.after[i], changes.delta[i]];
      if (Number.isNaN(ends[2])) return null;
      const all = level === 0 ? [ends, ...changes.others] : [ends]; // over all samples every pair has the same
      return Math.max(...all.map(([before, after, delta]) => numbers.differenceDecimals(before, after, delta, metric.unit)));
    });
    return {
      before: figures(changes.before), after: figures(changes.after), delta: figures(changes.delta),
      delta_low: figures(changes.low), delta_high: figures(changes.high), q: figures(changes.q), decimals,
      delta_n: counts(changes.n), verdict: counts(changes.verdict), delta_support: counts(changes.support),
    };
  }

  /**
   * The change from the other one of two versions: the same tests, seen from the other side.
   * @param {any} catalogue @param {any} own figures of a version against a baseline
   * @returns {any} the columns of the baseline against the version
   */
  function mirrored({ verdicts }, own) {
    const turned = { better: "worse", worse: "better" };
    const negative = (/** @type {(number | null)[]} */ column) => column.map((value) => (value === null ? null : -value));
    const verdict = own.verdict.map((/** @type {number | null} */ code) =>
      code === null ? null : verdicts.indexOf(turned[verdicts[code]] || verdicts[code]),
    );
    return {
      before: own.after, after: own.before, delta: negative(own.delta), delta_low: negative(own.delta_high),
      delta_high: negative(own.delta_low), q: own.q, decimals: own.decimals, delta_n: own.delta_n, verdict,
      delta_support: own.delta_support,
    };
  }

  /** What a search says of the version, and that it was not made for this change. */
  function foundOf(catalogue, slices, own) {
    const { say } = window.reportgen.sliceWords;
    const built = say(catalogue, "not_searched", { baseline: catalogue.built });
    const searched = new Set(own.searched);
    const found = {};
    for (const [i, texts] of Object.entries(own.found)) {
      const kept = texts.filter((/** @type {string} */ text) => text !== built);
      found[i] = searched.has(Number(i)) ? [...kept, say(catalogue, "not_searched")] : kept;
    }
    return found;
  }

  /** The value at a share of the sorted ones, to the nearest. */
  function quantile(sorted, share) {
    return sorted.length ? sorted[Math.round((sorted.length - 1) * share)] : null;
  }

  /** The ends of deciding slices, and the middle 96 % of the values of the tested ones (of all, if none). */
  function reach(rows) {
    const deciding = rows.filter((one) => one.support === "decide");
    const tested = rows.filter((one) => one.support === "decide" || one.support === "test");
    const values = (tested.length ? tested : rows).map((one) => one.value).filter((value) => value !== null);
    const sorted = Float64Array.from(values).sort();
    return [...deciding.flatMap((one) => [one.low, one.high]), quantile(sorted, 0.02), quantile(sorted, 0.98)];
  }

  /** The axes of the table, as reportgen/site/slice_rows.py plans them. */
  function scales(catalogue, slices, before, after) {
    const { supports, verdicts, metric, min_n: least } = catalogue;
    const levels = (/** @type {any} */ one) =>
      slices.filter(({ i }) => one.support[i] !== null).map(({ i }) => ({ value: one.value[i], low: one.low[i], high: one.high[i], support: supports[one.support[i]], i }));
    const estimates = [...levels(before), ...levels(after)];
    const changes = slices
      .filter(({ i, pinned }) => !pinned && after.delta_support[i] !== null)
      .map(({ i, n, level }) => ({
        value: after.delta[i], low: after.delta_low[i], high: after.delta_high[i], support: supports[after.delta_support[i]], i,
        clear: ["better", "worse"].includes(verdicts[after.verdict[i]]), opening: level > 0 && n >= least,
      }));
    const clear = new Set(changes.filter((one) => one.clear).map((one) => one.i));
    const held = changes.filter((one) => one.clear || (one.opening && one.support !== "counts"));
    const { levelScale, changeScale } = window.reportgen.rowPlots;
    return {
      level: levelScale([...reach(estimates), ...estimates.filter((one) => clear.has(one.i)).map((one) => one.value)], metric.unit),
      change: changes.length ? changeScale([...reach(changes), ...held.map((one) => one.value)], metric.unit) : null,
    };
  }

  window.reportgen.sliceMade = { figuresOf, mirrored };
})();
