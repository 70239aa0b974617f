/**
 * Everything that the Compare page tells of two versions, over all samples, as analysis/versions.py and flips.py have it.
 * No page in here.
 *
 * @typedef {object} Change of one metric, candidate − baseline over the samples that both scored
 * @property {string} metric @property {number} class code from 0; −1 where it is of none
 * @property {number} n @property {number} units
 * @property {number} before @property {number} after @property {number} delta NaN where not defined
 * @property {number} low @property {number} high @property {number} p @property {number} q NaN where there is none
 * @property {import("./decide.js").Support} support @property {import("./decide.js").Verdict} verdict
 * @property {boolean} mcnemar whether p is that of McNemar's test
 * @property {[number, number, number][]} others before, after and delta of every other version against the same baseline
 *
 * @typedef {object} Group of samples that flipped alike; codes from 0, −1 missing
 * @property {number} target @property {number} said by the candidate @property {number} n
 * @property {number} back how many were fixed from the same mistake @property {number[]} rows the first ones, hardest first
 */
window.reportgen.define("pairing", () => {
  "use strict";

  const { cells, confidences, confusions, decide, figures, influence, intervals, outcomes, parts, pixels, ranking, sets, states, sums, terms } = window.reportgen;
  const PANELS = ["recall", "precision"]; // the metrics of single classes that have a chart of their own
  const DRAWN = new Set(["average_precision", "calibration", "objects"]); // whose intervals take draws
  const GROUPS = 4;
  const ROWS = 60; // samples of a group that are given: more than are shown, since not each has a picture
  const AS_WRONG = "_missing_as_wrong";

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   * @param {<T>(steps: Generator<void, T>) => Promise<T>} run
   */
  function open(meta, load, run) {
    const k = meta.classes.length;
    const primary = meta.metrics.find((one) => one.primary);
    const ofPixels = meta.parts !== null && meta.parts.kind === "pixel";
    const isNearTold = ofPixels && meta.metrics.some((one) => one.name === "boundary_iou" && parts.beside(meta, one).length);
    const many = (v) => meta.versions[v].trainings > 1;
    /** @type {Promise<any> | null} */
    let based = null;

    async function base() {
      const [target, group, weight, prediction, confidence, consists] = await Promise.all([
        load("target"),
        meta.grouped ? load("group") : null,
        meta.weighted ? load("weight") : null,
        Promise.all(meta.versions.map((_, v) => load(`prediction-${v}`))),
        Promise.all(meta.versions.map((one, v) => (one.confidence ? load(`confidence-${v}`) : null))),
        parts.all(meta, load).then((known) => (isNearTold ? parts.near(meta, /** @type {any} */ (known), load) : known)),
      ]);
      const samples = {
        n: meta.n, values: k === 0, target, prediction, confidence, tolerance: meta.tolerance, margin: meta.margin,
        parts: consists,
      };
      return { samples, group, weight };
    }

    /** Two versions over what a metric can tell apart. */
    function* spaceOf({ samples, group, weight }, pair) {
      const { n, target, prediction } = samples;
      let found = null;
      if (k) {
        const sure = [];
        for (const v of pair) {
          sure.push(confidences.sureWrong(samples, v));
          yield;
        }
        found = yield* states.find({ n, classes: k, target, said: pair.map((v) => prediction[v]), sure });
      }
      const space = found ? cells.ofStates(n, found, group) : cells.ofRows(n, group);
      yield;
      const counts = new Uint32Array(space.size);
      for (let i = 0; i < n; i++) counts[space.of ? space.of[i] : i]++;
      const part = cells.part(space, counts, weight, () => true);
      yield;
      const views = pair.map((v, place) => figures.view(figures.sideOf(meta, samples, found, v, place)));
      const both = views[0].scored.map((one, s) => one * views[1].scored[s]);
      return { found, part, views, both, pair };
    }

    /** The metrics that two versions have, with the classes they are told of. */
    function wanted(pair) {
      const found = [];
      for (const metric of meta.metrics) {
        if (!metric.compared || !pair.every((v) => metric.versions[v]) || DRAWN.has(metric.kind)) continue;
        const classes = meta.positive !== null ? [meta.positive] : PANELS.includes(metric.name) ? meta.classes.map((_, c) => c) : [];
        const beside = ofPixels ? parts.beside(meta, metric) : [];
        for (const klass of metric.per_class ? classes : [-1, ...beside]) found.push({ metric, klass });
      }
      return found;
    }

    /** The terms of a ratio of two versions, and what they go over. */
    async function termsOf(own, space, { metric, klass }) {
      if (metric.missing) {
        const every = new Float64Array(space.both.length).fill(1);
        const named = metric.name.slice(0, -AS_WRONG.length);
        const [x0, x1] = space.views.map((view) => ({ x: terms.of(named, view.side, -1).x, w: every }));
        return { part: space.part, terms: [x0, x1] };
      }
      if (!metric.chunk) return null;
      own.byRow = own.byRow || cells.ofRows(meta.n, own.group);
      const part = cells.part(own.byRow, new Uint8Array(meta.n).fill(1), own.weight, () => true);
      const x = await Promise.all(space.pair.map((v) => load(`terms-${metric.name}-${v}`)));
      const [said, other] = space.pair.map((v) => own.samples.prediction[v]);
      const w = Float64Array.from(said, (one, row) => (scored(one) && scored(other[row]) ? 1 : 0));
      return { part, terms: x.map((one) => ({ x: one, w })) };
    }

    const scored = (said) => (k ? said !== 0 : !Number.isNaN(said));

    /** The places of a class's scores, of the samples that both ranked; null where the report does not carry them. */
    async function auroc({ samples, group, weight }, pair, klass) {
      const ranks = await Promise.all(pair.map((v) => load(`rank-${klass}-${v}`))).catch(() => null);
      if (!ranks) return null;
      const kept = [];
      for (let row = 0; row < meta.n; row++) if (ranks.every((place) => place[row])) kept.push(row);
      const own = group && Uint32Array.from(kept, (row) => group[row]);
      const found = ranking.aurocDifference({
        y: Uint8Array.from(kept, (row) => (samples.target[row] === klass + 1 ? 1 : 0)),
        ranks: ranks.map((place) => Uint32Array.from(kept, (row) => place[row])),
        group: own, weight: weight && Float64Array.from(kept, (row) => weight[row]),
      }, meta.level);
      return { n: kept.length, units: own ? new Set(own).size : kept.length, ...found };
    }

    /** One metric's difference, without q and verdict; null where the report does not carry what it needs. */
    async function differenceOf(own, space, one) {
      const { metric, klass } = one;
      const how = { classes: k, level: meta.level };
      if (metric.kind === "auroc") return auroc(own, space.pair, klass);
      const given = await termsOf(own, space, one).catch(() => null);
      if (metric.chunk && !given) return null;
      if (given) return figures.ratioDifference(metric, given.part, given.terms[0], given.terms[1], meta.level);
      const found = figures.difference(one, space.views[0], space.views[1], space.part, space.both, how);
      const trials = influence.FEW_DECIDE.has(metric.name) ? figures.trials(metric, space.views, space.part, space.both, how) : NaN;
      return { ...found, trials };
    }

    const isExact = ({ metric }) => metric.kind === "binary" && !metric.per_class && !meta.grouped && !meta.weighted;

    /** The changes of a metric that are tested together: the whole stands alone. */
    function families(found, metric) {
      const rows = found.filter((row) => row.metric === metric.name);
      return [rows.filter((row) => row.class < 0), rows.filter((row) => row.class >= 0)];
    }

    /** Every metric's change, with q and verdict: what is of one class among many is a family of its own. */
    async function changes(own, space) {
      /** @type {any[]} */
      const found = [];
      const left = new Set();
      for (const one of wanted(space.pair)) {
        const moved = await differenceOf(own, space, one);
        if (!moved) {
          left.add(one.metric.name);
          continue;
        }
        const support = decide.support(moved, meta.grouped, meta.support, moved.trials);
        const mcnemar = isExact(one) && !Number.isNaN(moved.p);
        const { n, units, before, after, delta, low, high, p } = moved;
        found.push({ metric: one.metric.name, class: one.klass, n, units, before, after, delta, low, high, p, q: NaN, support, verdict: "", mcnemar, others: [] });
      }
      for (const metric of meta.metrics) {
        if (DRAWN.has(metric.kind) && metric.compared && space.pair.every((v) => metric.versions[v])) {
          if (!metric.per_class || meta.positive !== null) left.add(metric.name);
        }
        for (const rows of families(found, metric)) {
          if (rows.length > 1) {
            const q = decide.benjaminiHochberg(rows.map((row) => (decide.tested(row.support) ? row.p : NaN)));
            rows.forEach((row, i) => (row.q = q[i]));
          }
          for (const row of rows) row.verdict = decide.verdict(row.delta, rows.length > 1 ? row.q : row.p, row.support, metric.higher);
        }
      }
      return { changes: found, left: [...left] };
    }

    /** What pixels are taken for, of samples that consist of pixels; null where there are none, or the report does not carry them. */
    async function pixelChanges({ samples, group, weight }, pair) {
      if (!meta.parts || meta.parts.kind !== "pixel") return null;
      const told = await pixels.read(meta, load).catch(() => null);
      if (!told) return null;
      const [before, after] = pair.map((v) => samples.prediction[v]);
      const inside = Uint8Array.from(before, (said, row) => (scored(said) && scored(after[row]) ? 1 : 0));
      return { names: told.names, changes: await run(pixels.changes(told, pair, { inside, group, weight }, meta)) };
    }

    /** What the candidate has right of what the baseline had right. */
    function trust({ part, views, both }) {
      const name = k ? "accuracy" : "within_tolerance";
      if (!k && meta.tolerance === null) return null;
      // of parts a sample is right by its loss, which is held against 0 as a value against the truth
      const [before, after] = views.map(({ side }) => terms.of(name, { ...side, parts: null }, -1).x);
      const w = before.map((right, s) => right * both[s]);
      const found = sums.ratio(part, after.map((right, s) => right * w[s]), w);
      return { n: found.n, ...intervals.ratioInterval(found, { binary: true, level: meta.level }) };
    }

    /** How many were fixed for each one broken, with the ends of its interval: the odds of fixed among what changed. */
    function ratio({ part, views, both }, codes) {
      const { newly_fixed: fixed, newly_broken: broken } = outcomes.FLIP;
      let marks = null;
      if (k) {
        const [before, after] = views.map(({ side }) => terms.of("accuracy", side, -1).x);
        marks = before.map((was, s) => (both[s] && was !== after[s] ? (after[s] ? fixed : broken) : 0));
      } else marks = codes;
      const x = Float64Array.from(marks, (code) => (code === fixed ? 1 : 0));
      const w = Float64Array.from(marks, (code) => (code === fixed || code === broken ? 1 : 0));
      const found = intervals.ratioInterval(sums.ratio(part, x, w), { binary: true, level: meta.level });
      return [found.value, found.low, found.high].map((share) => (share < 1 ? share / (1 - share) : NaN));
    }

    /** The primary metric of versions that scored different samples, each over its own; analysis/unpaired.py. */
    async function unpaired({ samples, group, weight }, pair) {
      if (!pair.every((v) => primary.versions[v] && !many(v)) || primary.kind === "influence") return null;
      const space = cells.ofRows(meta.n, group);
      const part = cells.part(space, new Uint8Array(meta.n).fill(1), weight, () => true);
      const found = await Promise.all(pair.map(async (v) => {
        if (!primary.chunk) return terms.of(primary.name, figures.sideOf(meta, samples, null, v, 0), -1);
        return { x: await load(`terms-${primary.name}-${v}`), w: Float64Array.from(samples.prediction[v], (said) => (scored(said) ? 1 : 0)) };
      })).catch(() => null);
      if (!found) return null;
      const both = sums.pair(part, found[0].x, found[0].w, found[1].x, found[1].w);
      const moved = intervals.compareWithRest(both, { binary: primary.kind === "binary", level: meta.level });
      return { ...moved, nBaseline: both.baseline.n, nCandidate: both.candidate.n };
    }

    function flipsOf(codes) {
      const counts = new Uint32Array(5);
      for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
      const { both_wrong, newly_fixed, newly_broken, both_right } = outcomes.FLIP;
      return {
        both_wrong: counts[both_wrong], newly_fixed: counts[newly_fixed], newly_broken: counts[newly_broken],
        both_right: counts[both_right], n: codes.length - counts[outcomes.FLIP.none],
      };
    }

    /** Samples that changed outcome by (target, what is said), the largest groups first; of values one group. */
    function groups({ samples }, codes, baseline, candidate, flip) {
      const { target, prediction } = samples;
      const rows = sets.members(samples, flip, baseline, candidate);
      if (!k) {
        const shown = Array.from(rows.subarray(0, ROWS));
        return { n: rows.length, groups: rows.length ? [{ target: -1, said: -1, n: rows.length, back: 0, rows: shown }] : [], n_groups: rows.length ? 1 : 0 };
      }
      const keyOf = (row, version) => target[row] * (k + 1) + prediction[version][row];
      /** @type {Map<number, Group>} */
      const known = new Map();
      for (const row of rows) {
        const key = keyOf(row, candidate);
        let one = known.get(key);
        if (!one) known.set(key, (one = { target: target[row] - 1, said: prediction[candidate][row] - 1, n: 0, back: 0, rows: [] }));
        one.n++;
        if (one.rows.length < ROWS) one.rows.push(row);
      }
      for (let row = 0; row < codes.length; row++) {
        const one = codes[row] === outcomes.FLIP.newly_fixed && known.get(keyOf(row, baseline));
        if (one) one.back++;
      }
      const sorted = [...known.values()].sort((a, b) => b.n - a.n || a.target - b.target || a.said - b.said);
      return { n: rows.length, groups: sorted.slice(0, GROUPS), n_groups: sorted.length };
    }

    /** The changes of another version against the same baseline, of what a pair is told. */
    async function beside(own, baseline, other, found) {
      const space = await run(spaceOf(own, [baseline, other]));
      let overall = null;
      for (const row of found) {
        const metric = meta.metrics.find((one) => one.name === row.metric);
        if (!metric.versions[other]) continue;
        const moved = await differenceOf(own, space, { metric, klass: row.class });
        if (!moved || Number.isNaN(moved.delta)) continue;
        row.others.push([moved.before, moved.after, moved.delta]);
        if (metric !== primary) continue;
        const support = decide.support(moved, meta.grouped, meta.support, moved.trials);
        overall = { ...moved, verdict: decide.verdict(moved.delta, moved.p, support, primary.higher) };
      }
      return overall;
    }

    /** Every version against the baseline: its change of the primary metric, null where there is none, and its flips. */
    async function versionsOf(own, [baseline, candidate], found) {
      const known = [];
      for (let v = 0; v < meta.versions.length; v++) {
        if (v === baseline || many(v)) continue;
        const change = v === candidate ? found.find((row) => row.metric === primary.name && row.class < 0) : await beside(own, baseline, v, found);
        const { n, newly_broken: broken, newly_fixed: fixed } = flipsOf(outcomes.flips(own.samples, baseline, v));
        known.push({ version: v, change: change && !Number.isNaN(change.delta) ? change : null, n, broken, fixed });
      }
      return known;
    }

    /**
     * @param {number} baseline @param {number} candidate places of the versions; not the same
     * @returns {Promise<{scored: number[], flips: object, changes: Change[], left: string[], trainings: boolean,
     *   pixels: {names: string[], changes: import("./pixels.js").Change[]} | null,
     *   versions: {version: number, change: Change | null, n: number, broken: number, fixed: number}[], apart: object | null, trust: object | null, ratio: number[], cells: import("./confusions.js").Cell[], groups: Record<string, {n: number, groups: Group[], n_groups: number}>}>}
     *   `scored`: samples of each; `apart`: the unpaired difference, where they scored other samples; `left`: metrics without a figure here, since it takes draws or what the report does not
     *   carry; `trainings`: a version was trained several times, so that changes of means cannot be told
     */
    async function compare(baseline, candidate) {
      based = based || base();
      const own = await based;
      const pair = [baseline, candidate];
      const trainings = pair.some(many);
      const space = await run(spaceOf(own, pair));
      const codes = outcomes.flips(own.samples, baseline, candidate);
      const { changes: found, left } = trainings ? { changes: [], left: [] } : await changes(own, space);
      const versions = trainings ? [] : await versionsOf(own, pair, found);
      const flips = flipsOf(codes);
      const counts = pair.map((v) => own.samples.prediction[v].reduce((n, said) => n + (scored(said) ? 1 : 0), 0));
      const apart = flips.n < meta.support.test && 2 * flips.n < Math.min(...counts);
      return {
        scored: counts, versions, flips, apart: apart ? await unpaired(own, pair) : null, changes: found, left, trainings, trust: trust(space), ratio: ratio(space, codes),
        cells: k ? await run(confusions.changes(space, meta)) : [], pixels: await pixelChanges(own, pair),
        groups: Object.fromEntries(["newly_broken", "newly_fixed"].map((flip) => [flip, groups(own, codes, baseline, candidate, flip)])),
      };
    }

    return { compare, base: () => (based = based || base()), spaceOf };
  }

  window.reportgen.pairing = { open };
});
