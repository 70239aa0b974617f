/* Where Explore is the page that is opened, its engine begins and its data load while the page is still read. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const here = document.documentElement.dataset.rgPage || window.location.hash.slice(1).split("?")[0];
  if (here === "explore") reportgen.explorer.shared().catch(() => null); // told where it is asked for
})();
