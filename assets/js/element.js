/* Making elements: text only ever as text, so that nothing of a user's is read as HTML. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  /** @typedef {string | number | Node | null | undefined | false} Child */

  /**
   * A new element. Children that are texts become text nodes; empty ones are left out.
   * @param {string} name "span", or "span.rg-tile-aside"
   * @param {Record<string, string | number | boolean | null | undefined> | null} [attributes] true: present, without a
   *   value; false, null and undefined: absent
   * @param {...Child} children
   * @returns {HTMLElement}
   */
  function element(name, attributes, ...children) {
    const [tag, ...classes] = name.split(".");
    const made = document.createElement(tag);
    if (classes.length) made.className = classes.join(" ");
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value === true) made.setAttribute(key, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value));
    }
    for (const child of children) {
      if (child instanceof Node) made.append(child);
      else if (child !== null && child !== undefined && child !== false && child !== "") made.append(String(child));
    }
    return made;
  }

  /**
   * A copy of one of the signs that the page carries in `<template data-rg-signs>`.
   * @param {string} kind right, wrong, down, arrow …
   * @param {string} [label] What it says to those who do not see it; without one it is decoration.
   * @returns {Node}
   */
  element.sign = function (kind, label) {
    const signs = document.querySelector("template[data-rg-signs]");
    const found = signs instanceof HTMLTemplateElement && signs.content.querySelector(`.rg-mark-${kind}`);
    if (!found) return document.createTextNode("");
    const copy = /** @type {Element} */ (found.cloneNode(true));
    if (label) {
      copy.removeAttribute("aria-hidden");
      copy.setAttribute("role", "img");
      copy.setAttribute("aria-label", label);
    }
    return copy;
  };

  reportgen.element = element;
})();
