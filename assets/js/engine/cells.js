/**
 * The cells that sums go over, and how many samples of a selection are in each. No page in here.
 *
 * @typedef {import("./sums.js").Cells & {of: import("./counter.js").Codes | null}} CellsOf `of`: the cell of each sample;
 *   null: its own number
 */
window.reportgen.define("cells", () => {
  "use strict";

  const { bits } = window.reportgen;

  /** @param {number} n @param {ArrayLike<number>} group @returns {Uint32Array} The samples in the order of their groups, by counting. */
  function byGroup(n, group) {
    let most = 0;
    for (let i = 0; i < n; i++) if (group[i] > most) most = group[i];
    const starts = new Uint32Array(most + 2);
    for (let i = 0; i < n; i++) starts[group[i] + 1]++;
    for (let g = 0; g <= most; g++) starts[g + 1] += starts[g];
    const rows = new Uint32Array(n);
    for (let i = 0; i < n; i++) rows[starts[group[i]]++] = i;
    return rows;
  }

  /**
   * A cell a state; with groups a cell for every state of every group.
   * @param {number} n
   * @param {{of: import("./counter.js").Codes, size: number}} states
   * @param {ArrayLike<number> | null} group
   * @returns {CellsOf}
   */
  function ofStates(n, states, group) {
    if (!group) return { size: states.size, state: null, group: null, of: states.of };
    const rows = byGroup(n, group);
    const seen = new Int32Array(states.size); // the cell of a state in the group that is being read, plus one
    const of = new Uint32Array(n);
    /** @type {number[]} */
    const state = [];
    /** @type {number[]} */
    const groups = [];
    let first = 0; // cells before this one are of other groups
    let own = -1;
    for (const row of rows) {
      if (group[row] !== own) {
        own = group[row];
        first = state.length;
      }
      const s = states.of[row];
      if (seen[s] <= first) {
        state.push(s);
        groups.push(own);
        seen[s] = state.length;
      }
      of[row] = seen[s] - 1;
    }
    return { size: state.length, state: Uint32Array.from(state), group: Uint32Array.from(groups), of };
  }

  /**
   * A cell a sample: for what differs from sample to sample.
   * @param {number} n
   * @param {ArrayLike<number> | null} group
   * @returns {CellsOf}
   */
  function ofRows(n, group) {
    if (!group) return { size: n, state: null, group: null, of: null };
    const rows = byGroup(n, group);
    const of = new Uint32Array(n);
    for (let cell = 0; cell < n; cell++) of[rows[cell]] = cell;
    return { size: n, state: rows, group: Uint32Array.from(rows, (row) => group[row]), of };
  }

  /**
   * @param {CellsOf} cells
   * @param {ArrayLike<number>} n samples of the part, a cell each
   * @param {ArrayLike<number> | null} weights of each sample
   * @param {(row: number) => boolean} among which samples are in the part
   * @returns {import("./sums.js").Part}
   */
  function part(cells, n, weights, among) {
    if (!weights) return { cells, n, weight: null, square: null };
    const weight = new Float64Array(cells.size);
    const square = new Float64Array(cells.size);
    for (let i = 0; i < weights.length; i++) {
      if (!among(i)) continue;
      const cell = cells.of ? cells.of[i] : i;
      weight[cell] += weights[i];
      square[cell] += weights[i] * weights[i];
    }
    return { cells, n, weight, square };
  }

  /**
   * @param {CellsOf} cells of samples, one each
   * @param {number} n samples
   * @param {import("./bits.js").Bits} chosen
   * @param {boolean} inside false: the samples that are not chosen
   * @returns {Uint8Array} 1 where the cell's sample is in the part
   */
  function ones(cells, n, chosen, inside) {
    const out = new Uint8Array(cells.size);
    for (let i = 0; i < n; i++) if (bits.has(chosen, i) === inside) out[cells.of ? cells.of[i] : i] = 1;
    return out;
  }

  window.reportgen.cells = { byGroup, ofStates, ofRows, part, ones };
});
