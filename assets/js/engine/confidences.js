/**
 * Confidences of labels, as they travel and as they are kept: steps of a grid plus one, 0 where there is none, in 16 bits.
 * No page in here.
 */
window.reportgen.define("confidences", () => {
  "use strict";

  const STEPS = 60000; // of the grid: columns.CONFIDENCE_STEPS in Python
  const BINS = 40;
  const WIDTH = STEPS / BINS;
  const SURE = 0.9 * STEPS + 1; // from here on a mistake is "sure but wrong"

  /** @param {number} code @returns {number} The confidence, as Python's 32 bits have it; NaN: none. */
  const of = (code) => (code ? Math.fround((code - 1) / STEPS) : NaN);

  /** @param {Uint16Array} codes @returns {Uint8Array} The bin of each, from 1 to BINS; 0: none. */
  function bins(codes) {
    const table = Uint8Array.from({ length: STEPS + 2 }, (_, code) => (code ? Math.min(Math.floor((code - 1) / WIDTH), BINS - 1) + 1 : 0));
    const out = new Uint8Array(codes.length);
    for (let i = 0; i < out.length; i++) out[i] = table[codes[i]];
    return out;
  }

  /** @returns {number[]} The ends of the bins. */
  const edges = () => Array.from({ length: BINS + 1 }, (_, k) => k / BINS);

  /** @param {Uint16Array} codes @param {number} from @param {number} to @returns {Uint8Array} 1 within, ends included. */
  function within(codes, from, to) {
    const [low, high] = [Math.max(Math.ceil(from * STEPS - 1e-6), 0) + 1, Math.floor(to * STEPS + 1e-6) + 1];
    const out = new Uint8Array(codes.length);
    for (let i = 0; i < out.length; i++) out[i] = codes[i] >= low && codes[i] <= high ? 1 : 0;
    return out;
  }

  /**
   * @param {import("./outcomes.js").Samples} samples of classes
   * @param {number} version
   * @returns {Uint8Array | null} 1: wrong, and sure of it; null where the version tells no confidences
   */
  function sureWrong({ n, target, prediction, confidence }, version) {
    const [codes, said] = [confidence[version], prediction[version]];
    if (!codes) return null;
    const out = new Uint8Array(n);
    for (let i = 0; i < n; i++) out[i] = codes[i] >= SURE && said[i] !== target[i] && said[i] !== 0 ? 1 : 0;
    return out;
  }

  window.reportgen.confidences = { BINS, SURE, of, bins, edges, within, sureWrong };
});
