/* The two buttons beside the page's title: copy the address of what is shown, print it. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});

  /** @param {HTMLElement} element */
  function wire(element) {
    const copy = element.querySelector("[data-rg-copy]");
    const print = element.querySelector("[data-rg-print]");
    if (copy instanceof HTMLButtonElement) reportgen.copy.link(copy);
    if (print) print.addEventListener("click", () => window.print());
    element.hidden = false;
  }

  reportgen.share = { wire };
})();
