/* The find button and its key: to the search field of this page, or of the page that has one. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const HOME = "slices";

  /** @returns {boolean} Whether this page has a field, which then has the focus. */
  function focus() {
    const page = document.getElementById(reportgen.state.place().page);
    const field = page && page.querySelector("[data-rg-find]");
    if (!(field instanceof HTMLElement)) return false;
    field.focus();
    field.scrollIntoView({ block: "center" });
    return true;
  }

  function find() {
    if (!focus()) window.location.href = reportgen.state.href(HOME, { find: "1" });
  }

  /** Where the reader came to find something, the field has the focus at once. */
  function arrive() {
    if (reportgen.state.get("find") && focus()) reportgen.state.update({ find: null });
  }

  /** @param {HTMLElement} button */
  function wire(button) {
    if (!reportgen.state.pages().includes(HOME)) return;
    button.hidden = false;
    button.addEventListener("click", find);
    reportgen.keys.add("/", "find", find);
    reportgen.state.listen(() => window.setTimeout(arrive));
    window.setTimeout(arrive);
  }

  reportgen.find = { wire };
})();
