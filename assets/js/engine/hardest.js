/**
 * The order in which samples are shown: hardest first, ties in the order of ids. No page in here.
 */
window.reportgen.define("hardest", () => {
  "use strict";

  const { counter } = window.reportgen;
  const DIGITS = 1 << 16;

  /**
   * @param {Float32Array} score none below 0
   * @returns {Generator<void, Uint32Array>} the rows, highest score first, ties by row: by counting, since a million are
   *   not quickly compared
   */
  function* order(score) {
    const n = score.length;
    const bits = new Uint32Array(score.buffer, score.byteOffset, n); // those of numbers from 0 on are in their order
    let rows = new Uint32Array(n);
    let next = new Uint32Array(n);
    for (let i = 0; i < n; i++) rows[i] = i;
    for (const shift of [0, 16]) {
      const starts = new Uint32Array(DIGITS + 1);
      const digit = (row) => DIGITS - 1 - ((bits[row] >>> shift) & (DIGITS - 1));
      for (let i = 0; i < n; i++) starts[digit(i) + 1]++;
      for (let d = 0; d < DIGITS; d++) starts[d + 1] += starts[d];
      for (let start = 0; start < n; start += counter.BLOCK) {
        const end = Math.min(n, start + counter.BLOCK);
        for (let k = start; k < end; k++) next[starts[digit(rows[k])]++] = rows[k];
        yield;
      }
      [rows, next] = [next, rows];
    }
    return rows;
  }

  /**
   * @param {Uint32Array} rows in an order
   * @param {ArrayLike<number>} code of each sample
   * @param {number} codes how many codes there are
   * @returns {Uint32Array[]} the rows of each code, in the same order
   */
  function split(rows, code, codes) {
    const counts = new Uint32Array(codes);
    for (const row of rows) counts[code[row]]++;
    const parts = Array.from(counts, (count) => new Uint32Array(count));
    counts.fill(0);
    for (const row of rows) parts[code[row]][counts[code[row]]++] = row;
    return parts;
  }

  window.reportgen.hardest = { order, split };
});
