/**
 * Any two versions held to the same cut-off, as analysis/cutoffs.py holds the built ones: what both find of a class and
 * how often both are wrong, over the samples that both have a score for. Scores themselves are not here: their places
 * are, and which place each cut-off of the grid begins at. No page in here.
 */
window.reportgen.define("cutoff_pairs", () => {
  "use strict";

  const { cells, intervals, sums } = window.reportgen;
  const BLOCK = 1 << 16;
  const BOUNDS = [0, Infinity];

  /** @param {number} place from 1 @param {number[]} begins places, ascending @returns {number} How many of the cut-offs it reaches. */
  function reached(place, begins) {
    let [low, high] = [0, begins.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (begins[middle] <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   * @param {<T>(steps: Generator<void, T>) => Promise<T>} run
   */
  function open(meta, load, run) {
    const { n } = meta;

    /** The samples by how many cut-offs either version's score reaches, and by whether they are of the class. */
    function* statesOf(target, klass, ranks, begins) {
      const of = new Uint32Array(n);
      /** @type {Map<number, number>} */
      const known = new Map();
      const found = { own: [], steps: [[], []] };
      const width = begins[0].length + 1;
      for (let row = 0; row < n; row++) {
        const both = ranks[0][row] && ranks[1][row];
        const steps = both ? ranks.map((places, v) => reached(places[row], begins[v])) : [0, 0];
        const own = both ? (target[row] === klass + 1 ? 1 : 0) : -1;
        const code = ((own + 1) * width + steps[0]) * width + steps[1];
        let state = known.get(code);
        if (state === undefined) {
          known.set(code, (state = found.own.push(own) - 1));
          steps.forEach((step, v) => found.steps[v].push(step));
        }
        of[row] = state;
        if (row % BLOCK === BLOCK - 1) yield;
      }
      return { of, size: found.own.length, ...found };
    }

    /** The differences along the grid, of the class and of the others. */
    function* walk(states, part, places) {
      const counts = new Float64Array(states.size);
      const { cells: space } = part;
      for (let cell = 0; cell < space.size; cell++) counts[space.state ? space.state[cell] : cell] += part.n[cell];
      const among = [1, 0].map((own) => Float64Array.from(states.own, (one) => (one === own ? 1 : 0)));
      const out = [];
      for (let at = 0; at < places; at++) {
        const said = states.steps.map((steps) => steps.map((step) => (step > at ? 1 : 0)));
        out.push(among.map((w) => {
          const x = said.map((one) => w.map((own, s) => own * one[s]));
          const moved = intervals.differenceInterval(sums.pair(part, x[0], w, x[1], w), { binary: true, level: meta.level, bounds: BOUNDS });
          const count = (xs) => xs.reduce((sum, one, s) => sum + one * counts[s], 0);
          return { ...moved, before: count(x[0]), after: count(x[1]) };
        }));
        yield;
      }
      const sizes = among.map((w) => w.reduce((sum, one, s) => sum + one * counts[s], 0));
      return { out, sizes };
    }

    /**
     * @param {number} baseline @param {number} candidate places of the versions
     * @param {number} klass a class code from 0
     * @param {number[][]} begins of the baseline and of the candidate: the place from which a score reaches each cut-off
     * @returns {Promise<any>} as engine/cutoffs.js takes a match, at every cut-off of the grid; rejects where the report
     *   does not carry the places
     */
    async function cutoffs(baseline, candidate, klass, begins) {
      const [target, group, weight, ...ranks] = await Promise.all([
        load("target"), meta.grouped ? load("group") : null, meta.weighted ? load("weight") : null,
        load(`rank-${klass}-${baseline}`), load(`rank-${klass}-${candidate}`),
      ]);
      const states = await run(statesOf(target, klass, ranks, begins));
      const space = cells.ofStates(n, states, group);
      const counts = new Uint32Array(space.size);
      for (let row = 0; row < n; row++) counts[/** @type {any} */ (space.of)[row]]++;
      const { out, sizes } = await run(walk(states, cells.part(space, counts, weight, () => true), begins[0].length));
      const known = (value) => (Number.isNaN(value) ? null : value);
      const column = (own, name) => out.map((pair) => known(pair[own][name]));
      return {
        at: out.map((_, at) => at), n_class: sizes[0], n_other: sizes[1],
        found: column(0, "after"), false: column(1, "after"), base_found: column(0, "before"), base_false: column(1, "before"),
        delta_recall: column(0, "delta"), recall_low: column(0, "low"), recall_high: column(0, "high"),
        delta_false_alarm_rate: column(1, "delta"), false_alarm_rate_low: column(1, "low"), false_alarm_rate_high: column(1, "high"),
      };
    }

    return { cutoffs };
  }

  window.reportgen.cutoffPairs = { open };
});
