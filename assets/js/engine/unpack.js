/**
 * Chunks of data from the text that they travel in. No page in here.
 *
 * @typedef {object} Packed
 * @property {string} type u8, u16, u32, f32, f64, texts or json
 * @property {number} n entries, or letters of JSON
 * @property {string} gzip base64
 * @property {number} [radix] bytes hold several codes, as digits to this base, the first one the lowest
 * @property {string} [of] codes of classes, each as how far it is beyond the one of this chunk
 * @property {number} [classes] how many there are then
 * @property {number} [steps] codes are steps of this grid plus one, and stay so: engine/confidences.js reads them
 * @property {number} [least] codes are whole numbers from this one on, plus one; 0 is none
 * @property {number} [per] how many of them make 1
 */
window.reportgen.define("unpack", () => {
  "use strict";

  // Little-endian, as every machine that a browser runs on.
  const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };

  /**
   * @param {string} text base64
   * @returns {Uint8Array}
   */
  function bytesOf(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }

  /** @param {Uint8Array} bytes gzip @returns {Promise<ArrayBuffer>} Written into the stream: through a blob it takes twice as long. */
  function unzipped(bytes) {
    const stream = new DecompressionStream("gzip");
    const writer = stream.writable.getWriter();
    for (const act of [writer.write(bytes), writer.close()]) act.catch(() => null); // what is wrong, the reader is told
    return new Response(stream.readable).arrayBuffer();
  }

  /**
   * @param {unknown} value a chunk
   * @param {(name: string) => Promise<any>} load another chunk, which this one rests on
   * @returns {Promise<any>} a typed array of `n` entries, the texts, the JSON value, or the chunk itself where it is not packed
   */
  async function unpack(value, load) {
    const chunk = /** @type {Packed} */ (value);
    if (!chunk || typeof chunk.gzip !== "string") return value;
    const buffer = await unzipped(bytesOf(chunk.gzip));
    if (chunk.type === "texts") return window.reportgen.texts.of(new Uint8Array(buffer), chunk.n);
    if (chunk.type === "json") return JSON.parse(new TextDecoder().decode(buffer));
    const bytes = new Uint8Array(buffer);
    const values = chunk.radix ? digits(bytes, chunk.n, chunk.radix) : new ARRAYS[chunk.type](whole(bytes, chunk.n));
    if (chunk.of) return beyond(values, await load(chunk.of), chunk.classes);
    return chunk.per ? decimals(values, chunk.least, chunk.per) : values;
  }

  /**
   * @param {Uint8Array} bytes
   * @param {number} n codes
   * @param {number} radix from 2 to 16
   * @returns {Uint8Array} the codes
   */
  function digits(bytes, n, radix) {
    let each = 0;
    for (let most = radix; most <= 256; most *= radix) each++;
    const all = new Uint8Array(bytes.length * each);
    for (let k = 0, by = 1; k < each; k++, by *= radix) {
      const table = Uint8Array.from({ length: 256 }, (_, byte) => Math.floor(byte / by) % radix);
      for (let i = 0, at = k; i < bytes.length; i++, at += each) all[at] = table[bytes[i]];
    }
    return all.subarray(0, n);
  }

  /**
   * Entries of several bytes, of which the lowest ones travel first, then the next ones.
   * @param {Uint8Array} bytes
   * @param {number} n entries
   * @returns {ArrayBuffer} entry by entry
   */
  function whole(bytes, n) {
    const size = bytes.length / n;
    if (!(size > 1)) return bytes.buffer;
    const out = new Uint8Array(bytes.length);
    for (let k = 0; k < size; k++) {
      const plane = bytes.subarray(k * n, (k + 1) * n);
      for (let i = 0, at = k; i < n; i++, at += size) out[at] = plane[i];
    }
    return out.buffer;
  }

  /**
   * @param {ArrayLike<number>} codes
   * @param {number} least
   * @param {number} per
   * @returns {Float64Array} NaN where there is none
   */
  function decimals(codes, least, per) {
    const out = new Float64Array(codes.length);
    for (let i = 0; i < out.length; i++) out[i] = codes[i] ? (codes[i] - 1 + least) / per : NaN;
    return out;
  }

  /**
   * Codes from how far they are beyond others, in place. 0 is none; where there is no other the code stands as it is.
   * @param {Uint8Array | Uint16Array | Uint32Array} values
   * @param {ArrayLike<number>} others
   * @param {number} classes
   * @returns {Uint8Array | Uint16Array | Uint32Array}
   */
  function beyond(values, others, classes) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] && others[i]) values[i] = ((values[i] + others[i] - 2) % classes) + 1;
    }
    return values;
  }

  window.reportgen.unpack = unpack;
});
