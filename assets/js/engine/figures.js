/**
 * The figures of a selection: each version's metrics there and over the rest, and what differs between two versions, by
 * the definitions of analysis/estimates.py, versions.py and weaknesses.py. No page in here.
 *
 * @typedef {import("./sums.js").Part} Part
 * @typedef {{inside: Part, rest: Part}} Parts
 * @typedef {object} Metric of the chunk "samples"
 * @property {string} name @property {string} kind binary, ratio, influence; others need the samples by score
 * @property {boolean} per_class @property {[number | null, number | null]} bounds @property {boolean} compared
 * @property {boolean[]} versions which have what it needs
 *
 * @typedef {object} View one version over states or samples
 * @property {import("./terms.js").Side} side
 * @property {Float64Array} scored 1 where it scored the state
 * @property {Map<string, {x: ArrayLike<number>, w: ArrayLike<number>}>} terms by metric and class
 */
window.reportgen.define("figures", () => {
  "use strict";

  const { intervals, influence, sums, terms } = window.reportgen;
  const ROWS = new Set(["auroc", "average_precision", "calibration"]);
  const MOST_CLASSES = 25; // up to which a metric of single classes is given for a selection, as for slices

  /**
   * @param {any} meta the chunk "samples"
   * @param {import("./outcomes.js").Samples} samples
   * @param {import("./states.js").States | null} found null: over samples
   * @param {number} version
   * @param {number} place of the version among those of the states
   * @returns {import("./terms.js").Side}
   */
  function sideOf({ tolerance, costs }, { values, target, prediction, parts }, found, version, place) {
    if (!found) return { values, parts: parts && parts[version], tolerance, costs, target, said: prediction[version], sure: null };
    return { values, parts: null, tolerance, costs, target: found.target, said: found.said[place], sure: found.sure[place] };
  }

  /** @param {import("./terms.js").Side} side @returns {View} */
  function view(side) {
    return { side, scored: terms.scored(side), terms: new Map() };
  }

  /** @returns {{x: ArrayLike<number>, w: ArrayLike<number>}} Made once a version. */
  function termsOf({ side, terms: known }, name, klass) {
    const key = `${name} ${klass}`;
    if (!known.has(key)) known.set(key, terms.of(name, side, klass));
    return known.get(key);
  }

  const boundsOf = ({ bounds: [low, high] }) => /** @type {[number, number]} */ ([low ?? -Infinity, high ?? Infinity]);

  /**
   * @param {any} meta the chunk "samples"
   * @returns {{metric: Metric, klass: number}[]} every figure that a selection has, −1: not of one class
   */
  function wanted(meta) {
    const classes = meta.positive === null ? meta.classes.map((_, k) => k) : [meta.positive];
    const found = [];
    for (const metric of meta.metrics) {
      const known = metric.kind === "influence" || terms.has(metric.name, meta);
      if (ROWS.has(metric.kind) || !known || (metric.per_class && meta.classes.length > MOST_CLASSES)) continue;
      for (const klass of metric.per_class ? classes : [-1]) found.push({ metric, klass });
      if (!metric.class_chunk && metric.by_class.length <= MOST_CLASSES) for (const klass of metric.by_class) found.push({ metric, klass });
    }
    return found;
  }

  /**
   * @param {{metric: Metric, klass: number}} of
   * @param {View} own
   * @param {Parts} parts
   * @param {{classes: number, level: number}} how
   * @returns {object} one estimate, with that of the rest and the difference
   */
  function estimate({ metric, klass }, own, parts, how) {
    const shown = { metric: metric.name, class: klass < 0 ? null : klass };
    if (metric.kind === "influence") {
      const [here, rest] = [parts.inside, parts.rest].map((part) => smooth(metric, own, part, how));
      const against = own.side.parts ? averageAgainstRest(metric, own, parts, how) : { delta: NaN, low: NaN, high: NaN, p: NaN };
      return { ...shown, ...here, x: NaN, w: NaN, rest, delta: against.delta, deltaLow: against.low, deltaHigh: against.high, p: against.p };
    }
    const { x, w } = termsOf(own, metric.name, klass);
    return { ...shown, ...ofRatio(metric, parts, x, w, how.level) };
  }

  /** An average over classes against that of the rest, of which each sample has its own share; see analysis/averages.py. */
  function averageAgainstRest(metric, own, parts, how) {
    const [x, w] = [0, 1].map(() => new Float64Array(own.scored.length));
    const bare = [parts.inside, parts.rest].map((part) => {
      const found = influenceOf(metric, own, part, null, how);
      for (let cell = 0; found.x && cell < part.cells.size; cell++) {
        const s = part.cells.state ? part.cells.state[cell] : cell;
        if (!part.n[cell] || !own.scored[s]) continue;
        x[s] = found.value + found.x[s] * (part.weight ? part.weight[cell] : 1);
        w[s] = 1;
      }
      return { ...part, weight: null, square: null };
    });
    return intervals.compareWithRest(sums.withRest(bare[0], bare[1], x, w), { binary: false, level: how.level, bounds: boundsOf(metric) });
  }

  function ofRatio(metric, { inside, rest }, x, w, level) {
    const binary = metric.kind === "binary";
    const pair = sums.withRest(inside, rest, x, w);
    const limits = { binary, level, bounds: boundsOf(metric) };
    const [here, there] = [pair.candidate, pair.baseline];
    const against = intervals.compareWithRest(pair, limits);
    return {
      n: here.n, units: here.units, ...intervals.ratioInterval(here, limits), x: here.x, w: here.w,
      rest: { n: there.n, units: there.units, ...intervals.ratioInterval(there, limits) },
      delta: against.delta, deltaLow: against.low, deltaHigh: against.high, p: against.p,
    };
  }

  function influenceOf(metric, { side, scored }, part, w, { classes }) {
    if (side.parts) return influence.ofAreas(part, w || scored, side.parts.pixels.classes);
    if (side.values) return influence.ofValues(metric.name, part, w || scored, side.target, side.said);
    return influence.ofClasses(metric.name, part, w || scored, side.target, side.said, classes);
  }

  /** A metric with an interval from influence values. */
  function smooth(metric, own, part, how) {
    const found = influenceOf(metric, own, part, null, how);
    const counted = sums.means(part, found.x || own.scored, own.scored, found.weighted);
    if (!found.x) return { n: counted.n, units: counted.units, value: NaN, low: NaN, high: NaN };
    const limits = intervals.meanInterval(found.value, counted, {
      level: how.level, bounds: influence.BOUNDS[metric.name], trials: found.trials, capped: influence.AVERAGES.has(metric.name),
    });
    return { n: counted.n, units: counted.units, ...limits };
  }

  /**
   * @param {{metric: Metric, klass: number}} of
   * @param {View} before @param {View} after the two versions over the same states
   * @param {Part} part
   * @param {Float64Array} both 1 where both scored
   * @param {{classes: number, level: number}} how
   * @returns {object} candidate − baseline over the samples that both scored
   */
  function difference({ metric, klass }, before, after, part, both, how) {
    const shown = { metric: metric.name, class: klass < 0 ? null : klass };
    if (metric.kind === "influence") return { ...shown, ...smoothDifference(metric, before, after, part, both, how) };
    const [old, now] = [termsOf(before, metric.name, klass), termsOf(after, metric.name, klass)];
    return { ...shown, ...ratioDifference(metric, part, masked(before, old, both), masked(after, now, both), how.level) };
  }

  /** The terms where both versions scored; made once a pair. */
  function masked(own, { x, w }, both) {
    if (!own.masked) own.masked = new Map();
    if (!own.masked.has(w)) own.masked.set(w, { x, w: Float64Array.from(w, (one, s) => one * both[s]) });
    return own.masked.get(w);
  }

  function ratioDifference(metric, part, old, now, level) {
    const pair = sums.pair(part, old.x, old.w, now.x, now.w);
    const found = intervals.differenceInterval(pair, { binary: metric.kind === "binary", level, bounds: boundsOf(metric) });
    return { n: pair.n, units: pair.units, ...found };
  }

  function smoothDifference(metric, before, after, part, both, how) {
    const [old, now] = [before, after].map((own) => influenceOf(metric, own, part, both, how));
    const defined = old.x && now.x;
    const moved = defined ? Float64Array.from(now.x, (one, s) => one - old.x[s]) : both;
    const counted = sums.means(part, moved, both, defined ? now.weighted : false);
    const known = { n: counted.n, units: counted.units };
    if (!defined) return { ...known, delta: NaN, low: NaN, high: NaN, p: NaN, before: old.value, after: now.value };
    const bounds = influence.BOUNDS[metric.name];
    return { ...known, ...intervals.meanDifference(old.value, now.value, counted, { level: how.level, bounds }) };
  }

  /** @returns {number} The samples that a difference varies like: of the version that has fewer; NaN: all of them. */
  function trials(metric, views, part, both, how) {
    const [old, now] = views.map((own) => influenceOf(metric, own, part, both, how).trials);
    return Math.min(old, now);
  }

  window.reportgen.figures = { sideOf, view, trials, wanted, estimate, difference, ofRatio, ratioDifference };
});
