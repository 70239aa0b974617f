/**
 * Sums of a metric over a selection, as stats/statistic.py has them: x and w by state, multiplied by how many samples of
 * each state are in it; with weights by their weights; with groups over cells of (state, group), in the order of groups.
 * No page in here.
 *
 * @typedef {object} Cells what sums go over
 * @property {number} size
 * @property {ArrayLike<number> | null} state of each cell; null: the cell's own number
 * @property {ArrayLike<number> | null} group of each cell, ascending; null without groups
 *
 * @typedef {object} Part which samples
 * @property {Cells} cells
 * @property {ArrayLike<number>} n samples a cell
 * @property {ArrayLike<number> | null} weight Σ weight a cell; null without weights
 * @property {ArrayLike<number> | null} square Σ weight² a cell; null without weights
 *
 * @typedef {ArrayLike<number>} ByState
 * @typedef {import("./intervals.js").Sums} Sums @typedef {import("./intervals.js").PairSums} PairSums
 */
window.reportgen.define("sums", () => {
  "use strict";

  const nothing = (weighted, grouped) => ({ n: 0, units: 0, w: 0, x: 0, ww: 0, xw: 0, xx: 0, weighted, grouped });

  /**
   * @param {Part} part
   * @param {ByState} x @param {ByState} w
   * @returns {Sums} of Σx / Σw
   */
  function ratio(part, x, w) {
    return part.cells.group ? ofGroups(part, x, w) : ofSamples(part, x, w);
  }

  function ofSamples({ cells, n, weight, square }, x, w) {
    const { size, state } = cells;
    const sums = nothing(weight !== null, false);
    for (let cell = 0; cell < size; cell++) {
      const count = n[cell];
      if (!count) continue;
      const s = state ? state[cell] : cell;
      const ws = w[s];
      if (ws === 0) continue;
      const xs = x[s];
      const first = weight ? weight[cell] : count;
      const second = square ? square[cell] : count;
      sums.n += count;
      sums.w += first * ws;
      sums.x += first * xs;
      sums.ww += second * ws * ws;
      sums.xw += second * xs * ws;
      sums.xx += second * xs * xs;
    }
    sums.units = sums.n;
    return sums;
  }

  function ofGroups({ cells, n, weight }, x, w) {
    const { size, state, group } = cells;
    const sums = nothing(weight !== null, true);
    for (let cell = 0; cell < size; ) {
      const own = group[cell];
      let [count, xg, wg] = [0, 0, 0];
      for (; cell < size && group[cell] === own; cell++) {
        const s = state ? state[cell] : cell;
        if (!n[cell] || w[s] === 0) continue;
        const first = weight ? weight[cell] : n[cell];
        count += n[cell];
        xg += first * x[s];
        wg += first * w[s];
      }
      if (count) add(sums, count, xg, wg);
    }
    return sums;
  }

  function add(sums, count, x, w) {
    sums.n += count;
    sums.units += 1;
    sums.w += w;
    sums.x += x;
    sums.ww += w * w;
    sums.xw += x * w;
    sums.xx += x * x;
  }

  /**
   * @param {Part} part samples that both versions scored
   * @param {ByState} x0 @param {ByState} w0 of the baseline
   * @param {ByState} x1 @param {ByState} w1 of the candidate
   * @returns {PairSums}
   */
  function pair(part, x0, w0, x1, w1) {
    const { cells, n, weight, square } = part;
    const found = { baseline: ratio(part, x0, w0), candidate: ratio(part, x1, w1), n: 0, units: 0, xx: 0, xw: 0, wx: 0, ww: 0 };
    const { size, state, group } = cells;
    const cross = (count, times, a, b, c, d) => {
      found.n += count;
      found.xx += times * a * c;
      found.xw += times * a * d;
      found.wx += times * b * c;
      found.ww += times * b * d;
    };
    for (let cell = 0; cell < size; ) {
      if (!group) {
        const s = state ? state[cell] : cell;
        if (n[cell] && (w0[s] !== 0 || w1[s] !== 0)) {
          cross(n[cell], square ? square[cell] : n[cell], w0[s] ? x0[s] : 0, w0[s], w1[s] ? x1[s] : 0, w1[s]);
        }
        cell++;
        continue;
      }
      const own = group[cell];
      let [count, a, b, c, d] = [0, 0, 0, 0, 0];
      for (; cell < size && group[cell] === own; cell++) {
        const s = state ? state[cell] : cell;
        if (!n[cell] || (w0[s] === 0 && w1[s] === 0)) continue;
        const first = weight ? weight[cell] : n[cell];
        count += n[cell];
        if (w0[s]) a += first * x0[s];
        b += first * w0[s];
        if (w1[s]) c += first * x1[s];
        d += first * w1[s];
      }
      if (!count) continue;
      cross(count, 1, a, b, c, d);
      found.units += 1;
    }
    if (!group) found.units = found.n;
    return found;
  }

  /**
   * A selection (as candidate) beside its rest (as baseline); in groups that lie in both, their sums go together.
   * @param {Part} inside @param {Part} rest
   * @param {ByState} x @param {ByState} w
   * @returns {PairSums}
   */
  function withRest(inside, rest, x, w) {
    const found = { baseline: ratio(rest, x, w), candidate: ratio(inside, x, w), n: 0, units: 0, xx: 0, xw: 0, wx: 0, ww: 0 };
    found.n = found.baseline.n + found.candidate.n;
    const { size, state, group } = inside.cells;
    if (!group) return { ...found, units: found.n };
    for (let cell = 0; cell < size; ) {
      const own = group[cell];
      let [count, a, b, c, d] = [0, 0, 0, 0, 0];
      for (; cell < size && group[cell] === own; cell++) {
        const s = state ? state[cell] : cell;
        if (w[s] === 0) continue;
        count += rest.n[cell] + inside.n[cell];
        if (rest.n[cell]) {
          const first = rest.weight ? rest.weight[cell] : rest.n[cell];
          a += first * x[s];
          b += first * w[s];
        }
        if (inside.n[cell]) {
          const first = inside.weight ? inside.weight[cell] : inside.n[cell];
          c += first * x[s];
          d += first * w[s];
        }
      }
      if (!count) continue;
      found.units += 1;
      found.xx += a * c;
      found.xw += a * d;
      found.wx += b * c;
      found.ww += b * d;
    }
    return found;
  }

  /**
   * Sums of x over samples, each counting as one: of what is weighted already.
   * @param {Part} part
   * @param {ByState} x of one sample; by state, to be multiplied by its weight where `weighted`
   * @param {ByState} w 1 where a state counts, else 0
   * @param {boolean} weighted
   * @returns {Sums}
   */
  function means({ cells, n, weight, square }, x, w, weighted) {
    const by = weighted && weight;
    const { size, state, group } = cells;
    const sums = nothing(false, group !== null);
    for (let cell = 0; cell < size; ) {
      if (!group) {
        const s = state ? state[cell] : cell;
        if (n[cell] && w[s]) {
          sums.n += n[cell];
          sums.x += (by ? weight[cell] : n[cell]) * x[s];
          sums.xx += (by ? square[cell] : n[cell]) * x[s] * x[s];
        }
        cell++;
        continue;
      }
      const own = group[cell];
      let [count, xg] = [0, 0];
      for (; cell < size && group[cell] === own; cell++) {
        const s = state ? state[cell] : cell;
        if (!n[cell] || !w[s]) continue;
        count += n[cell];
        xg += (by ? weight[cell] : n[cell]) * x[s];
      }
      if (count) add(sums, count, xg, count);
    }
    if (!group) {
      sums.units = sums.w = sums.ww = sums.n;
      sums.xw = sums.x;
    }
    return sums;
  }

  window.reportgen.sums = { ratio, pair, withRest, means };
});
