/**
 * The explorer: filters in, every figure out, for any two versions. It loads what it needs, keeps the counts of the last
 * filters, and goes from there. In a worker, or on the page in slices of time. No page in here.
 *
 * @typedef {{key: string, codes?: number[], from?: number, to?: number, name?: string, text?: string}} Filter
 * @typedef {object} Request
 * @property {number | null} baseline @property {number} candidate versions by their place
 * @property {string} metric shown first: one that needs a column of its own is given where it is asked for
 * @property {Filter[]} filters by keys: a column of codes with those allowed; "confidence" or "n.<attribute>" with a range,
 *   ends included; "set" with the name of an example set; "q" with a text that ids hold
 * @property {"wrong" | "right" | "all"} order which samples `hardest` lists
 * @property {string[]} [numbers] attributes whose raw numbers are counted
 */
window.reportgen.define("explore", () => {
  "use strict";

  const { apart, bits, cells, columns, counter, figures, hardest, outcomes, pairing, ranking, sets, slicePairs, states } = window.reportgen;
  const LISTED = 240;
  const OUTCOMES = 3;
  const MOST_CLASSES = 25;
  const SETS = { surest_wrong: ["now", outcomes.WRONG], wrong: ["now", outcomes.WRONG], right: ["now", outcomes.RIGHT] };

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked
   * @param {(() => Promise<void>) | null} breathe lets others have their turn; null: nobody waits
   * @param {(() => Promise<void>) | null} [settle] lets requests that have come already be heard, before one is worked on
   */
  function open(meta, load, breathe, settle = breathe) {
    const k = meta.classes.length;
    /** @type {Promise<any> | null} */
    let based = null;
    /** @type {any} */
    let model = null;
    let turn = 0;
    /** @type {Promise<unknown>} */
    let last = Promise.resolve();
    /** @type {Map<string, Promise<any>>} */
    const known = new Map();

    const once = (name) => {
      if (!known.has(name)) known.set(name, load(name));
      return known.get(name);
    };

    const rest = breathe || (async () => {});

    /** @template T @param {Generator<void, T>} steps @returns {Promise<T>} */
    async function run(steps) {
      for (;;) {
        const { done, value } = steps.next();
        if (done) return value;
        if (breathe) await breathe();
      }
    }

    /** What every pair of versions rests on. */
    async function base() {
      const names = columnsOf(meta);
      const [values, group, weight, prediction, confidence] = await Promise.all([
        Promise.all(names.map(once)),
        meta.grouped ? once("group") : null,
        meta.weighted ? once("weight") : null,
        Promise.all(meta.versions.map((_, v) => once(`prediction-${v}`))),
        Promise.all(meta.versions.map((one, v) => (one.confidence ? once(`confidence-${v}`) : null))),
      ]);
      const codes = new Map(names.map((name, i) => [name, values[i]]));
      const samples = {
        n: meta.n, values: k === 0, target: codes.get("target"), prediction, confidence, tolerance: meta.tolerance, margin: meta.margin,
      };
      const sure = [];
      for (let v = 0; v < prediction.length; v++) {
        sure.push(k && confidence[v] ? columns.sureWrong(confidence[v], outcomes.judge(samples, v)) : null);
        await rest();
      }
      return { samples, group, weight, sure, codes, fixed: columns.fixed(meta, (name) => codes.get(name)), wanted: figures.wanted(meta) };
    }

    /** The counts of a pair of versions, before any filter. */
    async function pairOf(own, baseline, candidate) {
      const { samples, group, sure, fixed } = own;
      const now = outcomes.judge(samples, candidate);
      const shown = [...fixed, ...columns.ofPair(samples, baseline, candidate, now, k)];
      const pair = baseline === null || baseline === candidate ? [candidate] : [baseline, candidate];
      const alone = meta.versions.map((_, v) => v).filter((v) => !pair.includes(v));
      const plans = k ? [pair, ...alone.map((v) => [v])] : [];
      const spaces = [];
      for (const versions of plans) {
        const found = await run(states.find({
          n: meta.n, classes: k, target: samples.target, said: versions.map((v) => samples.prediction[v]), sure: versions.map((v) => sure[v]),
        }));
        spaces.push({ found, versions, cells: cells.ofStates(meta.n, found, group) });
        await rest();
      }
      if (!k) spaces.push({ found: null, versions: meta.versions.map((_, v) => v), cells: cells.ofRows(meta.n, group) });
      const counted = await run(counter.make({
        n: meta.n, columns: shown, outcome: now, outcomes: OUTCOMES,
        plain: k ? spaces.map((space) => ({ codes: space.cells.of, size: space.cells.size })) : [],
      }));
      const views = [];
      spaces.forEach((space, at) =>
        space.versions.forEach((v, place) => (views[v] = { at, view: figures.view(figures.sideOf(meta, samples, space.found, v, place)) })),
      );
      const rows = await run(hardest.order(outcomes.hardness(samples, candidate)));
      await rest();
      return {
        baseline: pair.length > 1 ? baseline : null, candidate, pair, now, spaces, views, counter: counted,
        columns: new Map(shown.map((one) => [one.key, one])), both: bothScored(views, pair),
        /** by outcome: not scored, wrong, right */
        order: hardest.split(rows, now, OUTCOMES), filters: new Map(), numbers: new Map(), rowCells: null, rowViews: [],
      };
    }

    function bothScored(views, pair) {
      if (pair.length < 2) return null;
      const [before, after] = pair.map((v) => views[v].view.scored);
      return before.map((one, s) => one * after[s]);
    }

    /** A filter as codes and which of them pass; null where there is no such filter. */
    async function filterOf(own, { key, codes, from, to, name, text }) {
      const flag = (mask) => ({ codes: mask, pass: Uint8Array.of(0, 1) });
      if (key === "q") return flag(await holding(String(text)));
      if (key === "set") return setFilter(own, String(name));
      if (from !== undefined && to !== undefined) {
        if (key === "confidence") {
          const confidence = own.samples.confidence[model.candidate];
          return confidence && flag(columns.within(confidence, from, to));
        }
        const attribute = numberOf(key);
        return attribute && flag(columns.between(await once(attribute), from, to));
      }
      const column = model.columns.get(key);
      if (!column || key === "confidence" || !codes) return null;
      const pass = new Uint8Array(column.size);
      for (const code of codes) if (code >= 0 && code < column.size) pass[code] = 1;
      return { codes: column.codes, pass };
    }

    /** @param {string} chunk @returns {boolean} Whether this form of the report has it. */
    const here = (chunk) => !meta.absent.includes(chunk);

    /** @param {string} key "n.<attribute>" @returns {string | null} The chunk with its numbers. */
    function numberOf(key) {
      const found = meta.attributes.find((one) => key === `n.${one.name}` && one.number && here(one.number));
      return found ? found.number : null;
    }

    async function holding(text) {
      const wanted = text.toLowerCase();
      return Uint8Array.from(await once("ids"), (id) => (id.toLowerCase().includes(wanted) ? 1 : 0));
    }

    function setFilter(own, name) {
      const { baseline, candidate, columns: shown } = model;
      const of = (key, ...codes) => {
        const column = shown.get(key);
        return column && { codes: column.codes, pass: Uint8Array.from({ length: column.size }, (_, code) => (codes.includes(code) ? 1 : 0)) };
      };
      if (Object.hasOwn(SETS, name)) return of(...SETS[name]);
      if (name === "largest_error") return of("now", outcomes.WRONG, outcomes.RIGHT);
      if (Object.hasOwn(outcomes.FLIP, name) && name !== "none") return baseline === null ? null : of("flip", outcomes.FLIP[name]);
      if (name === "sure_wrong") return own.sure[candidate] && { codes: own.sure[candidate], pass: Uint8Array.of(0, 1) };
      const among = sets.traced(own.samples, name, candidate);
      return among && { codes: Uint8Array.from({ length: meta.n }, (_, row) => (among(row) ? 1 : 0)), pass: Uint8Array.of(0, 1) };
    }

    /** Brings the counts to the filters of a request. */
    async function filter(own, wanted) {
      const next = new Map();
      const renewed = new Set();
      for (const one of wanted) {
        const told = JSON.stringify(one);
        const before = model.filters.get(one.key);
        const made = before && before.told === told ? before.made : await filterOf(own, one);
        if (!made) continue;
        if (before && before.told !== told) renewed.add(one.key);
        next.set(one.key, { told, made });
      }
      await run(model.counter.update(new Map(Array.from(next, ([key, { made }]) => [key, made])), renewed));
      model.filters = next;
    }

    /** The selection and its rest over the cells of each space. */
    function partsOf(own, space, at) {
      const chosen = model.counter.chosen();
      let [inside, outside] = [null, null];
      if (space.found) {
        const { counts, total } = model.counter.plain(at);
        inside = counts;
        outside = total.map((one, cell) => one - counts[cell]);
      } else {
        [inside, outside] = [true, false].map((within) => cells.ones(space.cells, meta.n, chosen, within));
      }
      return {
        inside: cells.part(space.cells, inside, own.weight, (row) => bits.has(chosen, row)),
        rest: cells.part(space.cells, outside, own.weight, (row) => !bits.has(chosen, row)),
      };
    }

    /** The one metric that needs a column of its own, where it is asked for and this form has it. */
    async function further(own, name) {
      const metric = meta.metrics.find((one) => one.name === name && one.chunk);
      if (!metric || !meta.versions.every((_, v) => !metric.versions[v] || here(`terms-${name}-${v}`))) return null;
      model.rowCells = model.rowCells || cells.ofRows(meta.n, own.group);
      const parts = partsOf(own, { found: null, cells: model.rowCells }, 0);
      const terms = await Promise.all(meta.versions.map(async (_, v) => {
        if (!metric.versions[v]) return null;
        const w = Float64Array.from(own.samples.prediction[v], (said) => (said ? 1 : 0));
        return { x: await once(`terms-${name}-${v}`), w };
      }));
      return { metric, parts, terms };
    }

    /** @param {Request} request @returns {Promise<any>} */
    async function answer(request) {
      based = based || base();
      const own = await based;
      const { candidate } = request;
      const baseline = request.baseline === candidate ? null : request.baseline;
      if (!model || model.baseline !== baseline || model.candidate !== candidate) model = await pairOf(own, baseline, candidate);
      await filter(own, request.filters);
      const extra = await further(own, request.metric);
      const how = { classes: k, level: meta.level };
      const parts = [];
      for (let at = 0; at < model.spaces.length; at++) {
        parts.push(partsOf(own, model.spaces[at], at));
        await rest();
      }
      const versions = [];
      for (let v = 0; v < meta.versions.length; v++) versions.push(await levels(own, v, parts[model.views[v].at], extra, how));
      return {
        n: model.counter.selected(), total: meta.n,
        facets: Object.fromEntries(model.counter.keys.filter((key) => key !== "confidence").map((key) => [key, model.counter.facet(key)])),
        histograms: await histograms(request.numbers || []),
        versions, differences: await differences(own, parts[0], extra, how),
        ...said(), flips: flips(),
        apart: apart.find(new Map(own.fixed.map(({ key }) => [key, model.counter.inside(key)])), meta.level),
        missing: model.counter.selected() ? null : model.counter.culprit(model.filters.keys()),
        hardest: listed(request.order),
      };
    }

    async function levels(own, v, parts, extra, how) {
      const { view } = model.views[v];
      const estimates = [];
      for (const one of own.wanted) {
        if (!one.metric.versions[v]) continue;
        estimates.push(figures.estimate(one, view, parts, how));
        await rest();
      }
      if (extra && extra.terms[v]) {
        const { x, w } = extra.terms[v];
        estimates.push({ metric: extra.metric.name, class: null, ...figures.ofRatio(extra.metric, extra.parts, x, w, how.level) });
      }
      const { cells: space, n } = parts.inside;
      let scored = 0;
      for (let cell = 0; cell < space.size; cell++) if (view.scored[space.state ? space.state[cell] : cell]) scored += n[cell];
      return { scored, estimates };
    }

    async function differences(own, { inside }, extra, how) {
      if (model.baseline === null) return [];
      const [before, after] = model.pair.map((v) => model.views[v].view);
      const has = (metric) => metric.compared && model.pair.every((v) => metric.versions[v]);
      const found = [];
      for (const one of own.wanted) {
        if (!has(one.metric)) continue;
        found.push(figures.difference(one, before, after, inside, model.both, how));
        await rest();
      }
      if (extra && has(extra.metric)) {
        const [old, now] = model.pair.map((v) => extra.terms[v]);
        const both = old.w.map((one, row) => one * now.w[row]);
        const masked = [old, now].map(({ x }) => ({ x, w: both }));
        const moved = figures.ratioDifference(extra.metric, extra.parts.inside, masked[0], masked[1], how.level);
        found.push({ metric: extra.metric.name, class: null, ...moved });
      }
      return found;
    }

    /** What the two versions say of the selection, and beside the truth. */
    function said() {
      if (!k) return { said: [], confusions: [] };
      const { found, cells: space } = model.spaces[0];
      const { counts } = model.counter.plain(0);
      const says = model.pair.map(() => new Uint32Array(k + 1));
      const tables = k <= MOST_CLASSES ? model.pair.map(() => new Uint32Array((k + 1) ** 2)) : [];
      for (let cell = 0; cell < space.size; cell++) {
        if (!counts[cell]) continue;
        const s = space.state ? space.state[cell] : cell;
        model.pair.forEach((_, place) => {
          says[place][found.said[place][s]] += counts[cell];
          if (tables.length) tables[place][found.target[s] * (k + 1) + found.said[place][s]] += counts[cell];
        });
      }
      return { said: says, confusions: tables };
    }

    function flips() {
      if (model.baseline === null) return null;
      const counts = model.counter.inside("flip");
      const of = (code) => counts[code * OUTCOMES] + counts[code * OUTCOMES + 1] + counts[code * OUTCOMES + 2];
      return Object.fromEntries(Object.entries(outcomes.FLIP).filter(([name]) => name !== "none").map(([name, code]) => [name, of(code)]));
    }

    /** Confidences and numbers in bins, by outcome, under the filters but their own. */
    async function histograms(names) {
      const found = {};
      if (model.columns.has("confidence")) {
        found.confidence = { edges: columns.edges(), counts: model.counter.facet("confidence").slice(OUTCOMES) };
      }
      for (const name of names) {
        const chunk = numberOf(`n.${name}`);
        if (!chunk) continue;
        if (!model.numbers.has(name)) model.numbers.set(name, columns.binned(await once(chunk)));
        const { edges, codes } = model.numbers.get(name);
        const counts = new Int32Array((columns.BINS + 1) * OUTCOMES);
        model.counter.count(`n.${name}`, codes, counts);
        found[`n.${name}`] = { edges, counts: counts.slice(OUTCOMES) };
      }
      return found;
    }

    /** @param {"wrong" | "right" | "all"} order @returns {any} The first of the selection, hardest first. */
    function listed(order) {
      const counts = model.counter.inside("now");
      const of = (code) => counts[code * OUTCOMES + code];
      const sizes = { wrong: of(outcomes.WRONG), right: of(outcomes.RIGHT), all: model.counter.selected() };
      const rows = [];
      for (const row of walk(order)) if (rows.push(row) === LISTED) break;
      return { order, rows, n: sizes[order], ...sizes };
    }

    function* walk(order) {
      const chosen = model.counter.chosen();
      const parts = { wrong: [outcomes.WRONG], right: [outcomes.RIGHT], all: [outcomes.WRONG, outcomes.RIGHT, outcomes.NONE] };
      for (const code of parts[order]) for (const row of model.order[code]) if (bits.has(chosen, row)) yield row;
    }

    /** @param {Request} request @returns {Promise<any>} Its answer; null where a newer request overtook it. */
    function ask(request) {
      const mine = ++turn;
      return inTurn(async () => {
        if (settle) await settle();
        return mine === turn ? answer(request) : null;
      })();
    }

    /** What tells of the selection waits until it is whole. @template T @param {(...given: any[]) => Promise<T>} act */
    function inTurn(act) {
      return (/** @type {any[]} */ ...given) => {
        const next = last.then(() => act(...given));
        last = next.catch(() => null);
        return next;
      };
    }

    /**
     * @param {number} klass a class code from 0
     * @returns {Promise<any>} of the selection of the last answer, by version: AUROC with its interval, average precision
     *   (without one: it would take draws), n; null for a version without ranks. And the candidate's less the baseline's.
     */
    async function ranks(klass) {
      const own = await based;
      const places = await Promise.all(meta.versions.map((_, v) => (here(`rank-${klass}-${v}`) ? once(`rank-${klass}-${v}`).catch(() => null) : null)));
      const versions = places.map((place) => {
        if (!place) return null;
        const samples = ranked(own, klass, [place]);
        return { n: samples.y.length, auroc: ranking.auroc(samples, meta.level), averagePrecision: ranking.averagePrecision(samples) };
      });
      if (model.baseline === null || !model.pair.every((v) => places[v])) return { class: klass, versions, difference: null };
      const both = ranked(own, klass, model.pair.map((v) => places[v]));
      const [before, after] = both.ranks.map((place) => ranking.averagePrecision({ ...both, ranks: [place] }));
      const auroc = ranking.aurocDifference(both, meta.level);
      return { class: klass, versions, difference: { n: both.y.length, auroc, averagePrecision: { before, after, delta: after - before } } };
    }

    /** The selected samples that all of some versions ranked. */
    function ranked({ samples, group, weight }, klass, places) {
      const chosen = model.counter.chosen();
      const kept = [];
      for (let row = 0; row < meta.n; row++) if (bits.has(chosen, row) && places.every((place) => place[row])) kept.push(row);
      return {
        y: Uint8Array.from(kept, (row) => (samples.target[row] === klass + 1 ? 1 : 0)),
        ranks: places.map((place) => Uint32Array.from(kept, (row) => place[row])),
        group: group && Uint32Array.from(kept, (row) => group[row]),
        weight: weight && Float64Array.from(kept, (row) => weight[row]),
      };
    }

    /** @param {number[]} wanted @returns {Promise<any>} What tiles show of some samples. */
    async function rows(wanted) {
      const own = await (based || (based = base()));
      const ids = await once("ids");
      const { samples, codes } = own;
      return {
        rows: wanted, id: wanted.map((row) => ids[row]), target: wanted.map((row) => samples.target[row]),
        prediction: samples.prediction.map((one) => wanted.map((row) => one[row])),
        confidence: samples.confidence.map((one) => (one ? wanted.map((row) => (Number.isNaN(one[row]) ? null : one[row])) : [])),
        attributes: Object.fromEntries(Array.from(codes, ([name, one]) => [name, wanted.map((row) => one[row])])),
      };
    }

    /** @returns {Promise<string[]>} The ids of the selection of the last answer, hardest first. */
    async function ids() {
      const all = await once("ids");
      return model ? Array.from(walk("all"), (row) => all[row]) : [];
    }

    /**
     * @param {string[]} names "id", "label", "prediction-{v}", "confidence-{v}", "a.<attribute>", "n.<attribute>"
     * @param {number} limit
     * @returns {Promise<any[][]>} a line a sample of the selection, hardest first; null where there is no value
     */
    async function table(names, limit) {
      const readers = await Promise.all(names.map(reader));
      const lines = [];
      for (const row of walk("all")) {
        if (lines.length === limit) break;
        lines.push(readers.map((read) => read(row)));
      }
      return lines;
    }

    async function reader(name) {
      const own = await based;
      const classOf = (code) => (code ? meta.classes[code - 1] : null);
      const number = (value) => (Number.isNaN(value) ? null : value);
      const of = (column) => (row) => (k ? classOf(column[row]) : number(column[row]));
      if (name === "id") {
        const all = await once("ids");
        return (row) => all[row];
      }
      if (name === "label") return of(own.samples.target);
      const [kind, v] = name.split("-");
      if (kind === "prediction" && own.samples.prediction[v]) return of(own.samples.prediction[v]);
      if (kind === "confidence" && own.samples.confidence[v]) return (row) => number(own.samples.confidence[v][row]);
      const chunk = numberOf(name);
      if (chunk) {
        const values = await once(chunk);
        return (row) => number(values[row]);
      }
      const attribute = meta.attributes.find((one) => name === `a.${one.name}`);
      if (!attribute) return () => null;
      const codes = own.codes.get(attribute.column);
      return (row) => (codes[row] ? attribute.values[codes[row] - 1] : null);
    }

    const { pairSlices } = slicePairs.open(meta, once, run);
    const { compare, compose } = pairing.open(meta, once, run, pairSlices);
    return { ask, rows, ids: inTurn(ids), table: inTurn(table), ranks: inTurn(ranks), compare, compose, pairSlices };
  }

  /** @param {any} meta @returns {string[]} The chunks with the label and the attributes. */
  const columnsOf = (meta) => [...new Set(["target", ...meta.attributes.map((/** @type {any} */ one) => one.column)])];

  /** @param {any} meta @returns {string[]} Every chunk that a first answer rests on, so that they can be on their way early. */
  function needs(meta) {
    const versions = meta.versions.flatMap((/** @type {any} */ one, /** @type {number} */ v) => [
      `prediction-${v}`, ...(one.confidence ? [`confidence-${v}`] : []),
    ]);
    return [...columnsOf(meta), ...versions, ...(meta.grouped ? ["group"] : []), ...(meta.weighted ? ["weight"] : [])];
  }

  window.reportgen.explore = { open, needs };
});
