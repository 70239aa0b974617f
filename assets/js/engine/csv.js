/**
 * Tables as CSV that no spreadsheet takes for formulas. No page in here.
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const RISKY = /^[=+\-@\t\r\n]/u;

  /** @param {string} text @returns {boolean} Whether a spreadsheet would take it for a formula. */
  function isRisky(text) {
    return RISKY.test(text);
  }

  /**
   * @param {unknown} value a number stands as it is; a text that a spreadsheet would run gets an apostrophe before it
   * @returns {string}
   */
  function cell(value) {
    if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
    if (value === null || value === undefined) return "";
    const text = isRisky(String(value)) ? `'${value}` : String(value);
    return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  /**
   * @param {unknown[][]} rows the head first
   * @returns {string} lines ended as RFC 4180 has it
   */
  function write(rows) {
    return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
  }

  window.reportgen.csv = { cell, write, isRisky };
})();
