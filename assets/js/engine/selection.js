/**
 * What is said of a selection: its figures as texts, what they can bear, and what a manifest would call it. No page in here.
 *
 * @typedef {import("./query.js").Facet} Facet
 * @typedef {import("./query.js").Filter} Filter
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { decide, numbers } = window.reportgen;
  const NEAREST_ZERO = new Set(["bias"]);
  /** Metrics that need all samples by score, and have no interval under a filter. */
  const BY_SCORE = new Set(["auroc", "average_precision"]);
  const OUTCOMES = new Set(["now", "was", "flip", "set", "predicted", "said", "confidence"]);
  const PEOPLE = /^(Brier|Cohen|Matthews|Pearson)/u;
  const BARE = /^[A-Za-z][A-Za-z0-9_]+$/u;
  const WORDS = /^(yes|no|on|off|true|false|null|none)$/iu;

  const known = (x) => Number.isFinite(x);
  const maybe = (x) => (known(x) ? x : null);

  /** @param {string} label @returns {string} As it stands inside a sentence. */
  function lowered(label) {
    if (!/^.[a-z]+(?: |$)/u.test(label) || PEOPLE.test(label)) return label;
    return label[0].toLowerCase() + label.slice(1);
  }

  /**
   * @param {any} meta the chunk "samples"
   * @param {number} n
   * @param {number} units samples, or groups
   * @returns {"decide" | "test" | "show" | "counts"} what so many samples can bear
   */
  const support = (meta, n, units) => decide.support({ n, units }, meta.grouped, meta.support);

  /**
   * By its interval and its p, where there is enough to test: a selection by hand is in no family of tests.
   * @param {any} metric
   * @param {{delta: number, low: number, high: number, p: number}} change
   * @param {"decide" | "test" | "show" | "counts"} bears what its samples can bear
   * @returns {"worse" | "better" | "unclear" | "too_few"}
   */
  function verdict(metric, { delta, low, high, p }, bears) {
    if (!known(low) || !known(high)) return "too_few";
    const found = decide.verdict(delta, p, bears, metric.higher);
    return found !== "too_few" && (NEAREST_ZERO.has(metric.name) || (low <= 0 && high >= 0)) ? "unclear" : found;
  }

  /**
   * Whether samples were chosen by what became of them or by what a version says: then its figures follow from the choice,
   * and hold nothing against the rest or against another version.
   * @param {Iterable<string>} keys of the filters
   * @returns {boolean}
   */
  const byOutcome = (keys) => [...keys].some((key) => OUTCOMES.has(key));

  /** @param {any} meta @returns {string} The level of the intervals: "95%", "99.5%". */
  const levelText = ({ level: of }) => `${String(Number((100 * of).toPrecision(6)))}%`;

  /** @param {any} metric @returns {string} "points" for rates */
  const unitOf = (metric) => (metric.unit === "rate" ? "points" : "");

  /**
   * One version's figure here, or over the rest.
   * @param {any} meta @param {any} metric
   * @param {{n: number, units?: number, value: number, low: number, high: number, x?: number, w?: number} | undefined} one
   * @param {number} [decimals]
   * @returns {{value: string, interval: string}}
   */
  function level(meta, metric, one, decimals) {
    if (!one || one.n === 0) return { value: numbers.MISSING, interval: "" };
    if (support(meta, one.n, one.units ?? Infinity) === "counts") return few(meta, metric, one);
    if (!known(one.value)) return { value: numbers.MISSING, interval: "" };
    return {
      value: numbers.value(one.value, metric.unit, decimals),
      interval: known(one.low) ? numbers.interval(one.low, one.high, metric.unit, decimals) : "",
    };
  }

  /** Fewer than the reader can make a percentage of: counts only. */
  function few(meta, metric, { n, x, w }) {
    const counted = metric.kind === "binary" && !meta.weighted && known(x) && w > 0;
    return { value: counted ? `${numbers.count(x)} of ${numbers.count(w)}` : numbers.MISSING, interval: counted ? "" : `n = ${n}` };
  }

  /**
   * With how many decimals the figures of a selection are printed, so that every printed difference is that of its ends.
   * @param {any} asked @param {any} answer
   * @param {boolean} whole nothing is filtered
   * @param {Record<string, number>} built with how many the report prints those over all samples
   * @returns {number | undefined} undefined: the usual
   */
  function decimals(asked, answer, whole, built) {
    const { metric, klass } = asked;
    const key = klass === null ? metric.name : `${metric.name} ${klass}`;
    if (whole && Object.hasOwn(built, key)) return built[key];
    const own = (/** @type {any} */ one) => one.metric === metric.name && one.class === klass && known(one.delta);
    const pairs = answer.differences.filter(own).map((/** @type {any} */ one) => [one.before, one.after, one.delta]);
    if (!whole) {
      for (const { estimates } of answer.versions) for (const one of estimates) if (own(one)) pairs.push([one.rest.value, one.value, one.delta]);
    }
    const found = pairs.map(([before, after, delta]) => numbers.differenceDecimals(before, after, delta, metric.unit));
    return found.length ? Math.max(...found) : undefined;
  }

  /** @param {any} meta @param {any} metric @param {any} one @returns {boolean} Whether its interval is drawn. */
  function isDrawn(meta, metric, one) {
    return Boolean(one) && known(one.value) && support(meta, one.n, one.units) !== "counts";
  }

  /**
   * How far a version's figure here is from that of the rest.
   * @returns {{text: string, interval: string, verdict: string}}
   */
  function against(meta, metric, one, decimals) {
    if (!one || !known(one.delta) || support(meta, one.n, one.units) === "counts") return { text: "", interval: "", verdict: "too_few" };
    return {
      text: numbers.difference(one.delta, metric.unit, decimals),
      interval: known(one.deltaLow) ? numbers.differenceInterval(one.deltaLow, one.deltaHigh, metric.unit, decimals) : "",
      verdict: verdict(metric, { delta: one.delta, low: one.deltaLow, high: one.deltaHigh, p: one.p }, support(meta, one.n, one.units)),
    };
  }

  /**
   * The callout: what changed from the baseline, or of one version, how far it is from the rest.
   * @param {any} meta
   * @param {{metric: any, klass: number | null, baseline: number | null, candidate: number, filters: Map<string, Filter>}} asked
   * @param {any} answer
   * @param {boolean} whole nothing is filtered
   * @param {number} [decimals]
   * @returns {{verdict: string, headline: string, text: string} | null}
   */
  function result(meta, asked, answer, whole, decimals) {
    const found = compared(meta, asked, answer, whole, decimals);
    if (!found || !byOutcome(asked.filters.keys())) return found;
    return { ...found, verdict: "too_few", headline: "Chosen by the outcome: nothing to compare" };
  }

  function compared(meta, asked, answer, whole, decimals) {
    const { metric, klass, baseline, candidate } = asked;
    const of = (/** @type {any[]} */ list) => list.find((one) => one.metric === metric.name && one.class === klass);
    const now = meta.versions[candidate].name;
    if (baseline === null) {
      const one = of(answer.versions[candidate].estimates);
      if (whole || !one || !known(one.delta)) return null;
      return told({ ...one, decimals, meta, metric, klass, before: one.rest.value, after: one.value, low: one.deltaLow, high: one.deltaHigh }, now, "the rest", "", "");
    }
    const one = of(answer.differences);
    if (!one || one.n === 0) return null;
    const { newly_broken: broken, newly_fixed: fixed } = answer.flips || {};
    const moved = answer.flips ? `${numbers.count(broken)} ${meta.words.n_broken}, ${numbers.count(fixed)} ${meta.words.n_fixed}` : "";
    return told({ ...one, decimals, meta, metric, klass }, now, meta.versions[baseline].name, whole ? "" : " here", moved);
  }

  function told({ decimals, meta, metric, klass, n, units, before, after, delta, low, high, p }, now, was, here, moved) {
    const bears = support(meta, n, units);
    const counted = `n = ${numbers.count(n)}`;
    const name = `${lowered(metric.label)}${klass === null ? "" : ` of ${window.reportgen.query.classesOf(meta)[klass]}`}`;
    if (bears === "counts" || !known(delta)) {
      return { verdict: "too_few", headline: "Too few to compare", text: [moved, counted].filter(Boolean).join(" · ") };
    }
    const found = verdict(metric, { delta, low, high, p }, bears);
    const size = numbers.difference(Math.abs(delta), metric.unit, decimals).replace(/^\+/u, "");
    const unit = unitOf(metric) && ` ${unitOf(metric)}`;
    const way = delta < 0 ? "below" : "above";
    const heads = {
      unclear: `No clear change from ${was} to ${now}${here}`,
      too_few: `Too few to tell ${now} from ${was}${here}`,
    };
    const same = was === "the rest" ? { ...heads, unclear: `${now} is like the rest here` } : heads;
    const reach = known(low) ? `${levelText(meta)} ${numbers.differenceInterval(low, high, metric.unit, decimals)}` : "";
    const ends = `${numbers.value(maybe(before), metric.unit, decimals)} → ${numbers.value(maybe(after), metric.unit, decimals)}`;
    const change = Object.hasOwn(same, found) ? `${ends}: ${numbers.difference(delta, metric.unit, decimals)}${unit}` : ends;
    const what = metric.primary && klass === null ? "" : `${name} `;
    const outside = low > 0 || high < 0;
    const neither = outside && NEAREST_ZERO.has(metric.name); // it did change, for neither better nor worse
    // the test has another method than the interval, or its level is higher
    const why = found === "unclear" && outside && !neither ? `p ${numbers.qValue(p)}, below 0.05 counts` : "";
    return {
      verdict: found,
      headline: (found === "unclear" && neither ? "" : same[found]) || `${now} is ${size}${unit} ${way} ${was}${here}`,
      text: [`${what}${change}${reach && `, ${reach}`}`, why, moved, counted].filter(Boolean).join(" · "),
    };
  }

  /**
   * Puts the figures by score into an answer, as the other metrics stand there.
   * @param {any} answer
   * @param {any} found what explorer.ranks gave
   * @param {any} metric @param {number | null} klass
   */
  function withRanks(answer, found, metric, klass) {
    const of = (/** @type {any} */ one) => (metric.kind === "auroc" ? one.auroc : one.averagePrecision);
    const level = (/** @type {any} */ one) => (metric.kind === "auroc" ? of(one) : { value: of(one) });
    const put = (/** @type {any} */ one, /** @type {(one: any) => any} */ figures) => one && { n: one.n, units: one.n, ...figures(one) };
    const versions = found.versions.map((/** @type {any} */ one) => put(one, level));
    withFigures(answer, { versions, difference: put(found.difference, of) }, metric, klass);
  }

  /**
   * Puts the figures of one metric into an answer, in place of those that it had.
   * @param {any} answer
   * @param {{versions: any[], difference: any}} found of each version, and what differs; null where there is none. What a
   *   figure does not have is not known.
   * @param {any} metric @param {number | null} klass
   */
  function withFigures(answer, found, metric, klass) {
    const shown = { metric: metric.name, class: klass };
    const none = { value: NaN, low: NaN, high: NaN, p: NaN };
    const others = (/** @type {any} */ old) => old.metric !== metric.name;
    answer.versions.forEach((/** @type {any} */ version, /** @type {number} */ v) => {
      version.estimates = version.estimates.filter(others);
      if (!found.versions[v]) return;
      const { rest, ...own } = found.versions[v];
      version.estimates.push({ ...shown, ...none, ...own, x: NaN, w: NaN, rest: { n: 0, ...none, ...rest }, delta: NaN, deltaLow: NaN, deltaHigh: NaN });
    });
    answer.differences = answer.differences.filter(others);
    if (found.difference) answer.differences.push({ ...shown, ...none, ...found.difference });
  }

  /**
   * The lines of a manifest that a report needs to follow the selection.
   * @param {Map<string, Filter>} filters
   * @param {Facet[]} facets
   * @param {any} meta
   * @returns {{slice: string} | {name: string}} the lines where it is a conjunction of values, else a name for its ids
   */
  function lines(filters, facets, meta) {
    const sets = new Set(meta.attributes.filter((one) => one.kind === "set").map((one) => `a.${one.name}`));
    const slices = filters.size > 0 && [...filters.values()].every(
      ({ key, codes }) => (key === "label" || key.startsWith("a.")) && !sets.has(key) && codes && codes.length === 1 && (codes[0] > 0 || key !== "label"),
    );
    const named = (key) => facets.find((one) => one.key === key);
    if (slices) {
      const terms = [...filters.values()].map(({ key, codes = [] }) => `${scalar(named(key).name)}: ${codes[0] ? scalar(named(key).values[codes[0] - 1]) : "null"}`);
      return { slice: `critical:\n  - where: {${terms.join(", ")}}\n    why: why it must hold` };
    }
    const parts = [...filters.values()].flatMap((one) => {
      if (one.codes) return one.codes.map((code) => (code ? named(one.key).words[code - 1] : `no ${named(one.key).name}`));
      return [one.name || one.text || `${one.key.replace(/^n\./u, "")} ${window.reportgen.query.rangeText(one)}`];
    });
    return { name: window.reportgen.pins.name(parts) || "selection" };
  }

  /** @param {string} text @returns {string} As it stands in YAML. */
  function scalar(text) {
    return BARE.test(text) && !WORDS.test(text) ? text : JSON.stringify(text);
  }

  window.reportgen.selection = {
    BY_SCORE, byOutcome, levelText, lowered, support, verdict, unitOf, level, isDrawn, against, decimals, result, withRanks, withFigures, lines,
  };
})();
