/* The filters of Explore: a value is a row with its count under the other filters, a bar, and the part that is wrong. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { put } = element;
  const FOUND = 12; // values that a search lists
  const OUTCOMES = 3;
  const WRONG = 1;
  /** @typedef {{code: number, tick: HTMLInputElement, all: Element, wrong: Element, count: Element, told: Element | null, n: number, bad: number, most: number}} Row */

  /**
   * @param {HTMLElement} section one filter
   * @param {string} key
   * @param {(key: string, codes: number[]) => void} choose
   */
  function facet(section, key, choose) {
    /** @type {Map<number, Row>} */
    const rows = new Map();
    const more = /** @type {HTMLDetailsElement | null} */ (section.querySelector("[data-rg-more]"));
    const clear = /** @type {HTMLElement} */ (section.querySelector("[data-rg-clear]"));
    /** @type {any} */
    let shown = null;
    /** @type {number[]} */
    let chosen = [];

    /** @param {Element} label @returns {Row} */
    function take(label) {
      const tick = /** @type {HTMLInputElement} */ (label.querySelector("input"));
      const row = {
        code: Number(tick.getAttribute("data-rg-code")), tick,
        all: /** @type {Element} */ (label.querySelector(".rg-facet-all")), wrong: /** @type {Element} */ (label.querySelector(".rg-facet-wrong")),
        count: /** @type {Element} */ (label.querySelector(".rg-facet-n")), told: label.querySelector("[data-rg-wrong]"), n: -1, bad: -1, most: -1,
      };
      rows.set(row.code, row);
      return row;
    }

    function choosing(/** @type {Event} */ event) {
      const tick = event.target;
      if (!(tick instanceof HTMLInputElement) || !tick.hasAttribute("data-rg-code")) return;
      const code = Number(tick.getAttribute("data-rg-code"));
      const codes = chosen.filter((one) => one !== code);
      choose(key, tick.checked ? [...codes, code].sort((a, b) => a - b) : codes);
    }

    /** The values that do not stand in the page, once the list is opened. */
    function complete() {
      const left = more && more.querySelector("[data-rg-left]");
      const list = more && more.querySelector("ul");
      const template = /** @type {HTMLTemplateElement | null} */ (document.querySelector("template[data-rg-value]"));
      if (!left || !list || !template || !shown) return;
      left.remove();
      const { counts, words } = shown;
      const codes = words.map((_, i) => i + 1).filter((code) => !rows.has(code));
      codes.sort((a, b) => totalOf(counts, b) - totalOf(counts, a) || a - b);
      for (const code of codes) {
        const item = /** @type {Element} */ (template.content.cloneNode(true));
        const made = /** @type {HTMLElement} */ (item.querySelector("label"));
        const tick = /** @type {Element} */ (made.querySelector("input"));
        const name = /** @type {HTMLElement} */ (made.querySelector(".rg-facet-name"));
        tick.setAttribute("data-rg-code", String(code));
        name.classList.remove("rg-facet-missing");
        put(name, words[code - 1]);
        name.title = words[code - 1];
        list.append(item);
        take(made);
      }
    }

    const totalOf = (counts, code) => counts[code * OUTCOMES] + counts[code * OUTCOMES + 1] + counts[code * OUTCOMES + 2];

    /** @param {Row} row @param {ArrayLike<number>} counts @param {number} most */
    function fill(row, counts, most) {
      const n = totalOf(counts, row.code);
      const bad = counts[row.code * OUTCOMES + WRONG];
      if (n !== row.n) put(row.count, numbers.count(n));
      if (bad !== row.bad && row.told) put(row.told, numbers.count(bad));
      if (n !== row.n || most !== row.most) row.all.setAttribute("width", ((100 * n) / most).toFixed(2));
      if (bad !== row.bad || most !== row.most) row.wrong.setAttribute("width", ((100 * bad) / most).toFixed(2));
      Object.assign(row, { n, bad, most });
    }

    function draw() {
      if (!shown) return;
      const { counts } = shown;
      let most = 1;
      for (let code = counts.length / OUTCOMES - 1; code >= 0; code--) if (code || rows.has(0)) most = Math.max(most, totalOf(counts, code));
      for (const row of rows.values()) {
        if (more && !more.open && more.contains(row.tick)) continue; // filled when it is opened
        fill(row, counts, most);
      }
    }

    for (const label of section.querySelectorAll(".rg-facet-row")) take(label);
    section.addEventListener("change", choosing);
    clear.addEventListener("click", () => {
      choose(key, []);
      rows.values().next().value?.tick.focus();
    });
    if (more) {
      more.addEventListener("toggle", () => {
        if (!more.open) return;
        complete();
        draw();
        tick();
      });
    }

    function tick() {
      for (const row of rows.values()) row.tick.checked = chosen.includes(row.code);
    }

    return {
      /** What is ticked, at once. @param {number[]} codes */
      choose(codes) {
        chosen = codes;
        const hidden = more && !more.open && codes.some((code) => !rows.has(code) || more.contains(/** @type {Row} */ (rows.get(code)).tick));
        if (hidden && more) more.open = true;
        tick();
        section.classList.toggle("rg-facet-on", codes.length > 0);
        clear.hidden = codes.length === 0;
      },
      /** @param {ArrayLike<number>} counts by code and outcome @param {string[]} words */
      show(counts, words) {
        shown = { counts, words };
        if (more && more.open) complete();
        draw();
        tick();
      },
      /** @param {number} code @returns {number} Its count, as last answered. */
      count: (code) => (shown ? totalOf(shown.counts, code) : 0),
    };
  }

  /**
   * All filters by value, the search over them, and how they follow.
   * @param {HTMLElement} root
   * @param {{choose: (key: string, codes: number[]) => void, find: (text: string) => void}} acts
   */
  function facets(root, acts) {
    /** @type {Map<string, ReturnType<typeof facet>>} */
    const all = new Map();
    /** @type {Map<string, HTMLElement>} */
    const sections = new Map();
    for (const section of root.querySelectorAll("[data-rg-facet]")) {
      const key = section.getAttribute("data-rg-facet") || "";
      if (key === "confidence") continue;
      sections.set(key, /** @type {HTMLElement} */ (section));
      all.set(key, facet(/** @type {HTMLElement} */ (section), key, acts.choose));
    }
    /** @type {any[]} */
    let listed = [];
    /** @type {Map<string, any>} */
    let filters = new Map();
    search(root, acts, () => ({ listed, filters, all }));

    return {
      /** @param {any[]} wanted the facets of the two versions @param {Map<string, any>} chosen */
      choose(wanted, chosen) {
        listed = wanted;
        filters = chosen;
        for (const { key, name } of wanted) {
          const own = all.get(key);
          const section = sections.get(key);
          if (!own || !section) continue;
          const codes = (chosen.get(key) || { codes: [] }).codes || [];
          own.choose(codes);
          put(section.querySelector("h3 bdi"), name);
        }
        for (const [key, section] of sections) section.hidden = !wanted.some((one) => one.key === key);
      },
      /** @param {Record<string, ArrayLike<number>>} counts */
      show(counts) {
        for (const { key, words } of listed) {
          const own = all.get(key);
          if (own && Object.hasOwn(counts, key)) own.show(counts[key], words);
        }
      },
    };
  }

  /**
   * A field that finds values of any filter, and ids.
   * @param {HTMLElement} root @param {any} acts @param {() => any} now
   */
  function search(root, acts, now) {
    const box = /** @type {HTMLElement} */ (root.querySelector("[data-rg-search]"));
    const field = /** @type {HTMLInputElement} */ (root.querySelector("[data-rg-find]"));
    const list = /** @type {HTMLElement} */ (root.querySelector("[data-rg-found]"));
    box.hidden = false;

    /** @param {HTMLElement} button @param {() => void} act */
    function acting(button, act) {
      button.addEventListener("click", () => {
        field.value = "";
        offer();
        act();
        field.focus();
      });
      return button;
    }

    function offer() {
      const wanted = field.value.trim().toLowerCase();
      const { listed, filters, all } = now();
      const found = [];
      for (const { key, name, words } of wanted ? listed : []) {
        for (let i = 0; i < words.length && found.length < FOUND; i++) {
          if (!words[i].toLowerCase().includes(wanted) && !(found.length < 3 && name.toLowerCase().includes(wanted))) continue;
          const chosen = (filters.get(key) || { codes: [] }).codes || [];
          const own = all.get(key);
          const button = element(
            "button.rg-xp-offer", { type: "button" }, element("span", null, element("bdi", null, `${name}: ${words[i]}`)),
            element("span.rg-facet-n", null, own ? numbers.count(own.count(i + 1)) : ""),
          );
          found.push(acting(button, () => acts.choose(key, [...new Set([...chosen, i + 1])].sort((a, b) => a - b))));
        }
      }
      const text = field.value.trim();
      if (wanted) found.push(acting(element("button.rg-xp-offer", { type: "button" }, `IDs that hold “${text}”`), () => acts.find(text)));
      list.hidden = !wanted;
      list.replaceChildren(...found);
    }

    field.addEventListener("input", offer);
    field.addEventListener("keydown", (event) => {
      const first = list.querySelector("button");
      if (event.key === "Escape") {
        field.value = "";
        offer();
      } else if (event.key === "Enter" && first && field.value.trim()) first.click();
      else if (event.key === "ArrowDown" && first) first.focus();
      else return;
      event.preventDefault();
    });
    list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
      if (event.key === "Escape") field.focus();
      if (!step || !(event.target instanceof HTMLElement)) return;
      event.preventDefault();
      const next = event.target[/** @type {"nextElementSibling"} */ (step)];
      (next instanceof HTMLElement ? next : field).focus();
    });
  }

  reportgen.exploreFacets = { facets };
})();
