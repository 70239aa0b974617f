/**
 * What two versions are counted by: their states, the columns and the counts of both, before any filter. No page in here.
 *
 * @typedef {object} Own what every pair of versions rests on
 * @property {import("./outcomes.js").Samples} samples
 * @property {ArrayLike<number> | null} group @property {ArrayLike<number> | null} weight
 * @property {(Uint8Array | null)[]} sure by version: 1 where it is wrong and sure of itself
 * @property {Map<string, ArrayLike<number>>} codes of the label and the attributes, by chunk
 * @property {import("./counter.js").Column[]} fixed those that no version changes
 * @property {{metric: any, klass: number}[]} wanted the figures of every selection
 */
window.reportgen.define("model", () => {
  "use strict";

  const { bits, cells, columns, confidences, counter, figures, hardest, outcomes, parts, states } = window.reportgen;
  const OUTCOMES = 3; // not scored, wrong, right

  /** @param {any} meta the chunk "samples" @returns {string[]} The chunks with the label and the attributes. */
  const columnsOf = (meta) => [...new Set(["target", ...meta.attributes.map((/** @type {any} */ one) => one.column)])];

  /**
   * @param {any} meta
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   * @param {() => Promise<void>} rest lets others have their turn
   * @returns {Promise<Own>}
   */
  async function found(meta, load, rest) {
    const names = columnsOf(meta);
    const [values, group, weight, prediction, confidence, consists] = await Promise.all([
      Promise.all(names.map(load)),
      meta.grouped ? load("group") : null,
      meta.weighted ? load("weight") : null,
      Promise.all(meta.versions.map((_, v) => load(`prediction-${v}`))),
      Promise.all(meta.versions.map((one, v) => (one.confidence ? load(`confidence-${v}`) : null))),
      parts.all(meta, load),
    ]);
    const codes = new Map(names.map((name, i) => [name, values[i]]));
    const samples = {
      n: meta.n, values: meta.classes.length === 0, target: codes.get("target"), prediction, confidence, tolerance: meta.tolerance,
      margin: meta.margin, parts: consists,
    };
    const sure = [];
    for (let v = 0; v < prediction.length; v++) {
      sure.push(samples.values ? null : confidences.sureWrong(samples, v));
      await rest();
    }
    return { samples, group, weight, sure, codes, fixed: columns.fixed(meta, (name) => codes.get(name)), wanted: figures.wanted(meta) };
  }

  /**
   * @param {any} meta
   * @param {Own} own
   * @param {number | null} baseline
   * @param {number} candidate
   * @param {<T>(steps: Generator<void, T>) => Promise<T>} run
   * @param {() => Promise<void>} rest
   */
  async function make(meta, own, baseline, candidate, run, rest) {
    const { samples, group, sure, fixed } = own;
    const k = meta.classes.length;
    const now = outcomes.judge(samples, candidate);
    const pair = baseline === null ? [candidate] : [baseline, candidate];
    const alone = meta.versions.map((_, v) => v).filter((v) => !pair.includes(v));
    const spaces = [];
    for (const versions of k ? [pair, ...alone.map((v) => [v])] : []) {
      const [said, surely] = [samples.prediction, sure].map((of) => versions.map((v) => of[v]));
      const among = await run(states.find({ n: meta.n, classes: k, target: samples.target, said, sure: surely }));
      spaces.push({ found: among, versions, cells: cells.ofStates(meta.n, among, group) });
      await rest();
    }
    if (!k) spaces.push({ found: null, versions: meta.versions.map((_, v) => v), cells: cells.ofRows(meta.n, group) });
    const shown = columns.withPair(fixed, samples, baseline, candidate, now, spaces[0].found);
    const counted = await run(counter.make({
      n: meta.n, columns: shown, outcome: now, outcomes: OUTCOMES,
      plain: k ? spaces.map((space) => ({ codes: space.cells.of, size: space.cells.size })) : [],
      told: k ? { state: spaces[0].cells.state, outcome: shown.find((one) => one.key === "now").states } : null,
    }));
    const views = [];
    spaces.forEach((space, at) =>
      space.versions.forEach((v, place) => (views[v] = { at, view: figures.view(figures.sideOf(meta, samples, space.found, v, place)) })),
    );
    return {
      baseline, candidate, pair, spaces, views, counter: counted, columns: new Map(shown.map((one) => [one.key, one])),
      both: bothScored(views, pair), rowsOf: hardestFirst(samples, candidate, now, run), filters: new Map(), numbers: new Map(), rowCells: null,
    };
  }

  function bothScored(views, pair) {
    if (pair.length < 2) return null;
    const [before, after] = pair.map((v) => views[v].view.scored);
    return before.map((one, s) => one * after[s]);
  }

  /** @returns {(outcome: number) => Promise<Uint32Array>} The rows of an outcome, hardest first; made when they are asked for. */
  function hardestFirst(samples, candidate, now, run) {
    let parts = null;
    const ordered = new Map();
    return async (outcome) => {
      parts = parts || hardest.split(now, OUTCOMES);
      if (!ordered.has(outcome)) ordered.set(outcome, await run(hardest.order(parts[outcome], outcomes.hardness(samples, candidate))));
      return ordered.get(outcome);
    };
  }

  /** The selection and its rest over the cells of a space: the one at a place, or cells of samples, which none is told of. */
  function partsOf(own, model, space, at) {
    const { counter: counted } = model;
    const chosen = counted.chosen();
    let [inside, outside] = [null, null];
    if (space.found) {
      const { counts, total } = counted.plain(at);
      inside = counts;
      outside = total.map((one, cell) => one - counts[cell]);
    } else {
      [inside, outside] = [true, false].map((within) => cells.ones(space.cells, counted.n, chosen, within));
    }
    return {
      inside: cells.part(space.cells, inside, own.weight, (row) => bits.has(chosen, row)),
      rest: cells.part(space.cells, outside, own.weight, (row) => !bits.has(chosen, row)),
    };
  }

  window.reportgen.model = { OUTCOMES, found, make, partsOf };
});
