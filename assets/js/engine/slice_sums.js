/**
 * What the samples of many slices add up to for two versions, in one pass. No page in here.
 *
 * @typedef {{n: number, quick: boolean, grouped: boolean}} How `quick`: of zeros and ones without groups, counts by state say all
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
  const SUMS = 9; // w, x0, x1, w², x0·w, x1·w, x0², x1², x0·x1

  /**
   * @param {How} how @param {any} own columns of the samples, in the order in which they are read
   * @param {{state: Uint8Array, x0: any, x1: any}} rows
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
    const open = grouped ? { x0: new Float64Array(size), x1: new Float64Array(size), w: new Float64Array(size), count: new Uint32Array(size), cells: new Uint32Array(size), n: 0, group: -1 } : null;
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

  /** A cell's sums as intervals take them. */
  function pairOf({ quick, grouped }, sums, cell, weighted) {
    const count = total(sums.counts, cell, (kind) => kind > 0);
    const [w, x0, x1, ww, xw0, xw1, xx0, xx1, x01] = quick ? ofKinds(sums, cell, weighted) : sums.moments.subarray(cell * SUMS, (cell + 1) * SUMS);
    const units = grouped ? sums.units[cell] : count;
    const shared = { n: count, units, w, ww, weighted, grouped };
    return {
      n: count, units, xx: x01, xw: xw0, wx: xw1, ww,
      baseline: { ...shared, x: x0, xw: xw0, xx: xx0 }, candidate: { ...shared, x: x1, xw: xw1, xx: xx1 },
    };
  }

  /** Of zeros and ones, from what each of the four kinds weighs. */
  function ofKinds({ counts, moments }, cell, weighted) {
    const half = moments.length / 2;
    const of = (from) => [1, 2, 3, 4].map((kind) => (weighted ? moments[from + cell * KINDS + kind] : total(counts, cell, (own) => own === kind)));
    const [a, b, c, d] = of(0);
    const [aa, bb, cc, dd] = weighted ? of(half) : [a, b, c, d];
    return [a + b + c + d, c + d, b + d, aa + bb + cc + dd, cc + dd, bb + dd, cc + dd, bb + dd, dd];
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

  function sumRows(moments, key, { state, x0, x1 }, weight, start, end) {
    for (let i = start; i < end; i++) {
      if (state[i] < FLIPS) continue;
      const w = weight ? weight[i] : 1;
      add(moments, key[i - start] * SUMS, w, w * x0[i], w * x1[i]);
    }
  }

  /** What one sample, or one group, adds: its sums and their products. */
  function add(moments, at, w, x0, x1) {
    moments[at] += w;
    moments[at + 1] += x0;
    moments[at + 2] += x1;
    moments[at + 3] += w * w;
    moments[at + 4] += x0 * w;
    moments[at + 5] += x1 * w;
    moments[at + 6] += x0 * x0;
    moments[at + 7] += x1 * x1;
    moments[at + 8] += x0 * x1;
  }

  /** The samples stand in the order of groups: each group is summed by cell, and closed where the next one begins. */
  function sumGroups(into, open, key, { state, x0, x1 }, { group, weight }, start, end) {
    for (let i = start; i < end; i++) {
      if (state[i] < FLIPS) continue;
      if (group[i] !== open.group) {
        close(into, open);
        open.group = group[i];
      }
      const cell = key[i - start];
      const w = weight ? weight[i] : 1;
      if (open.count[cell]++ === 0) open.cells[open.n++] = cell;
      open.w[cell] += w;
      open.x0[cell] += w * x0[i];
      open.x1[cell] += w * x1[i];
    }
  }

  function close({ moments, units }, open) {
    for (let at = 0; at < open.n; at++) {
      const cell = open.cells[at];
      add(moments, cell * SUMS, open.w[cell], open.x0[cell], open.x1[cell]);
      units[cell]++;
      open.w[cell] = open.x0[cell] = open.x1[cell] = open.count[cell] = 0;
    }
    open.n = 0;
  }

  window.reportgen.sliceSums = { FLIPS, up, pairOf, total };
});
