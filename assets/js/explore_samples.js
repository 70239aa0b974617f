/* The samples of a selection: tiles, hardest first, that load as one scrolls; a table with chosen columns; files of both. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers, wording } = reportgen;
  const { find, put } = element;
  const PAGE = "explore";
  const FIRST = 16; // tiles at once
  const MORE = 40;
  const LISTED = 50; // lines of the table in the page
  const ORDERS = ["wrong", "right", "all"];

  /**
   * @param {HTMLElement} root
   * @param {any} meta
   * @param {any} explorer
   * @param {{order: (order: string) => void, emptied: (why: any) => Node[]}} acts
   */
  function gallery(root, meta, explorer, acts) {
    const grid = find(root, "tiles");
    const foot = find(root, "foot");
    const still = root.querySelector(".rg-xp-gallery [data-rg-static]");
    const empty = find(root, "empty");
    const samples = reportgen.samples.sparse(meta);
    /** @type {Map<string, HTMLElement>} */
    const made = new Map();
    /** @type {any} */
    let now = null;
    let shown = 0;
    let turn = 0;
    let busy = false;

    /** @param {any} asked @returns {number[]} */
    const pairOf = ({ baseline, candidate }) => (baseline === null ? [candidate] : [baseline, candidate]);

    /** @param {number} row @returns {string} Where the sample opens, large. */
    function addressOf(row) {
      const { asked, facets } = now;
      const keys = reportgen.query.written(asked.filters, facets);
      const state = Object.fromEntries(Object.entries(keys).filter(([key]) => reportgen.query.inExamples(key)));
      return reportgen.state.href("examples", { ...state, set: state.set || "all", ...reportgen.versions.carried(), sample: samples.id(row) });
    }

    function tileOf(row) {
      const pair = pairOf(now.asked);
      const key = `${row} ${pair}`;
      let tile = made.get(key);
      if (!tile) {
        tile = reportgen.tile(samples, row, pair, addressOf(row), { attributes: true });
        const original = samples.picture(row) || samples.text(row) ? null : samples.link(row);
        if (original) tile.append(element("a.rg-xp-tile-link", { href: original, target: "_blank", rel: "noopener noreferrer" }, "original"));
        made.set(key, /** @type {HTMLElement} */ (tile));
      } else tile.querySelector("a")?.setAttribute("href", addressOf(row));
      return tile;
    }

    /** @param {number} wanted how many tiles to show in all */
    async function fill(wanted) {
      const mine = turn;
      const { rows } = now.answer.hardest;
      const part = rows.slice(0, Math.min(wanted, rows.length));
      busy = true;
      try {
        const lacking = part.filter((row) => !samples.has(row));
        const [found] = await Promise.all([lacking.length ? explorer.rows(lacking) : null, samples.needTiles()]);
        if (found) samples.add(found);
      } finally {
        busy = false;
      }
      if (mine !== turn) return;
      const tiles = part.map(tileOf);
      tiles.forEach((tile, i) => {
        if (grid.children[i] !== tile) grid.insertBefore(tile, grid.children[i] || null);
      });
      while (grid.children.length > tiles.length) grid.lastElementChild.remove();
      shown = part.length;
      grid.hidden = false;
      if (still) still.remove();
      footing();
    }

    function footing() {
      const { rows, n } = now.answer.hardest;
      const left = Math.min(MORE, rows.length - shown);
      foot.hidden = n === 0;
      find(root, "next").hidden = left <= 0;
      put(find(root, "next"), `Next ${numbers.count(left)}`);
      const told = shown < n ? `1–${numbers.count(shown)} of ${numbers.count(n)}.` : `All ${numbers.count(n)}.`;
      put(find(root, "shown"), rows.length < n && left <= 0 ? `${told} Choose on to see the others.` : told);
    }

    function heading() {
      const { answer, asked } = now;
      const title = find(root, "samples");
      const name = meta.versions[asked.candidate].name;
      const judged = meta.classes.length > 0 || meta.tolerance !== null;
      const plain = judged && asked.order === "all" ? `${meta.words.mark_wrong} in ${name} first` : meta.words.hard_first;
      const n = answer.hardest.n;
      title.replaceChildren(`${numbers.count(n)} ${meta.nouns[n === 1 ? 0 : 1]}`, element("span.rg-n", null, ` · ${plain}`));
      const rule = find(root, "rule");
      if (rule) rule.hidden = true;
    }

    const named = { wrong: wording.capital(meta.words.mark_wrong), right: wording.capital(meta.words.mark_right), all: "All" };
    const orders = find(root, "order");
    const buttons = ORDERS.map((order) => {
      const button = element("button", { type: "button", role: "radio", "data-rg-which": order });
      button.addEventListener("click", () => acts.order(order));
      return button;
    });
    orders.replaceChildren(...buttons);
    orders.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
      const to = buttons[(at + step + buttons.length) % buttons.length];
      to.focus();
      to.click();
    });

    function segments() {
      const { answer, asked } = now;
      orders.hidden = meta.classes.length === 0 && meta.tolerance === null;
      for (const button of buttons) {
        const order = /** @type {string} */ (button.dataset.rgWhich);
        const chosen = order === asked.order;
        button.setAttribute("aria-checked", String(chosen));
        button.tabIndex = chosen ? 0 : -1;
        put(button, `${named[order]} ${numbers.count(answer.hardest[order])}`);
      }
    }

    find(root, "next").addEventListener("click", () => {
      const before = shown;
      fill(shown + MORE).then(() => grid.children[before]?.querySelector("a")?.focus());
    });
    new IntersectionObserver((seen) => {
      const more = now && shown && shown < now.answer.hardest.rows.length;
      if (more && !busy && seen.some((one) => one.isIntersecting)) fill(shown + MORE);
    }, { rootMargin: "200px" }).observe(foot);

    return {
      /** What can be said at once. @param {any} view */
      show(view) {
        now = view;
        turn++;
        heading();
        segments();
        const { hardest, n } = view.answer;
        const none = hardest.n === 0;
        empty.hidden = !none;
        grid.classList.toggle("rg-xp-none", none);
        if (!none) return;
        grid.replaceChildren();
        if (still) still.remove();
        empty.replaceChildren(...(n === 0 ? acts.emptied(view.answer.missing) : [element("p", null, `None of the ${numbers.count(n)} is ${hardest.order === "wrong" ? meta.words.mark_wrong : meta.words.mark_right}.`)]));
        footing();
      },
      /** The tiles, after the figures. */
      async draw() {
        if (now.answer.hardest.n > 0) await fill(FIRST);
      },
    };
  }

  /**
   * The table of the selection's first samples, and its file.
   * @param {HTMLElement} root @param {any} meta @param {any} explorer
   */
  function list(root, meta, explorer) {
    const section = find(root, "list");
    const box = find(root, "list-box");
    const { part } = meta.words;
    const saidBy = (v) => (part ? [`right-${v}`, `false-${v}`, `missed-${v}`] : [`prediction-${v}`]);
    const columns = [
      ["id", "id"], ["label", part ? part.many : meta.label],
      ...meta.versions.flatMap((one, v) => [
        ...saidBy(v).map((key) => [key, part ? `${one.name} ${key.split("-")[0]}` : one.name]),
        ...(one.confidence ? [[`confidence-${v}`, `${one.name} confidence`]] : []),
      ]),
      ...meta.attributes.filter((one) => one.kind !== "target").map((one) => [`${reportgen.query.hasNumbers(meta, one) ? "n" : "a"}.${one.name}`, one.name]),
    ];
    /** @type {Set<string>} */
    const chosen = new Set(["id", "label", ...saidBy(meta.candidate), ...(meta.baseline === null ? [] : saidBy(meta.baseline))]);
    let near = false;
    let stale = true;
    let turn = 0;

    const wanted = () => columns.filter(([key]) => chosen.has(key));

    async function draw() {
      if (!near || !stale) return;
      stale = false;
      const mine = ++turn;
      const shown = wanted();
      const lines = await explorer.table(shown.map(([key]) => key), LISTED);
      if (mine !== turn) return;
      const head = element("tr", null, ...shown.map(([, name]) => element("th", { scope: "col" }, element("bdi", null, name))));
      const rows = lines.map((line) => element("tr", null, ...line.map((value) => element("td", { title: value === null ? null : value }, element("bdi", null, text(value))))));
      box.replaceChildren(element("table.rg-xp-list", null, element("thead", null, head), element("tbody", null, ...rows)));
    }

    const text = (value) => (value === null ? numbers.MISSING : typeof value === "number" ? numbers.plain(value, Number.isInteger(value) ? 0 : 4) : value);

    find(root, "column-boxes").replaceChildren(...columns.map(([key, name]) => {
      const tick = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox" }));
      tick.checked = chosen.has(key);
      tick.addEventListener("change", () => {
        if (tick.checked) chosen.add(key);
        else chosen.delete(key);
        stale = true;
        draw();
      });
      return element("label.rg-check", null, tick, element("bdi", null, name));
    }));
    find(root, "csv").addEventListener("click", async () => {
      const shown = wanted();
      const lines = await explorer.table(shown.map(([key]) => key), meta.n);
      reportgen.copy.save(`${PAGE}.csv`, reportgen.csv.write([shown.map(([, name]) => name), ...lines]), "text/csv");
    });
    new IntersectionObserver((seen) => {
      near = seen.some((one) => one.isIntersecting);
      draw();
    }, { rootMargin: "100px" }).observe(section);

    return {
      /** @param {any} view */
      show({ answer }) {
        section.hidden = answer.n === 0;
        stale = true;
        const n = Math.min(LISTED, answer.n);
        put(find(root, "list-note"), answer.n > n ? `The first ${n} of ${numbers.count(answer.n)}, wrong ones first. The CSV has all.` : "");
        draw();
      },
    };
  }

  reportgen.exploreSamples = { gallery, list };
})();
