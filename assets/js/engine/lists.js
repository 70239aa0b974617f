/**
 * A list to act on: what a selection is called, and its samples with what to do and why, as files. No page in here.
 *
 * @typedef {import("./query.js").Asked} Asked
 * @typedef {import("./query.js").Facet} Facet
 * @typedef {import("./query.js").Filter} Filter
 *
 * @typedef {{attribute: string, values?: string[], missing?: true, from?: number, to?: number}} Condition
 *   one attribute has one of these values, or none where `missing`, or lies in this range, ends included
 *
 * @typedef {object} Told
 * @property {string} reason the selection in words: "time_of_day = night, newly broken by v2"
 * @property {Condition[]} conditions what of it is said of the samples themselves, whatever became of them
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  /** By what stands in files: what it is called, and what it asks for. */
  const ACTIONS = {
    relabel: { name: "relabel", asks: "their labels may be wrong" },
    collect: { name: "collect more like", asks: "too few of them, or the model fails on them" },
    exclude: { name: "exclude", asks: "they should not count" },
    review: { name: "review", asks: "somebody should look" },
  };
  const HEAD = ["id", "label", "action", "reason"]; // as site/lists.py has it
  const MOVED = { newly_broken: "newly broken", newly_fixed: "newly fixed" };
  const JUDGED = new Set(["was", "now"]);

  /**
   * @param {Asked} asked what an address asks of Explore
   * @param {Facet[]} facets
   * @param {any} meta the chunk "samples"
   * @returns {Told}
   */
  function tell(asked, facets, meta) {
    const filters = [...asked.filters.values()];
    const marked = new Set(meta.attributes.filter((one) => one.kind === "set").map((one) => `a.${one.name}`));
    const words = filters.map((filter) => wordsOf(filter, { asked, facets, meta, marked }));
    return {
      reason: words.join(", ") || `all ${meta.nouns[1]}`,
      conditions: filters.flatMap((filter) => conditionOf(filter, facets, marked)),
    };
  }

  /** @param {Filter} filter @returns {string} One filter as a part of a sentence. */
  function wordsOf(filter, { asked, facets, meta, marked }) {
    const { key, codes, name = "", text } = filter;
    if (key === "q") return `ID holds “${text}”`;
    if (key === "set") return setWords(name, asked, meta);
    if (!codes) return rangeWords(filter);
    const facet = facets.find((one) => one.key === key);
    const said = codes.map((code) => (code ? facet.words[code - 1] : "missing")).join(" or ");
    if (marked.has(key)) return codes.includes(0) ? `not ${facet.name}` : facet.name;
    if (key === "flip") return codes.length === 1 ? movedWords(facet.values[codes[0] - 1], asked, meta) || `${facet.name}: ${said}` : `${facet.name}: ${said}`;
    if (JUDGED.has(key) && meta.baseline !== null) return `${facet.name} ${said}`;
    return said === "missing" ? `${facet.name} missing` : `${facet.name} = ${said}`;
  }

  /** @returns {string} What a version did to them; "" of anything else, and of values, which neither break nor are fixed. */
  function movedWords(name, { candidate }, meta) {
    return meta.classes.length && Object.hasOwn(MOVED, name) ? `${MOVED[name]} by ${meta.versions[candidate].name}` : "";
  }

  function setWords(name, asked, meta) {
    const { baseline, candidate } = asked;
    const { label } = window.reportgen.query.sets(meta, baseline, candidate).find((one) => one.name === name);
    const [now, was] = [meta.versions[candidate].name, baseline === null ? "" : meta.versions[baseline].name];
    const paired = ["both_right", "both_wrong", ...meta.listed.pair].includes(name) || Object.values(meta.sets).flat().some((one) => one[0] === name && one[3]);
    const lowered = /^.[a-z]/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label;
    return movedWords(name, asked, meta) || `${lowered} (${paired ? `${was} → ${now}` : now})`;
  }

  /** @param {Filter} filter */
  function rangeWords(filter) {
    const [from, to] = window.reportgen.query.rangeText(filter).split("..");
    const name = nameOf(filter.key);
    return from && to ? `${name} ${from} to ${to}` : from ? `${name} ≥ ${from}` : `${name} ≤ ${to}`;
  }

  const nameOf = (key) => (key.startsWith("n.") ? key.slice(2) : key);

  /** @param {Filter} filter @param {Facet[]} facets @param {Set<string>} marked @returns {Condition[]} */
  function conditionOf({ key, codes, from, to }, facets, marked) {
    if (codes && (key === "label" || key.startsWith("a.")) && !marked.has(key)) {
      const facet = facets.find((one) => one.key === key);
      const values = codes.filter((code) => code > 0).map((code) => facet.values[code - 1]);
      return [{ attribute: facet.name, ...(values.length && { values }), ...(codes.includes(0) && { missing: true }) }];
    }
    if (!key.startsWith("n.")) return [];
    const open = (/** @type {number | undefined} */ x) => x === undefined || Math.abs(x) === Number.MAX_VALUE;
    return [{ attribute: nameOf(key), ...(!open(from) && { from }), ...(!open(to) && { to }) }];
  }

  /** @param {Condition} one @returns {string} "weather = rain or fog" */
  function conditionWords({ attribute, values = [], missing, from, to }) {
    if (from !== undefined || to !== undefined) {
      return [from !== undefined && `${attribute} ≥ ${from}`, to !== undefined && `${attribute} ≤ ${to}`].filter(Boolean).join(" and ");
    }
    return `${attribute} = ${[...values, ...(missing ? ["(missing)"] : [])].join(" or ")}`;
  }

  /**
   * @param {keyof typeof ACTIONS} action
   * @param {Told} told
   * @param {[string, string | number | null][]} samples id and label
   * @returns {string} a line a sample; of samples to collect more like, with the conditions that such ones meet
   */
  function csv(action, { reason, conditions }, samples) {
    const also = action === "collect" && conditions.length > 0;
    const more = also ? [conditions.map(conditionWords).join(" and ")] : [];
    const lines = samples.map(([id, label]) => [id, label, ACTIONS[action].name, reason, ...more]);
    return window.reportgen.csv.write([[...HEAD, ...(also ? ["conditions"] : [])], ...lines]);
  }

  /**
   * @param {keyof typeof ACTIONS} action
   * @param {Told} told
   * @param {string} selection the address of the selection on Explore, from its # on
   * @param {any} report what it is known by: title, candidate, baseline, created, inputs
   * @param {string[]} ids
   * @returns {string}
   */
  function json(action, { reason, conditions }, selection, report, ids) {
    const wanted = action === "collect" ? { conditions } : {};
    return `${JSON.stringify({ action: ACTIONS[action].name, reason, selection, report, ...wanted, n: ids.length, ids }, null, 1)}\n`;
  }

  /** @param {keyof typeof ACTIONS} action @param {string} reason @returns {string} A name for its file, without an ending. */
  const fileName = (action, reason) => window.reportgen.pins.name([action, reason]);

  window.reportgen.lists = { ACTIONS, tell, csv, json, fileName };
})();
