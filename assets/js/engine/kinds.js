/**
 * The true objects of the samples, and which of them an address asks for. No page in here.
 *
 * @typedef {object} Wanted
 * @property {string} state what became of the object: all, found, missed, newly_found, newly_missed
 * @property {{attribute: number, codes: Set<number>}[]} terms of each attribute, by its place, one of these codes
 *
 * @typedef {object} Columns an entry an object, ascending by sample
 * @property {ArrayLike<number>} sample its row, plus 1
 * @property {ArrayLike<number> | null} before 2 where the baseline finds it, 1 where it misses it, 0 where it was not asked;
 *   null: one version alone
 * @property {ArrayLike<number>} after likewise of the candidate
 * @property {ArrayLike<number>[]} codes of each term's attribute
 *
 * @typedef {object} Held
 * @property {Uint32Array} n by sample, how many of its objects are asked for
 * @property {Uint32Array} missed of these, those that the candidate misses
 * @property {(row: number) => number[]} places of a sample's objects, those that are asked for, by their place in it
 */
window.reportgen.define("kinds", () => {
  "use strict";

  const STATES = ["all", "found", "missed", "newly_found", "newly_missed"];

  /**
   * @param {URLSearchParams} params of any origin
   * @param {any} meta the chunk "samples"
   * @param {number | null} baseline
   * @returns {Wanted | null} null: the address asks for no objects
   */
  function read(params, meta, baseline) {
    if (!meta.kinds) return null;
    const asked = params.get("objects") || "";
    const known = STATES.slice(0, baseline === null ? 3 : 5);
    const terms = meta.kinds.attributes.flatMap(({ name, values, missing }, attribute) => {
      const given = params.getAll(`o.${name}`);
      const codes = given.map((value) => (value === missing ? 0 : values.indexOf(value) + 1 || -1)).filter((code) => code >= 0);
      return codes.length ? [{ attribute, codes: new Set(codes) }] : [];
    });
    if (!known.includes(asked) && !terms.length) return null;
    return { state: known.includes(asked) ? asked : "all", terms };
  }

  /**
   * @param {Columns} columns
   * @param {Wanted} wanted
   * @param {number} size how many samples there are
   * @returns {Held}
   */
  function hold({ sample, before, after, codes }, wanted, size) {
    const [n, missed] = [new Uint32Array(size), new Uint32Array(size)];
    const marked = new Uint8Array(sample.length);
    const begins = new Uint32Array(size + 1);
    const found = (/** @type {ArrayLike<number> | null} */ of, /** @type {number} */ i) => of !== null && of[i] === 2;
    const lost = (/** @type {ArrayLike<number> | null} */ of, /** @type {number} */ i) => of !== null && of[i] === 1;
    const passes = {
      all: () => true,
      found: (/** @type {number} */ i) => found(after, i),
      missed: (/** @type {number} */ i) => lost(after, i),
      newly_found: (/** @type {number} */ i) => found(after, i) && lost(before, i),
      newly_missed: (/** @type {number} */ i) => lost(after, i) && found(before, i),
    }[wanted.state];
    for (let i = 0; i < sample.length; i++) {
      const row = sample[i] - 1;
      begins[row + 1]++;
      if (!passes(i) || !wanted.terms.every((term, k) => term.codes.has(codes[k][i]))) continue;
      marked[i] = 1;
      n[row]++;
      if (lost(after, i)) missed[row]++;
    }
    for (let row = 0; row < size; row++) begins[row + 1] += begins[row];

    /** @param {number} row */
    function places(row) {
      const some = [];
      for (let i = begins[row]; i < begins[row + 1]; i++) if (marked[i]) some.push(i - begins[row]);
      return some;
    }
    return { n, missed, places };
  }

  /**
   * @param {Uint32Array} rows
   * @param {Held} held
   * @param {boolean} ranked those first in which most objects that are asked for are missed, then in which most are
   * @returns {Uint32Array} the rows that hold any
   */
  function select(rows, { n, missed }, ranked) {
    const some = rows.filter((row) => n[row] > 0);
    return ranked ? some.sort((a, b) => missed[b] - missed[a] || n[b] - n[a] || a - b) : some;
  }

  window.reportgen.kinds = { STATES, read, hold, select };
});
