/* Wires the parts: an element with data-rg-part="name" is handed to reportgen.name.wire, once, when its page is shown. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  /** @type {WeakSet<Element>} */
  const wired = new WeakSet();

  /** @param {Element} element Its parts are wired; the parts of pages that are not shown wait. */
  function wire(element) {
    for (const part of element.querySelectorAll("[data-rg-part]")) {
      const page = part.closest(".rg-page");
      if (wired.has(part) || (reportgen.state.single && page && page !== element)) continue;
      wired.add(part);
      const name = part.getAttribute("data-rg-part") || "";
      const owner = Object.hasOwn(reportgen, name) ? reportgen[name] : null;
      if (owner && owner.wire) owner.wire(part);
    }
  }

  reportgen.main = { wire };
  wire(document.body);
  if (reportgen.state.single) reportgen.pages.start();
})();
