/* The drawer of a slice: what goes wrong in it, whether a bigger slice explains it, how sure, and its samples. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { numbers, element, verdicts, wording } = reportgen;
  const PAGE = "slices";
  const ALONE = { worse: "weaker than the rest", better: "stronger than the rest", unclear: "like the rest" };
  const KINDS = ["everything", "one attribute", "two attributes", "three attributes"];
  const CONFUSIONS = 6;
  const INSIDE = 6;
  const TILES = 6;

  /** @typedef {{data: any, catalogue: any, before: any, after: any, version: string, baseline: string | null, one: any, row: any, words: any}} View */

  const rowOf = (/** @type {View} */ { catalogue, before, after }, one) => reportgen.sliceRows.row(catalogue, before, after, one);

  /** @param {string} title @param {...any} children */
  const section = (title, ...children) => element("section.rg-drawer-part", null, element("h3", null, title), ...children);

  /** @param {string} text @param {string} [name] */
  const paragraph = (text, name) => element(name || "p.rg-small", null, text);

  const link = (text, address, name) => element(name || "a", { href: address }, text);

  /** @param {View} view @param {string} set @param {number} n @param {string} words */
  function examples(view, set, n, words, name) {
    const text = `${numbers.count(n)} ${words}`;
    if (!n || !reportgen.state.pages().includes("examples")) return element("span", null, text);
    return element(name || "a", { href: reportgen.state.href("examples", view.data.state(view.one, set)), "data-rg-count": n }, text);
  }

  /** @param {View} view */
  function figures(view) {
    const { row, catalogue, version, after, one, words } = view;
    const label = catalogue.baseline === null ? words.metric : `${words.metric}, ${catalogue.baseline} → ${version}`;
    const counted = `n = ${row.n}${row.n_groups ? `, ${row.n_groups}` : ""}`;
    const first = element(
      "div",
      null,
      element("p.rg-small", null, element("bdi", null, label)),
      element("p.rg-figure", null, row.levels),
      paragraph([row.level_interval && `${catalogue.baseline === null ? "" : `${version}: `}${catalogue.level} ${row.level_interval}`, counted].filter(Boolean).join(" · ")),
    );
    if (!row.change) return element("div.rg-drawer-figures", null, first);
    const unit = catalogue.metric.unit === "rate" ? " points" : "";
    const what = catalogue.baseline === null ? "Against the rest" : "Change";
    const n = after.delta_n && after.delta_n[one.i] !== one.n ? ` · n = ${numbers.count(after.delta_n[one.i])} that both scored` : "";
    return element(
      "div.rg-drawer-figures",
      null,
      first,
      element(
        "div",
        null,
        paragraph(`${what}, ${catalogue.level}`),
        element(`p.rg-figure.rg-${row.verdict}`, null, `${row.change}`, element("small", null, unit)),
        paragraph([`${row.change_interval}${n}`, row.confirmed].filter(Boolean).join(" · ")),
        paragraph(row.q ? `q ${row.q}` : ""),
      ),
    );
  }

  /** What broke and what was fixed, and which labels are taken for which. */
  function wrong(view) {
    const { after, one, catalogue } = view;
    const part = section("What goes wrong");
    const counts = (name) => (after[name] ? after[name][one.i] : null);
    if (catalogue.baseline !== null && counts("newly_broken") !== null) {
      part.append(
        element(
          "p.rg-small",
          null,
          examples(view, "newly_broken", counts("newly_broken"), view.words.newly_broken), ", ",
          examples(view, "newly_fixed", counts("newly_fixed"), view.words.newly_fixed), ", ",
          examples(view, "both_wrong", counts("both_wrong"), view.words.wrong_in_both),
        ),
      );
    } else if (after.x[one.i] !== null && catalogue.metric.right) {
      part.append(element("p.rg-small", null, examples(view, "wrong", after.n[one.i] - after.x[one.i], `of ${numbers.count(after.n[one.i])} wrong`)));
    }
    const place = element("div");
    part.append(place);
    confusions(view).then((table) => table && place.append(table), () => {});
    return part;
  }

  /** The rows of the slice among all samples, the versions' positions, and the samples. */
  async function rowsOf(view) {
    const { catalogue, one, version } = view;
    const samples = await reportgen.samples.open();
    const terms = reportgen.sliceRows.terms(catalogue, one.i);
    const isPinned = (/** @type {any} */ attribute) => attribute.kind === "pinned";
    const names = terms.map(({ attribute, code }) => (isPinned(attribute) ? attribute.filters[code] : attribute.name));
    const columns = names.map((name) => samples.meta.attributes.find((a) => a.name === name));
    await samples.needCodes(columns.filter(Boolean).map((a) => a.column));
    const placeOf = (/** @type {string} */ wanted) => samples.meta.versions.findIndex((v) => v.name === wanted);
    const chosen = placeOf(version);
    const baseline = view.baseline === null ? null : placeOf(view.baseline);
    const conditions = terms.map(({ attribute, code, value: named }, at) => {
      const value = isPinned(attribute) ? "yes" : named;
      const codes = columns[at] ? samples.codes(columns[at].column) : samples.columns.prediction[chosen];
      const place = columns[at] ? columns[at].values.indexOf(value) : samples.meta.classes.indexOf(value);
      const other = columns[at] ? 0 : code + 1; // 0: missing
      return { key: String(at), codes, allowed: new Set([place < 0 ? other : place + 1]) };
    });
    return { samples, conditions, chosen, baseline };
  }

  /** @param {View} view @returns {Promise<HTMLElement | null>} The mistakes that grew most, before and after. */
  async function confusions(view) {
    if (view.words.kind !== "labels") return null;
    const { samples, conditions, chosen, baseline } = await rowsOf(view);
    if (view.catalogue.baseline === null && chosen < 0) return null;
    const { target, prediction, n } = samples.columns;
    const rows = reportgen.filter.select(Uint32Array.from({ length: n }, (_, i) => i), conditions);
    const k = samples.meta.classes.length + 1;
    /** @type {Map<number, [number, number]>} */
    const cells = new Map();
    for (const i of rows) {
      if (baseline !== null && (!prediction[baseline][i] || !prediction[chosen][i])) continue;
      if (!target[i]) continue;
      [baseline, chosen].forEach((v, side) => {
        const said = v === null ? 0 : prediction[v][i];
        if (!said || said === target[i]) return;
        const cell = target[i] * k + said;
        const found = cells.get(cell) || [0, 0];
        found[side]++;
        cells.set(cell, found);
      });
    }
    const order = (a, b) => b[1][1] - b[1][0] - (a[1][1] - a[1][0]) || b[1][1] - a[1][1] || a[0] - b[0];
    const alone = (a, b) => b[1][1] - a[1][1] || a[0] - b[0];
    const top = [...cells].sort(baseline === null ? alone : order).slice(0, CONFUSIONS).filter(([, [, now]]) => now > 0);
    if (!top.length) return null;
    const most = Math.max(...top.flatMap(([, ends]) => ends));
    const table = element("table.rg-mini");
    const name = (code) => element("bdi", null, samples.meta.classes[code - 1]);
    for (const [cell, [was, is]] of top) {
      const said = element("b", null, name(cell % k));
      table.append(
        element(
          "tr",
          null,
          element("th", { scope: "row" }, name(Math.floor(cell / k)), " → ", said),
          element("td", null, dots(baseline === null ? null : was, is, most)),
          element("td.rg-num", null, baseline === null ? "" : `${numbers.count(was)} → `, element("b", null, numbers.count(is))),
        ),
      );
    }
    table.prepend(element("caption.rg-hidden", null, "Mistakes in this slice, target and what it is taken for"));
    return table;
  }

  /** Two counts on one line, the ring before and the dot now. */
  function dots(was, is, most) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const at = (value) => (7 + (value / most) * 104).toFixed(1);
    for (const [name, value] of Object.entries({ class: "rg-plot", width: 118, height: 20, viewBox: "0 0 118 20", "aria-hidden": "true" })) {
      svg.setAttribute(name, String(value));
    }
    const path = (name, d) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", "path");
      made.setAttribute("class", name);
      made.setAttribute("d", d);
      svg.append(made);
    };
    const circle = (x, r) => `M${x - r} 10a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
    path("rg-plot-zero", "M7 0V20");
    if (was !== null) {
      path("rg-plot-before", `M${at(was)} 10H${at(is)}`);
      path("rg-plot-ring", circle(Number(at(was)), 4));
    }
    path("rg-plot-dot", circle(Number(at(is)), 4.6));
    return svg;
  }

  /** @param {View} view @param {any} one @param {string} [name] A line with the change of another slice, or its level. */
  function other(view, one, name) {
    const row = rowOf(view, one);
    const compared = row.change && view.row.change;
    const figure = compared
      ? [element("span.rg-sign", null, verdicts.sign(row.verdict)), row.change]
      : [row.levels];
    const address = reportgen.state.href(PAGE, { ...reportgen.versions.carried(), slice: row.id });
    const words = name || row.name;
    return element(
      `tr.rg-${compared ? row.verdict : "unclear"}`,
      null,
      element("th", { scope: "row" }, one.id === view.one.id || one.level === 0 ? element("b", null, element("bdi", null, words)) : element("a", { href: address, "data-rg-slice-link": row.id }, element("bdi", null, words))),
      element("td.rg-num.rg-figure-cell", null, ...figure),
      element("td.rg-num", null, compared ? row.change_interval : row.level_interval),
      element("td.rg-num", null, `n ${row.n}`),
    );
  }

  /** @param {string} caption @param {HTMLElement[]} rows */
  const table = (caption, rows) => element("table.rg-mini", null, element("caption.rg-hidden", null, caption), element("tbody", null, ...rows));

  const keyOf = (/** @type {any} */ term) => `${term.at} ${term.code}`;

  /** The terms of the slice that another one has not. */
  function without(view, other) {
    const theirs = new Set(reportgen.sliceRows.terms(view.catalogue, other.i).map(keyOf));
    return reportgen.sliceRows.terms(view.catalogue, view.one.i).filter((term) => !theirs.has(keyOf(term)));
  }

  /** The slices with some of its terms and no other, the most alike first. */
  function parentsOf(view) {
    const { one, data, catalogue } = view;
    const own = new Set(reportgen.sliceRows.terms(catalogue, one.i).map(keyOf));
    if (own.size < 2) return [];
    const holds = (other) => other.level > 0 && other.level < own.size && reportgen.sliceRows.terms(catalogue, other.i).every((term) => own.has(keyOf(term)));
    return data.slices.filter(holds).sort((a, b) => b.level - a.level || a.i - b.i);
  }

  /** Is it just part of a bigger slice? Its parents, and what they say alone. */
  function bigger(view) {
    const { catalogue, data, one, after } = view;
    const all = data.byId.get("all");
    const parents = parentsOf(view);
    if (!parents.length) return all && after.delta ? section(`Compared with all ${view.words.nouns}`, table("This slice and all samples", [other(view, all, view.words.all), other(view, one)])) : null;
    const verdict = view.row.verdict;
    const same = parents.filter((p) => reportgen.sliceRows.verdictOf(catalogue, after, p.i) === verdict);
    let said = "";
    if (verdict === "worse" || verdict === "better") {
      const word = catalogue.baseline === null ? { worse: "weaker", better: "stronger" }[verdict] : verdict;
      const pair = one.level === 2;
      if (!same.length) said = pair ? `No. Neither value alone is ${word} beyond chance.` : `No. None of the bigger ones is ${word} beyond chance.`;
      else if (same.length === parents.length) said = pair ? `Perhaps. Each value alone is ${word} too.` : `Perhaps. Each of the bigger ones is ${word} too.`;
      else said = `Perhaps. ${same.map((p) => p.name).join(" and ")} ${pair ? "alone " : ""}${same.length === 1 ? "is" : "are"} ${word} too.`;
    }
    return section(
      "Is it just part of a bigger slice?",
      said && paragraph(said),
      table("The slice and the bigger ones it is part of", [...parents.map((p) => other(view, p, `${p.name}, any ${without(view, p).map((t) => t.attribute.name).join(", ")}`)), other(view, one)]),
    );
  }

  /** The slices with one term more, of the target or of other attributes, worst first. */
  function inside(view, wanted) {
    const { catalogue, data, one, after } = view;
    if (one.level < 1 || one.predicted || one.pinned) return [];
    const own = new Set(reportgen.sliceRows.terms(catalogue, one.i).map(keyOf));
    const found = data.slices.filter((s) => {
      if (s.level !== own.size + 1 || reportgen.sliceRows.supportOf(catalogue, after, s.i) === "counts") return false;
      const rest = reportgen.sliceRows.terms(catalogue, s.i).filter((t) => !own.has(keyOf(t)));
      return rest.length === 1 && (rest[0].attribute.kind === "target") === wanted;
    });
    const worst = catalogue.metric.higher_is_better ? 1 : -1;
    const size = (s) => (after.delta ? after.delta[s.i] : after.value[s.i]);
    const clear = (s) => (["worse", "better"].includes(reportgen.sliceRows.verdictOf(catalogue, after, s.i)) ? 0 : 1);
    return found.filter((s) => size(s) !== null).sort((a, b) => clear(a) - clear(b) || worst * (size(a) - size(b))).slice(0, wanted ? 12 : INSIDE);
  }

  /** @param {View} view @param {boolean} byTarget */
  function within(view, byTarget) {
    const found = inside(view, byTarget);
    if (!found.length) return null;
    const own = new Set(reportgen.sliceRows.terms(view.catalogue, view.one.i).map(keyOf));
    const name = (s) => reportgen.sliceRows.terms(view.catalogue, s.i).filter((t) => !own.has(keyOf(t)))[0].shown;
    const title = byTarget ? (view.words.kind === "labels" ? "Which classes" : "Which values") : "Where inside it";
    const caption = view.catalogue.baseline === null ? "Against the rest of all samples." : "The change inside this slice.";
    return section(title, paragraph(caption), table(title, found.map((s) => other(view, s, name(s)))));
  }

  /** How sure can we be, in words. */
  function sure(view) {
    const { row, catalogue, one, words, version } = view;
    const { limits } = catalogue;
    const found = view.after.found[String(one.i)] || []; // sentences of site/found.py
    const said = [];
    if (one.origin === "found") {
      said.push(...found);
      if (row.support === "test") said.push(`Fewer than ${numbers.count(limits.decide)} ${words.nouns} there: read with care.`);
    } else if (one.predicted) said.push(`Each version gives this label to different ${words.nouns}, so no change is computed.`);
    else if (row.support === "counts") said.push(`Fewer than ${limits.show} ${words.nouns}: only counts are told.`);
    else if (row.support === "show") said.push(`Fewer than ${limits.test} ${words.nouns}, or the figure rests on so few: shown, not tested.`);
    else if (row.change) {
      const change = reportgen.sliceRows.intervalOf(view.after, one.i, ["delta", "delta_low", "delta_high"]);
      const beside = change.low > 0 ? "stays above zero" : change.high < 0 ? "stays below zero" : "includes zero";
      said.push(`The interval ${beside}.`);
      if (row.n_groups) said.push(`The ${row.n} ${words.nouns} come from ${row.n_groups}.`);
      const tested = catalogue.n_tested[version];
      if (row.q && tested) {
        const held = row.verdict === "unclear" ? "That can be chance" : "That is beyond chance";
        said.push(`${held} after correcting for ${numbers.count(tested)} slices tested (q ${row.q}${row.q.startsWith("<") ? "" : ", below 0.05 counts"}).`);
      }
      if (row.support === "test") said.push(`Fewer than ${numbers.count(limits.decide)} ${words.nouns}: read with care.`);
    }
    if (one.origin !== "found") said.push(...found);
    return section("How sure can we be?", element("p", null, element("bdi", null, said.join(" "))));
  }

  /** Samples of the slice: what broke, else what is wrong. */
  function gallery(view) {
    const broken = view.after.newly_broken ? view.after.newly_broken[view.one.i] : null;
    const { words } = view;
    const set = broken ? "newly_broken" : words.hardest_set;
    const part = section(broken ? `${wording.capital(words.newly_broken)}, ${words.moved_first}` : words.hardest);
    const place = element("div.rg-tiles.rg-drawer-tiles");
    part.append(place);
    part.hidden = true;
    tiles(view, set).then((made) => {
      place.append(...made);
      part.hidden = made.length === 0;
    }, () => {});
    return part;
  }

  async function tiles(view, set) {
    const { samples, conditions, chosen, baseline } = await rowsOf(view);
    await samples.needConfidence(baseline === null ? [chosen] : [baseline, chosen]);
    await samples.needTiles();
    const rows = reportgen.filter.select(reportgen.sets.members(samples.columns, set, baseline, chosen), conditions);
    const withPicture = (row) => samples.meta.media === "none" || samples.picture(row) || samples.text(row);
    const first = Array.from(rows).slice(0, 400);
    const found = [...first.filter(withPicture), ...first.filter((row) => !withPicture(row))].slice(0, TILES);
    return found.map((row) => {
      const params = view.data.state(view.one, set);
      params.append("sample", samples.id(row));
      return reportgen.tile(samples, row, baseline === null ? [chosen] : [baseline, chosen], reportgen.state.href("examples", params));
    });
  }

  function definition(view) {
    return section("Definition", element("pre.rg-code", { dir: "auto", tabindex: "0" }, reportgen.sliceRows.define(view.catalogue, view.one.i)));
  }

  function actions(view) {
    if (!reportgen.state.pages().includes("examples")) return null;
    const { after, one } = view;
    const broken = after.newly_broken ? after.newly_broken[one.i] : 0;
    const address = (set) => reportgen.state.href("examples", view.data.state(one, set));
    const n = one.predicted ? after.n[one.i] : one.n;
    return element(
      "p.rg-drawer-actions",
      null,
      broken > 0 && link(`See all ${numbers.count(broken)} ${view.words.newly_broken}`, address("newly_broken"), "a.rg-button.rg-button-primary"),
      link(`All ${numbers.count(n)} ${view.words.nouns}`, address("all"), "a.rg-button"),
      element("a.rg-button", { href: reportgen.state.href("explore", view.data.state(one, "all")), "data-rg-count": n }, "Open in Explore"),
      listed(view, n),
    );
  }

  /** @param {View} view @param {number} n @returns {HTMLElement} What makes a list of the slice, once its samples are known. */
  function listed(view, n) {
    const place = element("div.rg-list-box");
    reportgen.samples.open().then(({ meta }) => {
      const now = () => ({ n, state: view.data.state(view.one, "all") });
      place.replaceWith(reportgen.listMenu.menu(meta, now, () => labelled(view)));
    }, () => place.remove());
    return place;
  }

  /** @param {View} view @returns {Promise<[string, string | number | null][]>} Id and label of its samples. */
  async function labelled(view) {
    const { samples, conditions } = await rowsOf(view);
    await samples.needIds();
    const { target, n } = samples.columns;
    const rows = reportgen.filter.select(Uint32Array.from({ length: n }, (_, i) => i), conditions);
    const ids = samples.ids(rows);
    return Array.from(rows, (row, i) => [ids[i], samples.exact(target[row])]);
  }

  function badge(view) {
    const { row, catalogue, one } = view;
    if (one.predicted) return element("p.rg-verdict.rg-verdict-unclear", null, "Level only");
    const word = (catalogue.baseline === null && ALONE[row.verdict]) || verdicts.word(row.verdict);
    const told = `${word[0].toUpperCase()}${word.slice(1)}`;
    return element(`p.rg-verdict.rg-verdict-${row.verdict}`, null, `${verdicts.sign(row.verdict)} ${told}`.trim());
  }

  /** Why the manifest calls the slice critical. */
  function critical({ one }) {
    return one.critical !== null && element("p.rg-small.rg-drawer-why", null, "Critical: ", element("bdi", null, one.critical));
  }

  /** @param {View} view */
  function body(view) {
    return [
      badge(view), critical(view), figures(view), wrong(view), bigger(view), within(view, true), within(view, false), sure(view),
      gallery(view), definition(view), actions(view),
    ].filter(Boolean);
  }

  /** @param {HTMLElement} drawer @param {any} meta the chunk "samples" */
  function wordsOf(drawer, meta) {
    const { rgNoun: noun, rgNouns: nouns, rgMetric: metric } = drawer.dataset;
    return { ...meta.words, noun, nouns, metric, all: `all ${nouns}` };
  }

  /** @param {HTMLElement} drawer */
  async function wire(drawer) {
    const [data, meta] = await Promise.all([reportgen.sliceData.open(), reportgen.data.load("samples")]);
    const { catalogue } = data;
    const words = wordsOf(drawer, meta);
    const close = /** @type {HTMLElement} */ (drawer.querySelector("[data-rg-close]"));
    let shown = { id: "", pair: "" };
    let turn = 0;

    function hide() {
      if (drawer.hidden) return;
      const inside = drawer.contains(document.activeElement);
      const row = document.querySelector(`[data-rg-slice="${CSS.escape(shown.id)}"] a`);
      shown = { id: "", pair: "" };
      drawer.hidden = true;
      document.documentElement.removeAttribute("data-rg-drawer");
      if (row instanceof HTMLElement && inside) row.focus({ preventScroll: true });
    }

    async function show() {
      const mine = ++turn;
      const id = reportgen.state.get("slice");
      const one = data.byId.get(id);
      if (!one || reportgen.state.place().page !== PAGE) return hide();
      const found = await data.pair();
      const pair = JSON.stringify([found.baseline, found.version]);
      if (mine !== turn || (shown.id === id && shown.pair === pair)) return undefined;
      const fresh = drawer.hidden;
      shown = { id, pair };
      const view = { ...found, data, one, words, row: reportgen.sliceRows.row(found.catalogue, found.before, found.after, one) };
      fill(view);
      drawer.hidden = false;
      document.documentElement.setAttribute("data-rg-drawer", "");
      drawer.scrollTop = 0;
      if (fresh) drawer.focus({ preventScroll: true });
      return undefined;
    }

    /** @param {View} view */
    function fill(view) {
      const { one, after } = view;
      const all = data.byId.get("all");
      const n = one.predicted ? after.n[one.i] : one.n;
      const share = all && all.n ? ` · ${numbers.rate(n / all.n)} of ${words.nouns}` : "";
      const kind = one.predicted ? "predicted label" : one.pinned ? "pinned samples" : KINDS[one.level] || `${one.level} attributes`;
      drawer.querySelector("[data-rg-kind]").textContent = `Slice · ${kind}${share}`;
      drawer.querySelector("h2").replaceChildren(element("bdi", null, one.name));
      drawer.querySelector("[data-rg-body]").replaceChildren(...body(view));
    }

    close.addEventListener("click", () => reportgen.state.update({ slice: null }));
    reportgen.copy.link(drawer.querySelector("[data-rg-copy]"));
    drawer.addEventListener("click", (event) => {
      const to = event.target instanceof Element ? event.target.closest("[data-rg-slice-link]") : null;
      if (!to || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      reportgen.state.update({ slice: to.getAttribute("data-rg-slice-link") }, { push: true });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !drawer.hidden && !document.querySelector("dialog[open]")) reportgen.state.update({ slice: null });
    });
    reportgen.state.listen(show);
    await show();
  }

  reportgen.drawer = { wire };
})();
