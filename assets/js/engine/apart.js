/**
 * What sets the wrong samples of a selection apart: values that are more common among them than among the right ones.
 * No page in here.
 */
window.reportgen.define("apart", () => {
  "use strict";

  const { intervals } = window.reportgen;
  const MOST = 12;
  const [WRONG, RIGHT, OUTCOMES] = [1, 2, 3];

  const shares = (n, x) => ({ n, units: n, w: n, x, ww: n, xw: x, xx: x, weighted: false, grouped: false });

  /**
   * @param {Map<string, ArrayLike<number>>} counts by filter, of the selection: counts[code * 3 + outcome]
   * @param {number} level of the intervals
   * @returns {{key: string, code: number, wrong: number, nWrong: number, right: number, nRight: number, low: number,
   *   high: number, p: number}[]} the shares' difference with Newcombe's interval and the score test's p, largest score first
   */
  function find(counts, level) {
    const found = [];
    for (const [key, table] of counts) {
      let [nWrong, nRight] = [0, 0];
      for (let cell = 0; cell < table.length; cell += OUTCOMES) {
        nWrong += table[cell + WRONG];
        nRight += table[cell + RIGHT];
      }
      if (!nWrong || !nRight) continue;
      for (let code = 1; code * OUTCOMES < table.length; code++) {
        const [wrong, right] = [table[code * OUTCOMES + WRONG], table[code * OUTCOMES + RIGHT]];
        const delta = wrong / nWrong - right / nRight;
        if (!(delta > 0)) continue;
        const pooled = (wrong + right) / (nWrong + nRight);
        const score = delta / Math.sqrt(pooled * (1 - pooled) * (1 / nWrong + 1 / nRight));
        const pair = { baseline: shares(nRight, right), candidate: shares(nWrong, wrong), n: nRight + nWrong, units: nRight + nWrong, xx: 0, xw: 0, wx: 0, ww: 0 };
        const { low, high, p } = intervals.compareWithRest(pair, { binary: true, level });
        found.push({ key, code, wrong, nWrong, right, nRight, low, high, p, score });
      }
    }
    found.sort((a, b) => b.score - a.score);
    return found.slice(0, MOST).map(({ score, ...one }) => one);
  }

  window.reportgen.apart = { find };
});
