/**
 * Filters over columns of codes, and the counts that go with them. No page in here.
 *
 * @typedef {object} Condition one column must hold one of some codes
 * @property {string} key which filter it is
 * @property {ArrayLike<number>} codes a code a sample
 * @property {Set<number>} allowed
 */
window.reportgen.define("filter", () => {
  "use strict";

  /**
   * @param {Uint32Array} rows
   * @param {Condition[]} conditions
   * @returns {Uint32Array} the rows that meet all of them, in the same order
   */
  function select(rows, conditions) {
    const tests = conditions.map(({ codes, allowed }) => ({ codes, pass: passing(allowed) }));
    const found = new Uint32Array(rows.length);
    let k = 0;
    for (const row of rows) {
      let kept = true;
      for (const { codes, pass } of tests) {
        if (!pass[codes[row]]) {
          kept = false;
          break;
        }
      }
      if (kept) found[k++] = row;
    }
    return found.slice(0, k);
  }

  /** A table of codes, faster than a set in the inner loop. */
  function passing(allowed) {
    const table = new Uint8Array(Math.max(0, ...allowed) + 1);
    for (const code of allowed) table[code] = 1;
    return table;
  }

  /**
   * @param {Uint32Array | null} rows null: every sample
   * @param {ArrayLike<number>} codes
   * @param {number} size codes run from 0 to size - 1
   * @returns {Uint32Array} how many of the rows hold each code
   */
  function tally(rows, codes, size) {
    const counts = new Uint32Array(size);
    if (rows) for (const row of rows) counts[codes[row]]++;
    else for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
    return counts;
  }

  /**
   * How many rows each value of a filter would leave, the other filters holding.
   * @param {Uint32Array} rows
   * @param {Condition[]} conditions
   * @param {string} key the filter
   * @param {ArrayLike<number>} codes its column
   * @param {number} size
   * @returns {Uint32Array}
   */
  function facet(rows, conditions, key, codes, size) {
    return tally(select(rows, conditions.filter((c) => c.key !== key)), codes, size);
  }

  window.reportgen.filter = { select, tally, facet };
});
