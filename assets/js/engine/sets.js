/**
 * The example sets: which samples are in each and in what order, for any version. No page in here.
 */
window.reportgen.define("sets", () => {
  "use strict";

  const { objectSets } = window.reportgen;
  const { SURE } = window.reportgen.confidences;
  const { NONE, WRONG, RIGHT, FLIP, judge, flips, hardness } = window.reportgen.outcomes;

  /**
   * @param {number} n
   * @param {(row: number) => boolean} among
   * @returns {Uint32Array} the rows, in the order of ids
   */
  function rowsWhere(n, among) {
    const found = new Uint32Array(n);
    let k = 0;
    for (let i = 0; i < n; i++) if (among(i)) found[k++] = i;
    return found.slice(0, k);
  }

  /**
   * @param {Uint32Array} rows in the order of ids
   * @param {ArrayLike<number>} score
   * @param {boolean} [lowest] the lowest score first
   * @returns {Uint32Array} the same rows, highest score first, ties in the order of ids
   */
  function rank(rows, score, lowest = false) {
    const sign = lowest ? -1 : 1;
    return rows.slice().sort((a, b) => sign * (score[b] - score[a]) || a - b);
  }

  /**
   * The samples of a set, as it ranks them.
   * @param {import("./outcomes.js").Samples} samples
   * @param {string} name surest_wrong, newly_broken, newly_fixed, always_wrong, largest_error; or all, wrong, right,
   *   sure_wrong, both_right, both_wrong, once_right, flip_flops; those of objects (engine/object_sets.js), as far as their
   *   chunks are in `samples.lists`; an unknown name is all
   * @param {number | null} baseline
   * @param {number} candidate
   * @returns {Uint32Array}
   */
  function members(samples, name, baseline, candidate) {
    const { n } = samples;
    const listed = samples.listed && objectSets.chunkOf(samples.listed, name, baseline, candidate);
    if (listed) return samples.lists.has(listed) ? objectSets.rowsOf(samples.lists.get(listed), name, baseline, candidate) : new Uint32Array(0);
    const score = hardness(samples, candidate);
    if (name in FLIP && name !== "none") {
      if (baseline === null) return new Uint32Array(0);
      const codes = flips(samples, baseline, candidate);
      return rank(rowsWhere(n, (i) => codes[i] === FLIP[name]), samples.values ? movement(samples, name, baseline, score) : score);
    }
    const among = traced(samples, name, candidate);
    if (among) return rank(rowsWhere(n, among), score);
    const outcome = judge(samples, candidate);
    if (name === "surest_wrong" || name === "wrong") return rank(rowsWhere(n, (i) => outcome[i] === WRONG), score);
    if (name === "sure_wrong") return rank(rowsWhere(n, (i) => outcome[i] === WRONG && score[i] >= SURE), score);
    if (name === "largest_error") return rank(rowsWhere(n, (i) => outcome[i] !== NONE), score);
    if (name === "right") return rank(rowsWhere(n, (i) => outcome[i] === RIGHT), score);
    return rowsWhere(n, () => true);
  }

  /**
   * The sets that look at every version.
   * @param {import("./outcomes.js").Samples} samples
   * @param {string} name always_wrong, once_right, flip_flops
   * @param {number} candidate
   * @returns {((row: number) => boolean) | null} which rows are in the set; null for any other name
   */
  function traced(samples, name, candidate) {
    if (!Object.hasOwn(TRACED, name)) return null;
    const all = samples.prediction.map((_, version) => judge(samples, version));
    return (row) => TRACED[name](all, candidate, row);
  }

  /** By name; what of the samples that all scored was right in some version and is wrong now, as Python's traces. */
  const TRACED = {
    always_wrong: (all, _, row) => all.every((one) => one[row] === WRONG),
    once_right: (all, candidate, row) =>
      all.every((one) => one[row] !== NONE) && all[candidate][row] === WRONG && all.some((one) => one[row] === RIGHT),
    // changes between right and wrong twice or more, in the order of the versions
    flip_flops: (all, _, row) =>
      all.every((one) => one[row] !== NONE) && all.filter((one, version) => version > 0 && one[row] !== all[version - 1][row]).length >= 2,
  };

  /** What ranks flips of values: how far the error moved, in the direction that the set is about. */
  function movement(samples, name, baseline, score) {
    if (name !== "newly_broken" && name !== "newly_fixed") return score;
    const before = hardness(samples, baseline);
    const sign = name === "newly_broken" ? 1 : -1;
    return score.map((after, i) => sign * (after - before[i]));
  }

  window.reportgen.sets = { members, rank, traced };
});
