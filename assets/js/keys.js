/* Keys: what each does is declared once, listed in the panel that ? opens, and off while somebody types. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const KEY = "reportgen.keys";
  const PAUSE = 1200;
  const LETTERS = { overview: "o", slices: "s", compare: "c", examples: "x", explore: "e", data: "d", confidence: "f", about: "a" };
  const CAPS = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };
  /** @typedef {{keys: string, label: string, act: ((event: KeyboardEvent) => void) | null, page: string}} Entry */
  /** @type {Entry[]} */
  const entries = [];
  let on = true;
  let prefix = "";
  let timer = 0;

  /**
   * Declare a key, or two pressed one after the other ("g s"). What comes last wins.
   * @param {string} keys As KeyboardEvent.key has it, a space between two.
   * @param {string} label What it does; with "" it is not listed.
   * @param {((event: KeyboardEvent) => void) | null} act Null: what has the focus hears them itself, here they are only listed.
   * @param {string} [page] Only while this page is shown.
   */
  function add(keys, label, act, page) {
    entries.unshift({ keys, label, act, page: page || "" });
  }

  /** @param {EventTarget | null} target A ticked box or radio takes no letters. */
  function typing(target) {
    if (!(target instanceof HTMLElement)) return false;
    return target.isContentEditable || target.matches("input:not([type=radio], [type=checkbox]), select, textarea");
  }

  /** @param {Event} event What was chosen from a list by pointer gives the keys back; one that Tab led to keeps them. */
  function chosen(event) {
    const { target } = event;
    if (target instanceof HTMLSelectElement && !target.matches(":focus-visible")) target.blur();
  }

  /** @param {Entry} entry */
  function applies(entry) {
    return !entry.page || entry.page === reportgen.state.place().page;
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !on || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const keys = prefix ? `${prefix} ${event.key}` : event.key;
    prefix = "";
    const found = entries.find((entry) => entry.act && entry.keys === keys && applies(entry));
    if (found && found.act) {
      event.preventDefault();
      found.act(event);
    } else if (entries.some((entry) => entry.act && entry.keys.startsWith(`${event.key} `) && applies(entry))) {
      prefix = event.key;
      window.clearTimeout(timer);
      timer = window.setTimeout(() => (prefix = ""), PAUSE);
    }
  }

  /** @param {HTMLElement} list */
  function fill(list) {
    const listed = entries.filter((entry) => entry.label && applies(entry)).reverse();
    list.replaceChildren(
      ...listed.map((entry) => {
        const row = document.createElement("div");
        const term = document.createElement("dt");
        for (const key of entry.keys.split(" ")) {
          const cap = document.createElement("kbd");
          cap.textContent = CAPS[/** @type {keyof CAPS} */ (key)] || key;
          term.append(cap, " ");
        }
        const meaning = document.createElement("dd");
        meaning.textContent = entry.label;
        row.append(term, meaning);
        return row;
      }),
    );
  }

  /** @param {HTMLDialogElement} dialog The panel with the list. */
  function wire(dialog) {
    const list = dialog.querySelector("[data-rg-keys]");
    const box = dialog.querySelector("[data-rg-single]");
    const close = dialog.querySelector("[data-rg-close]");
    if (!(list instanceof HTMLElement) || !(box instanceof HTMLInputElement)) return;
    try {
      on = window.localStorage.getItem(KEY) !== "off";
    } catch {
      on = true;
    }
    box.checked = on;
    box.addEventListener("change", () => {
      on = box.checked;
      try {
        window.localStorage.setItem(KEY, on ? "on" : "off");
      } catch {
        // holds for this page alone
      }
    });
    if (close) close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    const show = () => {
      fill(list);
      dialog.showModal();
    };
    for (const name of reportgen.state.pages()) {
      const letter = LETTERS[/** @type {keyof LETTERS} */ (name)];
      if (letter) add(`g ${letter}`, `go to ${name}`, () => reportgen.versions.go(name));
    }
    add("Escape", "close what is open", null);
    add("?", "this list", show);
    for (const button of document.querySelectorAll("[data-rg-show-keys]")) {
      if (button instanceof HTMLElement) button.hidden = false;
      button.addEventListener("click", show);
    }
    document.addEventListener("keydown", pressed);
    document.addEventListener("change", chosen);
  }

  /** @param {KeyboardEvent} event @returns {boolean} Whether a single key is a command now: what is open asks for its own. */
  function hears(event) {
    return on && !event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target);
  }

  reportgen.keys = { add, hears, wire };
})();
