/* A row of filters: each chip opens a menu of its values with their counts; what is chosen stands on the chip. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const MANY = 12; // values from which a menu can be searched
  /** @typedef {{key: string, name: string, values: string[]}} Choice */
  /**
   * @typedef {object} Acts
   * @property {(key: string) => Promise<ArrayLike<number>>} counts How many samples each code would leave; [0]: missing.
   * @property {(key: string, codes: Set<number>) => void} change
   */

  /** @type {(() => void) | null} Closes the menu that is open. */
  let closeOpen = null;

  document.addEventListener("click", (event) => {
    const inside = event.target instanceof Element && event.target.closest(".rg-chip-box");
    if (!inside && closeOpen) closeOpen();
  });

  /**
   * @param {HTMLElement} container
   * @param {Choice[]} choices
   * @param {Acts} acts
   * @returns {(filters: Map<string, Set<number>>) => void} Shows what is chosen.
   */
  function chips(container, choices, acts) {
    const drawn = choices.map((choice) => chip(choice, acts));
    container.replaceChildren(...drawn.map((one) => one.box));
    return (filters) => drawn.forEach((one, i) => one.show(filters.get(choices[i].key) || new Set()));
  }

  /** @param {Choice} choice @param {Acts} acts */
  function chip(choice, acts) {
    /** @type {Set<number>} */
    let chosen = new Set();
    const menu = element("div.rg-menu.rg-chip-menu", { role: "group", "aria-label": choice.name, hidden: true });
    const text = element("span.rg-chip-text", { dir: "auto" }, choice.name);
    const open = element("button.rg-chip-open", { type: "button", "aria-expanded": "false" }, text, element.sign("down"));
    const clear = element(
      "button.rg-chip-clear",
      { type: "button", "aria-label": `Remove the filter ${choice.name}`, hidden: true },
      "×",
    );
    const face = element("span.rg-chip", null, open, clear);
    const box = element("div.rg-chip-box", null, face, menu);

    function close() {
      if (menu.contains(document.activeElement)) open.focus();
      menu.hidden = true;
      open.setAttribute("aria-expanded", "false");
      closeOpen = null;
    }

    async function openMenu() {
      if (closeOpen) closeOpen();
      menu.replaceChildren(...(await items()));
      menu.hidden = false;
      menu.classList.toggle("rg-menu-left", box.getBoundingClientRect().left > window.innerWidth - 260);
      open.setAttribute("aria-expanded", "true");
      closeOpen = close;
      const first = menu.querySelector("input");
      if (first) first.focus();
    }

    async function items() {
      const counts = await acts.counts(choice.key);
      const list = choice.values.map((value, i) => item(value, i + 1, counts[i + 1] || 0));
      if (list.length <= MANY) return list;
      const search = element("input.rg-input.rg-menu-search", { type: "search", "aria-label": `Find a value of ${choice.name}` });
      search.addEventListener("input", () => {
        const wanted = /** @type {HTMLInputElement} */ (search).value.toLowerCase();
        list.forEach((one, i) => (one.hidden = !choice.values[i].toLowerCase().includes(wanted)));
      });
      return [search, ...list];
    }

    /** @param {string} value @param {number} code @param {number} n */
    function item(value, code, n) {
      const tick = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", "data-rg-code": code }));
      tick.checked = chosen.has(code);
      tick.addEventListener("change", () => {
        const codes = new Set(chosen);
        if (tick.checked) codes.add(code);
        else codes.delete(code);
        acts.change(choice.key, codes);
      });
      const count = element("span.rg-menu-count", null, numbers.count(n));
      return element("label.rg-menu-item", null, tick, element("bdi", null, value), count);
    }

    async function refresh() {
      const counts = await acts.counts(choice.key);
      for (const tick of menu.querySelectorAll("input[data-rg-code]")) {
        const code = Number(tick.getAttribute("data-rg-code"));
        /** @type {HTMLInputElement} */ (tick).checked = chosen.has(code);
        const count = tick.parentElement && tick.parentElement.querySelector(".rg-menu-count");
        if (count) count.textContent = numbers.count(counts[code] || 0);
      }
    }

    open.addEventListener("click", () => (menu.hidden ? openMenu() : close()));
    clear.addEventListener("click", () => {
      acts.change(choice.key, new Set());
      open.focus();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || menu.hidden) return;
      event.preventDefault();
      close();
      open.focus();
    });

    return {
      box,
      /** @param {Set<number>} codes */
      show(codes) {
        chosen = codes;
        const values = Array.from(codes).sort((a, b) => a - b).map((code) => choice.values[code - 1]);
        text.textContent = values.length ? `${choice.name}: ${values.join(", ")}` : choice.name;
        text.title = text.textContent;
        face.classList.toggle("rg-chip-on", values.length > 0);
        clear.hidden = values.length === 0;
        if (!menu.hidden) refresh();
      },
    };
  }

  reportgen.chips = chips;
})();
