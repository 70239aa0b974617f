/* Saves a list that stands packed in the one file; in the folder it is a file of its own and needs no script. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});

  /** @param {HTMLElement} button */
  function wire(button) {
    const key = button.dataset.rgList || "";
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = await reportgen.data.load(`list-${key}`);
      reportgen.copy.save(`${key}.csv`, text, "text/csv");
    });
  }

  reportgen.listFile = { wire };
})();
