/**
 * What the Overview says of two versions that it was not built for, in the words of reportgen/site/overview_words.py. No
 * page in here.
 *
 * @typedef {object} Given
 * @property {any} data the chunk "overview"
 * @property {any} shown the pair's slices, of slice_data.js
 * @property {any[]} slices of its index
 * @property {any} found what engine/pairing.js gives; null where the report carries the pair
 * @property {any} meta the chunk "samples"; null where the report carries the pair
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { diverged, numbers, pairSaid, scorecard, sliceRows, wording } = window.reportgen;
  const { decimalsOf, known, turned } = pairSaid;
  const CHANGES = ["delta", "low", "high", "n", "decimals", "support", "verdict"];
  const OUTCOMES = ["both_right", "newly_fixed", "newly_broken", "both_wrong"];
  const FEW = 5; // fewer broken samples in a slice than this are not called a concentration
  const MANY_TIMES = 10;

  const changeOf = (row) => Object.fromEntries(CHANGES.map((name, i) => [name, row[i]]));

  /** The changes that the report carries of a candidate, by metric. */
  const carried = (data, candidate) =>
    Object.fromEntries(Object.entries(data.pairs[candidate].changes).map(([name, row]) => [name, changeOf(row)]));

  /** @param {Given} given @returns {{why: string, apart: any, ratio: (number | null)[] | null, changes: Record<string, any>, left: string[]}} */
  function figuresOf({ data, shown, found, meta }) {
    if (!found) {
      const own = data.pairs[shown.version];
      return { ...own, changes: own.why ? {} : carried(data, shown.version), left: [] };
    }
    const { why } = shown;
    /** @type {Record<string, any>} */
    const changes = {};
    if (!why) {
      const back = shown.version === data.baseline ? carried(data, shown.baseline) : {};
      for (const [name, change] of Object.entries(back)) changes[name] = turned(change);
      for (const row of found.changes) {
        if (row.class >= 0) continue;
        const unit = meta.metrics.find((one) => one.name === row.metric).unit;
        const has = !Number.isNaN(row.delta);
        changes[row.metric] = {
          delta: known(row.delta), low: known(row.low), high: known(row.high), n: row.n, decimals: has ? decimalsOf(row, unit) : null,
          support: row.support, verdict: row.verdict,
        };
      }
    }
    const ratio = found.ratio && found.ratio.map(known);
    const left = why ? [] : data.metrics.filter((one) => found.left.includes(one.name) && !Object.hasOwn(changes, one.name)).map((one) => one.label);
    return { why, apart: found.apart, ratio, changes, left };
  }

  /** @param {Given} given */
  function tools({ data, shown }) {
    const names = { baseline: shown.baseline, candidate: shown.version };
    const state = [
      ...(names.baseline === data.baseline ? [] : [["baseline", names.baseline]]),
      ...(names.candidate === data.candidate ? [] : [["version", names.candidate]]),
    ];
    const [noun, nouns] = data.nouns;
    const say = (name, given = {}) => wording.fill(data.words[name], { ...names, noun, nouns, level: data.level, metric: data.metric.label, ...given });
    return {
      data, names, say,
      link: (page, text, own, count = null) => ({ page, text, state: [...own, ...state], count }),
    };
  }

  /** @param {Given} given @returns {Record<string, number> | null} What became of the samples; null where it is not known. */
  function flipsOf({ shown, slices }, id = "all") {
    const one = slices.find((slice) => slice.id === id);
    if (!one || !shown.after.newly_broken || shown.after.newly_broken[one.i] === null) return null;
    const counts = Object.fromEntries(OUTCOMES.map((name) => [name, shown.after[name][one.i]]));
    return { ...counts, n: OUTCOMES.reduce((sum, name) => sum + counts[name], 0) };
  }

  /** The lines of figures beside the answer. */
  function points(own, figures, flips, given) {
    const { data, names, say } = own;
    const { metric } = data;
    if (figures.why) {
      const levels = [names.candidate, names.baseline].map((version) => level(own, version)).filter(Boolean);
      return figures.apart && figures.apart.delta !== null && !Number.isNaN(figures.apart.delta) ? [apart(own, figures.apart), ...levels] : levels;
    }
    const whole = figures.changes[metric.name];
    const found = [];
    if (whole && whole.delta !== null) {
      const places = whole.decimals ?? undefined;
      const ends = numbers.differenceInterval(whole.low, whole.high, metric.unit, places);
      found.push({
        label: say("point_whole"), verdict: whole.verdict, figure: measured(metric, numbers.difference(whole.delta, metric.unit, places)),
        detail: say("sized", { ends, n: numbers.count(whole.n) }), links: [],
      });
    }
    if (given.shown.catalogue.n_tested[names.candidate]) found.push(tally(own, given));
    if (flips && flips.n) found.push(changed(own, flips));
    return found;
  }

  const measured = (metric, text) => (metric.measure ? `${text} ${metric.measure}` : text);

  function tally({ say, link }, { shown, slices }) {
    const counts = { better: 0, worse: 0, unclear: 0 };
    for (const one of slices) {
      if (!diverged.counts(shown, one)) continue;
      const verdict = sliceRows.verdictOf(shown.catalogue, shown.after, one.i);
      if (Object.hasOwn(counts, verdict)) counts[verdict]++;
    }
    const { better, worse, unclear } = counts;
    const [b, w, u] = [better, worse, unclear].map(numbers.count);
    return {
      label: say("point_slices"), verdict: worse ? "worse" : better ? "better" : "unclear", figure: say("tally", { worse: w, better: b }),
      detail: say("tally_of", { n: numbers.count(better + worse + unclear), unclear: u }), links: [link("slices", say("all_slices"), [["n", "0"]])],
    };
  }

  function changed({ data, say, link }, flips) {
    const n = flips.newly_broken + flips.newly_fixed;
    const links = ["newly_broken", "newly_fixed"]
      .filter((name) => flips[name])
      .map((name) => link("examples", say("counted", { n: numbers.count(flips[name]), called: say(name) }), [["set", name]], flips[name]));
    return {
      label: say("point_flips", { things: wording.capital(data.nouns[1]) }), verdict: null,
      figure: say("part_of", { n: numbers.count(n), all: numbers.count(flips.n) }), detail: numbers.rate(n / flips.n), links,
    };
  }

  function apart({ data, say }, one) {
    const { metric } = data;
    const places = numbers.differenceDecimals(one.before, one.after, one.delta, metric.unit);
    const ends = numbers.differenceInterval(known(one.low), known(one.high), metric.unit, places);
    return {
      label: say("point_apart"), verdict: null, figure: measured(metric, numbers.difference(one.delta, metric.unit, places)),
      detail: say("sized_apart", { ends, n_baseline: numbers.count(one.nBaseline), n_candidate: numbers.count(one.nCandidate) }), links: [],
    };
  }

  /** A version's level over the samples that it scored. */
  function level({ data, say }, version) {
    const { metric } = data;
    const row = data.metrics.find((one) => one.name === metric.name).values[data.versions.indexOf(version)];
    if (!row) return null;
    const [value, low, high, n] = row;
    return {
      label: say("point_own", { version }), verdict: null, figure: numbers.value(value, metric.unit),
      detail: value === null ? say("no_level") : say("sized", { ends: numbers.interval(low, high, metric.unit), n: numbers.count(n) }), links: [],
    };
  }

  /** What flipped: sentences, links, and the parts that the broken ones are in. */
  function flipped(given, own, flips, ratio) {
    if (!flips) return null;
    const { data, say, link } = own;
    const { newly_broken: broken } = flips;
    const names = ["newly_fixed", "newly_broken", ...(data.classes ? ["both_wrong"] : [])];
    const called = (name) => say(name === "both_wrong" ? "wrong_in_both" : name);
    const parts = partsOf(given, flips);
    return {
      prose: flipProse(own, flips, ratio), counts: flips, ratio: ratioText(own, ratio),
      links: names.filter((name) => flips[name]).map((name) =>
        link("examples", say("counted", { n: numbers.count(flips[name]), called: called(name) }), [["set", name]], flips[name])),
      shares_heading: say("where_broken", { n: numbers.count(broken), broken: say("broken_ones") }), parts,
      concentration: parts.length ? concentration(own, parts[0]) : "",
      by_finding: parts.length ? say("by_finding", { name: parts[0].name, built: say("against", data) }) : "",
    };
  }

  const bounds = ({ say }, [, low, high]) =>
    low === null || high === null ? "" : say("bounds", { low: numbers.plain(low, 1), high: numbers.plain(high, 1) });

  function ratioText(own, ratio) {
    if (!ratio || ratio[0] === null) return "";
    return own.say("ratio", { ratio: numbers.plain(ratio[0], 1), bounds: bounds(own, ratio) });
  }

  function flipProse({ say }, { newly_fixed: fixed, newly_broken: broken }, ratio) {
    if (!fixed && !broken) return say("flips_none");
    if (!ratio || ratio[0] === null) return say("flips_counts", { fixed: numbers.count(fixed), broken: numbers.count(broken) });
    const [, low, high] = ratio;
    const clear = (low !== null && low > 1) || (high !== null && high < 1);
    return say(clear ? (fixed > broken ? "flips_fixed" : "flips_broke") : "flips_alike");
  }

  /** The slice of the built pair's first finding, split from its parents, and everything else. */
  function partsOf(given, whole) {
    const { data, slices } = given;
    const found = data.parts.map((id) => ({ flips: flipsOf(given, id), name: (slices.find((one) => one.id === id) || { name: "" }).name }));
    if (!found.length || !whole.newly_broken || found.some((one) => !one.flips)) return [];
    const [one, ...parents] = found;
    const cut = [{ name: one.name, n: one.flips.newly_broken, all: one.flips.n }];
    parents.forEach(({ name, flips }, i) => {
      cut.push({ name: `${name}, not ${parents[1 - i].name}`, n: flips.newly_broken - one.flips.newly_broken, all: flips.n - one.flips.n });
    });
    const sum = (key) => cut.reduce((all, part) => all + part[key], 0);
    cut.push({ name: "everything else", n: whole.newly_broken - sum("n"), all: whole.n - sum("all") });
    return cut.map((part) => ({ ...part, of: whole.newly_broken, of_all: whole.n }));
  }

  function concentration({ data, say }, lead) {
    if (lead.n < FEW || !lead.all) return "";
    const [share, all] = [lead.n / lead.of, lead.all / lead.of_all];
    return say("holds", {
      name: wording.capital(lead.name), share_of_all: numbers.rate(all), share: numbers.rate(share), broken: say("broken_ones"),
      ratio: numbers.plain(share / all, share / all >= MANY_TIMES ? 0 : 1),
    });
  }

  /** What to say where the pair shares fewer samples than each of them scored. */
  function sharedText({ data, names, say }, { why, changes }) {
    if (why) return why;
    const change = changes[data.metric.name];
    const values = data.metrics.find((one) => one.name === data.metric.name).values;
    const [old, now] = [names.baseline, names.candidate].map((name) => values[data.versions.indexOf(name)]);
    if (!change || !now || (change.n === now[3] && old && old[3] === now[3])) return "";
    return say("shared", { counted: `${numbers.count(change.n)} ${data.nouns[change.n === 1 ? 0 : 1]}`, all: numbers.count(data.n) });
  }

  /**
   * @param {Given} given
   * @returns {any} `points`, `slices` (engine/diverged.js), `card` (engine/scorecard.js, with `against` and `shared`),
   *   `flips` (null where the two are not compared) and `left`, what is not told, in a sentence
   */
  function make(given) {
    const own = tools(given);
    const figures = figuresOf(given);
    const flips = flipsOf(given);
    const slices = figures.why ? { prose: "", key: figures.why, rows: [], tested: [], whole: null } : diverged.make(given.data, given.shown, given.slices, sliceRows.terms);
    const card = scorecard.make(given.data, own.names, figures.changes);
    return {
      names: own.names,
      points: points(own, figures, flips, given), slices,
      card: { ...card, against: figures.why ? "" : own.say("against"), shared: sharedText(own, figures) },
      flips: figures.why ? null : flipped(given, own, flips, figures.ratio),
      left: figures.left.length ? own.say("left", { metrics: wording.listed(figures.left) }) : "",
    };
  }

  window.reportgen.overviewView = { make };
})();
