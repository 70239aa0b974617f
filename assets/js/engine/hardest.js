/**
 * The order in which samples are shown: hardest first, ties in the order of ids. No page in here.
 */
window.reportgen.define("hardest", () => {
  "use strict";

  const { counter } = window.reportgen;
  const DIGITS = 1 << 16;

  /**
   * @param {Uint32Array} rows in the order of ids
   * @param {Uint16Array | Float32Array} score of each sample; none below 0
   * @returns {Generator<void, Uint32Array>} the rows, highest score first, ties by row: by counting, since a million are
   *   not quickly compared
   */
  function* order(rows, score) {
    // the bits of numbers from 0 on are in their order, sixteen of them a digit, the lowest first
    const digits = new Uint16Array(score.buffer, score.byteOffset, score.byteLength >> 1);
    const each = score.BYTES_PER_ELEMENT >> 1;
    for (let at = 0; at < each; at++) rows = yield* pass(rows, digits, each, at);
    return rows;
  }

  /** Rows by one digit, highest first; else as they were. */
  function* pass(rows, digits, each, at) {
    const n = rows.length;
    const out = new Uint32Array(n);
    const starts = new Uint32Array(DIGITS);
    for (let i = 0; i < n; i++) starts[digits[rows[i] * each + at]]++;
    yield;
    for (let d = DIGITS - 1, sum = 0; d >= 0; d--) {
      sum += starts[d];
      starts[d] = sum - starts[d];
    }
    for (let start = 0; start < n; start += counter.BLOCK) {
      const end = Math.min(n, start + counter.BLOCK);
      for (let i = start; i < end; i++) out[starts[digits[rows[i] * each + at]]++] = rows[i];
      yield;
    }
    return out;
  }

  /**
   * @param {Uint8Array} code of each sample
   * @param {number} codes how many codes there are
   * @returns {Uint32Array[]} the rows of each code, in the order of ids
   */
  function split(code, codes) {
    const n = code.length;
    const counts = new Uint32Array(codes);
    for (let i = 0; i < n; i++) counts[code[i]]++;
    const parts = Array.from(counts, (count) => new Uint32Array(count));
    counts.fill(0);
    for (let i = 0; i < n; i++) parts[code[i]][counts[code[i]]++] = i;
    return parts;
  }

  window.reportgen.hardest = { order, split };
});
