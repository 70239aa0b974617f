/* A verdict's sign and its word, as reportgen/site/words.py has them; a test holds both to the same table. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const SIGNS = { better: "▲", worse: "▼", unclear: "○", too_few: "" };
  const WORDS = { better: "better", worse: "worse", unclear: "no clear change", too_few: "too few to tell" };

  /** @typedef {keyof SIGNS} Verdict */

  /** @param {Verdict} verdict @returns {string} */
  const sign = (verdict) => SIGNS[verdict] || "";

  /** @param {Verdict} verdict @returns {string} */
  const word = (verdict) => WORDS[verdict];

  reportgen.verdicts = { sign, word };
})();
