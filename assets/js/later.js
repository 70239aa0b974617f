/* Scripts that a page can do without until something is asked of it: they load then, once, in their order. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  /** @type {Map<string, Promise<void>>} by page */
  const known = new Map();

  /** @param {string} src @returns {Promise<void>} When it has run; rejects where it cannot be had. */
  function load(src) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = src;
      script.async = false; // they run in the order in which they stand
      script.onload = () => resolve();
      script.onerror = () => reject(new Error(`${src} did not load`));
      document.head.append(script);
    });
  }

  /**
   * @param {Element} inside a part of the page
   * @returns {Promise<void>} When the page's later scripts have run; the single file has them all.
   */
  function later(inside) {
    const page = inside.closest("[data-rg-on-demand]");
    if (!page) return Promise.resolve();
    let found = known.get(page.id);
    if (!found) {
      const paths = (page.getAttribute("data-rg-on-demand") || "").split(" ");
      found = Promise.all(paths.map(load)).then(() => undefined);
      known.set(page.id, found);
    }
    return found;
  }

  reportgen.later = later;
})();
