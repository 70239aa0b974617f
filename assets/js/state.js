/* What the reader chose, as the address has it: "#?slice=…&q=…" in the folder, "#slices?slice=…" in the single file. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const root = document.documentElement;
  const single = root.dataset.rgForm === "single";
  const LONGEST = 20000;
  /** @typedef {Record<string, string | number | Iterable<string> | null | undefined>} Changes */
  /** @typedef {{page: string, anchor: string, params: URLSearchParams}} Place */

  /** Where the address cannot be written (some frames), the state lives here. @type {string | null} */
  let memory = null;
  /** @type {{act: (params: URLSearchParams) => void, page: string}[]} */
  const listeners = [];
  let last = "";

  /** @returns {string[]} The names of the pages, in order; the first one is the front page. */
  function pages() {
    return Array.from(document.querySelectorAll(".rg-nav [data-rg-to]"), (a) => a.getAttribute("data-rg-to") || "");
  }

  /** @param {string} text @returns {string} */
  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return ""; // a hash that nobody of us wrote
    }
  }

  /** @param {string} name @returns {string} The page in which the element of that id stands, or "". */
  function pageOf(name) {
    const element = name ? document.getElementById(name) : null;
    const page = element && element.closest(".rg-page");
    return page ? page.id : "";
  }

  /**
   * A hash of any origin as a place; what is unknown is dropped, and nothing throws.
   * @param {string} hash @returns {Place}
   */
  function parse(hash) {
    const text = hash.replace(/^#/, "").slice(0, LONGEST);
    const cut = text.indexOf("?");
    const name = decoded(cut < 0 ? text : text.slice(0, cut));
    const params = new URLSearchParams(cut < 0 ? "" : text.slice(cut + 1));
    if (!single) return { page: root.dataset.rgPage || "", anchor: pageOf(name) ? name : "", params };
    const known = pages();
    if (known.includes(name)) return { page: name, anchor: "", params };
    return { page: pageOf(name) || known[0], anchor: pageOf(name) ? name : "", params };
  }

  /** @returns {Place} */
  function place() {
    return parse(hash());
  }

  /** @returns {string} The hash of what is shown, wherever it lives. */
  function hash() {
    return memory === null ? window.location.hash : memory;
  }

  /** @returns {URLSearchParams} What is chosen on the current page. */
  function read() {
    return place().params;
  }

  /** @param {string} key @returns {string} The first value of a key; "" where there is none. */
  function get(key) {
    return read().get(key) || "";
  }

  /**
   * @param {URLSearchParams} params
   * @param {Changes} changes A null, undefined or empty value takes the key away; several values stand one by one.
   */
  function merge(params, changes) {
    for (const [key, value] of Object.entries(changes)) {
      params.delete(key);
      const values = value === null || value === undefined ? [] : typeof value === "object" ? value : [String(value)];
      for (const one of values) if (one !== "") params.append(key, one);
    }
    return params;
  }

  /** @param {string} page @param {URLSearchParams} params @returns {string} */
  function hashOf(page, params) {
    const text = params.toString();
    return `#${single ? page : ""}${text ? `?${text}` : ""}`;
  }

  /**
   * The address of a page in a state.
   * @param {string} page @param {Changes | URLSearchParams} [params] @returns {string}
   */
  function href(page, params) {
    const chosen = params instanceof URLSearchParams ? params : merge(new URLSearchParams(), params || {});
    const hash = hashOf(page, chosen);
    if (single) return hash;
    const link = document.querySelector(`.rg-nav [data-rg-to="${CSS.escape(page)}"]`);
    const file = link ? (link.getAttribute("href") || "").split("#")[0] : "";
    return file + (hash === "#" ? "" : hash);
  }

  /**
   * Write the address, or keep it where there is none to write (a frame's document may have no address of its own).
   * @param {string} hash @param {boolean} push
   */
  function write(hash, push) {
    memory = null;
    try {
      const address = hash === "#" ? window.location.href.split("#")[0] : hash;
      if (push) window.history.pushState(null, "", address);
      else window.history.replaceState(null, "", address);
    } catch {
      memory = hash;
    }
    tell();
  }

  /**
   * Change what is chosen on the current page, and tell everybody who listens.
   * @param {Changes} changes
   * @param {{push?: boolean}} [options] push: a step that the back button undoes.
   */
  function update(changes, options) {
    const now = place();
    write(hashOf(now.page, merge(now.params, changes)), Boolean(options && options.push));
  }

  /**
   * Go to a page, as its link does.
   * @param {string} page @param {Changes} [params]
   */
  function go(page, params) {
    if (single) write(href(page, params), true);
    else window.location.href = href(page, params);
  }

  /**
   * Links to the same document. The skip link leaves the address alone, which holds the state; those of the single
   * file are followed here, since in some frames the browser would lead away.
   */
  function follow(/** @type {MouseEvent} */ event) {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const skips = link.classList.contains("rg-skip");
    if (!single && !skips) return;
    event.preventDefault();
    if (skips) {
      document.querySelector("main")?.focus();
      return;
    }
    write(link.getAttribute("href") || "#", true);
    document.getElementById(place().anchor)?.scrollIntoView();
  }

  /** @param {Place} one @returns {string} */
  function textOf(one) {
    return `${one.page}#${one.anchor}?${one.params}`;
  }

  /** Tell the listeners of the current page, once a change. */
  function tell() {
    const now = place();
    const text = textOf(now);
    if (text === last) return;
    last = text;
    for (const { act, page } of listeners) if (!page || page === now.page) act(new URLSearchParams(now.params));
  }

  /**
   * Hear of every change of the state, by the reader or by the address.
   * @param {(params: URLSearchParams) => void} act
   * @param {string} [page] Only while this page is shown.
   */
  function listen(act, page) {
    listeners.push({ act, page: page || "" });
  }

  last = textOf(place());
  const moved = () => {
    memory = null;
    tell();
  };
  window.addEventListener("hashchange", moved);
  window.addEventListener("popstate", moved);
  document.addEventListener("click", follow);
  reportgen.state = { single, pages, parse, place, hash, read, get, href, update, go, listen };
})();
