/**
 * What the address asks of the examples, checked against what the report has: unknown parts are ignored. No page in here.
 *
 * @typedef {object} Choice a filter that there is
 * @property {string} key its name in the address: label, predicted, was, now, a.<attribute>
 * @property {string} name
 * @property {string[]} values the value of code i + 1 is values[i]
 * @property {string[]} short the values as the chart has room for them
 * @property {string} column "target", "a3" …, or "predicted", "was", "now", which depend on the versions
 *
 * @typedef {object} Query
 * @property {string} set
 * @property {number | null} baseline null where there is one version
 * @property {number} version the candidate
 * @property {Map<string, Set<number>>} filters codes by key of the filter
 * @property {string} text
 * @property {string} sort
 * @property {number} page from 0
 * @property {string} by the key of the filter that the chart goes by
 * @property {import("./kinds.js").Wanted | null} objects that a sample must hold; null: no matter which
 * @property {import("./mistaken.js").Wanted | null} mistaken pixels that a sample must have; null: no matter which
 * @property {boolean} crop tiles show the hardest object instead of the whole picture
 * @property {string} sample
 *
 * @typedef {object} Facet a filter of Explore: a choice, its values in words where the address has names for them
 * @property {string} key label, predicted, said, was, now, flip, a.<attribute>
 * @property {string} name
 * @property {string[]} values as the address has them
 * @property {string[]} words as the page has them
 *
 * @typedef {{key: string, codes?: number[], from?: number, to?: number, name?: string, text?: string}} Filter
 *
 * @typedef {object} Asked what the address asks of Explore
 * @property {number | null} baseline
 * @property {number} candidate
 * @property {any} metric one of the report's
 * @property {number | null} klass the class code of a metric of one class
 * @property {"wrong" | "right" | "all"} order
 * @property {Map<string, Filter>} filters by key
 * @property {string[]} unknown what it asks for that is not here, in words
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const PAIRED = ["both_right", "both_wrong"];
  const TRACED = ["once_right", "flip_flops"]; // over three versions and more
  const JUDGED = ["wrong", "right"];
  const SORTS = ["", "hard", "easy", "id"];

  /** @param {any} meta @param {number} version @returns {string} The name of the filter by the candidate's outcome. */
  function nowName(meta, version) {
    return meta.baseline === null ? "outcome" : `${meta.versions[version].name} is`;
  }

  /** @param {any} meta @param {number} baseline @returns {string} The name of the filter by the baseline's outcome. */
  function wasName(meta, baseline) {
    return `${meta.versions[baseline].name} was`;
  }

  /**
   * @param {any} meta the chunk "samples"
   * @param {number | null} [baseline] what the candidate is held against
   * @returns {Choice[]}
   */
  function choices(meta, baseline = meta.baseline) {
    const found = [];
    const target = meta.attributes.find((a) => a.kind === "target");
    if (target) found.push({ key: "label", name: target.name, values: target.values, short: target.short, column: target.column });
    else if (meta.classes.length) found.push({ key: "label", name: "label", values: meta.classes, short: meta.short, column: "target" });
    if (meta.classes.length) {
      found.push({ key: "predicted", name: "predicted", values: meta.classes, short: meta.short, column: "predicted" });
    }
    if (meta.classes.length || meta.tolerance !== null) {
      const judged = { values: JUDGED, short: [meta.words.mark_wrong, meta.words.mark_right] };
      if (baseline !== null) found.push({ key: "was", name: wasName(meta, baseline), ...judged, column: "was" });
      found.push({ key: "now", name: nowName(meta, meta.candidate), ...judged, column: "now" });
    }
    for (const a of meta.attributes) {
      if (a.kind === "target") continue;
      found.push({ key: `a.${a.name}`, name: a.name, values: a.values, short: a.short, column: a.column });
    }
    return found;
  }

  /** @param {any} meta @param {string} name @param {number | null} baseline @param {number} version @returns {boolean} Whether this form has the rows of a set of objects, or it is none. */
  function isHere({ listed, absent }, name, baseline, version) {
    if (![...listed.version, ...listed.pair].includes(name)) return true;
    const chunk = window.reportgen.objectSets.chunkOf(listed, name, baseline, version);
    return chunk !== "" && !absent.includes(chunk);
  }

  /** @param {any} meta @param {number | null} baseline @param {number} version @returns {(rule: string) => string} Puts the versions' names in. */
  function filler(meta, baseline, version) {
    const names = { baseline: baseline === null ? "" : meta.versions[baseline].name, candidate: meta.versions[version].name };
    return (rule) => rule.replace(/\{(baseline|candidate)\}/g, (_, side) => names[side]);
  }

  /**
   * The report's own sets of two versions, as analysis/examples.py has them.
   * @param {any} meta @param {number | null} baseline @param {number} version
   * @returns {{name: string, label: string, rule: string}[]}
   */
  function ownSets(meta, baseline, version) {
    const fill = filler(meta, baseline, version);
    return meta.sets[meta.versions[version].confidence ? "sure" : "plain"]
      .filter(([name, , , paired]) => (baseline !== null || !paired) && isHere(meta, name, baseline, version))
      .map(([name, label, rule]) => ({ name, label, rule: fill(rule) }));
  }

  /**
   * The sets that there are of two versions, the report's own first.
   * @param {any} meta
   * @param {number | null} baseline
   * @param {number} version
   * @returns {{name: string, label: string, rule: string}[]}
   */
  function sets(meta, baseline, version) {
    const own = ownSets(meta, baseline, version);
    const judged = meta.classes.length > 0 || meta.tolerance !== null;
    const paired = baseline !== null;
    const traced = meta.versions.length > 2;
    const sure = meta.classes.length > 0 && meta.versions[version].confidence;
    const plain = Object.keys(meta.words.sets).filter(
      (name) =>
        isHere(meta, name, baseline, version) && (judged || ![...JUDGED, ...TRACED].includes(name)) && (paired || !PAIRED.includes(name)) && (traced || !TRACED.includes(name)) &&
        (sure || name !== "sure_wrong"),
    );
    const fill = filler(meta, baseline, version);
    return [...own, ...plain.map((name) => ({ name, label: meta.words.sets[name][0], rule: fill(meta.words.sets[name][1]) }))];
  }

  /** @param {URLSearchParams} params @param {any} meta @returns {{baseline: number | null, version: number}} The two versions by place. */
  function pairOf(params, meta) {
    const names = meta.versions.map((v) => v.name);
    const built = { baseline: meta.baseline === null ? null : names[meta.baseline], candidate: names[meta.candidate] };
    const { baseline, candidate } = window.reportgen.pair.read(params, names, built);
    return { baseline: baseline === null ? null : names.indexOf(baseline), version: names.indexOf(candidate) };
  }

  /**
   * @param {URLSearchParams} params of any origin
   * @param {any} meta
   * @returns {Query}
   */
  function read(params, meta) {
    const { baseline, version } = pairOf(params, meta);
    const known = sets(meta, baseline, version).map((one) => one.name);
    const asked = params.get("set") || "";
    const all = choices(meta);
    const filters = new Map();
    for (const { key, values } of all) {
      const codes = params.getAll(key).map((value) => values.indexOf(value) + 1).filter((code) => code > 0);
      if (codes.length) filters.set(key, new Set(codes));
    }
    const sort = params.get("sort") || "";
    const page = Number.parseInt(params.get("page") || "1", 10);
    const by = params.get("by") || "";
    return {
      set: known.includes(asked) ? asked : known[0],
      baseline,
      version,
      filters,
      text: (params.get("q") || "").slice(0, 200),
      sort: SORTS.includes(sort) ? sort : "",
      page: page > 1 && page < 1e7 ? page - 1 : 0,
      by: all.some((choice) => choice.key === by) ? by : "",
      objects: window.reportgen.kinds ? window.reportgen.kinds.read(params, meta, baseline) : null,
      mistaken: window.reportgen.mistaken ? window.reportgen.mistaken.read(params, meta) : null,
      crop: params.get("tiles") === "crop",
      sample: params.get("sample") || "",
    };
  }

  /** The grammar of the address that this page writes; a newer one may ask for more. */
  const GRAMMAR = 1;
  /** By code − 1, as the address has them. */
  const FLIPS = ["both_wrong", "newly_fixed", "newly_broken", "both_right"];
  const ORDERS = ["wrong", "right", "all"];
  const MISSING = "without";
  /** What stands in addresses besides the filters. */
  const OTHERS = new Set(["v", "version", "baseline", "metric", "class", "order", "set", "q", MISSING, "cutoff", "sort", "page", "by", "tiles", "sample", "find"]);
  const LONGEST = 60; // letters of an unknown part that are said
  const MOST = 3; // unknown parts that are said
  const MOST_CODES = 2000;

  const isJudged = (meta) => meta.classes.length > 0 || meta.tolerance !== null;

  /**
   * @param {any} meta
   * @param {number | null} baseline
   * @param {number} candidate
   * @returns {Facet[]} the filters of Explore for two versions
   */
  function facets(meta, baseline, candidate) {
    const [now, was] = [meta.versions[candidate].name, baseline === null ? "" : meta.versions[baseline].name];
    const found = choices({ ...meta, candidate }, baseline).map(({ key, name, values, column, short }) => ({
      key, values, words: column === "was" || column === "now" ? short : values, name: key === "predicted" ? `${now} says` : name,
    }));
    if (baseline === null) return found;
    if (meta.classes.length) found.push({ key: "said", name: `${was} said`, values: meta.classes, words: meta.classes });
    return [...found, { key: "flip", name: `${was} → ${now}`, values: FLIPS, words: meta.words.moved }];
  }

  /** @param {any} meta @param {number} candidate @returns {string[]} The keys of ranges. */
  function ranges(meta, candidate) {
    const own = meta.classes.length > 0 && meta.versions[candidate].confidence ? ["confidence"] : [];
    return [...own, ...meta.attributes.filter((one) => hasNumbers(meta, one)).map((one) => `n.${one.name}`)];
  }

  /** @param {any} meta @param {any} one an attribute @returns {boolean} Whether this form of the report has its numbers. */
  const hasNumbers = (meta, one) => Boolean(one.number) && !meta.absent.includes(one.number);

  /** @param {any} meta @param {any} metric @returns {boolean} Whether this form of the report has what the metric rests on. */
  function hasMetric(meta, metric) {
    const of = { auroc: "rank-", average_precision: "rank-", objects: "object-" }[metric.kind] || (metric.chunk ? `terms-${metric.name}-` : "");
    return !of || !meta.absent.some((name) => name.startsWith(of));
  }

  /** @param {string} text "0.9..1", ".5..", "..7" @returns {{from: number, to: number} | null} */
  function range(text) {
    const cut = text.indexOf("..");
    if (cut < 0 || text.length > 100) return null;
    const number = (part, open) => (part.trim() === "" ? open : Number(part));
    const from = number(text.slice(0, cut), -Number.MAX_VALUE);
    const to = number(text.slice(cut + 2), Number.MAX_VALUE);
    return Number.isFinite(from) && Number.isFinite(to) && from <= to ? { from, to } : null;
  }

  /** @param {{from?: number, to?: number}} one @returns {string} The range as the address has it. */
  function rangeText({ from = -Number.MAX_VALUE, to = Number.MAX_VALUE }) {
    const text = (x) => (Math.abs(x) === Number.MAX_VALUE ? "" : String(Number(x.toPrecision(12))));
    return `${text(from)}..${text(to)}`;
  }

  /** The filters by value: each with the codes that its values have, 0 where those without a value are asked for. */
  function coded(params, all, tell) {
    const without = new Set(params.getAll(MISSING));
    const found = new Map();
    for (const { key, name, values } of all) {
      const codes = new Set();
      for (const value of params.getAll(key).slice(0, MOST_CODES)) {
        const code = values.indexOf(value) + 1;
        if (code) codes.add(code);
        else tell(`${name}: ${value}`);
      }
      if (without.delete(key)) codes.add(0);
      if (codes.size) found.set(key, { key, codes: [...codes].sort((a, b) => a - b) });
    }
    for (const key of without) tell(nameOf(key));
    return found;
  }

  /** A key of the address in words: the attribute's name. */
  const nameOf = (key) => (/^[an]\../u.test(key) ? key.slice(2) : key);

  /**
   * @param {URLSearchParams} params of any origin, of this report or another one
   * @param {any} meta
   * @returns {Asked}
   */
  function explore(params, meta) {
    /** @type {string[]} */
    const told = [];
    const tell = (text) => {
      const letters = Array.from(text);
      told.push(letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : text);
    };
    const { baseline, version: candidate } = pairOf(params, meta);
    for (const key of ["version", "baseline"]) {
      const name = params.get(key) || "";
      if (name && !meta.versions.some((one) => one.name === name)) tell(name);
    }
    const all = facets(meta, baseline, candidate);
    const filters = coded(params, all, tell);
    const known = new Set(all.map((one) => one.key));
    for (const key of ranges(meta, candidate)) {
      known.add(key);
      const text = params.get(key);
      const found = text === null ? null : range(text);
      if (found) filters.set(key, { key, ...found });
      else if (text !== null) tell(`${nameOf(key)}: ${text}`);
    }
    for (const { name, number } of meta.attributes) {
      const key = `n.${name}`;
      if (!number || known.has(key)) continue;
      known.add(key);
      if (params.has(key)) tell(`${name}: ${params.get(key)} (its numbers are in the report's folder)`);
    }
    const set = params.get("set") || "all";
    const named = sets(meta, baseline, candidate).some((one) => one.name === set);
    if (!named) tell(set);
    else if (set !== "all") filters.set("set", { key: "set", name: set });
    const text = (params.get("q") || "").slice(0, 200);
    if (text) filters.set("q", { key: "q", text });
    for (const key of new Set(params.keys())) if (!known.has(key) && !OTHERS.has(key)) tell(nameOf(key));
    const [order, judged] = [params.get("order") || "", isJudged(meta)];
    const asked = measure(params, meta, tell);
    return {
      baseline, candidate, filters, ...asked, cutoff: cutoffOf(params, meta, asked.metric),
      order: judged ? (ORDERS.includes(order) ? order : "wrong") : "all",
      unknown: told.length > MOST ? [...told.slice(0, MOST), `${told.length - MOST} more`] : told,
      newer: Number(params.get("v") || 1) > GRAMMAR,
    };
  }

  const CUTOFFS = 100; // steps of the grid of cut-offs

  /** @param {any} meta @returns {boolean} Whether detections can be counted from any cut-off on in this form of the report. */
  const hasCutoffs = (meta) => Boolean(meta.parts && meta.parts.cutoffs.length) && !meta.absent.includes("object-cutoffs");

  const CUT = new Set(["f1", "precision", "recall"]);

  /** @param {any} metric @returns {boolean} Whether a moved cut-off moves it: averages are over all detections. */
  const isCut = ({ name }) => CUT.has(name);

  /** @returns {number | null} The step of the cut-off that is asked for; null: each version's own, and for what no cut-off moves. */
  function cutoffOf(params, meta, metric) {
    const given = Number(params.get("cutoff") || NaN);
    return hasCutoffs(meta) && isCut(metric) && given >= 0 && given <= 1 ? Math.round(given * CUTOFFS) : null;
  }

  /** @param {any} meta the chunk "samples" @returns {string[]} What classes are called that figures are of: those of samples, or of their parts. */
  const classesOf = (meta) => (meta.parts ? meta.parts.classes : meta.classes);

  /** The metric that is asked for, and its class. */
  function measure(params, meta, tell) {
    const name = params.get("metric") || "";
    const found = meta.metrics.find((one) => one.name === name);
    if (name && !found) tell(name);
    const metric = found || meta.metrics.find((one) => one.primary);
    const asked = classesOf(meta).indexOf(params.get("class") || "");
    if (metric.by_class.length) return { metric, klass: window.reportgen.parts.beside(meta, metric).includes(asked) ? asked : null };
    const classes = metric.classes || [];
    if (!metric.per_class || !classes.length) return { metric, klass: null };
    return { metric, klass: classes.includes(asked) ? asked : classes[0] };
  }

  /**
   * @param {Map<string, Filter>} filters
   * @param {Facet[]} all
   * @returns {Record<string, string | string[] | null>} the address' keys of all filters; null where there is none
   */
  function written(filters, all) {
    /** @type {Record<string, any>} */
    const found = { set: null, q: null };
    const without = [];
    for (const { key, values } of all) {
      const one = filters.get(key);
      const codes = (one && one.codes) || [];
      found[key] = codes.filter((code) => code > 0).map((code) => values[code - 1]);
      if (codes.includes(0)) without.push(key);
    }
    for (const [key, one] of filters) {
      if (one.from !== undefined) found[key] = rangeText(one);
      else if (key === "set") found.set = one.name;
      else if (key === "q") found.q = one.text;
    }
    return { ...found, [MISSING]: without };
  }

  /** @param {string} key @returns {boolean} Whether the examples page has such a filter. */
  const inExamples = (key) => ["label", "predicted", "was", "now", "set", "q"].includes(key) || key.startsWith("a.");

  window.reportgen.query = {
    GRAMMAR, MISSING, choices, classesOf, nowName, wasName, ownSets, sets, pairOf, read, inExamples, hasNumbers, hasMetric, hasCutoffs, isCut, CUTOFFS, facets, ranges, range, rangeText, explore, written,
  };
})();
