/* The theme, set before anything is painted: the system's, or what the reader chose. Runs in the head. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const root = document.documentElement;
  const KEY = "reportgen.theme";
  /** @type {Record<string, {next: string, label: string}>} */
  const CHOICES = {
    "": { next: "light", label: "as the system" },
    light: { next: "dark", label: "light" },
    dark: { next: "", label: "dark" },
  };
  let chosen = "";

  /** @returns {string} "light", "dark", or "" for the system's. */
  function remembered() {
    try {
      const value = window.localStorage.getItem(KEY) || "";
      return Object.hasOwn(CHOICES, value) ? value : "";
    } catch {
      return ""; // a sandboxed frame has no storage
    }
  }

  /** @param {string} choice */
  function apply(choice) {
    chosen = choice;
    if (choice) root.dataset.theme = choice;
    else delete root.dataset.theme;
    try {
      if (choice) window.localStorage.setItem(KEY, choice);
      else window.localStorage.removeItem(KEY);
    } catch {
      // not remembered, but shown
    }
    document.dispatchEvent(new CustomEvent("reportgen:theme"));
  }

  /** @returns {boolean} Whether the page is dark now. */
  function dark() {
    return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  }

  /** @param {HTMLElement} button */
  function wire(button) {
    const say = () => button.setAttribute("aria-label", `Theme: ${CHOICES[chosen].label}`);
    const turn = () => {
      apply(CHOICES[chosen].next);
      say();
    };
    say();
    button.addEventListener("click", turn);
    reportgen.keys.add("t", "theme: as the system, light, dark", turn);
  }

  root.dataset.rgScripts = "";
  apply(remembered());
  reportgen.theme = { dark, wire };
})();
