/* Scripts that a page can do without until something is asked of it: they load then, once, in their order. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  /** @type {Map<string, Promise<void>>} */
  const known = new Map();

  /** @param {string} source @returns {Promise<void>} When it has run; rejects where it cannot be had. */
  function load(source) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = source;
      script.async = false; // they run in the order in which they stand
      script.onload = () => resolve();
      script.onerror = () => reject(new Error(`${source} did not load`));
      document.head.append(script);
    });
  }

  /**
   * @param {string | undefined} sources as an attribute lists them; none in the single file, which has them all
   * @returns {Promise<void>} when they have run
   */
  function later(sources) {
    if (!sources) return Promise.resolve();
    const found = known.get(sources) || Promise.all(sources.split(" ").map(load)).then(() => undefined);
    known.set(sources, found);
    return found;
  }

  reportgen.later = later;
})();
