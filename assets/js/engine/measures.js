/**
 * The measures of a selection: each version's there and over the rest, and how two versions differ. No page in here.
 */
window.reportgen.define("measures", () => {
  "use strict";

  const { bits, cells, figures, model: models, objectCutoffs, parts: kinds, ranking } = window.reportgen;

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   * @param {() => Promise<void>} rest lets others have their turn
   */
  function open(meta, load, rest) {
    const how = { classes: meta.classes.length, level: meta.level };
    const here = (/** @type {string} */ chunk) => !meta.absent.includes(chunk);
    const cutoffs = objectCutoffs.open(meta, load);
    /** Every version's parts at the cut-off and of the class that was asked for last. @type {{key: string, parts: import("./parts.js").Parts[]}} */
    let cut = { key: "", parts: [] };
    /** Which samples truly are of the class whose ranks were asked for last. */
    let truth = { klass: -1, of: new Uint8Array(0) };

    /**
     * @param {import("./model.js").Own} own
     * @param {any} model of two versions, whose counts are those of the selection
     * @param {string} name of the metric that is shown first
     * @param {number | null} klass of a metric that is told of classes beside the whole, where no other is asked for
     * @param {boolean} only no other is asked for
     * @param {number | null} step of the grid of cut-offs, from which detections count; null: from each version's own
     * @returns {Promise<{versions: any[], differences: any[]}>}
     */
    async function of(own, model, name, klass, only, step) {
      const wanted = only ? alone(own.wanted.filter((one) => one.metric.name === name), klass) : own.wanted;
      const views = await viewsAt(own, model, step, wanted);
      const extra = await further(own, model, name);
      const parts = [];
      for (let at = 0; at < model.spaces.length; at++) {
        parts.push(models.partsOf(own, model, model.spaces[at], at));
        await rest();
      }
      const versions = [];
      for (let v = 0; v < meta.versions.length; v++) {
        const { at, view } = views[v];
        versions.push(await levels(wanted, view, v, parts[at], extra));
      }
      return { versions, differences: model.baseline === null ? [] : await differences(wanted, model, views, parts[0], extra) };
    }

    /** Of a metric that is told of classes beside the whole the one that is asked for, even where they are too many to tell all. */
    function alone(wanted, klass) {
      const beside = wanted.length > 0 && wanted[0].metric.by_class.length > 0;
      return beside ? [{ metric: wanted[0].metric, klass: klass ?? -1 }] : wanted;
    }

    /** The versions over what metrics go over, at a cut-off; where one class alone is wanted that needs it, by its own parts. */
    async function viewsAt({ samples }, model, step, [first]) {
      const klass = first && first.metric.class_chunk ? first.klass : -1;
      if (!samples.parts || (step === null && klass < 0)) return model.views;
      const of = {
        pixel: { key: "near", make: () => kinds.near(meta, samples.parts, load) },
        label: { key: `label ${klass}`, make: () => kinds.ofLabel(meta, samples.parts, klass, load) },
        object: { key: `${step} ${klass}`, make: () => cutoffs.at(samples.parts, step, klass) },
      }[meta.parts.kind];
      if (cut.key !== of.key) cut = { key: of.key, parts: await of.make() };
      return model.views.map(({ at, view: { side } }, v) => ({ at, view: figures.view({ ...side, parts: cut.parts[v] }) }));
    }

    /** The one metric that needs a column of its own, where it is asked for and this form has it. */
    async function further(own, model, name) {
      const metric = meta.metrics.find((one) => one.name === name && one.chunk);
      if (!metric || !meta.versions.every((_, v) => !metric.versions[v] || here(`terms-${name}-${v}`))) return null;
      model.rowCells = model.rowCells || cells.ofRows(meta.n, own.group);
      const parts = models.partsOf(own, model, { found: null, cells: model.rowCells }, 0);
      const terms = await Promise.all(meta.versions.map(async (_, v) => {
        if (!metric.versions[v]) return null;
        const w = Float64Array.from(own.samples.prediction[v], (said) => (said ? 1 : 0));
        return { x: await load(`terms-${name}-${v}`), w };
      }));
      return { metric, parts, terms };
    }

    async function levels(wanted, view, v, parts, extra) {
      const estimates = [];
      for (const one of wanted) {
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

    /**
     * @param {import("./model.js").Own} own @param {any} model @param {string} name of a metric of parts
     * @param {number | null} klass of one class; null: of all
     * @param {<T>(steps: Generator<void, T>) => Promise<T>} run
     * @returns {Promise<{n: number, value: number, low: number, high: number}[][]>} of the baseline, where there is one, and
     *   of the candidate, at every cut-off, over the selection
     */
    async function walk(own, model, name, klass, run) {
      const metric = meta.metrics.find((one) => one.name === name);
      const { inside } = models.partsOf(own, model, model.spaces[0], 0);
      const found = [];
      for (const v of model.pair) found.push(await run(cutoffs.along(own, inside, metric, v, await cutoffs.base(own.samples.parts[v], v, klass ?? -1))));
      return found;
    }

    async function differences(wanted, model, views, { inside }, extra) {
      const [before, after] = model.pair.map((v) => views[v].view);
      const has = (metric) => metric.compared && model.pair.every((v) => metric.versions[v]);
      const found = [];
      for (const one of wanted) {
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

    /**
     * @param {import("./model.js").Own} own
     * @param {any} model
     * @param {number} klass a class code from 0
     * @returns {Promise<any>} of the selection, by version: AUROC with its interval, average precision (without one: it
     *   would take draws), n; null for a version without ranks. And the candidate's less the baseline's.
     */
    async function ranks(own, model, klass) {
      const places = await Promise.all(meta.versions.map((_, v) => (here(`rank-${klass}-${v}`) ? load(`rank-${klass}-${v}`).catch(() => null) : null)));
      if (truth.klass !== klass && places.some((place) => place)) truth = { klass, of: await kinds.truth(meta, own.samples.target, klass, load) };
      const versions = places.map((place) => {
        if (!place) return null;
        const samples = ranked(own, model, truth.of, [place]);
        return { n: samples.y.length, auroc: ranking.auroc(samples, meta.level), averagePrecision: ranking.averagePrecision(samples) };
      });
      if (model.baseline === null || !model.pair.every((v) => places[v])) return { class: klass, versions, difference: null };
      const both = ranked(own, model, truth.of, model.pair.map((v) => places[v]));
      const [before, after] = both.ranks.map((place) => ranking.averagePrecision({ ...both, ranks: [place] }));
      const auroc = ranking.aurocDifference(both, meta.level);
      return { class: klass, versions, difference: { n: both.y.length, auroc, averagePrecision: { before, after, delta: after - before } } };
    }

    /** The selected samples that all of some versions ranked. */
    function ranked({ group, weight }, model, y, places) {
      const chosen = model.counter.chosen();
      const kept = [];
      for (let row = 0; row < meta.n; row++) if (bits.has(chosen, row) && places.every((place) => place[row])) kept.push(row);
      return {
        y: Uint8Array.from(kept, (row) => y[row]),
        ranks: places.map((place) => Uint32Array.from(kept, (row) => place[row])),
        group: group && Uint32Array.from(kept, (row) => group[row]),
        weight: weight && Float64Array.from(kept, (row) => weight[row]),
      };
    }

    return { of, walk, ranks };
  }

  window.reportgen.measures = { open };
});
