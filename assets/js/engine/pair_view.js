/**
 * What the Compare page says of two versions that the report was not built for: the same sentences, figures and links as
 * reportgen/site/compare.py writes for a built pair, from figures of engine/pairing.js. The sentences themselves come with
 * the chunk "compare" (reportgen/site/pair_words.py). No page in here.
 *
 * @typedef {import("./pair_said.js").Given} Given
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { decide, numbers, pairSaid, wording } = window.reportgen;
  const { changeTexts, decimalsOf, known, overallOf, sized, spoken, tools, whyNot } = pairSaid;
  const { listed, quoted } = wording;
  const CLEAR_P = 0.05;
  const MAX_CELLS = 2500;
  const MOST_TOLD = 3; // changes of pixels, in words
  const TWO = 2;
  const OUTCOMES = ["both_right", "newly_broken", "newly_fixed", "both_wrong"];
  const VERDICTS = { newly_broken: "worse", newly_fixed: "better" };
  const ORDER = { worse: 0, better: 1, unclear: 2, too_few: 3 };

  /** The unpaired difference with both ends, n and interval, and what it can't tell. */
  function apartOf(own) {
    const { found, primary, say } = own;
    const one = found.apart;
    if (!one || Number.isNaN(one.delta)) return "";
    const row = { ...one, others: [] };
    const decimals = decimalsOf(row, primary.unit);
    const [first, start] = [primary.label.slice(0, 1), primary.label.slice(0, 2)];
    const isUpper = start === start.toUpperCase() && start !== start.toLowerCase();
    return say("unpaired", {
      label: isUpper ? primary.label : first.toLowerCase() + primary.label.slice(1), size: sized(own, row, primary.unit),
      before: numbers.value(one.before, primary.unit, decimals), after: numbers.value(one.after, primary.unit, decimals),
      n_baseline: numbers.count(one.nBaseline), n_candidate: numbers.count(one.nCandidate),
    });
  }

  function proseOf({ meta, found, say, counted }) {
    const { n } = found.flips;
    if (!n) return "";
    const said = say("same", { counted: counted(n) });
    return meta.n > n ? `${said} ${say("left", { n: numbers.count(meta.n - n) })}` : said;
  }

  function keyOf({ found, say }) {
    const { newly_broken: broken, newly_fixed: fixed, n } = found.flips;
    if (!(broken + fixed)) return say("unchanged");
    return say("changed", {
      share: numbers.rate((broken + fixed) / n), fixed: numbers.count(fixed), broken: numbers.count(broken),
    });
  }

  function outcomesOf(own) {
    const { found, values, say, link } = own;
    const { flips } = found;
    const cells = OUTCOMES.map((name) => ({
      name, count: numbers.count(flips[name]),
      share: say("outcome", { share: flips.n ? numbers.rate(flips[name] / flips.n) : numbers.MISSING, called: say(name) }),
      verdict: VERDICTS[name] || "unclear", link: flips[name] ? link(say("see"), [["set", name]], flips[name]) : null,
    }));
    const shown = { cells, rows: null, columns: null, chance: chanceOf(own) };
    if (values) return shown;
    const was = [flips.both_right + flips.newly_broken, flips.newly_fixed + flips.both_wrong];
    const now = [flips.both_right + flips.newly_fixed, flips.newly_broken + flips.both_wrong];
    return { ...shown, rows: was.map(numbers.count), columns: margins(own, now) };
  }

  /** How many the candidate gets right and wrong, with their shares. */
  function margins({ found }, [right, wrong]) {
    const counts = [right, wrong].map(numbers.count);
    if (!(right + wrong)) return counts;
    const accuracy = found.changes.find((row) => row.metric === "accuracy" && !Number.isNaN(row.delta));
    const shares = numbers.twoShares(right, wrong, accuracy ? decimalsOf(accuracy, "rate") : 1);
    return counts.map((count, i) => `${count} · ${shares[i]}`);
  }

  function chanceOf(own) {
    const overall = overallOf(own);
    if (!overall || Number.isNaN(overall.p)) return "";
    const { found, primary, say } = own;
    return say(`chance_${overall.p < CLEAR_P ? "clear" : "unclear"}${overall.mcnemar ? "" : "_t"}`, {
      changed: numbers.count(found.flips.newly_broken + found.flips.newly_fixed), p: say("p", { p: spoken(overall.p) }),
      metric: primary.label, size: sized(own, overall, primary.unit),
    });
  }

  function trustOf({ found, say, counted }) {
    const { trust } = found;
    if (!trust || Number.isNaN(trust.value)) return "";
    return say("trust", {
      counted: counted(trust.n), right: say("right"), share: numbers.rate(trust.value),
      ends: numbers.interval(known(trust.low), known(trust.high), "rate"),
    });
  }

  function metricsOf({ meta, found, say }) {
    const rows = [];
    for (const metric of meta.metrics) {
      const row = found.changes.find((one) => one.metric === metric.name && (one.class < 0 || one.class === meta.positive));
      if (!row || Number.isNaN(row.delta)) continue;
      const [levels, change, interval] = changeTexts(row, metric.unit);
      const label = row.class < 0 ? metric.label : say("of_class", { label: metric.label, name: meta.classes[row.class] });
      rows.push({ label, plain: metric.plain, levels, change, interval, n: numbers.count(row.n), verdict: row.verdict });
    }
    return rows;
  }

  /** The measures of each class of parts, where they are told beside the whole. */
  function classMetricsOf({ meta, found, say }) {
    const rows = [];
    for (const metric of meta.metrics) {
      for (const klass of metric.by_class) {
        const row = found.changes.find((one) => one.metric === metric.name && one.class === klass);
        if (!row || Number.isNaN(row.delta)) continue;
        const [levels, change, interval] = changeTexts(row, metric.unit);
        const label = say("of_class", { label: metric.label, name: meta.parts.classes[klass] });
        rows.push({ label, plain: "", levels, change, interval, n: numbers.count(row.n), verdict: row.verdict });
      }
    }
    return rows;
  }

  /** A line a version, all against the same baseline. */
  function versionsOf(own) {
    const { meta, data, found, names, primary, say } = own;
    const overall = overallOf(own);
    if (!overall || found.versions.length < TWO) return [];
    const baseline = names.baseline === meta.versions[meta.baseline].name ? [] : [["baseline", names.baseline]];
    return found.versions.map(({ version, change, broken, fixed }) => {
      const { name } = meta.versions[version];
      const state = [...baseline, ...(version === meta.candidate ? [] : [["version", name]])];
      const counted = (set, n) => ({ page: "examples", text: numbers.count(n), state: [["set", set], ...state], count: n });
      // one precision for all of them, which stand under each other
      const texts = change ? changeTexts({ ...change, others: [[overall.before, overall.after, overall.delta], ...overall.others] }, primary.unit) : Array(3).fill(numbers.MISSING);
      return {
        name, note: data.notes[name] || "", link: { page: "compare", text: name, state, count: null }, levels: texts[0], change: texts[1], interval: texts[2],
        n: change ? numbers.count(change.n) : numbers.MISSING, verdict: change ? change.verdict : "too_few",
        drawn: change ? { value: change.delta, low: known(change.low), high: known(change.high) } : null,
        broken: counted("newly_broken", broken), fixed: counted("newly_fixed", fixed), chosen: name === names.candidate,
      };
    });
  }

  /** What differs, from what each version's differs from the built baseline's. */
  function changesOf({ data, names }) {
    const of = (name) => (Object.hasOwn(data.pairs, name) ? data.pairs[name].changes : []);
    const [old, now] = [of(names.baseline), of(names.candidate)];
    const whole = [...old, ...now].every((one) => one.what !== "config" || one.before !== null || !/^and .* more keys$/.test(one.after || ""));
    const found = [];
    for (const what of new Set([...old, ...now].map((one) => one.what))) {
      const [was, is] = [old, now].map((list) => list.find((one) => one.what === what));
      if (what.startsWith("config") && !whole) continue;
      const before = was ? was.after : is.before;
      const after = is ? is.after : was.before;
      if (before !== after) found.push({ what, before, after });
    }
    const rank = (one) => ["note", "commit"].indexOf(one.what) >>> 0; // others behind them
    return found.sort((a, b) => rank(a) - rank(b));
  }

  /** The classes by their change of recall, worst first, each with its change of recall and of precision. */
  function classRows({ meta, found }) {
    const rowOf = (metric, klass) => {
      const row = found.changes.find((one) => one.metric === metric && one.class === klass);
      return row && !Number.isNaN(row.delta) ? row : null;
    };
    const own = meta.classes.map((name, klass) => ({ name, klass, changes: ["recall", "precision"].map((metric) => rowOf(metric, klass)) }));
    const told = own.filter(({ klass }) => found.changes.some((row) => row.class === klass));
    const size = ({ changes }) => (changes[0] ? changes[0].delta : 0);
    return told.sort((a, b) => size(a) - size(b) || wording.compare(a.name, b.name));
  }

  function classSentence({ say }, rows) {
    const told = rows.filter((row) => row.changes[0]);
    const worse = told.filter((row) => row.changes[0].verdict === "worse");
    const better = told.filter((row) => row.changes[0].verdict === "better").reverse();
    const size = (row) => numbers.difference(row.changes[0].delta, "rate", decimalsOf(row.changes[0], "rate"));
    if (!worse.length && !better.length) return say("classes_alike");
    if (!worse.length) return say("classes_gain", { name: better[0].name, gain: size(better[0]) });
    const named = (some) => {
      const [one, other] = some.slice(0, TWO).map((row) => say("class", { name: row.name, change: size(row) }));
      if (some.length < TWO) return one;
      return say(some.length === TWO ? "two" : "more", { one, other, n: String(some.length - TWO) });
    };
    return say(`classes_${worse.length > 1 ? "many" : "one"}${better.length ? "_and" : ""}`, {
      n: numbers.count(worse.length), names: named(worse), better: numbers.count(better.length), gainers: better.length ? named(better) : "",
    });
  }

  /** @returns {any[]} The cells that hold a sample of either version, worst change first, with their names. */
  function namedCells({ meta, found }) {
    const cells = found.cells.map((cell) => ({
      ...cell, delta: cell.after - cell.before, target: meta.classes[cell.target], prediction: meta.classes[cell.prediction],
    }));
    return cells.map((cell) => ({ ...cell, key: `${quoted(cell.target)}>${quoted(cell.prediction)}` }));
  }

  /** What pixels are taken for: the cells for the matrices, and the largest changes beyond chance in words, of mistakes first. */
  function pixelsOf({ data, found, say, counted }) {
    if (!found.pixels) return { pixel_n: "", pixel_cells: [], pixel_told: [] };
    const { names, changes } = found.pixels;
    const named = changes.map((one) => ({ ...one, target: names[one.target], prediction: names[one.prediction] }));
    const isRight = ({ target, prediction }) => Number(target === prediction);
    const clear = named.filter(({ verdict }) => verdict === "better" || verdict === "worse")
      .sort((a, b) => isRight(a) - isRight(b) || Math.abs(b.delta) - Math.abs(a.delta));
    return {
      pixel_n: counted(found.flips.n),
      pixel_cells: named.map((one) => ({ ...one, low: one.low * one.of, high: one.high * one.of, key: "" })),
      pixel_told: clear.slice(0, MOST_TOLD).map(({ target, prediction, was, is, after, delta, low, high, q, samples }) => ({
        text: say("pixels_told", {
          title: say(target === prediction ? "cell_right" : "cell_wrong", { target, prediction }),
          before: numbers.rate(was), after: numbers.rate(is), change: numbers.difference(delta, "rate"),
          level: data.level, ends: numbers.differenceInterval(known(low), known(high), "rate"), q: spoken(q), n: numbers.count(samples),
        }),
        cell: target !== prediction && after ? [target, prediction] : null,
      })),
    };
  }

  function cellsOf(own) {
    const { found } = own;
    const sorted = namedCells(own).sort(
      (a, b) => ORDER[a.verdict] - ORDER[b.verdict] || Math.abs(b.delta) - Math.abs(a.delta) ||
        wording.compare(a.target, b.target) || wording.compare(a.prediction, b.prediction),
    );
    const whole = found.flips.n === found.scored[1];
    return sorted.slice(0, MAX_CELLS).map((cell) => cellOf(own, cell, whole));
  }

  function cellOf({ say, noun, link }, cell, whole) {
    const { target, prediction, before, after, delta, n } = cell;
    const ends = numbers.differenceInterval(known(cell.low), known(cell.high), "number", 0);
    const change = say("cell_change", { change: numbers.signed(delta, 0), noun: noun(Math.abs(delta)), ends });
    const right = target === prediction;
    const [was, is] = [before, after].map((k) => (n ? numbers.rate(k / n) : numbers.MISSING));
    const state = [["set", right ? "all" : "wrong"], ["label", target], ["predicted", prediction]];
    return {
      key: cell.key, target, prediction,
      title: say(right ? "cell_right" : "cell_wrong", { target, prediction }),
      counts: `${numbers.count(before)} → ${numbers.count(after)}`,
      change: Number.isNaN(cell.q) ? change : say("cell_q", { said: change, q: spoken(cell.q) }),
      share: say("cell_share", { before: was, after: is, n: numbers.count(n), target }),
      verdict: cell.verdict,
      link: whole ? link(say("see_all", { n: numbers.count(after) }), state, after) : link(say("see_them"), state),
    };
  }

  function cellsSentence({ say }, cells) {
    const worse = cells.filter((one) => one.verdict === "worse");
    const better = cells.filter((one) => one.verdict === "better").length;
    if (!cells.length) return "";
    if (!worse.length) return better ? say("cells_better", { n: numbers.count(better) }) : say("cells_alike");
    const worst = say("cell_worst", { title: worse[0].title, counts: worse[0].counts });
    return say(worse.length === 1 ? "cells_one" : "cells_many", { n: numbers.count(worse.length), worst });
  }

  /** One kind of flip: its largest groups, and how many samples are in the others. */
  function groupsOf(own, flip) {
    const { found, values, say } = own;
    const { n, groups, n_groups: all } = found.groups[flip];
    const shown = groups.map((one) => (values ? wholeGroup(own, flip, one) : groupOf(own, flip, one)));
    const [left, others] = [n - groups.reduce((sum, one) => sum + one.n, 0), all - groups.length];
    const rest = left ? say(others > 1 ? "rest_many" : "rest_one", { n: numbers.count(left), groups: numbers.count(others) }) : "";
    return { flip, n, groups: shown, rest };
  }

  function groupOf({ meta, say, link }, flip, { target: t, said: p, n, back, rows }) {
    const [target, said] = [t, p].map((code) => (code < 0 ? numbers.MISSING : meta.classes[code]));
    const broken = flip === "newly_broken";
    const state = [["set", flip], ["label", target], ...(broken ? [["predicted", said]] : [])];
    return {
      name: broken ? say("group", { target, said }) : target, n,
      text: say("group_n", { n: numbers.count(n), flipped: say(flip) }),
      aside: broken && back ? say(back === 1 ? "group_back_one" : "group_back_many", { n: numbers.count(back) }) : "",
      link: link(say("see_all", { n: numbers.count(n) }), state, n), rows,
    };
  }

  function wholeGroup({ say, link }, flip, { n, rows }) {
    const name = wording.capital(say(flip));
    return { name, n, text: numbers.count(n), aside: "", link: link(say("see_all", { n: numbers.count(n) }), [["set", flip]], n), rows };
  }

  /** By attribute, the whole change, and the value that brings most of what is beyond chance. */
  function madeOf(own, { made }) {
    const { primary, say } = own;
    const overall = overallOf(own);
    const decimals = overall ? decimalsOf(overall, primary.unit) : undefined;
    const size = (value) => {
      const bare = numbers.difference(value, primary.unit, decimals);
      return primary.unit === "rate" ? say("points", { size: bare }) : bare;
    };
    const said = made.map(({ attribute, rows }) => {
      const whole = size(rows.reduce((sum, row) => sum + row.contribution, 0));
      const clear = rows.filter((row) => row.value !== null && (row.verdict === "better" || row.verdict === "worse"));
      const top = clear.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))[0];
      if (!top) return [attribute, say("made_alike", { attribute, whole })];
      return [attribute, say("made", { attribute, whole, value: top.value, part: size(top.contribution), share: numbers.rate(top.share) })];
    });
    return Object.fromEntries(said);
  }

  /** The changes by the target's ranges as a chart takes them. @param {Given} given @param {any[]} targets */
  function errorRows({ meta }, targets) {
    const { unit } = meta.metrics.find((metric) => metric.primary);
    return targets.map((row) => ({ ...row, label: row.shown, decimals: numbers.differenceDecimals(row.before, row.after, row.delta, unit) }));
  }

  /** In which ranges of the target the error grew, and in which it shrank. */
  function errorSentence({ say }, targets) {
    const of = (verdict) => targets.filter((row) => row.verdict === verdict).map((row) => row.shown);
    const [grown, shrunk] = [of("worse"), of("better")];
    if (!grown.length && !shrunk.length) return say("errors_alike");
    const parts = shrunk.length ? [say("errors_smaller", { ranges: listed(shrunk) })] : [];
    parts.push(grown.length ? say("errors_larger", { ranges: listed(grown) }) : say("errors_none"));
    return say("errors", { what: listed(parts) });
  }

  /**
   * @param {Given} given
   * @param {any} composed what `pairing` gives of slices
   * @returns {{made_of: Record<string, string>, class_key: string, overall: number | null}} what the page says of it
   */
  function compose(given, composed) {
    const own = tools(given);
    const overall = overallOf(own);
    return {
      made_of: madeOf(own, composed), class_key: own.values ? errorSentence(own, composed.targets) : "",
      overall: overall ? overall.delta : null,
    };
  }

  /**
   * @param {any} meta @param {any} found what `pairing` gives
   * @param {any[]} averages of objects, as `between` gives them
   * @returns {any} the same with their changes, which take draws and so come later
   */
  function withAverages(meta, found, averages) {
    const changes = averages.map((one) => {
      const support = decide.support(one, meta.grouped, meta.support);
      const { higher } = meta.metrics.find((metric) => metric.name === one.metric);
      return { ...one, class: -1, q: NaN, support, verdict: decide.verdict(one.delta, one.p, support, higher), mcnemar: false };
    });
    const told = new Set(averages.map((one) => one.metric));
    return { ...found, changes: [...found.changes, ...changes], left: found.left.filter((name) => !told.has(name)) };
  }

  /** What of a built pair's page has no figures here, in a sentence; empty where all of it has. */
  function leftOut({ found, meta, of, say }) {
    if (found.trainings) return say("left_trainings");
    const labels = found.left.map((name) => of(name).label);
    const left = labels.length ? [say("left_metrics", { metrics: labels.join(", ") })] : [];
    if (meta.parts && meta.parts.kind === "label") left.push(say("left_labels"));
    if (meta.parts && meta.parts.kind === "pixel") {
      if (meta.parts.classes.length > 1 && meta.metrics.some((one) => meta.absent.includes(one.class_chunk))) left.push(say("left_classes"));
      if (!found.pixels) left.push(say("left_pixels"));
    }
    return left.join(" ");
  }

  /**
   * @param {Given} given
   * @returns {any} as a pair of the chunk "compare", with `baseline`, `left` (what is left out, in a sentence), and for the
   *   charts `classes` (rows with their changes) and `confusions` (cells by name)
   */
  function make(given) {
    const own = tools(given);
    const { found, names, values, say } = own;
    const why = whyNot(own);
    const rows = values || found.trainings ? [] : classRows(own);
    const cells = values ? [] : cellsOf(own);
    return {
      version: names.candidate, baseline: names.baseline, title: say("title"), prose: proseOf(own), key: why || keyOf(own),
      paired: !why, apart: apartOf(own), split: "", made_of: {}, luck: found.trainings || why ? "" : say("luck"), trust: trustOf(own),
      outcomes: outcomesOf(own), metrics: why ? [] : metricsOf(own), changes: changesOf(own),
      class_key: rows.length ? classSentence(own, rows) : "", confusion_key: cellsSentence(own, cells), cells,
      each_label: null, label_errors: null, pixels: !why && found.pixels !== null && found.pixels.changes.length > 0, ...pixelsOf(own), class_metrics: why ? [] : classMetricsOf(own),
      groups: ["newly_broken", "newly_fixed"].map((flip) => groupsOf(own, flip)),
      left: why ? "" : leftOut(own), versions: why ? [] : versionsOf(own), unit: own.primary.unit, classes: rows, confusions: namedCells(own), decimalsOf,
    };
  }

  window.reportgen.pairView = { make, withAverages, compose, decimalsOf, errorRows };
})();
