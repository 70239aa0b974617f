/**
 * What two versions say of a selection, and what became of its samples between them. No page in here.
 */
window.reportgen.define("said", () => {
  "use strict";

  const { model: models, outcomes } = window.reportgen;
  const MOST_CLASSES = 25; // up to which predictions stand beside the truth

  /**
   * @param {any} model whose counts are those of the selection
   * @returns {{said: Uint32Array[], confusions: Uint32Array[]}} by version how often it says each class code + 1 (0: not
   *   scored), and how often where this is the truth: target * (classes + 1) + prediction; empty for values
   */
  function of({ spaces, pair, counter }) {
    const { found, cells } = spaces[0];
    if (!found) return { said: [], confusions: [] };
    const k = found.classes;
    const { counts } = counter.plain(0);
    const says = pair.map(() => new Uint32Array(k + 1));
    const tables = k <= MOST_CLASSES ? pair.map(() => new Uint32Array((k + 1) ** 2)) : [];
    for (let cell = 0; cell < cells.size; cell++) {
      if (!counts[cell]) continue;
      const s = cells.state ? cells.state[cell] : cell;
      for (let place = 0; place < pair.length; place++) {
        const own = found.said[place][s];
        says[place][own] += counts[cell];
        if (tables.length) tables[place][found.target[s] * (k + 1) + own] += counts[cell];
      }
    }
    return { said: says, confusions: tables };
  }

  /** @param {any} model @returns {Record<string, number> | null} Samples of the selection by flip; null without a baseline. */
  function flips({ baseline, counter }) {
    if (baseline === null) return null;
    const counts = counter.inside("flip");
    const sum = (code) => counts.slice(code * models.OUTCOMES, (code + 1) * models.OUTCOMES).reduce((all, one) => all + one, 0);
    return Object.fromEntries(Object.entries(outcomes.FLIP).filter(([name]) => name !== "none").map(([name, code]) => [name, sum(code)]));
  }

  window.reportgen.said = { of, flips };
});
