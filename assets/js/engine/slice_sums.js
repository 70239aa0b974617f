/**
 * What the samples of many slices add up to for two versions, in one pass. No page in here.
 *
 * @typedef {{n: number, quick: boolean, grouped: boolean}} How `quick`: of zeros and ones over one denominator, without
 *   groups, counts by state say all
 *
 * @typedef {object} Rows by sample, in the order in which they are read
 * @property {Uint8Array} state
 * @property {ArrayLike<number>} x0 @property {ArrayLike<number>} w0 of the baseline, 0 where not both scored
 * @property {ArrayLike<number>} x1 @property {ArrayLike<number>} w1 of the candidate
 *
 * @typedef {object} Sums by cell
 * @property {Int32Array} counts by state
 * @property {Float64Array} moments SUMS a cell; with zeros and ones and no groups by state: Σ weight, then Σ weight²
 * @property {Int32Array} units groups a cell
 */
window.reportgen.define("slice_sums", () => {
  "use strict";

  const { counter } = window.reportgen;
  const FLIPS = 5;
  const KINDS = 5; // of zeros and ones: 0 not both scored, else 1 + 2 · the baseline's + the candidate's
  const STATES = KINDS * FLIPS;
  // By version n, units, w, x, w², x·w and x²; then x0·x1, x0·w1, w0·x1 and w0·w1.
  const OWN = 7;
  const SUMS = 2 * OWN + 4;

  /**
   * @param {How} how @param {any} own columns of the samples, in the order in which they are read
   * @param {Rows} rows
   * @param {any[]} codes of some columns @param {number[]} sizes
   * @returns {Generator<void, Sums>} The sums by the codes.
   */
  function* up({ n, quick, grouped }, own, rows, codes, sizes) {
    const size = sizes.reduce((product, one) => product * one, 1);
    const into = {
      counts: new Int32Array(size * STATES),
      moments: new Float64Array(quick ? (own.weight ? 2 * size * KINDS : 0) : size * SUMS),
      units: new Int32Array(grouped ? size : 0),
    };
    const key = new Uint32Array(Math.min(n, counter.BLOCK));
    const open = grouped ? opened(size) : null;
    for (let start = 0; start < n; start += counter.BLOCK) {
      const end = Math.min(n, start + counter.BLOCK);
      keys(key, codes, sizes, start, end);
      count(into.counts, key, rows.state, start, end);
      if (open) sumGroups(into, open, key, rows, own, start, end);
      else if (!quick) sumRows(into.moments, key, rows, own.weight, start, end);
      else if (own.weight) sumWeights(into.moments, key, rows.state, own.weight, size * KINDS, start, end);
      yield;
    }
    if (open) close(into, open);
    return into;
  }

  /** The sums of the group that is read, by cell. */
  function opened(size) {
    const [x0, w0, x1, w1] = Array.from({ length: 4 }, () => new Float64Array(size));
    const [n0, n1] = [new Uint32Array(size), new Uint32Array(size)];
    return { x0, w0, n0, x1, w1, n1, cells: new Uint32Array(size), n: 0, group: -1 };
  }

  /** A cell's sums as intervals take them. */
  function pairOf({ quick, grouped }, sums, cell, weighted) {
    const n = total(sums.counts, cell, (kind) => kind > 0);
    const units = grouped ? sums.units[cell] : n;
    if (quick) return { n, units, ...ofKinds(sums, cell, n, weighted) };
    const all = sums.moments.subarray(cell * SUMS, (cell + 1) * SUMS);
    const [baseline, candidate] = [0, OWN].map((from) => {
      const [count, own, w, x, ww, xw, xx] = all.subarray(from, from + OWN);
      return { n: count, units: own, w, x, ww, xw, xx, weighted, grouped };
    });
    const [xx, xw, wx, ww] = all.subarray(2 * OWN);
    return { n, units, xx, xw, wx, ww, baseline, candidate };
  }

  /** Of zeros and ones, from what each of the four kinds weighs. */
  function ofKinds({ counts, moments }, cell, n, weighted) {
    const half = moments.length / 2;
    const of = (from) => [1, 2, 3, 4].map((kind) => (weighted ? moments[from + cell * KINDS + kind] : total(counts, cell, (own) => own === kind)));
    const [a, b, c, d] = of(0);
    const [aa, bb, cc, dd] = weighted ? of(half) : [a, b, c, d];
    const shared = { n, units: n, w: a + b + c + d, ww: aa + bb + cc + dd, weighted, grouped: false };
    return {
      xx: dd, xw: cc + dd, wx: bb + dd, ww: shared.ww,
      baseline: { ...shared, x: c + d, xw: cc + dd, xx: cc + dd }, candidate: { ...shared, x: b + d, xw: bb + dd, xx: bb + dd },
    };
  }

  /** The samples of a cell in some of its states. */
  function total(counts, cell, wanted) {
    let sum = 0;
    for (let state = 0; state < STATES; state++) {
      if (wanted(Math.floor(state / FLIPS), state % FLIPS)) sum += counts[cell * STATES + state];
    }
    return sum;
  }

  function keys(key, codes, sizes, start, end) {
    if (codes.length === 2) {
      const [a, b] = codes;
      const width = sizes[1];
      for (let i = start; i < end; i++) key[i - start] = a[i] * width + b[i];
    } else if (codes.length) {
      const [a] = codes;
      for (let i = start; i < end; i++) key[i - start] = a[i];
    } else key.fill(0);
  }

  function count(counts, key, state, start, end) {
    for (let i = start; i < end; i++) counts[key[i - start] * STATES + state[i]]++;
  }

  function sumWeights(moments, key, state, weight, half, start, end) {
    for (let i = start; i < end; i++) {
      const at = key[i - start] * KINDS + Math.floor(state[i] / FLIPS);
      moments[at] += weight[i];
      moments[half + at] += weight[i] * weight[i];
    }
  }

  function sumRows(moments, key, { state, x0, w0, x1, w1 }, weight, start, end) {
    for (let i = start; i < end; i++) {
      if (state[i] < FLIPS) continue;
      const w = weight ? weight[i] : 1;
      add(moments, key[i - start] * SUMS, w * x0[i], w * w0[i], w0[i] ? 1 : 0, w * x1[i], w * w1[i], w1[i] ? 1 : 0);
    }
  }

  /** What one sample, or one group, adds: its sums and their products; n is of samples. */
  function add(moments, at, x0, w0, n0, x1, w1, n1) {
    addOwn(moments, at, x0, w0, n0);
    addOwn(moments, at + OWN, x1, w1, n1);
    moments[at + 14] += x0 * x1;
    moments[at + 15] += x0 * w1;
    moments[at + 16] += w0 * x1;
    moments[at + 17] += w0 * w1;
  }

  function addOwn(moments, at, x, w, n) {
    if (n === 0) return;
    moments[at] += n;
    moments[at + 1] += 1;
    moments[at + 2] += w;
    moments[at + 3] += x;
    moments[at + 4] += w * w;
    moments[at + 5] += x * w;
    moments[at + 6] += x * x;
  }

  /** The samples stand in the order of groups: each group is summed by cell, and closed where the next one begins. */
  function sumGroups(into, open, key, { state, x0, w0, x1, w1 }, { group, weight }, start, end) {
    for (let i = start; i < end; i++) {
      if (state[i] < FLIPS) continue;
      if (group[i] !== open.group) {
        close(into, open);
        open.group = group[i];
      }
      const cell = key[i - start];
      const w = weight ? weight[i] : 1;
      if (open.n0[cell] + open.n1[cell] === 0) open.cells[open.n++] = cell;
      open.x0[cell] += w * x0[i];
      open.w0[cell] += w * w0[i];
      open.x1[cell] += w * x1[i];
      open.w1[cell] += w * w1[i];
      if (w0[i]) open.n0[cell]++;
      if (w1[i]) open.n1[cell]++;
    }
  }

  function close({ moments, units }, open) {
    for (let at = 0; at < open.n; at++) {
      const cell = open.cells[at];
      add(moments, cell * SUMS, open.x0[cell], open.w0[cell], open.n0[cell], open.x1[cell], open.w1[cell], open.n1[cell]);
      units[cell]++;
      open.x0[cell] = open.w0[cell] = open.n0[cell] = open.x1[cell] = open.w1[cell] = open.n1[cell] = 0;
    }
    open.n = 0;
  }

  window.reportgen.sliceSums = { FLIPS, up, pairOf, total };
});
