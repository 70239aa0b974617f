/**
 * Which samples pass a filter that a request names: a column of codes, and which of them do. No page in here.
 *
 * @typedef {{key: string, codes?: number[], from?: number, to?: number, name?: string, text?: string}} Filter
 */
window.reportgen.define("passing", () => {
  "use strict";

  const { columns, confidences, objectSets, outcomes, sets } = window.reportgen;
  const SETS = { surest_wrong: ["now", outcomes.WRONG], wrong: ["now", outcomes.WRONG], right: ["now", outcomes.RIGHT] };

  const flag = (mask) => ({ codes: mask, pass: Uint8Array.of(0, 1) });

  /**
   * @param {any} meta the chunk "samples"
   * @param {string} key "n.<attribute>"
   * @returns {string | null} the chunk with its numbers, where this form of the report has it
   */
  function numberOf(meta, key) {
    const found = meta.attributes.find((one) => key === `n.${one.name}` && one.number && !meta.absent.includes(one.number));
    return found ? found.number : null;
  }

  /**
   * @param {any} meta
   * @param {import("./model.js").Own} own
   * @param {any} model of the two versions
   * @param {(name: string) => Promise<any>} load
   * @param {Filter} filter
   * @returns {Promise<import("./counter.js").Filter | null>} null where there is no such filter
   */
  async function of(meta, own, model, load, { key, codes, from, to, name, text }) {
    if (key === "q") return flag((await load("ids")).holding(String(text)));
    if (key === "set") return (await ofObjects(meta, model, load, String(name))) || ofSet(own, model, String(name));
    if (from !== undefined && to !== undefined) {
      if (key === "confidence") {
        const confidence = own.samples.confidence[model.candidate];
        return confidence && flag(confidences.within(confidence, from, to));
      }
      const chunk = numberOf(meta, key);
      return chunk && flag(columns.between(await load(chunk), from, to));
    }
    const column = model.columns.get(key);
    return column && key !== "confidence" && codes ? codesOf(column, codes) : null;
  }

  function codesOf(column, codes) {
    const pass = new Uint8Array(column.size);
    for (const code of codes) if (code >= 0 && code < column.size) pass[code] = 1;
    return { codes: column.codes, pass };
  }

  /** A set whose rows the report lists; null where the name is that of another kind, or this form does not have it. */
  async function ofObjects({ listed, n, absent }, { baseline, candidate }, load, name) {
    const chunk = objectSets.chunkOf(listed, name, baseline, candidate);
    if (!chunk || absent.includes(chunk)) return null;
    const mask = new Uint8Array(n);
    for (const row of objectSets.rowsOf(await load(chunk), name, baseline, candidate)) mask[row] = 1;
    return flag(mask);
  }

  function ofSet(own, { baseline, candidate, columns: shown }, name) {
    const among = (key, ...codes) => shown.get(key) && codesOf(shown.get(key), codes);
    if (Object.hasOwn(SETS, name)) return among(...SETS[name]);
    if (name === "largest_error") return among("now", outcomes.WRONG, outcomes.RIGHT);
    if (Object.hasOwn(outcomes.FLIP, name) && name !== "none") return baseline === null ? null : among("flip", outcomes.FLIP[name]);
    if (name === "sure_wrong") return own.sure[candidate] && flag(own.sure[candidate]);
    const traced = sets.traced(own.samples, name, candidate);
    return traced && flag(Uint8Array.from({ length: own.samples.n }, (_, row) => (traced(row) ? 1 : 0)));
  }

  window.reportgen.passing = { numberOf, of };
});
