/**
 * Texts as Python writes, orders and measures them. No page in here.
 *
 * @typedef {{regular: Record<string, number>, bold: Record<string, number>}} Widths of characters, in em; charts/text.py
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const ELLIPSIS = "\u2026";
  const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
  const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

  /** By code points. @param {string} one @param {string} other @returns {number} */
  function compare(one, other) {
    const [a, b] = [Array.from(one), Array.from(other)];
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      if (a[i] !== b[i]) return /** @type {number} */ (a[i].codePointAt(0)) - /** @type {number} */ (b[i].codePointAt(0));
    }
    return a.length - b.length;
  }

  /** @param {string} text @returns {string} Percent-encoded as Python's quote does it. */
  const quoted = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

  /** @param {string} text @returns {string} On one line, without control characters. */
  const clean = (text) => text.replace(/[\t\n\r\u2028\u2029]/g, " ").replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd");

  /** @param {string} text @returns {string} As a sentence begins. */
  function capital(text) {
    const [first = "", ...rest] = Array.from(text);
    return first.toUpperCase() + rest.join("");
  }

  /** @param {string[]} parts @returns {string} "a", "a and b", "a, b and c" */
  const listed = (parts) => (parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`);

  /**
   * What fills a place is never read for places again.
   * @param {string} template @param {Record<string, string>} given @returns {string}
   */
  const fill = (template, given) => template.replace(/\{(\w+)\}/g, (_, name) => given[name]);

  /** @param {string} c @returns {number} The width of a character that the table lacks. */
  const other = (c) => (NO_WIDTH.test(c) ? 0 : WIDE.test(c) ? 1.1 : 0.88);

  /** @param {Widths} widths @param {string} text @param {number} size @param {boolean} bold @returns {number} in px */
  function width(widths, text, size, bold) {
    const known = bold ? widths.bold : widths.regular;
    return size * Array.from(text).reduce((sum, c) => sum + ((Object.hasOwn(known, c) && known[c]) || other(c)), 0);
  }

  /** @param {Widths} widths @param {string} text @param {number} room @param {number} size @param {boolean} bold @returns {string} Cut with an ellipsis where it is wider than the room. */
  function fit(widths, text, room, size, bold) {
    if (width(widths, text, size, bold) <= room) return text;
    let kept = "";
    for (const c of text) {
      if (width(widths, kept + c + ELLIPSIS, size, bold) > room) break;
      kept += c;
    }
    return kept.trimEnd() + ELLIPSIS;
  }

  window.reportgen.wording = { compare, quoted, clean, capital, listed, fill, width, fit };
})();
