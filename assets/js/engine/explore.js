/**
 * The explorer: filters in, every figure out, for any two versions. It loads what it needs, keeps the counts of the last
 * filters, and goes from there. In a worker, or on the page in slices of time. No page in here.
 *
 * @typedef {{key: string, codes?: number[], from?: number, to?: number, name?: string, text?: string}} Filter
 * @typedef {object} Request
 * @property {number | null} baseline @property {number} candidate versions by their place
 * @property {string} metric shown first: one that needs a column of its own is given where it is asked for
 * @property {boolean} [only] no other metric is wanted
 * @property {number | null} [klass] of a metric that is told of classes beside the whole, where it alone is wanted: which one
 * @property {Filter[]} filters by keys: a column of codes with those allowed; "confidence" or "n.<attribute>" with a range,
 *   ends included; "set" with the name of an example set; "q" with a text that ids hold
 * @property {"wrong" | "right" | "all"} order which samples `hardest` lists
 * @property {number | null} [cutoff] of objects: the step of the grid of cut-offs from which detections count; null: each
 *   version's own. Outcomes of samples stay those at their own
 * @property {string[]} [numbers] attributes whose raw numbers are counted
 */
window.reportgen.define("explore", () => {
  "use strict";

  const { apart, bits, columns, confidences, contributions, cutoffPairs, listing, measures, model: models, objectMeasures, pairing, passing, pixels, said, slicePairs } = window.reportgen;

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked
   * @param {(() => Promise<void>) | null} breathe lets others have their turn; null: nobody waits
   * @param {(() => Promise<void>) | null} [settle] lets requests that have come already be heard, before one is worked on
   */
  function open(meta, load, breathe, settle = breathe) {
    /** @type {Promise<import("./model.js").Own> | null} */
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

    const measured = measures.open(meta, once, rest);
    const averaged = objectMeasures.open(meta, once);
    const list = listing.open(meta, once);
    const base = () => (based = based || models.found(meta, once, rest));

    /** Brings the counts to the filters of a request. */
    async function filter(own, wanted) {
      const next = new Map();
      const renewed = new Set();
      for (const one of wanted) {
        const told = JSON.stringify(one);
        const before = model.filters.get(one.key);
        const made = before && before.told === told ? before.made : await passing.of(meta, own, model, once, one);
        if (!made) continue;
        if (before && before.told !== told) renewed.add(one.key);
        next.set(one.key, { told, made });
      }
      await run(model.counter.update(new Map(Array.from(next, ([key, { made }]) => [key, made])), renewed));
      model.filters = next;
    }

    /** Sets that were chosen by what versions say: that they hold the mistakes says nothing of why. */
    const circular = new Set(meta.attributes.filter((one) => one.by_predictions).map((one) => `a.${one.name}`));

    /** @param {Request} request @returns {Promise<any>} */
    async function answer(request) {
      const own = await base();
      const { candidate } = request;
      const baseline = request.baseline === candidate ? null : request.baseline;
      if (!model || model.baseline !== baseline || model.candidate !== candidate) {
        model = await models.make(meta, own, baseline, candidate, run, rest);
      }
      await filter(own, request.filters);
      const { counter } = model;
      return {
        n: counter.selected(), total: meta.n,
        facets: Object.fromEntries(counter.keys.filter((key) => key !== "confidence").map((key) => [key, counter.facet(key)])),
        histograms: await histograms(request.numbers || []),
        ...(await measured.of(own, model, request.metric, request.klass ?? null, Boolean(request.only), request.cutoff ?? null)),
        ...said.of(model), flips: said.flips(model),
        apart: apart.find(new Map(own.fixed.filter(({ key }) => !circular.has(key)).map(({ key }) => [key, counter.inside(key)])), meta.level),
        missing: counter.selected() ? null : counter.culprit(model.filters.keys()),
        hardest: await listing.listed(model, request.order),
      };
    }

    /** Confidences and numbers in bins, by outcome, under the filters but their own. */
    async function histograms(names) {
      const found = {};
      const bins = (counts) => counts.slice(models.OUTCOMES); // without those that have none
      if (model.columns.has("confidence")) {
        found.confidence = { edges: confidences.edges(), counts: bins(model.counter.facet("confidence")) };
      }
      for (const name of names) {
        const chunk = passing.numberOf(meta, `n.${name}`);
        if (!chunk) continue;
        if (!model.numbers.has(name)) model.numbers.set(name, columns.binned(await once(chunk)));
        const { edges, codes } = model.numbers.get(name);
        const counts = new Int32Array((columns.BINS + 1) * models.OUTCOMES);
        model.counter.count(`n.${name}`, codes, counts);
        found[`n.${name}`] = { edges, counts: bins(counts) };
      }
      return found;
    }

    /** @param {Request} request @returns {Promise<any>} Its answer; null where a newer request overtook it. */
    function ask(request) {
      const mine = ++turn;
      return inTurn(async () => {
        if (settle) await settle();
        return mine === turn ? answer(request) : null;
      })();
    }

    /**
     * Average precision or recall of objects over the selection.
     * @param {string} metric @param {number | null} klass of one class; null: the mean over all
     * @param {boolean} whole with intervals
     * @returns {Promise<import("./object_measures.js").Averages | null>} null where a newer request overtook it
     */
    function averages(metric, klass, whole) {
      const mine = turn;
      const go = async () => {
        if (settle) await settle();
        return mine === turn;
      };
      return inTurn(async () => (model && mine === turn ? averaged.of(await base(), model, metric, klass, whole, go) : null))();
    }

    /** @returns {Promise<{names: string[], versions: import("./pixels.js").Share[][]}>} what pixels of the selection are taken for by the baseline, where there is one, and the candidate */
    async function taken() {
      const [own, told] = await Promise.all([base(), pixels.read(meta, once)]);
      const chosen = model.counter.chosen();
      const spaces = model.pair.map((/** @type {number} */ v) => ({
        inside: Uint8Array.from(own.samples.prediction[v], (value, row) => (bits.has(chosen, row) && !Number.isNaN(value) ? 1 : 0)),
        group: own.group, weight: own.weight,
      }));
      return { names: told.names, versions: await run(pixels.shares(told, model.pair, spaces, meta.level)) };
    }

    /** What tells of the selection waits until it is whole. @template T @param {(...given: any[]) => Promise<T>} act */
    function inTurn(act) {
      return (/** @type {any[]} */ ...given) => {
        const next = last.then(() => act(...given));
        last = next.catch(() => null);
        return next;
      };
    }

    const { pairSlices } = slicePairs.open(meta, once, run);
    const pairs = pairing.open(meta, once, run);
    const { compose } = contributions.open(meta, once, run, pairSlices, pairs);
    const { cutoffs } = cutoffPairs.open(meta, once, run);
    return {
      ask, averages, between: async (baseline, candidate) => averaged.between(await pairs.base(), [baseline, candidate], rest), compose, cutoffs, compare: pairs.compare, pairSlices,
      rows: async (/** @type {number[]} */ wanted) => list.tiles(await base(), wanted),
      ids: inTurn(async () => (model ? list.ids(model) : [])),
      table: inTurn(async (names, limit) => list.table(await base(), model, names, limit)),
      walk: inTurn(async (name, klass) => (model ? measured.walk(await base(), model, name, klass, run) : [])),
      taken: inTurn(async () => (model ? taken() : null)),
      ranks: inTurn(async (klass) => measured.ranks(await base(), model, klass)),
    };
  }

  window.reportgen.explore = { open };
});
