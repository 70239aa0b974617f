/* The parts of the Confidence page that follow another pair than the built one: copies of those that were built, filled anew. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { write } = element;
  const DIAGRAM = "confidence-chosen-";
  const RISK = "confidence-chosen-risk";

  /** @typedef {{delta: number | null, low: number | null, high: number | null, decimals: number | null, verdict: string}} Change */

  /** What the samples tell of the candidate's scores against a baseline that was not built. */
  async function computed({ baseline, candidate }) {
    const meta = await reportgen.data.load("samples");
    const places = [baseline, candidate].map((name) => meta.versions.findIndex((/** @type {any} */ one) => one.name === name));
    const explorer = await reportgen.explorer.shared();
    const found = await explorer.compare(places[0], places[1]);
    return new Map(found.changes.filter((row) => row.class < 0 && !Number.isNaN(row.delta)).map((row) => {
      const unit = meta.metrics.find((/** @type {any} */ one) => one.name === row.metric).unit;
      const { delta, low, high, verdict } = row;
      const { known } = reportgen.pairSaid;
      return [row.metric, { delta, low: known(low), high: known(high), decimals: reportgen.pairSaid.decimalsOf(row, unit), verdict }];
    }));
  }

  /** By version, the change of each score against the chosen baseline; null where it is not told. */
  async function changesOf(data, pair) {
    const { scores } = data;
    if (pair.baseline === data.baseline) return new Map(scores.rows.map((row) => [row.version, row.changes]));
    const has = [pair.baseline, pair.candidate].every((name) => Object.hasOwn(data.versions, name));
    const made = has ? await computed(pair) : new Map();
    const back = pair.candidate === data.baseline ? scores.rows.find((row) => row.version === pair.baseline) : null;
    return new Map([[pair.candidate, scores.metrics.map(({ name }, i) => made.get(name) || (back && back.changes[i] ? reportgen.pairSaid.turned(back.changes[i]) : null))]]);
  }

  /** @param {any} data the chunk "confidence" @param {{baseline: string, candidate: string}} pair */
  async function make(data, pair) {
    const changes = await changesOf(data, pair);
    const say = (/** @type {string} */ name, given = {}) => reportgen.wording.fill(data.words[name], { ...pair, built: data.built, nouns: data.nouns, ...given });
    const of = (/** @type {string} */ name) => (Object.hasOwn(data.versions, name) ? data.versions[name] : null);
    const sides = { baseline: of(pair.baseline), candidate: of(pair.candidate) };
    const frame = sides.candidate ? await reportgen.charts.frame("confidence-risk-all").catch(() => null) : null;
    const own = changes.get(pair.candidate) || [];
    const missing = data.scores.metrics.filter((/** @type {any} */ _, /** @type {number} */ i) => !own[i] || own[i].delta === null);
    return {
      data, pair, say, sides, frame, changes, left: leftOf(data, pair, say, sides, missing),
      has: { key: true, diagrams: Boolean(sides.baseline || sides.candidate), scores: true, claims: true, handing: Boolean(frame && Object.hasOwn(frame.curves, pair.candidate)) },
    };
  }

  /** What is not told of a pair, in a sentence. */
  function leftOf(data, pair, say, sides, missing) {
    const parts = [pair.baseline, pair.candidate].filter((_, i) => !(i ? sides.candidate : sides.baseline)).map((version) => say("no_confidence", { version }));
    if (!parts.length && pair.baseline !== data.baseline) {
      if (missing.length) parts.push(say("changes_left", { scores: reportgen.wording.listed(missing.map((one) => one.lowered)) }));
      else if (data.scores.rows.length > 2) parts.push(say("changes_one"));
    }
    return parts.join(" ");
  }

  /** Links of the built pair, for the chosen one. @param {{page: string, text: string, state: [string, string][], count: number | null}} link */
  function anchor(link) {
    const text = element("bdi", null, link.text);
    if (!reportgen.state.pages().includes(link.page)) return text;
    const state = new URLSearchParams(link.state);
    for (const [key, name] of Object.entries(reportgen.versions.carried())) if (name !== null) state.set(key, String(name));
    return element("a", { href: reportgen.state.href(link.page, state), "data-rg-count": link.count }, text);
  }

  function key(part, { sides }) {
    write(part, { key: [sides.candidate && sides.candidate.average, sides.baseline && sides.baseline.was].filter(Boolean).join(" ") });
  }

  function diagrams(part, { data, pair, sides }) {
    const box = /** @type {HTMLElement} */ (part.querySelector("[data-rg-diagrams]"));
    const blank = /** @type {HTMLElement} */ (part.querySelector(".rg-diagram"));
    const shown = ["baseline", "candidate"].filter((role) => sides[role]).map((role) => {
      const { head } = sides[role];
      const found = box.querySelector(`[data-rg-chart="${DIAGRAM}${role}"]`);
      const one = /** @type {HTMLElement} */ (found ? found.closest(".rg-diagram") : blank.cloneNode(true));
      const figure = /** @type {HTMLElement} */ (one.querySelector("[data-rg-chart]"));
      figure.dataset.rgLike = figure.dataset.rgLike || figure.dataset.rgChart;
      figure.dataset.rgChart = DIAGRAM + role;
      one.removeAttribute("data-rg-diagram");
      one.querySelector("[data-rg-role]")?.replaceChildren(element.sign(role));
      write(one, { ...head, label: head.error ? "error" : "", joint: head.error ? ", " : "" });
      one.querySelector('[data-rg-field="error"]')?.classList.toggle("rg-is-worse", head.too_sure);
      return one;
    });
    box.className = `rg-diagrams rg-diagrams-${shown.length}`;
    box.replaceChildren(...shown);
    const sure = part.querySelector(".rg-confidence-sure");
    if (!(sure instanceof HTMLElement)) return;
    sure.hidden = !sides.candidate || !sides.candidate.sure_wrong;
    if (sure.hidden) return;
    for (const name of sure.querySelectorAll("[data-rg-candidate]")) name.textContent = pair.candidate;
    sure.querySelector("[data-rg-sure-wrong]")?.replaceChildren(anchor(sides.candidate.sure_wrong));
  }

  /** With how many decimals a score is printed, for every version alike. */
  function decimalsOf({ data, changes }, i) {
    const { name } = data.scores.metrics[i];
    const found = Array.from(changes.values(), (/** @type {any} */ own) => own[i] && own[i].decimals).filter((places) => typeof places === "number");
    const widest = found.length ? Math.max(...found) : undefined;
    const least = Object.hasOwn(data.scores.least, name) ? data.scores.least[name] : 0;
    return widest === undefined && !least ? undefined : Math.max(least, widest ?? 0);
  }

  /** A score of a version, and its change where it is told. */
  function scoreCells(view, row, i) {
    const { data, changes } = view;
    const { unit, label } = { label: data.scores.labels[i], ...data.scores.metrics[i] };
    const places = decimalsOf(view, i);
    const value = row.values[i];
    const isKnown = value && value.value !== null;
    const texts = isKnown
      ? [numbers.value(value.value, unit, places), numbers.interval(value.low, value.high, unit, places)]
      : [numbers.MISSING, (value && value.reason) || ""];
    const own = (changes.get(row.version) || [])[i];
    const cell = element("td.rg-num", null, element("span.rg-at", null, `${label} `), texts[0], " ", element("small", null, texts[1]));
    if (!isKnown || !own || own.delta === null) return [cell, element("td.rg-num")];
    const figure = element("span.rg-figure-cell", null,
      element("span.rg-sign", null, reportgen.verdicts.sign(own.verdict)), element("span.rg-hidden", null, `${reportgen.verdicts.word(own.verdict)} `),
      numbers.difference(own.delta, unit, places) + (unit === "rate" ? " points" : ""));
    const ends = element("small", null, numbers.differenceInterval(own.low, own.high, unit, places));
    return [cell, element(`td.rg-num.rg-${own.verdict}`, null, element("span.rg-at", null, "change "), figure, " ", ends)];
  }

  function scores(part, view) {
    const { data, pair } = view;
    const roleOf = (name) => (name === pair.candidate ? "candidate" : name === pair.baseline ? "baseline" : "other");
    const rows = data.scores.rows.map((row) =>
      element("tr", null,
        element("th", { scope: "row" }, element.sign(roleOf(row.version)), " ", element("bdi", null, row.version)),
        element("td.rg-num", null, element("span.rg-at", null, "n "), row.n),
        ...data.scores.metrics.flatMap((_, i) => scoreCells(view, row, i)),
        element("td.rg-num", null, element("span.rg-at", null, "plug-in error "), row.binned)));
    part.querySelector("tbody")?.replaceChildren(...rows);
    write(part, { key: scoresKey(view) });
  }

  /** Which scores of the candidate changed beyond chance; "" where no change is told. */
  function scoresKey({ data, pair, say, changes }) {
    const own = changes.get(pair.candidate) || [];
    if (!own.some((one) => one && one.delta !== null)) return "";
    const parts = ["worse", "better"].flatMap((verdict) => {
      const which = data.scores.metrics.filter((_, i) => own[i] && own[i].verdict === verdict).map((one) => one.lowered);
      return which.length ? [say(`scores_${verdict}`, { which: reportgen.wording.listed(which) })] : [];
    });
    return parts.length ? say("scores_apart", { what: parts.join(" and ") }) : say("scores_alike");
  }

  function claims(part, { pair, say, sides }) {
    const told = /** @type {HTMLElement} */ (part.querySelector("[data-rg-told]"));
    const untold = /** @type {HTMLElement} */ (part.querySelector("[data-rg-untold]"));
    const own = sides.candidate && sides.candidate.claims;
    told.hidden = !own;
    untold.hidden = Boolean(own);
    if (!own) return void (untold.textContent = say("slices_untold"));
    for (const name of part.querySelectorAll("[data-rg-candidate]")) name.textContent = pair.candidate;
    write(part, { claims_key: sides.candidate.claims_key });
    part.querySelector("tbody")?.replaceChildren(...own.map(claimRow));
  }

  function claimRow(row) {
    const at = (/** @type {string} */ word) => element("span.rg-at", null, `${word} `);
    const reads = { too_sure: "worse", unclear: "unclear" }[row.verdict];
    return element(`tr.rg-n-${row.support}${row.verdict === "too_sure" ? ".rg-worse" : ""}`, null,
      element("th", { scope: "row" }, anchor(row.link)),
      element("td.rg-num", null, at("n"), row.n),
      element("td.rg-num", null, row.wrong && anchor(row.wrong)),
      element("td.rg-num", null, at("says"), row.says),
      element("td.rg-num", null, at("is right"), row.right),
      element("td.rg-num", null, at("gap"), element("span.rg-figure-cell", null, row.gap), " ", element("small", null, row.interval)),
      element("td.rg-num", null, row.q && at("q"), row.q),
      element("td", null, reads && element.sign(reads), reads && " ", row.word));
  }

  function handing(part, { pair, say, sides, frame }) {
    const box = /** @type {HTMLElement} */ (part.querySelector("[data-rg-risks]"));
    const [panel] = box.children;
    const figure = /** @type {HTMLElement} */ (panel.querySelector("[data-rg-chart]"));
    figure.dataset.rgLike = figure.dataset.rgLike || figure.dataset.rgChart;
    figure.dataset.rgChart = RISK;
    box.className = "rg-risks rg-risks-1";
    box.replaceChildren(panel);
    const apart = reportgen.riskRows.compare(frame, pair.candidate, pair.baseline);
    const others = [sides.baseline && sides.baseline.hand, apart && say(`risks_${apart}`)].filter(Boolean).join(" ");
    write(part, { key: sides.candidate.hand, detail: `n = ${numbers.count(reportgen.riskRows.sizeOf(frame, pair.candidate))}`, others });
  }

  const FILLED = { key, diagrams, scores, claims, handing };

  /** @param {keyof FILLED} name @param {HTMLElement} part the copy @param {any} view */
  const fill = (name, part, view) => FILLED[name](part, view);

  /** @param {HTMLElement[]} copies @param {any} view */
  function draw(copies, { pair, sides, frame }) {
    const { charts, riskRows } = reportgen;
    for (const figure of copies.flatMap((copy) => Array.from(copy.querySelectorAll("[data-rg-like]")))) {
      const id = figure.getAttribute("data-rg-chart") || "";
      const role = id === RISK ? "candidate" : id.slice(DIAGRAM.length);
      const said = id === RISK ? sides.candidate && sides.candidate.hand : sides[role] && sides[role].head.sentence;
      for (const svg of figure.querySelectorAll("svg")) svg.setAttribute("aria-label", said || "");
      charts.wire(figure);
      if (id !== RISK) charts.setKey(id, pair[role]);
      else if (frame) {
        const curves = ["candidate", "baseline"].map((one) => ({ role: one, version: pair[one] }));
        const { rows, table } = riskRows.make(frame, curves.filter(({ version }) => Object.hasOwn(frame.curves, version)));
        charts.set(id, rows, table);
      }
    }
  }

  reportgen.confidenceParts = { make, fill, draw };
})();
