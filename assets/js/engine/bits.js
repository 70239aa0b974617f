/**
 * Sets of samples, a bit each: thirty-two are joined, met and compared at once. No page in here.
 *
 * @typedef {Int32Array} Bits bit r % 32 of entry r / 32 is the sample r; bits beyond the last sample are 0
 */
window.reportgen.define("bits", () => {
  "use strict";

  /** @param {number} n samples @returns {Bits} none of them */
  const none = (n) => new Int32Array((n + 31) >>> 5);

  /** @param {number} n @returns {Bits} all of them */
  function all(n) {
    const out = none(n).fill(-1);
    if (n & 31) out[out.length - 1] = (1 << (n & 31)) - 1;
    return out;
  }

  /**
   * @param {Bits} out its entries of samples from `start` to `end` − 1 are written; `start` is a multiple of 32
   * @param {ArrayLike<number>} codes
   * @param {Uint8Array} pass 1 for the codes whose samples are in the set, else 0
   */
  function pack(out, codes, pass, start, end) {
    for (let at = start; at < end; at += 32) {
      const last = Math.min(end, at + 32);
      let word = 0;
      for (let i = at; i < last; i++) word |= pass[codes[i]] << (i - at);
      out[at >>> 5] = word;
    }
  }

  /** @param {Bits} out @param {Bits} other what is not in it is taken away */
  function meet(out, other) {
    for (let w = 0; w < out.length; w++) out[w] &= other[w];
  }

  /** @param {Bits} out @param {Bits} other what is in it is taken away */
  function leave(out, other) {
    for (let w = 0; w < out.length; w++) out[w] &= ~other[w];
  }

  /** @param {Bits} set @returns {number} */
  function count(set) {
    let sum = 0;
    for (let w = 0; w < set.length; w++) {
      let x = set[w];
      x -= (x >>> 1) & 0x55555555;
      x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
      sum += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
    }
    return sum;
  }

  /** @param {Bits} set @param {number} row @returns {boolean} */
  const has = (set, row) => ((set[row >>> 5] >>> (row & 31)) & 1) === 1;

  /**
   * The samples of one set that are not in another, in order.
   * @param {Bits} set @param {Bits | null} without null: all of the set
   * @param {Uint32Array} rows they are written here
   * @returns {number} how many
   */
  function list(set, without, rows) {
    let k = 0;
    for (let w = 0; w < set.length; w++) {
      let x = without ? set[w] & ~without[w] : set[w];
      while (x) {
        const lowest = x & -x;
        rows[k++] = (w << 5) + 31 - Math.clz32(lowest);
        x ^= lowest;
      }
    }
    return k;
  }

  window.reportgen.bits = { none, all, pack, meet, leave, count, has, list };
});
