/**
 * What samples consist of, in tasks that judge labels, objects or pixels: how many of them a version has right, adds
 * wrongly and misses. No page in here.
 *
 * @typedef {object} Parts by sample
 * @property {Float64Array} right @property {Float64Array} false @property {Float64Array} missed
 * @property {number} classes how many classes there are
 */
window.reportgen.define("parts", () => {
  "use strict";

  const NAMES = ["right", "false", "missed"];

  /**
   * @param {any} meta the chunk "samples"
   * @param {number} version
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once; it stores counts plus one
   * @returns {Promise<Parts>}
   */
  async function of(meta, version, load) {
    const codes = await Promise.all(NAMES.map((name) => load(`${name}-${version}`)));
    const [right, wrong, missed] = codes.map((one) => Float64Array.from(one, (code) => code - 1));
    return { right, false: wrong, missed, classes: meta.parts.classes.length };
  }

  /** @returns {Promise<Parts[] | null>} Those of every version; null where samples have no parts. */
  async function all(meta, load) {
    return meta.parts ? Promise.all(meta.versions.map((_, v) => of(meta, v, load))) : null;
  }

  window.reportgen.parts = { of, all };
});
