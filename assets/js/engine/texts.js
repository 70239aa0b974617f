/**
 * Many texts as the bytes that they travel in: a text is made when it is asked for, since a million of them take more room
 * than all that is counted. No page in here.
 *
 * @typedef {object} Texts
 * @property {number} length
 * @property {(i: number) => string} at
 * @property {(places: ArrayLike<number>) => string[]} pick those at some places
 * @property {(text: string) => number} indexOf −1: none
 * @property {(text: string) => Uint8Array} holding 1 for each that holds the text, in whatever case
 */
window.reportgen.define("texts", () => {
  "use strict";

  const BLOCK = 4096; // texts that are made at once
  const FEW = 1 / 16; // the share of all up to which they are made one by one
  const QUOTE = 34;
  const ESCAPE = 92;

  /**
   * @param {Uint8Array} bytes a JSON list of texts, in UTF-8, without spaces between them
   * @param {number} n how many
   * @returns {Texts}
   */
  function of(bytes, n) {
    const decoder = new TextDecoder();
    const starts = placesOf(bytes, n);
    /** The JSON of the texts from one to before another; each is followed by a comma or the list's end. */
    const json = (from, to) => decoder.decode(bytes.subarray(starts[from], starts[to] - 1));
    const at = (i) => JSON.parse(json(i, i + 1));

    function* blocks() {
      for (let from = 0; from < n; from += BLOCK) yield JSON.parse(`[${json(from, Math.min(n, from + BLOCK))}]`);
    }

    function pick(places) {
      if (places.length < n * FEW) return Array.from(places, at);
      const all = [];
      for (const block of blocks()) all.push(...block);
      return Array.from(places, (i) => all[i]);
    }

    function indexOf(text) {
      const wanted = new TextEncoder().encode(JSON.stringify(text));
      for (let i = 0; i < n; i++) {
        if (starts[i + 1] - 1 - starts[i] === wanted.length && wanted.every((byte, k) => bytes[starts[i] + k] === byte)) return i;
      }
      return -1;
    }

    function holding(text) {
      const wanted = text.toLowerCase();
      const out = new Uint8Array(n);
      let i = 0;
      for (const block of blocks()) for (const one of block) out[i++] = one.toLowerCase().includes(wanted) ? 1 : 0;
      return out;
    }

    return { length: n, at, pick, indexOf, holding };
  }

  /** @returns {Uint32Array} Where each text's opening quote is; and, last, beyond the list's end. */
  function placesOf(bytes, n) {
    const starts = new Uint32Array(n + 1);
    let inside = false;
    for (let at = 0, i = 0; at < bytes.length; at++) {
      if (bytes[at] === ESCAPE) at++; // what is escaped ends no text
      else if (bytes[at] === QUOTE) {
        inside = !inside;
        if (inside) starts[i++] = at;
      }
    }
    starts[n] = bytes.length;
    return starts;
  }

  window.reportgen.texts = { of };
});
