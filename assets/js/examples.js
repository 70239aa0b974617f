/* The gallery: sets as tabs, filters as chips, forty tiles a page. What is chosen stands in the address alone. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { find } = element;
  const PAGE = "examples";
  const SIZE = 40;
  const TYPING = 200; // milliseconds of rest before a search is made
  const RESET = { page: null, sample: null };
  const SIGNS = { newly_broken: "worse", newly_fixed: "better" };

  /** @param {HTMLElement} section */
  async function wire(section) {
    let samples;
    try {
      samples = await reportgen.samples.open();
      await samples.needTiles();
    } catch {
      return; // the sets that stand in the page are the page
    }
    gallery(section, samples);
  }

  /** @param {HTMLElement} section @param {any} samples */
  function gallery(section, samples) {
    const { meta, columns } = samples;
    const page = /** @type {HTMLElement} */ (section.closest(".rg-page") || document.body);
    const choices = reportgen.query.choices(meta);
    const grid = find(section, "tiles");
    const field = find(section, "find");
    const spread = reportgen.spread(page.querySelector("[data-rg-spread]") || section, samples, choices, codesOf);
    const open = (/** @type {number} */ row) => samples.needIds().then(() => reportgen.lightbox.enter(samples.id(row)));
    const sequences = meta.frames ? reportgen.sequenceList(page.querySelector("[data-rg-sequences]"), samples, open) : null;
    let turn = 0;
    let typing = 0;
    /** What is shown now. @type {any} */
    let shown = null;
    /** Members of sets, ranked, by set and pair of versions. @type {Map<string, Uint32Array>} */
    const ranked = new Map();

    /** @param {Record<string, any>} changes */
    const choose = (changes) => reportgen.state.update({ ...RESET, ...changes });
    const drawChips = reportgen.chips(find(section, "chips"), choices, {
      counts: (key) => counts(shown, key),
      change: (key, codes) => {
        const { values } = choices.find((one) => one.key === key);
        choose({ [key]: Array.from(codes).sort((a, b) => a - b).map((code) => values[code - 1]) });
      },
    });

    /** @param {string} set @param {any} query @returns {Uint32Array} */
    function members(set, { baseline, version }) {
      const key = `${set} ${baseline} ${version}`;
      let rows = ranked.get(key);
      if (!rows) {
        rows = reportgen.sets.members(columns, set, baseline, version);
        ranked.set(key, rows);
      }
      return rows;
    }

    /** @param {string} key @param {any} query @returns {Promise<ArrayLike<number>>} The codes that a filter looks at. */
    async function codesOf(key, { baseline, version }) {
      const { column } = choices.find((one) => one.key === key);
      if (column === "predicted") return columns.prediction[version];
      if (column === "was") return reportgen.outcomes.judge(columns, baseline);
      if (column === "now") return reportgen.outcomes.judge(columns, version);
      if (column !== "target" || columns.values) await samples.needCodes([column]);
      return samples.codes(column);
    }

    /** @param {any} now @param {string} key How many samples each value of a filter would leave, the others holding. */
    async function counts(now, key) {
      const codes = await codesOf(key, now.query);
      const size = choices.find((one) => one.key === key).values.length + 1;
      return reportgen.filter.facet(now.found, now.conditions, key, codes, size);
    }

    /** @param {any} query @returns {Promise<any>} The samples that the address asks for, in its order. */
    async function select(query) {
      await samples.needConfidence(versionsOf({ query }));
      await samples.needSets(query.baseline, query.version);
      if (query.crop && meta.boxes && query.baseline !== null) await samples.needChanges(query.baseline, query.version);
      const whole = members(query.set, query);
      const conditions = [];
      for (const [key, allowed] of query.filters) {
        conditions.push({ key, codes: await codesOf(key, query), allowed });
      }
      const held = query.objects ? await samples.objects(query.objects, query.baseline, query.version) : null;
      const named = query.text ? searched(whole, query.text) : whole;
      const mistaken = query.mistaken ? await samples.mistaken(query.mistaken, query.version) : null;
      const ofObjects = held ? reportgen.kinds.select(named, held, query.sort === "") : named;
      const found = mistaken ? reportgen.mistaken.select(ofObjects, mistaken, query.sort === "") : ofObjects;
      const rows = sorted(reportgen.filter.select(found, conditions), query);
      return { query, whole, found, conditions, rows, held, mistaken };
    }

    /** @param {Uint32Array} rows @param {string} text */
    function searched(rows, text) {
      const holding = samples.holding(text);
      return rows.filter((row) => holding[row] === 1);
    }

    /** @param {Uint32Array} rows @param {any} query */
    function sorted(rows, query) {
      if (query.sort === "id") return rows.slice().sort();
      if (query.sort === "") return rows;
      const score = reportgen.outcomes.hardness(columns, query.version);
      return reportgen.sets.rank(rows, score, query.sort !== "hard");
    }

    async function show() {
      const query = reportgen.query.read(reportgen.state.read(), meta);
      const mine = ++turn;
      const now = await select(query);
      if (mine !== turn) return; // a later choice is on its way
      const before = shown;
      shown = now;
      const same = before && key(before.query) === key(query);
      if (!same) {
        find(section, "pin").hidden = true; // it told of another selection
        reportgen.listMenu.close();
        draw(now);
        spread.draw(now);
      }
      section.dataset.rgAnswered = String(mine);
      if (sequences) sequences.draw(versionsOf(now)).catch(() => undefined); // what stands in the page stays
      reportgen.lightbox.show(view(now), query.sample);
    }

    /** @param {any} query @returns {string} What the gallery shows, whichever sample is open. */
    function key(query) {
      return JSON.stringify([query.set, query.baseline, query.version, [...query.filters].map(([k, codes]) => [k, ...codes]), query.text, query.sort, query.page, query.by, query.crop, address(query)]);
    }

    /** @param {any} query @returns {Record<string, string[]>} What of the address asks for objects, or for pixels. */
    function address({ objects: wanted, mistaken }) {
      if (mistaken) return { is: [meta.pixels.names[mistaken.target]], called: [meta.pixels.names[mistaken.prediction]] };
      if (!wanted) return {};
      const terms = wanted.terms.map(({ attribute, codes }) => {
        const { name, values, missing } = meta.kinds.attributes[attribute];
        return [`o.${name}`, Array.from(codes, (/** @type {number} */ code) => (code ? values[code - 1] : missing))];
      });
      return { objects: [wanted.state], ...Object.fromEntries(terms) };
    }

    /** Which objects or pixels the samples are to hold, how many these are, and the way back to all samples. @param {any} now */
    function tellHeld(now) {
      const box = find(section, "held");
      const { query, held, mistaken } = now;
      box.hidden = !held && !mistaken;
      for (const one of [find(section, "explore"), section.querySelector(".rg-list-box")]) one?.toggleAttribute("hidden", !box.hidden);
      if (box.hidden) return;
      const { words } = mistaken ? meta.pixels : meta.kinds;
      const { which, counts } = (mistaken ? pixelsTold : objectsTold)(now);
      const all = element("button.rg-link", { type: "button" }, words.all);
      all.addEventListener("click", () => choose(Object.fromEntries(Object.keys(address(query)).map((key) => [key, null]))));
      box.replaceChildren(element("strong", null, which), ` ${counts} ${query.sort ? "" : words.order} `, all);
    }

    const fill = (/** @type {string} */ text, /** @type {Record<string, string>} */ given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name]);

    /** @param {Uint32Array} rows @param {Uint32Array} counts */
    const totalOf = (rows, counts) => numbers.count(rows.reduce((sum, row) => sum + counts[row], 0));

    /** @param {Uint32Array} rows */
    const samplesOf = (rows) => `${numbers.count(rows.length)} ${meta.nouns[rows.length === 1 ? 0 : 1]}`;

    /** @param {any} now @returns {{which: string, counts: string}} */
    function pixelsTold({ query, rows, mistaken }) {
      const { names, words } = meta.pixels;
      const { target, prediction } = query.mistaken;
      const given = { candidate: meta.versions[query.version].name, target: names[target], prediction: names[prediction] };
      return { which: fill(words.which, given), counts: fill(words.counts, { n: totalOf(rows, mistaken), samples: samplesOf(rows) }) };
    }

    /** @param {any} now @returns {{which: string, counts: string}} */
    function objectsTold({ query, rows, held }) {
      const { attributes, states, words } = meta.kinds;
      const names = { candidate: meta.versions[query.version].name, baseline: query.baseline === null ? "" : meta.versions[query.baseline].name };
      const kinds = query.objects.terms.map(({ attribute, codes }) => {
        const { values, shown } = attributes[attribute];
        return Array.from(codes, (/** @type {number} */ code) => shown[code ? code - 1 : values.length]).join(" or ");
      });
      const which = [...kinds, fill(states[query.objects.state], names)].filter(Boolean).join(", ") || words.any;
      const counts = fill(words.counts, { n: totalOf(rows, held.n), missed: totalOf(rows, held.missed), samples: samplesOf(rows), ...names });
      return { which: fill(words.which, { which }), counts };
    }

    /** @param {any} now */
    function view(now) {
      return { samples, rows: now.rows, versions: versionsOf(now), candidate: now.query.version, set: setOf(now).label };
    }

    /** @param {any} now @returns {number[]} */
    function versionsOf({ query }) {
      return query.baseline === null ? [query.version] : [query.baseline, query.version];
    }

    /** @param {any} now */
    function setOf({ query }) {
      return reportgen.query.sets(meta, query.baseline, query.version).find((one) => one.name === query.set);
    }

    /** @param {any} now */
    function draw(now) {
      const { query, rows } = now;
      find(page, "rule").textContent = now.held || now.mistaken ? "" : setOf(now).rule;
      tellHeld(now);
      tabs(now);
      for (const one of choices) {
        if (one.key === "now") one.name = reportgen.query.nowName(meta, query.version);
        if (one.key === "was") one.name = reportgen.query.wasName(meta, query.baseline);
      }
      drawChips(query.filters);
      if (document.activeElement !== field) field.value = query.text;
      const filtered = query.filters.size > 0 || query.text !== "" || query.objects !== null || query.mistaken !== null;
      const total = numbers.count(now.whole.length);
      const things = `${total} ${meta.nouns[now.whole.length === 1 ? 0 : 1]}`;
      const chosen = [...query.filters].map(([key, codes]) => {
        const { name, values } = choices.find((one) => one.key === key);
        return `${name}: ${Array.from(codes, (code) => values[code - 1]).join(", ")}`;
      });
      if (query.text) chosen.push(`ID: ${query.text}`);
      find(section, "paper").textContent = [`${setOf(now).label}, ${numbers.count(rows.length)}`, ...chosen].join(" · ");
      find(section, "count").textContent = filtered ? `${numbers.count(rows.length)} of ${things}` : things;
      find(section, "explore").setAttribute("href", reportgen.state.href("explore", inExplore(query)));
      find(section, "explore").setAttribute("data-rg-count", String(rows.length));
      find(section, "sort-by").value = query.sort;
      const last = Math.max(0, Math.ceil(rows.length / SIZE) - 1);
      const at = Math.min(query.page, last);
      const start = at * SIZE;
      const part = Array.from(rows.slice(start, start + SIZE));
      grid.replaceChildren(...part.map((row) => reportgen.tile(samples, row, versionsOf(now), addressOf(now, row), { crop: query.crop, places: now.held && now.held.places(row) })));
      scenes(query.crop);
      empty(now);
      pager(now, at, last);
    }

    /** @param {boolean} crop Whether tiles show whole pictures or their hardest objects, where there are objects. */
    function scenes(crop) {
      const box = section.querySelector("[data-rg-scenes]");
      if (!box) return;
      const focused = box.contains(document.activeElement);
      const choice = [["Scene", false], ["Crop", true]].map(([words, cropped]) => {
        const on = cropped === crop;
        const button = element("button", { type: "button", role: "radio", "aria-checked": String(on), tabindex: on ? 0 : -1 }, /** @type {string} */ (words));
        button.addEventListener("click", () => reportgen.state.update({ tiles: cropped ? "crop" : null, sample: null }));
        return button;
      });
      box.replaceChildren(...choice);
      if (focused) choice[crop ? 1 : 0].focus();
      find(section, "crop-rule").hidden = !crop || Boolean(shown.held);
    }

    /** @param {any} query @returns {URLSearchParams} What Explore is asked for, to select the same. */
    function inExplore(query) {
      const there = new URLSearchParams(reportgen.state.read());
      for (const key of ["sort", "page", "by", "tiles", "sample", "find"]) there.delete(key);
      there.set("set", query.set);
      return there;
    }

    /** @param {any} now @param {number} row */
    function addressOf(now, row) {
      const params = new URLSearchParams(reportgen.state.read());
      params.set("sample", samples.id(row));
      return reportgen.state.href(PAGE, params);
    }

    /** @param {any} now */
    function tabs({ query }) {
      const list = find(section, "tabs");
      const focused = list.contains(document.activeElement);
      const all = reportgen.query.sets(meta, query.baseline, query.version);
      const own = new Set(reportgen.query.ownSets(meta, query.baseline, query.version).map((/** @type {any} */ one) => one.name));
      // the largest errors of all samples are all samples
      const ranked = own.has("largest_error") && members("largest_error", query).length === meta.n;
      const listed = all.filter((one) => own.has(one.name) || (one.name === "all" && !ranked) || one.name === query.set);
      list.replaceChildren(
        ...listed.map(({ name, label }, i) => {
          const chosen = name === query.set;
          const tab = element(
            "button.rg-tab",
            { type: "button", role: "tab", "aria-selected": String(chosen), tabindex: chosen ? 0 : -1, "data-rg-set": name,
              title: i < 7 ? `Key ${i + 1}` : null },
            SIGNS[name] && element.sign(SIGNS[name]),
            label,
            element("span.rg-tab-n", null, numbers.count(members(name, query).length)),
          );
          tab.addEventListener("click", () => choose({ set: name }));
          return tab;
        }),
      );
      if (focused) list.querySelector('[aria-selected="true"]').focus();
    }

    /** @param {any} now */
    function empty(now) {
      const box = find(section, "empty");
      const { rows, whole, conditions, query, found } = now;
      box.hidden = rows.length > 0;
      if (rows.length > 0) return;
      const things = meta.nouns[1];
      if (whole.length === 0) {
        box.replaceChildren(element("p", null, element("strong", null, `No ${things} here.`), ` ${setOf(now).rule} There is none.`));
        return;
      }
      if ((now.held || now.mistaken) && found.length === 0 && !query.text) {
        box.replaceChildren(element("p", null, element("strong", null, `No ${meta.nouns[0]} ${now.mistaken ? "has such pixels" : "holds such objects"}.`)));
        return;
      }
      const culprit = emptied(found, conditions);
      const name = culprit ? choices.find((one) => one.key === culprit).name : "";
      const remove = element("button.rg-link", { type: "button" }, "Remove it");
      remove.addEventListener("click", () => choose(culprit ? { [culprit]: null } : { q: null }));
      const clear = element("button.rg-link", { type: "button" }, "clear all");
      clear.addEventListener("click", () => choose({ q: null, ...Object.fromEntries([...query.filters.keys()].map((k) => [k, null])) }));
      const why = culprit ? `The filter ${name} left none. ` : `No ID holds “${query.text}”. `;
      box.replaceChildren(
        element("p", null, element("strong", null, `No ${meta.nouns[0]} matches. `)),
        element("p", null, why, remove, " or ", clear, "."),
      );
    }

    /** @returns {string} The key of the filter that left none; "" where the search did. */
    function emptied(found, conditions) {
      if (found.length === 0) return "";
      const place = conditions.findIndex((_, i) => reportgen.filter.select(found, conditions.slice(0, i + 1)).length === 0);
      return conditions[place].key;
    }

    /** @param {any} now @param {number} at @param {number} last */
    function pager({ rows, query }, at, last) {
      const from = at * SIZE;
      const to = Math.min(rows.length, from + SIZE);
      const range = rows.length ? `${numbers.count(from + 1)}–${numbers.count(to)} of ${numbers.count(rows.length)}.` : "";
      const first = query.baseline === null ? "" : `; first ${meta.versions[query.baseline].name}, then ${meta.versions[query.version].name}`;
      const { key_right: right, key_wrong: wrong } = meta.words;
      find(section, "range").replaceChildren(
        range, " ", element.sign("right"), ` ${right}, `, element.sign("wrong"), ` ${wrong}${first}.`,
      );
      find(section, "before").hidden = at === 0;
      find(section, "after").hidden = at >= last;
      find(section, "before").dataset.rgPage = String(at);
      find(section, "after").dataset.rgPage = String(at + 2);
      find(section, "after").textContent = `Next ${numbers.count(Math.min(SIZE, rows.length - to))}`;
    }

    function turnPage(event) {
      const to = event.currentTarget.dataset.rgPage;
      reportgen.state.update({ page: to === "1" ? null : to, sample: null }, { push: true });
      section.scrollIntoView();
      const first = grid.querySelector("a");
      if (first) first.focus({ preventScroll: true });
    }

    /** The ids of the selection as a file that a manifest pins, and how it is pinned. */
    function saveIds() {
      const { query, rows } = shown;
      const ids = samples.ids(rows);
      const { ending, type, text } = reportgen.pins.file(ids);
      const filtered = [...query.filters].flatMap(([key, codes]) => {
        const { values } = choices.find((one) => one.key === key);
        return Array.from(codes, (code) => values[code - 1]);
      });
      const name = reportgen.pins.name([query.set, ...filtered, query.text]);
      const file = `${name}.${ending}`;
      reportgen.copy.save(file, text, type);
      const note = find(section, "pin");
      note.replaceChildren(
        `Saved ${numbers.count(ids.length)} ${ids.length === 1 ? "ID" : "IDs"} as ${file}. To follow them in the next report, put the file beside the manifest and add there: `,
        element("code", null, `pinned: {${name}: ${file}}`),
      );
      note.hidden = false;
    }

    /** @param {number} row @param {number[]} versions @returns {(string | number | null)[]} What is true of a sample, and what the versions say of it. */
    function valuesOf(row, versions) {
      if (meta.words.part) return samples.partsCounts(row, versions);
      return [samples.exact(columns.target[row]), ...versions.map((v) => samples.exact(columns.prediction[v][row]))];
    }

    /** The ids of the selection, with what was said of them. */
    function saveTable() {
      const names = versionsOf(shown).map((v) => meta.versions[v].name);
      const ids = samples.ids(shown.rows);
      const lines = Array.from(shown.rows, (row, i) => [ids[i], ...valuesOf(row, versionsOf(shown))]);
      const { part } = meta.words;
      const head = part ? [part.many, ...names.flatMap((name) => [`${name} right`, `${name} false`, `${name} missed`])] : [meta.label, ...names];
      const text = reportgen.csv.write([["id", ...head], ...lines]);
      reportgen.copy.save(`${shown.query.set}.csv`, text, "text/csv");
    }

    /** @returns {Promise<[string, string | number | null][]>} Id and label of what is selected. */
    async function labelled() {
      const ids = samples.ids(shown.rows);
      return Array.from(shown.rows, (row, i) => [ids[i], valuesOf(row, versionsOf(shown))[0]]);
    }

    /** @param {number} by Move the focus among the tiles. */
    function move(by) {
      const tiles = Array.from(grid.querySelectorAll("a"));
      const at = tiles.indexOf(/** @type {any} */ (document.activeElement));
      const to = tiles[at < 0 ? 0 : Math.max(0, Math.min(tiles.length - 1, at + by))];
      if (to) to.focus();
    }

    /** @returns {number} How many tiles stand side by side. */
    function across() {
      return getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    }

    function controls() {
      const sort = find(section, "sort-by");
      const { sort_hard: hard, sort_easy: easy } = meta.words;
      const orders = { "": "default order", hard, easy, id: "ID" };
      sort.replaceChildren(...Object.entries(orders).map(([value, text]) => element("option", { value }, text)));
      sort.addEventListener("change", () => choose({ sort: sort.value }));
      field.addEventListener("input", () => {
        window.clearTimeout(typing);
        typing = window.setTimeout(() => choose({ q: field.value.trim() }), TYPING);
      });
      find(section, "before").addEventListener("click", turnPage);
      find(section, "after").addEventListener("click", turnPage);
      find(section, "ids").addEventListener("click", saveIds);
      find(section, "table").addEventListener("click", saveTable);
      const selected = () => ({ n: shown ? shown.rows.length : 0, state: inExplore(shown.query) });
      find(section, "ids").after(reportgen.listMenu.menu(meta, selected, labelled));
      reportgen.copy.link(find(section, "link"));
      grid.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !(event.target instanceof Element)) return;
        const tile = event.target.closest("a") && event.target.closest("[data-rg-row]");
        if (!tile) return;
        event.preventDefault();
        reportgen.lightbox.enter(samples.id(Number(tile.getAttribute("data-rg-row"))));
      });
      section.querySelector("[data-rg-scenes]")?.addEventListener("keydown", (/** @type {any} */ event) => {
        if (!event.key.startsWith("Arrow")) return;
        event.preventDefault();
        reportgen.state.update({ tiles: shown.query.crop ? null : "crop", sample: null });
      });
      find(section, "tabs").addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const tabs = Array.from(section.querySelectorAll("[role=tab]"));
        const at = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
        choose({ set: tabs[(at + step + tabs.length) % tabs.length].getAttribute("data-rg-set") });
      });
    }

    function keys() {
      const { add } = reportgen.keys;
      for (let i = 0; i < 7; i++) {
        add(String(i + 1), i ? "" : "sets of examples, 1 to 7", () => {
          const tab = section.querySelectorAll("[role=tab]")[i];
          if (tab) choose({ set: tab.getAttribute("data-rg-set") });
        }, PAGE);
      }
      add("j", "next tile", () => move(1), PAGE);
      add("k", "previous tile", () => move(-1), PAGE);
      add("ArrowLeft ArrowRight ArrowUp ArrowDown", "walk the tiles, from one; in a sample, the previous or next", null, PAGE);
      add("Enter", "open the sample", null, PAGE);
      if (meta.boxes || meta.regions) add("b", "in a sample, the outlines on or off", null, PAGE);
      if (meta.frames) add(", .", "in a sample that is a frame, the frame before or after", null, PAGE);
      if (meta.frames) add("< >", `in a frame, the one before or after that is ${meta.words.wrong}`, null, PAGE);
      if (meta.media === "image") add("+ − 0", "in a sample, zoom in, out, and the whole picture", null, PAGE);
      grid.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across(), ArrowUp: -across() }[event.key];
        if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
        event.preventDefault();
        move(step);
      });
    }

    controls();
    keys();
    section.hidden = false;
    for (const fixed of page.querySelectorAll("[data-rg-static]")) fixed.remove();
    reportgen.state.listen(show, PAGE);
    show();
  }

  reportgen.examples = { wire };
})();
