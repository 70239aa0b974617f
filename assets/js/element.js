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
   * A copy of one of the signs that the pages carry in `<template data-rg-signs>`; in the single file there are several.
   * @param {string} kind right, wrong, down, arrow …
   * @param {string} [label] What it says to those who do not see it; without one it is decoration.
   * @returns {Node}
   */
  element.sign = function (kind, label) {
    let found = null;
    for (const signs of document.querySelectorAll("template[data-rg-signs]")) {
      found = found || /** @type {HTMLTemplateElement} */ (signs).content.querySelector(`.rg-mark-${kind}`);
    }
    if (!found) return document.createTextNode("");
    const copy = /** @type {Element} */ (found.cloneNode(true));
    if (label) {
      copy.removeAttribute("aria-hidden");
      copy.setAttribute("role", "img");
      copy.setAttribute("aria-label", label);
    }
    return copy;
  };

  /**
   * Give an element a text, where it has another one: what stands is not laid out anew.
   * @param {Element | null | undefined} node @param {string} text
   */
  element.put = function (node, text) {
    if (!node) return;
    const first = node.firstChild;
    if (first && first.nodeType === Node.TEXT_NODE && !first.nextSibling) {
      if (first.nodeValue !== text) first.nodeValue = text;
    } else if (first || text) node.textContent = text;
  };

  /**
   * Give the fields of a part their texts; those that are not named keep theirs.
   * @param {ParentNode} part @param {Record<string, string>} texts by `data-rg-field`
   */
  element.write = function (part, texts) {
    for (const field of part.querySelectorAll("[data-rg-field]")) {
      const text = texts[field.getAttribute("data-rg-field") || ""];
      if (text !== undefined) field.textContent = text;
    }
  };

  /** @param {ParentNode} root @param {string} name @returns {any} What of it is marked with `data-rg-<name>`, first. */
  element.find = (root, name) => root.querySelector(`[data-rg-${name}]`);

  reportgen.element = element;
})();
