/**
 * The data of a report, in chunks: each a script of its own beside the page (loaded when a page first asks for it), or
 * inlined in the single file. Packed chunks become typed arrays or JSON values; others are what they are.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const single = document.documentElement.dataset.rgForm === "single";
  /** @type {Map<string, unknown>} what stands in the page, still packed */
  const added = new Map();
  /** @type {Map<string, Promise<void>>} */
  const fetched = new Map();
  /** Who waits for a chunk of this file that is not read yet. @type {Map<string, () => void>} */
  const awaited = new Map();
  /** @type {Map<string, Promise<any>>} */
  const loaded = new Map();

  /**
   * @param {string} name a chunk that is not in the page
   * @returns {Promise<void>} when its script has run; rejects where there is none
   */
  function fetchScript(name) {
    return new Promise((resolve, reject) => {
      const source = `data/${name}.js`;
      const coming = document.readyState !== "complete" && document.querySelector(`script[src="${source}"]`);
      const script = /** @type {HTMLScriptElement} */ (coming || document.createElement("script"));
      const end = () => {
        script.remove();
        if (added.has(name)) resolve();
        else reject(new Error(`${source} did not load, or is empty`));
      };
      script.addEventListener("load", end);
      script.addEventListener("error", end);
      if (coming) return window.addEventListener("load", end); // by then it has come, or nobody told that it did not
      script.src = source;
      document.head.append(script);
    });
  }

  /**
   * @param {string} name a chunk that may stand further down in this file
   * @returns {Promise<void>} when it is read; rejects where the file has none
   */
  function readOn(name) {
    return new Promise((resolve, reject) => {
      const missing = () => reject(new Error(`there is no ${name}`));
      if (document.readyState !== "loading") return missing();
      awaited.set(name, resolve);
      document.addEventListener("DOMContentLoaded", missing);
    });
  }

  /**
   * Keep a chunk: what its script calls.
   * @param {string} name
   * @param {unknown} value
   */
  function add(name, value) {
    added.set(name, value);
    awaited.get(name)?.();
  }

  /**
   * @param {string} name a chunk of our own; never a name from data or an address
   * @returns {Promise<unknown>} what stands in it, still packed; rejects where it cannot be had
   */
  async function packed(name) {
    if (!added.has(name)) {
      if (!fetched.has(name)) fetched.set(name, single ? readOn(name) : fetchScript(name));
      await fetched.get(name);
    }
    return added.get(name);
  }

  /**
   * @param {string} name as for `packed`
   * @returns {Promise<any>} its value, unpacked once; rejects where it cannot be had
   */
  function load(name) {
    let promise = loaded.get(name);
    if (!promise) {
      promise = packed(name).then((value) => window.reportgen.unpack(value, load));
      loaded.set(name, promise);
    }
    return promise;
  }

  /**
   * @param {string} name a file of the report's media
   * @returns {Promise<string>} its address: a file beside the page, or a `data:` address in the single file
   */
  async function media(name) {
    if (!single) return `media/${name}`;
    const files = await load("files");
    return `data:image/webp;base64,${files[name]}`;
  }

  window.reportgen.data = { add, packed, load, media };
})();
