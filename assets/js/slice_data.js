/* The slices' data as the page reads it: what they are, and each version's figures when they are first asked for. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});

  /** @type {Promise<any> | null} */
  let opened = null;

  /** @returns {Promise<any>} What the slices are, indexed. */
  function open() {
    opened = opened || make();
    return opened;
  }

  async function make() {
    const catalogue = await reportgen.data.load("slices");
    const { slices, byId } = reportgen.sliceRows.index(catalogue);

    /** @param {string} name @returns {Promise<any>} A version's figures. */
    function figures(name) {
      return reportgen.data.load(`slices-${catalogue.versions.indexOf(name)}`);
    }

    /**
     * @typedef {object} Pair two versions with what the page tells of them
     * @property {string} version @property {string | null} baseline
     * @property {any} before the baseline's figures, null where there is none @property {any} after the version's
     * @property {any} catalogue what the slices are, with the pair's names and number of tests
     * @property {string} key what to see; "" where the page has it
     * @property {string} [why] of a pair that was made: why it is not compared
     * @property {boolean} carried whether the report carries the pair
     */

    /** @returns {{baseline: string | null, version: string}} The two versions that are held against each other now. */
    function chosen() {
      const { baseline, candidate } = reportgen.versions.pair();
      const known = baseline !== null && [baseline, candidate].every((name) => catalogue.versions.includes(name));
      return known ? { baseline, version: candidate } : { baseline: catalogue.baseline, version: catalogue.candidate };
    }

    /** @returns {boolean} Whether the report carries the figures of two versions, or the samples give them. */
    const isCarried = (/** @type {string | null} */ baseline) => baseline === catalogue.baseline;

    /** @returns {Promise<Pair>} The figures of the pair that is shown now. */
    async function pair() {
      const { baseline, version } = chosen();
      if (!isCarried(baseline)) return made(/** @type {string} */ (baseline), version);
      const [before, after] = await Promise.all([baseline === null ? null : figures(baseline), figures(version)]);
      return { version, baseline, before, after, catalogue, key: catalogue.keys[version] || "", carried: true };
    }

    /** Pairs that were made, by names. @type {Map<string, Promise<Pair>>} */
    const pairs = new Map();

    /** @param {string} baseline @param {string} version @returns {Promise<Pair>} Made once, of the samples. */
    function made(baseline, version) {
      const key = JSON.stringify([baseline, version]);
      const found = pairs.get(key) || compute(baseline, version);
      pairs.set(key, found);
      return found;
    }

    async function compute(baseline, version) {
      const places = [baseline, version].map((name) => catalogue.versions.indexOf(name));
      const [before, own, changes] = await Promise.all([
        figures(baseline), figures(version), reportgen.explorer.shared().then((/** @type {any} */ one) => one.pairSlices(...places)).catch(() => null),
      ]);
      const { sliceMade, sliceWords } = reportgen;
      // of means over trainings the report has the built pair's: turned round, they are the change back
      const back = changes && changes.why === "trainings" && version === catalogue.baseline;
      const others = back ? sliceMade.mirrored(catalogue, before) : {};
      const tested = back ? catalogue.n_tested[baseline] : changes ? changes.tested : 0;
      const shown = { ...catalogue, baseline, candidate: version, built: catalogue.baseline, n_tested: { [version]: tested } };
      const after = sliceMade.figuresOf(shown, slices, before, own, changes, others);
      const all = byId.get("all").i;
      const over = changes
        ? { why: back ? "" : changes.why, scored: changes.scored, n: after.delta_n[all] ?? -1, delta: after.delta[all] }
        : { why: "failed", scored: [1, 1], n: -1, delta: null };
      const why = sliceWords.notCompared(shown, over);
      return { version, baseline, before, after, catalogue: shown, key: why || sliceWords.key(shown, after, slices), why, carried: false };
    }

    /** @returns {string} That the figures of the pair are on their way; "" where they stand in the report. */
    function waiting() {
      const { baseline, version } = chosen();
      return isCarried(baseline) ? "" : reportgen.sliceWords.say({ ...catalogue, baseline, candidate: version }, "computing");
    }

    /**
     * The state of Examples that selects a slice's samples.
     * @param {any} one @param {string} set @returns {URLSearchParams}
     */
    function state(one, set) {
      const params = new URLSearchParams({ set });
      for (const [key, name] of Object.entries(reportgen.versions.carried())) if (name !== null) params.append(key, name);
      for (const { attribute, code, value } of reportgen.sliceRows.terms(catalogue, one.i)) {
        if (attribute.filters && attribute.filters[code]) {
          params.append(`a.${attribute.filters[code]}`, "yes");
          continue;
        }
        const keys = { target: "label", prediction: "predicted" };
        const key = Object.hasOwn(keys, attribute.kind) ? keys[attribute.kind] : `a.${attribute.name}`;
        params.append(key, value);
      }
      return params;
    }

    return { catalogue, slices, byId, figures, chosen, waiting, pair, state };
  }

  reportgen.sliceData = { open };
})();
