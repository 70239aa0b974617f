/* The single file: one page at a time, the one that the address names. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const title = document.title;
  let shown = "";

  /** @param {boolean} first */
  function show(first) {
    const { page, anchor } = reportgen.state.place();
    if (page !== shown) {
      for (const section of document.querySelectorAll(".rg-page")) {
        section.toggleAttribute("data-rg-current", section.id === page);
      }
      for (const link of document.querySelectorAll(".rg-nav [data-rg-to]")) {
        if (link.getAttribute("data-rg-to") === page) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      shown = page;
      document.documentElement.dataset.rgShown = page; // for style: a rule that looks for it costs every change of a page
      const section = document.getElementById(page);
      if (section) {
        document.title = `${section.dataset.rgTitle} · ${title}`;
        reportgen.main.wire(section);
      }
      if (!first && !anchor) {
        window.scrollTo(0, 0);
        const main = document.getElementById("rg-main");
        if (main) main.focus({ preventScroll: true });
      }
    }
    const element = anchor && document.getElementById(anchor);
    if (element) element.scrollIntoView();
  }

  function start() {
    reportgen.state.listen(() => show(false));
    show(true);
  }

  reportgen.pages = { start };
})();
