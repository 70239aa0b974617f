/* The find button and its key: to the search field of this page, or of the page that has one. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const HOME = "slices";
  const PAUSE = 100; // milliseconds
  const TRIES = 50;

  /** @returns {boolean} Whether this page has a field, which then has the focus. */
  function focus() {
    const page = document.getElementById(reportgen.state.place().page);
    const field = page && page.querySelector("[data-rg-find]");
    if (!(field instanceof HTMLElement)) return false;
    field.focus();
    field.scrollIntoView({ block: "center" });
    return document.activeElement === field; // not before it is shown
  }

  function find() {
    if (!focus()) reportgen.versions.go(HOME, { find: "1" });
  }

  /**
   * Where the reader came to find something, the field has the focus as soon as it is there.
   * @param {number} tries
   */
  function arrive(tries) {
    if (!reportgen.state.get("find")) return;
    if (focus()) reportgen.state.update({ find: null });
    else if (tries) window.setTimeout(() => arrive(tries - 1), PAUSE);
  }

  /** @param {HTMLElement} button */
  function wire(button) {
    if (!reportgen.state.pages().includes(HOME)) return;
    button.hidden = false;
    button.addEventListener("click", find);
    reportgen.keys.add("/", "find", find);
    reportgen.state.listen(() => window.setTimeout(() => arrive(TRIES)));
    window.setTimeout(() => arrive(TRIES));
  }

  reportgen.find = { wire };
})();
