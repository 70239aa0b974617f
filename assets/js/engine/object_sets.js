/**
 * Sets of samples by what became of their objects: their rows as the report ranks them. No page in here.
 *
 * @typedef {{version: string[], pair: string[]}} Listed names of the sets of one version, and of those that need two
 */
window.reportgen.define("objectSets", () => {
  "use strict";

  /**
   * @param {Listed} listed of the chunk "samples"
   * @param {string} name of a set
   * @param {number | null} baseline
   * @param {number} candidate
   * @returns {string} the chunk with its rows; "" where it is another kind of set, or there are no two versions
   */
  function chunkOf(listed, name, baseline, candidate) {
    if (listed.version.includes(name)) return `sets-${candidate}`;
    if (!listed.pair.includes(name) || baseline === null) return "";
    return `sets-${Math.min(baseline, candidate)}-${Math.max(baseline, candidate)}`;
  }

  /** @param {Listed} listed @param {number | null} baseline @param {number} candidate @returns {string[]} The chunks of all sets of two versions. */
  function chunksOf(listed, baseline, candidate) {
    const names = [...listed.version, ...listed.pair].map((name) => chunkOf(listed, name, baseline, candidate));
    return [...new Set(names)].filter(Boolean);
  }

  /**
   * @param {any} chunk of two versions: the sets there, from the earlier one to the later, and back; or of one
   * @param {string} name
   * @param {number | null} baseline
   * @param {number} candidate
   * @returns {Uint32Array} the rows of the set, as it ranks them
   */
  function rowsOf(chunk, name, baseline, candidate) {
    const sets = chunk.there ? (/** @type {number} */ (baseline) < candidate ? chunk.there : chunk.back) : chunk;
    return Uint32Array.from(sets[name] || []);
  }

  window.reportgen.objectSets = { chunkOf, chunksOf, rowsOf };
});
