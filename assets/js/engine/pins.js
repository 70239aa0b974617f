/**
 * Files of ids that a manifest pins. No page in here.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const LONGEST = 60; // letters of a name
  // what would end a line of a text file, or be lost at its ends
  const BREAKING = /[\n\v\f\r\u001c-\u001e\u0085\u2028\u2029]|^\s|\s$|^\ufeff/u;

  /**
   * A table with the one column `id`. Where a spreadsheet would run an id as a formula, which a table would have to
   * change to prevent, it is a text file with an id a line: `pinned` reads both.
   * @param {string[]} ids
   * @returns {{ ending: string, type: string, text: string }}
   */
  function file(ids) {
    const { write, isRisky } = window.reportgen.csv;
    if (ids.some(isRisky) && !ids.some((id) => BREAKING.test(id))) {
      return { ending: "txt", type: "text/plain", text: ids.map((id) => `${id}\n`).join("") };
    }
    return { ending: "csv", type: "text/csv", text: write([["id"], ...ids.map((id) => [id])]) };
  }

  /**
   * A name for a set in a manifest, and for its file: letters, digits, _ and - alone.
   * @param {string[]} parts the set's own name, and what was filtered
   * @returns {string}
   */
  function name(parts) {
    const plain = parts.map((part) => part.replace(/[^A-Za-z0-9_]+/gu, "-").replace(/^-+|-+$/gu, "")).filter(Boolean);
    return plain.join("-").slice(0, LONGEST).replace(/-+$/u, "");
  }

  window.reportgen.pins = { file, name };
})();
