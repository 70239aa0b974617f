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

    /** @returns {string} The version that is held against the baseline now. */
    function chosen() {
      const name = reportgen.versions.chosen();
      return catalogue.versions.includes(name) ? name : catalogue.candidate;
    }

    /** @returns {Promise<{version: string, before: any, after: any}>} The figures of the pair that is shown now. */
    async function pair() {
      const version = chosen();
      const { baseline } = catalogue;
      const [before, after] = await Promise.all([baseline === null ? null : figures(baseline), figures(version)]);
      return { version, before, after };
    }

    /**
     * The state of Examples that selects a slice's samples.
     * @param {any} one @param {string} set @returns {URLSearchParams}
     */
    function state(one, set) {
      const params = new URLSearchParams({ set });
      if (chosen() !== catalogue.candidate) params.append("version", chosen());
      for (const { attribute, code, value } of reportgen.sliceRows.terms(catalogue, one.i)) {
        if (attribute.filters) {
          params.append(`a.${attribute.filters[code]}`, "yes");
          continue;
        }
        const keys = { target: "label", prediction: "predicted" };
        const key = Object.hasOwn(keys, attribute.kind) ? keys[attribute.kind] : `a.${attribute.name}`;
        params.append(key, value);
      }
      return params;
    }

    return { catalogue, slices, byId, figures, chosen, pair, state };
  }

  reportgen.sliceData = { open };
})();
