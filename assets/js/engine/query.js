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
 * @property {string} sample
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  /** Sets that links lead to besides the report's own; the words for them. */
  const PLAIN = {
    all: "All", wrong: "Wrong", sure_wrong: "Sure but wrong", right: "Right", both_right: "Both right", both_wrong: "Both wrong",
    once_right: "Once right, now wrong", flip_flops: "Flip-flops",
  };
  const VALUES = {
    all: "All", wrong: "Far off", right: "Close", both_right: "Still close", both_wrong: "Still far off",
    once_right: "Once close, now far off", flip_flops: "Flip-flops",
  };
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
      const judged = { values: JUDGED, short: JUDGED };
      if (baseline !== null) found.push({ key: "was", name: wasName(meta, baseline), ...judged, column: "was" });
      found.push({ key: "now", name: nowName(meta, meta.candidate), ...judged, column: "now" });
    }
    for (const a of meta.attributes) {
      if (a.kind === "target") continue;
      found.push({ key: `a.${a.name}`, name: a.name, values: a.values, short: a.short, column: a.column });
    }
    return found;
  }

  /**
   * The report's own sets of two versions, as analysis/examples.py has them.
   * @param {any} meta @param {number | null} baseline @param {number} version
   * @returns {{name: string, label: string, rule: string}[]}
   */
  function ownSets(meta, baseline, version) {
    const names = { baseline: baseline === null ? "" : meta.versions[baseline].name, candidate: meta.versions[version].name };
    const filled = (/** @type {string} */ rule) => rule.replace(/\{(baseline|candidate)\}/g, (_, side) => names[side]);
    return meta.sets[meta.versions[version].confidence ? "sure" : "plain"]
      .filter(([, , , paired]) => baseline !== null || !paired)
      .map(([name, label, rule]) => ({ name, label, rule: filled(rule) }));
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
    const plain = Object.keys(PLAIN).filter(
      (name) =>
        (judged || ![...JUDGED, ...TRACED].includes(name)) && (paired || !PAIRED.includes(name)) && (traced || !TRACED.includes(name)) &&
        (sure || name !== "sure_wrong"),
    );
    return [...own, ...plain.map((name) => ({ name, label: (meta.classes.length ? PLAIN : VALUES)[name], rule: plainRule(meta, baseline, version, name) }))];
  }

  function plainRule(meta, baseline, version, name) {
    const now = meta.versions[version].name;
    const was = baseline === null ? "" : meta.versions[baseline].name;
    const things = meta.nouns[1];
    const scored = `Of the ${things} that all ${meta.versions.length} versions scored`;
    if (name === "all") return `All ${things} of the report, in the order of their ids.`;
    if (meta.classes.length) {
      const rules = {
        wrong: `${now} gets these wrong.`,
        sure_wrong: `${now} gets these wrong with a confidence of 0.9 or more. Those it was surest of come first.`,
        right: `${now} gets these right.`,
        both_right: `${was} and ${now} both get these right.`,
        both_wrong: `${was} and ${now} both get these wrong.`,
        once_right: `${scored}: ${now} gets these wrong, and some other version gets them right.`,
        flip_flops: `${scored}: these go between right and wrong twice or more, in the order of the versions.`,
      };
      return rules[name];
    }
    const margin = meta.tolerance === null ? "" : window.reportgen.numbers.value(meta.tolerance, "number");
    const rules = {
      wrong: `${now} is more than ${margin} off.`,
      right: `${now} is within ${margin} of the truth.`,
      both_right: `The error hardly moved from ${was} to ${now}, which is within ${margin} of the truth.`,
      both_wrong: `The error hardly moved from ${was} to ${now}, which is more than ${margin} off.`,
      once_right: `${scored}: ${now} is more than ${margin} off here, and some other version is within it.`,
      flip_flops: `${scored}: these go in and out of ${margin} of the truth twice or more, in the order of the versions.`,
    };
    return rules[name];
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
      sample: params.get("sample") || "",
    };
  }

  window.reportgen.query = { choices, nowName, wasName, ownSets, sets, pairOf, read };
})();
