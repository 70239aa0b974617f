/**
 * How the engine's modules are told of: each runs where it stands, and its source is kept, so that a worker can be made of
 * them where a page may not read its own scripts. Nothing in them may need a page.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  /** By name, each after those that it needs, as their scripts stand in the page. @type {Map<string, string>} */
  const sources = new Map();

  /**
   * @param {string} name of the module
   * @param {() => void} module puts what it offers into `window.reportgen`
   */
  function define(name, module) {
    sources.set(name, String(module));
    module();
  }

  /** @returns {string} A script that runs every module of the page where there is no page. */
  function script() {
    const modules = Array.from(sources.values(), (source) => `(${source})();`);
    return ['"use strict";', "self.window = self;", "self.reportgen = {};", ...modules].join("\n");
  }

  window.reportgen.define = define;
  window.reportgen.script = script;
})();
