/**
 * The data of a report, in chunks: each a script of its own beside the page (loaded when a page first asks for it), or
 * inlined in the single file. Packed chunks become typed arrays or JSON values; others are what they are.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  /**
   * @typedef {object} Packed
   * @property {string} type @property {number} n @property {string} gzip
   * @property {string} [of] codes of classes, each as how far it is beyond the one of this chunk
   * @property {number} [classes] how many there are then
   * @property {number} [steps] codes are steps of this grid
   */

  // Little-endian, as every machine that a browser runs on.
  const ARRAYS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array };

  /** @type {Map<string, unknown>} what stands in the page, still packed */
  const added = new Map();
  /** @type {Map<string, Promise<any>>} */
  const loaded = new Map();

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

  /**
   * @param {unknown} value a chunk
   * @returns {Promise<any>} a typed array of `n` entries, the JSON value, or the chunk itself where it is not packed
   */
  async function unpack(value) {
    const chunk = /** @type {Packed} */ (value);
    if (!chunk || typeof chunk.gzip !== "string") return value;
    const stream = new Blob([bytesOf(chunk.gzip)]).stream().pipeThrough(new DecompressionStream("gzip"));
    const buffer = await new Response(stream).arrayBuffer();
    if (chunk.type === "json") return JSON.parse(new TextDecoder().decode(buffer));
    const values = new ARRAYS[chunk.type](buffer);
    if (chunk.of) return beyond(values, await load(chunk.of), chunk.classes);
    return chunk.steps ? stepped(values, chunk.steps) : values;
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

  /**
   * @param {ArrayLike<number>} codes steps plus one; 0 is none
   * @param {number} steps
   * @returns {Float32Array} the numbers that Python has
   */
  function stepped(codes, steps) {
    return Float32Array.from(codes, (code) => (code ? (code - 1) / steps : NaN));
  }

  /**
   * @param {string} name a chunk that is not in the page
   * @returns {Promise<void>} when its script has run; rejects where there is none
   */
  function fetchScript(name) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `data/${name}.js`;
      script.onload = () => (added.has(name) ? resolve() : reject(new Error(`data/${name}.js is empty`)));
      script.onerror = () => reject(new Error(`data/${name}.js did not load`));
      document.head.append(script);
    });
  }

  /**
   * Keep a chunk: what its script calls.
   * @param {string} name
   * @param {unknown} value
   */
  function add(name, value) {
    added.set(name, value);
  }

  /**
   * @param {string} name a chunk of our own; never a name from data or an address
   * @returns {Promise<any>} its value, unpacked once; rejects where it cannot be had
   */
  function load(name) {
    let promise = loaded.get(name);
    if (!promise) {
      promise = (added.has(name) ? Promise.resolve() : fetchScript(name)).then(() => {
        const value = added.get(name);
        added.delete(name); // the packed text is not needed twice
        return unpack(value);
      });
      loaded.set(name, promise);
    }
    return promise;
  }

  /**
   * @param {string} name a file of the report's media
   * @returns {Promise<string>} its address: a file beside the page, or a `data:` address in the single file
   */
  async function media(name) {
    if (document.documentElement.dataset.rgForm !== "single") return `media/${name}`;
    const files = await load("files");
    return `data:image/webp;base64,${files[name]}`;
  }

  window.reportgen.data = { add, load, media };
})();
