/**
 * How the engine's modules are told of: each runs where it stands, and its source is kept, so that a worker can be made of
 * them where a page may not read its own scripts. Nothing in them may need a page.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  /** @type {Map<string, string>} */
  const sources = new Map();

  /**
   * @param {string} name of the module
   * @param {() => void} module puts what it offers into `window.reportgen`
   */
  function define(name, module) {
    sources.set(name, String(module));
    module();
  }

  /**
   * @param {string[]} names modules, each after those that it needs
   * @returns {string} a script that runs them where there is no page
   */
  function script(names) {
    const modules = names.map((name) => `(${sources.get(name)})();`);
    return ['"use strict";', "self.window = self;", "self.reportgen = {};", ...modules].join("\n");
  }

  window.reportgen.define = define;
  window.reportgen.script = script;
})();
