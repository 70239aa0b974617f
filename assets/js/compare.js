/*
 * The Compare page for any two versions, and the cell of the confusion matrix that is looked at. What the report says of
 * the built baseline with any other version it carries; of other pairs the explorer computes it when they are chosen.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const PAGE = "compare";
  const WHERE = 4;
  const TILES = 2;
  const GROUP_TILES = 6;

  /** @typedef {{page: string, text: string, state: [string, string][], count: number | null}} Link */

  /** @param {Link} link @returns {HTMLElement} A link of the model, or its text where the report has no such page. */
  function anchor(link) {
    const text = element("bdi", null, link.text);
    if (!reportgen.state.pages().includes(link.page)) return text;
    const address = reportgen.state.href(link.page, new URLSearchParams(link.state));
    return element("a", { href: address, "data-rg-count": link.count }, text);
  }

  /** @param {any[]} rows @param {string} level @returns {HTMLElement} */
  function metrics(rows, level, first = "Measure", label = "Every measure, before and after") {
    const head = [first, "Before → after", "Change", level, "n"];
    return listed(head, rows.map((row) => {
      const sign = element("span.rg-sign", null, reportgen.verdicts.sign(row.verdict));
      return element(`tr.rg-${row.verdict}`, null,
        element("th", { scope: "row" }, element("bdi", null, row.label), " ", element("small", null, element("bdi", null, row.plain))),
        element("td.rg-num", null, row.levels),
        element("td.rg-num.rg-figure-cell", null, sign, row.change),
        element("td.rg-num", null, row.interval),
        element("td.rg-num", null, row.n));
    }), label, true);
  }

  /** @param {any[]} changes @returns {HTMLElement} */
  function changesOf(changes) {
    if (!changes.length) {
      return element("p.rg-small", null, "The manifest tells nothing that differs: add note, commit or config to the versions, and it stands here.");
    }
    const cell = (text) => element("td", null, element("bdi", null, text ?? numbers.MISSING));
    return listed(["What", "Before", "After"], changes.map((change) =>
      element("tr", null, element("th", { scope: "row" }, element("bdi", null, change.what)), cell(change.before), cell(change.after))), "What changed in the version", false);
  }

  /** @param {string[]} head @param {HTMLElement[]} rows @param {string} label @param {boolean} figures All columns but the first are numbers. */
  function listed(head, rows, label, figures) {
    const cells = head.map((text, i) => element(figures && i ? "th.rg-num" : "th", { scope: "col" }, text));
    const table = element(figures ? "table.rg-rows.rg-measures" : "table.rg-rows.rg-changes", null, element("thead", null, element("tr", null, ...cells)), element("tbody", null, ...rows));
    return element("div.rg-scroll", { tabindex: 0, role: "region", "aria-label": label }, table);
  }

  /** @param {HTMLElement} page @param {any} outcomes */
  function outcomesOf(page, outcomes) {
    for (const cell of outcomes.cells) {
      const place = page.querySelector(`[data-rg-outcome="${cell.name}"]`);
      if (!place) continue;
      place.querySelector("[data-rg-count-text]").textContent = cell.count;
      place.querySelector("[data-rg-share]").textContent = cell.share;
      place.lastElementChild.replaceChildren(...(cell.link ? [anchor(cell.link)] : []));
    }
    const fill = (selector, texts) => page.querySelectorAll(selector).forEach((one, i) => (one.textContent = texts ? texts[i] : ""));
    fill("[data-rg-row-margin]", outcomes.rows);
    fill("[data-rg-column-margin]", outcomes.columns);
  }

  /** @param {any} samples @param {any} pair @returns {number[]} Where its versions stand among all. */
  function placesOf(samples, pair) {
    return [pair.baseline, pair.version].map((name) => samples.meta.versions.findIndex((v) => v.name === name));
  }

  /** @param {any} samples @param {number[]} rows @returns {number[]} The first ones, those before others that can be seen. */
  function telling(samples, rows) {
    const seen = (row) => samples.meta.media === "none" || Boolean(samples.picture(row) || samples.text(row));
    return [...rows.filter(seen), ...rows.filter((row) => !seen(row))].slice(0, GROUP_TILES);
  }

  /** The groups of flips of another pair, with tiles of what the report carries. */
  async function galleries(pair, titles) {
    const samples = await reportgen.samples.open();
    const versions = placesOf(samples, pair);
    await samples.needConfidence(versions);
    await samples.needTiles();
    return pair.groups.map((one) => {
      const groups = one.groups.map((group) => {
        const address = (row) => {
          const params = new URLSearchParams(group.link.state);
          params.set("sample", samples.id(row));
          return reportgen.state.href("examples", params);
        };
        const aside = group.aside && element("small", null, group.aside);
        return element("div.rg-group", null,
          element("div.rg-group-head", null,
            element("h4", null, element("bdi", null, group.name), " ", element("span.rg-n", null, group.text), aside && " ", aside),
            anchor(group.link)),
          element("div.rg-tiles", null, ...(pair.computed ? telling(samples, group.rows) : group.rows).map((row) => reportgen.tile(samples, row, versions, address(row)))));
      });
      const title = titles[one.flip] || "";
      const said = one.groups.length === 1 && one.groups[0].name === title; // its only group says the same
      return element("div.rg-flipped", { "data-rg-flip": one.flip },
        element(said ? "h3.rg-flipped-title.rg-hidden" : "h3.rg-flipped-title", null, `${title} `, element("span.rg-n", null, numbers.count(one.n))),
        ...groups,
        one.rest && element("p.rg-small.rg-group-rest", null, `${one.rest}.`),
        !one.n && element("p.rg-small", null, "None."));
    });
  }

  /** @param {any} samples @param {any} cell @param {number[]} versions Where the cell's samples are, by one attribute. */
  async function where(samples, cell, versions) {
    const attributes = samples.meta.attributes.filter((a) => !["target", "prediction", "set"].includes(a.kind));
    await samples.needCodes(attributes.map((a) => a.column));
    const { target, prediction, n } = samples.columns;
    const [t, p] = [cell.target, cell.prediction].map((name) => samples.meta.classes.indexOf(name) + 1);
    if (!t || !p) return [];
    const found = [];
    for (const attribute of attributes) {
      const codes = samples.codes(attribute.column);
      const counts = versions.map(() => new Int32Array(attribute.values.length + 1));
      for (let i = 0; i < n; i++) {
        if (target[i] !== t || versions.some((v) => prediction[v][i] === 0)) continue;
        versions.forEach((v, side) => {
          if (prediction[v][i] === p) counts[side][codes[i]]++;
        });
      }
      attribute.values.forEach((value, k) => {
        const [was, is] = counts.map((one) => one[k + 1]);
        if (was || is) found.push({ name: attribute.name, value, was, is });
      });
    }
    const grew = found.reduce((sum, one) => sum + one.is - one.was, 0) >= 0 ? 1 : -1;
    return found.sort((a, b) => grew * (b.is - b.was - (a.is - a.was)) || b.is - a.is).slice(0, WHERE);
  }

  /** @param {HTMLElement} page */
  async function wire(page) {
    /** @type {any} */
    let data;
    try {
      data = await reportgen.data.load("compare");
    } catch {
      return; // the built pair stands in the page
    }
    const built = page.dataset.rgBuilt || "";
    const state = /** @type {HTMLElement} */ (page.querySelector("[data-rg-pair-state]"));
    const still = page.querySelector("[data-rg-galleries]");
    const flipTools = /** @type {HTMLElement | null} */ (page.querySelector("[data-rg-flip-tools]"));
    const titles = readTitles(page);
    const builtGalleries = still ? Array.from(still.childNodes) : [];
    const tools = /** @type {HTMLElement | null} */ (page.querySelector("[data-rg-confusion-tools]"));
    const keys = new Set(tools ? (tools.dataset.rgKeys || "").split(" ") : []);
    /** @type {any} */
    let shown = { baseline: page.dataset.rgBaseline, version: built, computed: false };
    let turn = 0;

    const all = /** @type {HTMLElement | null} */ (page.querySelector("[data-rg-all-versions]"));
    const versions = all && reportgen.compareVersions(all, anchor);
    const pixels = reportgen.comparePixels(page, (/** @type {any[]} */ rows) => metrics(rows, data.level), say);
    /** @type {any} */
    let explorer = null;
    /** @type {Map<string, Promise<any>>} by both names */
    const computed = new Map();

    /** What the report carries of a pair; null where it has to be computed. */
    function carried({ baseline, candidate }) {
      if (reportgen.versions.carried().baseline !== null || !Object.hasOwn(data.pairs, candidate)) return null;
      const pair = data.pairs[candidate];
      const flags = { by_class: true, by_target: true, measured: pair.paired, lucky: pair.paired, trained: true, labels: pair.label_errors !== null };
      return { ...pair, ...flags, baseline, computed: false };
    }

    /** The same of any two versions, from the samples. */
    async function compute({ baseline, candidate }) {
      const samples = await reportgen.samples.open();
      const { meta } = samples;
      explorer = explorer || (await reportgen.explorer.shared());
      const places = placesOf(samples, { baseline, version: candidate });
      const found = await explorer.compare(places[0], places[1]);
      const given = { meta, data, found, baseline: places[0], candidate: places[1] };
      const pair = reportgen.pairView.make(given);
      return {
        ...pair, given, composed: null, computed: true, by_class: pair.classes.length > 0, by_target: false, measured: pair.paired && pair.metrics.length > 0,
        lucky: pair.paired && pair.luck, trained: baseline === meta.versions[meta.baseline].name,
      };
    }

    /** What takes draws: the averages of objects. */
    async function average(pair) {
      const { given } = pair;
      if (!given.meta.metrics.some((/** @type {any} */ one) => one.kind === "objects") || given.found.trainings) return;
      pair.averages = pair.averages || explorer.between(given.baseline, given.candidate).catch(() => []);
      const found = reportgen.pairView.withAverages(given.meta, given.found, await pair.averages);
      const { metrics: rows, left } = reportgen.pairView.make({ ...given, found });
      Object.assign(pair, { metrics: rows, left });
      if (shown !== pair) return;
      tell(left);
      const place = page.querySelector("[data-rg-metrics]");
      if (place) place.replaceChildren(metrics(rows, data.level));
    }

    /** What rests on the changes of all slices, which take longer. */
    async function complete(pair) {
      const { given } = pair;
      const composed = pair.composed || (await explorer.compose(given.baseline, given.candidate).catch(() => ({ made: [], targets: [] })));
      const { class_key: key, ...said } = reportgen.pairView.compose(given, composed);
      Object.assign(pair, said, { composed, by_target: composed.targets.length > 0, class_key: key || pair.class_key });
      if (shown !== pair) return;
      reveal(pair);
      compose(pair);
      for (const place of page.querySelectorAll('[data-rg-field="class_key"]')) place.textContent = pair.class_key;
      if (!pair.by_target || !page.querySelector('[data-rg-chart="compare-errors"]')) return;
      const frame = await reportgen.charts.frame("compare-errors");
      if (shown !== pair) return;
      const changes = reportgen.pairView.errorRows(given, composed.targets);
      const { rows, table } = reportgen.chartRows.diverging(changes, pair.overall, frame, pair.version);
      reportgen.charts.set("compare-errors", rows, table);
    }

    /** @param {{baseline: string, candidate: string}} wanted */
    function computedOf(wanted) {
      const key = JSON.stringify([wanted.baseline, wanted.candidate]);
      if (!computed.has(key)) computed.set(key, compute(wanted));
      return /** @type {Promise<any>} */ (computed.get(key));
    }

    /** A sentence of the chunk with both names. */
    function say(name, { baseline, candidate }) {
      const names = { baseline, candidate };
      return data.words[name].replace(/\{(\w+)\}/g, (_, key) => names[key]);
    }

    /** Says what is under way or left out; "" says nothing. */
    function tell(text) {
      state.textContent = text;
      state.hidden = !text;
    }

    const made = /** @type {HTMLElement | null} */ (page.querySelector("[data-rg-made]"));
    const by = /** @type {HTMLSelectElement | null} */ (made && made.querySelector("[data-rg-made-by]"));
    const usual = by ? by.value : "";

    /** What the change is made of, by the chosen attribute. */
    function compose(pair) {
      if (!made || !by) return;
      const { version } = pair;
      const wanted = reportgen.state.get("by");
      const name = wanted && Object.hasOwn(pair.made_of, wanted) ? wanted : usual;
      if (pair.computed) return void composeOf(pair, name);
      const key = `${data.positions[version]}-${data.attributes[name]}`;
      const carried = (made.dataset.rgKeys || "").split(" ").includes(key) && Object.hasOwn(pair.made_of, name);
      made.hidden = !carried;
      if (!carried) return;
      by.value = name;
      made.querySelector("[data-rg-made-key]").textContent = pair.made_of[name];
      reportgen.charts.setKey("compare-made-of", version === built && name === usual ? "" : key);
    }

    let wished = 0;

    async function show() {
      const mine = ++wished;
      const wanted = reportgen.versions.pair();
      let pair = carried(wanted);
      if (!pair) {
        tell(say("computing", wanted));
        page.setAttribute("aria-busy", "true");
        pair = await computedOf(wanted).catch(() => null);
        if (mine !== wished) return;
      }
      page.removeAttribute("aria-busy");
      if (!pair) return giveUp(wanted);
      tell(pair.left || "");
      if (pair.version !== shown.version || pair.baseline !== shown.baseline) fill(pair);
      const fresh = shown !== pair;
      shown = pair;
      if (pair.computed && fresh) complete(pair).then(() => average(pair));
      matrix(pair);
      compose(pair);
      turnTo();
      select(pair, reportgen.state.get("cell"));
    }

    /** Rather nothing than what is of another pair. */
    function giveUp(wanted) {
      for (const part of page.querySelectorAll("[data-rg-with]")) part.hidden = true;
      for (const name of ["prose", "key"]) for (const place of page.querySelectorAll(`[data-rg-field="${name}"]`)) place.textContent = "";
      for (const place of page.querySelectorAll('[data-rg-field="title"]')) place.textContent = say("title", wanted);
      tell(say("not_computed", wanted));
      shown = { version: null, computed: true };
    }

    /** The same of a pair that was computed, once it is. */
    async function composeOf(pair, wanted) {
      const name = Object.hasOwn(pair.made_of, wanted) ? wanted : Object.keys(pair.made_of)[0];
      const known = Boolean(pair.composed) && name !== undefined && pair.paired;
      made.hidden = !known;
      if (!known) return;
      by.value = name;
      made.querySelector("[data-rg-made-key]").textContent = pair.made_of[name];
      const frame = await reportgen.charts.frame("compare-made-of");
      if (shown !== pair || by.value !== name) return;
      const { rows, table } = reportgen.pairCharts.contributions(pair.composed.made, name, frame, data.words.rest);
      reportgen.charts.set("compare-made-of", rows, table);
    }

    const placesKey = (/** @type {any} */ pair) => `${data.positions[pair.baseline]}-${data.positions[pair.version]}`;

    /** The parts that a pair has. */
    function reveal(pair) {
      const own = data.objects[placesKey(pair)];
      const has = { ...pair, objects: pair.paired, ious: pair.paired, gains: pair.paired && own !== undefined && own.gains.length > 0 };
      const drawn = own !== undefined && own.chart !== null; // of many versions the built pairs alone
      for (const part of page.querySelectorAll("[data-rg-with]")) {
        part.hidden = !has[part.dataset.rgWith] || ("rgObjectChart" in part.dataset && !drawn);
      }
    }

    /** Every sentence, figure and table of another pair. */
    function fill(pair) {
      const { version } = pair;
      const texts = { ...pair, chance: pair.outcomes.chance };
      for (const place of page.querySelectorAll("[data-rg-field]")) {
        const text = texts[place.dataset.rgField];
        if (typeof text === "string") place.textContent = text;
      }
      reveal(pair);
      for (const part of page.querySelectorAll("[data-rg-of]")) part.hidden = part.dataset.rgOf !== version || (pair.computed && !pair.trained);
      outcomesOf(page, pair.outcomes);
      const replace = (selector, made) => {
        const place = page.querySelector(selector);
        if (place) place.replaceChildren(made);
      };
      replace("[data-rg-changes]", changesOf(pair.changes));
      replace("[data-rg-metrics]", metrics(pair.metrics, data.level));
      if (pair.each_label) {
        const { metric, plain, key, rows, rest, others } = pair.each_label;
        const said = { metric, plain, key, rest };
        for (const [name, text] of Object.entries(said)) replace(`[data-rg-each-label="${name}"]`, document.createTextNode(text));
        replace('[data-rg-each-label="rows"]', metrics(rows, data.level, "Label", "Labels, before and after"));
        replace('[data-rg-each-label="others"]', metrics(others, data.level, "Measure", "The other measures of each label, before and after"));
      }
      if (pair.label_errors) {
        const { rows, key, rest } = pair.label_errors;
        replace("[data-rg-label-key]", document.createTextNode(key));
        replace("[data-rg-label-errors]", metrics(rows, data.level, "Error", "Labels that go wrong together, before and after"));
        replace("[data-rg-label-rest]", document.createTextNode(rest));
      }
      drawObjects(pair, replace);
      pixels(pair);
      const position = String(data.positions[version]);
      if (pair.computed) drawClasses(pair);
      else for (const chart of ["compare-classes", "compare-errors"]) reportgen.charts.setKey(chart, version === built ? "" : position);
      if (versions) versions(pair);
      const mine = ++turn;
      if (!still) return;
      if (version === built && !pair.computed) still.replaceChildren(...builtGalleries);
      else {
        galleries(pair, titles).then(
          (made) => {
            if (mine !== turn) return;
            still.replaceChildren(...made);
            turnTo();
          },
          () => still.replaceChildren(),
        );
      }
      for (const one of pair.groups) {
        const n = page.querySelector(`[data-rg-flip-n="${one.flip}"]`);
        if (n) n.textContent = numbers.count(one.n);
      }
    }

    /** What is said of objects: the report carries it of any two versions. */
    function drawObjects(pair, replace) {
      const own = data.objects[placesKey(pair)];
      if (!own) return;
      replace("[data-rg-objects]", reportgen.compareObjects.changes(own.changes, anchor));
      replace("[data-rg-gains]", reportgen.compareObjects.gains(own.gains, data.level));
      for (const place of page.querySelectorAll("[data-rg-object-placed]")) place.textContent = own.placed;
      if (own.chart === null) return;
      for (const part of page.querySelectorAll("[data-rg-object-chart]")) reportgen.charts.setKey(part.dataset.rgObjectChart, own.chart);
    }

    /** The chart of classes of a pair that was computed. */
    async function drawClasses(pair) {
      if (!pair.by_class || !page.querySelector('[data-rg-chart="compare-classes"]')) return;
      const frame = await reportgen.charts.frame("compare-classes");
      if (shown !== pair) return;
      const { rows, table } = reportgen.pairCharts.classRows(pair.classes, frame, reportgen.pairView.decimalsOf);
      reportgen.charts.set("compare-classes", rows, table);
    }

    /** The matrix of a pair that was computed. */
    async function drawMatrix(pair, view, share) {
      const frame = await reportgen.charts.frame("compare-confusion");
      if (shown !== pair) return;
      const said = say(`said_${view}`, { baseline: pair.baseline, candidate: pair.version });
      const { rows, table } = reportgen.pairCharts.confusion(pair.confusions, frame, { view, share: share === "share", said });
      reportgen.charts.set("compare-confusion", rows, table);
    }

    /** One gallery at a time. */
    function turnTo() {
      if (!flipTools || !still) return;
      const radios = Array.from(flipTools.querySelectorAll("input"));
      if (radios.length < 2) return; // another pair may have what the built one has none of
      const wanted = reportgen.state.get("show");
      const value = (radios.find((radio) => radio.value === wanted) || radios[0]).value;
      for (const radio of radios) radio.checked = radio.value === value;
      for (const one of still.querySelectorAll("[data-rg-flip]")) one.hidden = one.dataset.rgFlip !== value;
    }

    /** What the matrix shows, as far as the report carries it. */
    function matrix(pair) {
      if (!tools) return;
      const params = reportgen.state.read();
      const keyOf = (view, share) => `${view}-${share}-${data.positions[pair.version]}`;
      const has = (view, share) => pair.computed || keys.has(keyOf(view, share));
      const wanted = { view: params.get("view") || "", share: params.get("share") };
      const view = ["change", "baseline", "candidate"].includes(wanted.view) && has(wanted.view, "count") ? wanted.view : "change";
      const share = wanted.share === "share" && has(view, "share") ? "share" : "count";
      if (pair.computed) drawMatrix(pair, view, share);
      else if (has(view, share)) reportgen.charts.setKey("compare-confusion", keyOf(view, share));
      for (const words of page.querySelectorAll("[data-rg-when]")) words.hidden = ![view, share].includes(words.dataset.rgWhen);
      for (const radio of tools.querySelectorAll("input")) {
        const ofView = radio.name === "compare-view";
        radio.checked = radio.value === (ofView ? view : share);
        radio.disabled = !(ofView ? has(radio.value, share) : has(view, radio.value));
      }
    }

    /** The panel of one cell; at first the worst one. */
    function select(pair, key) {
      const panel = page.querySelector("[data-rg-cell]");
      if (!panel || !pair.cells.length) return;
      const cell = pair.cells.find((one) => one.key === key) || pair.cells[0];
      const put = (name, text) => (panel.querySelector(`[data-rg-cell-${name}]`).textContent = text);
      put("title", cell.title);
      put("counts", cell.counts);
      put("change", cell.change);
      put("share", cell.share);
      panel.querySelector("[data-rg-cell-counts]").className = `rg-figure rg-is-${cell.verdict}`;
      panel.querySelector("[data-rg-cell-link]").replaceChildren(anchor(cell.link), " ", anchor({ ...cell.link, page: "explore", text: "Open in Explore" }));
      reportgen.charts.select("compare-confusion", cell.key);
      details(panel.querySelector("[data-rg-cell-where]"), pair, cell).catch(() => {});
    }

    let looking = 0;
    async function details(place, pair, cell) {
      const mine = ++looking;
      const samples = await reportgen.samples.open();
      const versions = placesOf(samples, pair);
      const rows = await where(samples, cell, versions);
      const tiles = await pictures(samples, cell, versions);
      if (mine !== looking) return;
      const lines = rows.map(({ name, value, was, is }) =>
        element("tr", null,
          element("th", { scope: "row" }, element("bdi", null, `${name}: ${value}`)),
          element("td.rg-num", null, `${numbers.count(was)} → ${numbers.count(is)}`),
          element("td.rg-num", null, element("b", null, numbers.signed(is - was, 0)))));
      place.replaceChildren(
        ...(lines.length ? [element("h4", null, "Where they are"), element("table.rg-mini", null, element("caption.rg-hidden", null, "By one attribute, before, after and change"), element("tbody", null, ...lines))] : []),
        ...(tiles.length ? [element("div.rg-tiles.rg-cell-tiles", null, ...tiles)] : []),
      );
    }

    /** The surest of the cell's samples that the report has a picture or text of. */
    async function pictures(samples, cell, versions) {
      const chosen = versions[1];
      await samples.needConfidence(versions);
      await samples.needTiles();
      const [t, p] = [cell.target, cell.prediction].map((name) => samples.meta.classes.indexOf(name) + 1);
      const { target, prediction } = samples.columns;
      const rows = reportgen.sets.members(samples.columns, cell.target === cell.prediction ? "right" : "wrong", versions[0], chosen);
      const own = Array.from(rows).filter((row) => target[row] === t && prediction[chosen][row] === p);
      const seen = own.filter((row) => samples.meta.media === "none" || samples.picture(row) || samples.text(row));
      return seen.slice(0, TILES).map((row) => {
        const params = new URLSearchParams(cell.link.state);
        params.append("sample", samples.id(row));
        return reportgen.tile(samples, row, versions, reportgen.state.href("examples", params));
      });
    }

    if (tools) {
      tools.hidden = false;
      for (const radio of tools.querySelectorAll("input")) {
        radio.addEventListener("change", () => {
          const usual = radio.value === "change" || radio.value === "count";
          reportgen.state.update({ [radio.name === "compare-view" ? "view" : "share"]: usual ? null : radio.value });
        });
      }
      const look = (key) => reportgen.state.update({ cell: key });
      reportgen.charts.onSelect("compare-confusion", { open: look, walk: look });
    }
    if (flipTools && flipTools.querySelectorAll("input").length > 1) {
      flipTools.hidden = false;
      page.classList.add("rg-one-gallery");
      for (const radio of flipTools.querySelectorAll("input")) {
        radio.addEventListener("change", () => reportgen.state.update({ show: radio.value === "newly_broken" ? null : radio.value }));
      }
    }
    if (made && by) {
      const label = /** @type {HTMLElement} */ (made.querySelector("[data-rg-made-tools]"));
      label.hidden = by.options.length < 2;
      by.addEventListener("change", () => reportgen.state.update({ by: by.value === usual ? null : by.value }));
    }
    reportgen.state.listen(show, PAGE);
    show();
  }

  /** What the galleries are called, as the page has it. */
  function readTitles(page) {
    const found = {};
    for (const gallery of page.querySelectorAll("[data-rg-flip]")) {
      const head = gallery.querySelector("h3");
      const own = Array.from(head.childNodes).filter((node) => node.nodeType === Node.TEXT_NODE);
      found[gallery.dataset.rgFlip] = own.map((node) => node.textContent.trim()).join("");
    }
    return found;
  }

  reportgen.compare = { wire };
})();
