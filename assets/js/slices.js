/* The table of slices: search, filters, sort, and as many rows as the reader wants; all of it in the address. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { numbers, verdicts } = reportgen;
  const PAGE = "slices";
  const STEP = 200;
  const COLUMNS = /^-?(name|n|level|change|q)$/;

  /** @param {Element} root @param {string} selector @returns {any} */
  const find = (root, selector) => root.querySelector(selector);

  /** @param {SVGElement | null} svg @param {Record<string, string>} paths By the class of each path. */
  function plot(svg, paths) {
    if (!svg) return;
    for (const [name, d] of Object.entries(paths)) find(svg, `.rg-plot-${name}`).setAttribute("d", d);
  }

  /**
   * @param {HTMLTemplateElement} template The blank line.
   * @param {any} row
   * @returns {HTMLElement} The line of a slice, as templates/parts/slice_row.html writes it.
   */
  function line(template, row) {
    const made = /** @type {HTMLElement} */ (find(template.content, "tr").cloneNode(true));
    made.className = `rg-slice rg-${row.verdict} rg-n-${row.support}`;
    made.dataset.rgSlice = row.id;
    const link = find(made, ".rg-slice-name a");
    link.setAttribute("href", reportgen.state.href(PAGE, { ...reportgen.versions.carried(), slice: row.id }));
    link.firstElementChild.textContent = row.name;
    const head = find(made, ".rg-slice-name");
    for (const tag of row.tags) head.append(" ", reportgen.element("span.rg-tag", null, tag));
    if (row.why) head.append(" ", reportgen.element("small", null, reportgen.element("bdi", null, row.why)));
    const n = find(made, ".rg-slice-n");
    n.lastElementChild.textContent = row.n;
    if (row.n_groups) n.append(" ", reportgen.element("small", null, row.n_groups));
    if (row.confirmed) n.append(" ", reportgen.element("small", null, row.confirmed));
    if (row.support === "show") n.append(" ", reportgen.element("small", null, "few"));
    const level = row.level_plot;
    plot(find(made, '[data-rg-plot="level"]'), {
      grid: level.grid, before: level.baseline_rule, ring: level.baseline_mark, rule: level.rule, dot: level.mark,
    });
    pair(find(made, ".rg-slice-levels"), row.levels, row.level_interval);
    change(made, row);
    return made;
  }

  /** @param {HTMLElement} cell @param {string} first @param {string} second */
  function pair(cell, first, second) {
    cell.firstElementChild.textContent = first;
    cell.lastElementChild.textContent = second;
  }

  /** @param {HTMLElement} made @param {any} row */
  function change(made, row) {
    const cell = find(made, ".rg-slice-change");
    if (!cell) return;
    const svg = find(made, '[data-rg-plot="change"]');
    if (row.change_plot) {
      const { grid, zero, band, rule, mark, verdict } = row.change_plot;
      svg.setAttribute("class", `rg-plot rg-plot-${verdict}`);
      plot(svg, { grid, zero, band, rule, mark });
    } else svg.remove();
    const { element } = reportgen;
    pair(cell, "", row.change_interval);
    if (row.change) {
      const sign = element("span.rg-sign", null, verdicts.sign(row.verdict));
      cell.firstElementChild.append(sign, element("span.rg-hidden", null, `${verdicts.word(row.verdict)} `), row.change);
    } else if (row.tags.includes("predicted label")) cell.firstElementChild.append(element("small", null, "level only"));
    pair(find(made, ".rg-slice-q"), row.q ? "q " : "", row.q);
  }

  /** @param {URLSearchParams} params @param {any} catalogue */
  function choiceOf(params, catalogue) {
    const n = params.get("n");
    return {
      query: (params.get("q") || "").slice(0, 200),
      kind: params.get("level") || "",
      changed: params.get("changed") === "1",
      n: n !== null && /^\d{1,9}$/.test(n) ? Number(n) : catalogue.min_n,
      sort: COLUMNS.test(params.get("sort") || "") ? params.get("sort") : catalogue.compared ? "change" : "level",
    };
  }

  const UNCHOSEN = { query: { q: null }, kind: { level: null }, changed: { changed: null }, n: { n: 0 } };

  /** Which filter emptied the table, in words. */
  function culprit(name, choice, catalogue) {
    return {
      query: `The search “${choice.query}” leaves none.`,
      kind: "The kind of slice leaves none.",
      changed: catalogue.baseline === null ? "None is beyond chance." : "None of them changed beyond chance.",
      n: `None of them has ${numbers.count(choice.n)} samples or more.`,
      "": "All filters together leave none.",
    }[name];
  }

  /** What the order is called. */
  function ordered(sort, catalogue) {
    const label = catalogue.metric.lowered;
    return {
      change: "worst first",
      "-change": "best first",
      name: "by name",
      "-name": "by name, from the end",
      n: "smallest first",
      "-n": "largest first",
      level: `lowest ${label} first`,
      "-level": `highest ${label} first`,
      q: "most certain first",
      "-q": "least certain first",
    }[sort];
  }

  /** Whether the figures of the sorted column fall: a change goes by what is worse. */
  function falls(sort, catalogue) {
    const turned = sort.endsWith("change") && !catalogue.metric.higher_is_better;
    return sort.startsWith("-") !== turned;
  }

  /** @param {HTMLElement} section */
  async function wire(section) {
    /** @type {any} */
    let data;
    try {
      data = await reportgen.sliceData.open();
    } catch {
      return; // the rows in the page stay as they are
    }
    const { catalogue, slices } = data;
    const body = find(section, "tbody");
    const template = find(section, "template");
    const field = find(section, "[data-rg-query]");
    const more = find(section, "[data-rg-more]");
    let limit = STEP;
    let drawn = 0;
    /** @type {any[]} */
    let shown = [];
    /** @type {any} */
    let now = null;
    let last = "";
    let turn = 0;

    async function show() {
      const params = reportgen.state.read();
      const mine = ++turn;
      const words = document.querySelector("[data-rg-slices-key]");
      if (words && data.waiting()) words.textContent = data.waiting();
      const pair = await data.pair();
      if (mine !== turn) return; // a later choice is on its way
      const choice = choiceOf(params, catalogue);
      const key = JSON.stringify([pair.baseline, pair.version, choice]);
      if (words && pair.key) words.textContent = pair.key;
      if (key !== last) limit = STEP;
      if (key !== last || limit !== drawn) draw(choice, pair);
      last = key;
      mark(params.get("slice"));
    }

    function draw(choice, pair) {
      const { before, after } = pair;
      const { slices: found, applied } = reportgen.sliceRows.choose(catalogue, after, slices, choice);
      shown = found;
      drawn = limit;
      now = { ...pair, choice };
      const rows = found.slice(0, limit).map((one) => line(template, reportgen.sliceRows.row(pair.catalogue, before, after, one)));
      body.replaceChildren(...rows);
      tell(found, applied);
      mirror(choice, pair);
      axes(after.scales);
    }

    function tell(found, applied) {
      const { choice } = now;
      const total = slices.filter((one) => one.level > 0).length;
      const match = found.length > limit && found.length < total ? `${numbers.count(found.length)} that match, of ` : "";
      const count = `${numbers.count(Math.min(limit, found.length))} of ${match}${numbers.count(total)}`;
      find(section, "[data-rg-count]").textContent = `Showing ${count}, ${ordered(choice.sort, catalogue)}.`;
      more.hidden = found.length <= limit;
      const nothing = find(section, "[data-rg-nothing]");
      nothing.hidden = found.length > 0;
      if (found.length === 0) {
        const name = reportgen.sliceRows.culprit(slices, applied);
        find(nothing, "[data-rg-culprit]").textContent = culprit(name, choice, catalogue);
        find(nothing, "[data-rg-remove]").dataset.rgRemove = name;
      }
    }

    /** The controls say what is chosen, however it was chosen. */
    function mirror(choice, { baseline, version, after }) {
      if (document.activeElement !== field) field.value = choice.query;
      const leaves = (other) => numbers.count(reportgen.sliceRows.count(catalogue, after, slices, { ...choice, ...other }));
      for (const radio of section.querySelectorAll('input[name="slices-kind"]')) {
        radio.checked = radio.value === choice.kind;
        find(radio.parentElement, "[data-rg-n-kind]").textContent = leaves({ kind: radio.value });
      }
      const changed = find(section, "[data-rg-changed]");
      if (changed) {
        changed.setAttribute("aria-pressed", String(choice.changed));
        find(changed, "[data-rg-n-changed]").textContent = leaves({ changed: true });
      }
      for (const chip of section.querySelectorAll("[data-rg-n]")) {
        chip.setAttribute("aria-pressed", String(Number(chip.dataset.rgN) === choice.n));
      }
      for (const head of section.querySelectorAll("[data-rg-sort]")) {
        const own = head.dataset.rgSort === choice.sort.replace(/^-/, "");
        if (own) head.setAttribute("aria-sort", falls(choice.sort, catalogue) ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      }
      for (const name of section.querySelectorAll("[data-rg-candidate]")) name.textContent = version;
      for (const name of section.querySelectorAll("[data-rg-baseline]")) name.textContent = baseline || "";
    }

    /** The heads of the plots: each version has its own axes. */
    function axes(scales) {
      for (const svg of section.querySelectorAll("[data-rg-axis]")) {
        const scale = scales[svg.dataset.rgAxis];
        if (!scale) continue;
        const ticks = scale.ticks.map(({ x, label }) => {
          const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
          text.setAttribute("x", String(x));
          text.setAttribute("y", "12");
          text.textContent = label;
          return text;
        });
        svg.replaceChildren(...ticks);
      }
    }

    /** @param {string | null} id The slice whose drawer is open. */
    function mark(id) {
      for (const row of body.children) {
        const own = row.dataset.rgSlice === id;
        row.classList.toggle("rg-is-selected", own);
        const link = find(row, "a");
        if (own) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    }

    /** @param {number} step Move the focus to the next or the previous row. */
    function move(step) {
      const rows = Array.from(body.children);
      const focused = document.activeElement ? document.activeElement.closest("tr") : null;
      const at = rows.indexOf(focused || rows.find((row) => row.classList.contains("rg-is-selected")));
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
      if (next) find(next, "a").focus();
    }

    controls(section, { catalogue, update: reportgen.state.update, choice: () => now.choice });
    more.addEventListener("click", () => {
      const first = limit;
      limit += STEP;
      show().then(() => body.children[first] && find(body.children[first], "a").focus());
    });
    find(section, "[data-rg-download]").addEventListener("click", () => {
      const names = now.carried ? now.version : `${now.baseline}-${now.version}`;
      const name = `slices-${names}.csv`.replace(/[^\w.-]+/g, "_");
      reportgen.copy.save(name, reportgen.sliceRows.csv(now.catalogue, now.before, now.after, shown), "text/csv");
    });
    body.addEventListener("click", (event) => open(event));
    body.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(step);
    });
    reportgen.keys.add("j", "next slice", () => move(1), PAGE);
    reportgen.keys.add("k", "previous slice", () => move(-1), PAGE);
    reportgen.keys.add("ArrowDown ArrowUp", "next or previous slice, from one", null, PAGE);
    reportgen.keys.add("Enter", "open the slice", null, PAGE);
    reportgen.state.listen(show, PAGE);
    for (const part of section.querySelectorAll("[data-rg-tools], [data-rg-download]")) part.hidden = false;
    await show();
  }

  /** @param {MouseEvent} event A click on a row opens its drawer, unless it selects text or asks for a new window. */
  function open(event) {
    const row = event.target instanceof Element ? event.target.closest("tr") : null;
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || String(window.getSelection())) return;
    event.preventDefault();
    reportgen.state.update({ slice: row.dataset.rgSlice }, { push: true });
  }

  /** The filters, the heads that sort, and what clears them. */
  function controls(section, { catalogue, update, choice }) {
    const field = find(section, "[data-rg-query]");
    let timer = 0;
    const search = () => {
      if (!timer) return;
      window.clearTimeout(timer);
      timer = 0;
      update({ q: field.value });
    };
    field.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(search, 120);
    });
    field.addEventListener("change", search);
    for (const radio of section.querySelectorAll('input[name="slices-kind"]')) {
      radio.addEventListener("change", () => update({ level: radio.value }));
    }
    const changed = find(section, "[data-rg-changed]");
    if (changed) changed.addEventListener("click", () => update({ changed: choice().changed ? null : "1" }));
    for (const chip of section.querySelectorAll("[data-rg-n]")) {
      const n = Number(chip.dataset.rgN);
      chip.addEventListener("click", () => {
        const next = choice().n === n ? 0 : n;
        update({ n: next === catalogue.min_n ? null : next });
      });
    }
    for (const head of section.querySelectorAll("[data-rg-sort]")) sortable(head, choice, update);
    find(section, "[data-rg-remove]").addEventListener("click", (event) => {
      const name = event.currentTarget.dataset.rgRemove;
      if (Object.hasOwn(UNCHOSEN, name)) update(UNCHOSEN[name]);
    });
    find(section, "[data-rg-clear]").addEventListener("click", () => update({ q: null, level: null, changed: null, n: 0 }));
  }

  /** @param {HTMLElement} head Its words become a button that sorts; a second press turns the order round. */
  function sortable(head, choice, update) {
    const column = head.dataset.rgSort;
    const button = reportgen.element("button.rg-sort", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const first = column === "n" ? "-n" : column;
      const second = column === "n" ? "n" : `-${column}`;
      const next = choice().sort === first ? second : first;
      update({ sort: next });
    });
  }

  reportgen.slices = { wire };
})();
