/**
 * The change of the confusion matrix between two versions, as analysis/confusions.py has it. No page in here.
 *
 * @typedef {object} Cell of the confusion matrix; codes from 0
 * @property {number} target @property {number} prediction @property {number} before @property {number} after samples
 * @property {number} low @property {number} high of the change, in samples; NaN where there are none
 * @property {number} n samples of the target @property {number} q @property {import("./decide.js").Verdict} verdict
 */
window.reportgen.define("confusions", () => {
  "use strict";

  const { decide, intervals, sums } = window.reportgen;

  /** By one target class at a time: its cells, so that no sum goes over others. */
  function byTarget({ found, part, both }, k) {
    const { size, state, group } = part.cells;
    const held = Array.from({ length: k + 1 }, () => /** @type {number[]} */ ([]));
    for (let cell = 0; cell < size; cell++) {
      const s = state ? state[cell] : cell;
      if (both[s]) held[found.target[s]].push(cell);
    }
    return held.map((own) => ({
      cells: { size: own.length, state: Uint32Array.from(own, (cell) => (state ? state[cell] : cell)), group: group && Uint32Array.from(own, (cell) => group[cell]) },
      n: Uint32Array.from(own, (cell) => part.n[cell]),
      weight: part.weight && Float64Array.from(own, (cell) => part.weight[cell]),
      square: part.square && Float64Array.from(own, (cell) => part.square[cell]),
    }));
  }

  /** The change of every cell of the confusion matrix that either version fills. */
  function* changes(space, meta) {
    const k = meta.classes.length;
    const { found } = space;
    const [said0, said1] = found.said;
    const ones = new Float64Array(found.size).fill(1);
    /** @type {any[]} */
    const list = [];
    const parts = byTarget(space, k);
    for (let target = 1; target <= k; target++) {
      const part = parts[target];
      const counts = [new Float64Array(k + 1), new Float64Array(k + 1)];
      for (let cell = 0; cell < part.cells.size; cell++) {
        const s = part.cells.state[cell];
        counts[0][said0[s]] += part.n[cell];
        counts[1][said1[s]] += part.n[cell];
      }
      for (let said = 1; said <= k; said++) {
        const [before, after] = [counts[0][said], counts[1][said]];
        if (!before && !after) continue;
        const x = found.said.map((own) => Float64Array.from(own, (one) => (one === said ? 1 : 0)));
        const pair = sums.pair(part, x[0], ones, x[1], ones);
        const moved = intervals.differenceInterval(pair, { binary: true, level: meta.level });
        const support = decide.support(pair, meta.grouped, meta.support);
        list.push({
          target: target - 1, prediction: said - 1, before, after, low: moved.low * pair.n, high: moved.high * pair.n, n: pair.n,
          p: decide.tested(support) ? moved.p : NaN, support,
        });
      }
      yield;
    }
    const q = decide.benjaminiHochberg(list.map((one) => one.p));
    return list.map(({ p, support, ...one }, i) => ({
      ...one, q: q[i], verdict: decide.verdict(one.after - one.before, q[i], support, one.target === one.prediction),
    }));
  }

  window.reportgen.confusions = { changes };
});
