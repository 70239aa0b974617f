/* The cut-off: one slider drives the words, the dots, the table, the matrices and the curves. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const PAGE = "confidence";
  const CHART = "confidence-cutoffs";
  const SAME = "cutoff"; // the goal that holds both versions to one cut-off
  const CALM = 500; // milliseconds after which a change is read aloud

  /** @param {Element} inside @param {string} name @param {string} text */
  function write(inside, name, text) {
    const field = inside.querySelector(`[data-rg-field="${name}"]`);
    if (field) field.textContent = text;
  }

  /** @param {HTMLElement} section */
  async function wire(section) {
    const { cutoffs, state, data } = reportgen;
    const slider = /** @type {HTMLInputElement} */ (section.querySelector("[data-rg-slider]"));
    const classes = /** @type {HTMLSelectElement | null} */ (section.querySelector("[data-rg-class]"));
    const slices = /** @type {HTMLSelectElement | null} */ (section.querySelector("[data-rg-slice]"));
    const goals = /** @type {HTMLInputElement[]} */ (Array.from(section.querySelectorAll('input[name="confidence-at"]')));
    const blank = /** @type {HTMLTemplateElement} */ (section.querySelector("[data-rg-blank]"));
    let shared;
    try {
      shared = await data.load("cutoffs");
    } catch {
      return; // what the page says without scripts stays
    }
    const whole = shared.slices.findIndex((one) => one.id === shared.start.slice);
    /** What holds for the built pair; `shared` is the same for the one that is chosen. */
    const built = shared;
    const card = /** @type {HTMLElement} */ (section.querySelector(".rg-cut"));
    const label = section.querySelector("[data-rg-chart] svg")?.getAttribute("aria-label") || "";
    let timer = 0;
    let asked = 0;

    /** What is chosen, as the address has it; what is unknown is the start. */
    function chosen() {
      const params = state.read();
      const klass = shared.classes.indexOf(params.get("class"));
      const slice = shared.slices.findIndex((one) => one.id === params.get("slice"));
      const cutoff = params.get("cutoff") ? Number(params.get("cutoff")) : NaN;
      const known = cutoff >= 0 && cutoff <= 1;
      return {
        klass: klass < 0 ? shared.classes.indexOf(shared.start.class) : klass,
        slice: slice < 0 ? whole : slice,
        at: cutoffs.nearest(shared.grid, known ? cutoff : shared.start.cutoff),
        goal: shared.goals.includes(params.get("at")) ? params.get("at") : SAME,
      };
    }

    /** @param {number} [at] The cut-off of a slider that is still held. */
    async function show(at) {
      const now = chosen();
      if (at !== undefined) now.at = at;
      const turn = ++asked;
      let counts;
      const pair = built.versions.length > 1 ? reportgen.versions.pair() : { built: true };
      const versions = pair.built ? built.versions : [pair.candidate, pair.baseline];
      if (versions.some((name, v) => name !== shared.versions[v])) card.hidden = true; // rather nothing than what is of others
      try {
        counts = await data.load(`cutoffs-${now.klass}`);
        if (!pair.built) counts = await paired(counts, pair, now.klass);
      } catch {
        if (turn === asked && card.hidden) failed();
        return;
      }
      if (turn !== asked) return;
      shared = pair.built ? built : { ...built, versions, goals: built.goals.length ? [SAME] : [] };
      if (!shared.goals.includes(now.goal)) now.goal = SAME;
      names(pair, counts, built.classes[now.klass]);
      card.hidden = !counts.entries[whole].some(Boolean);
      if (!card.hidden) draw(now, counts);
    }

    /** @type {Map<string, Promise<any>>} What two versions do at the same cut-off, by their names and the class. */
    const made = new Map();

    /** The counts of two versions that the report was not built with: of each its own, and what differs at the same cut-off. */
    async function paired(counts, { baseline, candidate }, klass) {
      const entryOf = (name, slice) => {
        const at = built.versions.indexOf(name);
        if (at >= 0) return counts.entries[slice][at];
        return slice === whole ? counts.others[built.others.indexOf(name)] || null : null;
      };
      const entries = built.slices.map((_, slice) => [entryOf(candidate, slice), entryOf(baseline, slice)]);
      const key = JSON.stringify([baseline, candidate, klass]);
      const known = [baseline, candidate].every((name) => Object.hasOwn(counts.begins, name));
      if (known && !made.has(key)) made.set(key, atTheSame([baseline, candidate].map((name) => [name, counts.begins[name]]), klass));
      const match = known ? await (/** @type {Promise<any>} */ (made.get(key))).catch(() => null) : null;
      const matches = built.slices.map(() => /** @type {Record<string, any>} */ ({}));
      if (match) {
        const n = match.n_class + match.n_other;
        const apart = entries[whole].some((one) => one && one.n_class + one.n_other !== n);
        matches[whole][SAME] = { ...match, apart, cutoff: built.grid };
      }
      return { entries, matches };
    }

    async function atTheSame(pair, klass) {
      await reportgen.later(/** @type {HTMLElement} */ (section.closest(".rg-page")).dataset.rgOnDemand);
      const meta = await data.load("samples");
      const explorer = await reportgen.explorer.shared();
      const places = pair.map(([name]) => meta.versions.findIndex((one) => one.name === name));
      return explorer.cutoffs(places[0], places[1], meta.classes.indexOf(built.classes[klass]), pair.map(([, begins]) => begins));
    }

    function failed() {
      const note = /** @type {HTMLElement | null} */ (section.querySelector("[data-rg-cut-pair]"));
      if (!note) return;
      note.hidden = false;
      note.textContent = "The cut-offs of these two versions can't be computed here: the report's data did not load.";
    }

    /** Whose figures these are, wherever the page names the two versions. */
    function names(pair, counts, klass) {
      const [candidate, baseline] = shared.versions;
      for (const one of section.querySelectorAll("[data-rg-name]")) one.textContent = one.getAttribute("data-rg-name") === "baseline" ? baseline : candidate;
      const heads = section.querySelectorAll(".rg-chart-table thead th");
      const own = ["found", "alarms right"].map((what) => `${candidate}, ${what}, ${built.level}`);
      const other = ["found", "alarms right"].map((what) => `${baseline}, ${what}, ${built.level}`);
      [...own, ...other].forEach((text, i) => heads[1 + 2 * i] && (heads[1 + 2 * i].textContent = text));
      const note = section.querySelector("[data-rg-cut-pair]");
      const say = (/** @type {string} */ text) => section.querySelectorAll("[data-rg-chart] svg").forEach((svg) => svg.setAttribute("aria-label", text));
      if (pair.built) say(label);
      if (!(note instanceof HTMLElement)) return;
      note.hidden = pair.built;
      if (pair.built) return;
      const missing = shared.versions.filter((_, v) => !counts.entries[whole][v]);
      const given = { candidate, baseline, things: built.things, built_candidate: built.versions[0], built_baseline: built.versions[1] };
      note.textContent = missing.length
        ? missing.map((version) => cutoffs.fill(built.sentences.no_scores, { version, class: klass })).join(" ")
        : cutoffs.fill(built.sentences[counts.matches[whole][SAME] ? "only_same" : "only_apart"], given);
      say(note.textContent);
    }

    function draw(now, counts) {
      if (!counts.entries[now.slice][0]) now.slice = whole; // not every class, nor every version, has cut-offs in every slice
      const klass = shared.classes[now.klass];
      const entries = counts.entries[now.slice];
      const match = counts.matches[now.slice][now.goal];
      if (match) now.at = match.at[cutoffs.entryOf(match, now.at)]; // some goals are met in larger steps
      const paired = Boolean(entries[0] && entries[1]);
      const baseline = entries[1] ? cutoffs.read(shared, entries[1], 1, now.at) : null;
      const own = entries[0] ? cutoffs.read(shared, entries[0], 0, now.at) : null;
      const candidate = now.goal !== SAME && match && own ? cutoffs.matched(shared, entries[0], match, cutoffs.entryOf(match, now.at)) : own;
      const readings = [candidate, baseline];

      slider.value = String(shared.grid[now.at]);
      slider.style.setProperty("--rg-filled", `${shared.grid[now.at] * 100}%`);
      slider.setAttribute("aria-valuetext", cutoffs.cutoffText(shared.grid[now.at]));
      if (classes) classes.value = String(now.klass);
      if (slices) {
        slices.value = String(now.slice);
        for (const option of slices.options) option.disabled = !counts.entries[Number(option.value)][0];
      }
      for (const goal of goals) {
        goal.checked = goal.value === now.goal;
        goal.disabled = goal.value !== SAME && (!counts.matches[now.slice][goal.value] || !shared.goals.includes(goal.value));
      }
      write(section, "of", now.goal === SAME || !paired ? "Cut-off" : `Cut-off of ${shared.versions[1]}`);
      write(section, "cutoff", cutoffs.cutoffText(shared.grid[now.at]));
      write(section, "prose", cutoffs.fill(shared.sentences.prose, { class: klass }));
      for (const name of section.querySelectorAll("[data-rg-class-name]")) name.textContent = klass;

      const told = tell(now, klass, readings, counts.matches[now.slice]);
      dots(candidate, klass);
      second(now, counts, klass);
      table(now, counts, readings);
      matrices(readings);
      reportgen.charts.set(CHART, cutoffs.curveRows(shared, entries, readings));
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        const live = section.querySelector("[data-rg-live-text]");
        if (live) live.textContent = told;
      }, CALM);
    }

    /** The sentences of both versions and of the trade. @returns {string} What is read aloud. */
    function tell(now, klass, readings, matches) {
      let spoken = "";
      readings.forEach((one, v) => {
        const line = section.querySelector(`[data-rg-said="${v ? "baseline" : "candidate"}"]`);
        if (!(line instanceof HTMLElement)) return;
        line.hidden = !one;
        if (!one) return;
        const words = cutoffs.said(shared, one, klass);
        write(line, "head", words.head);
        write(line, "text", words.text);
        if (!v) spoken = `${words.head} ${words.text}`;
      });
      const trade = (now.goal === SAME ? [SAME, "false_alarms"] : [now.goal])
        .filter((goal) => matches[goal])
        .map((goal) => cutoffs.trade(shared, goal, matches[goal], cutoffs.entryOf(matches[goal], now.at)))
        .join(" ");
      write(section, "trade", trade);
      return `${spoken} ${trade}`;
    }

    function dots(one, klass) {
      const titles = [cutoffs.fill(shared.sentences.hundred, { things: shared.things, class: klass }), shared.sentences.hundred_alarms];
      const words = [["are found", "missed"], ["are right", "false"]];
      [one && one.foundRate, one && one.rightRate].forEach((share, i) => {
        const box = section.querySelector(`[data-rg-dots="${i}"]`);
        if (!box) return;
        const { well, paths } = cutoffs.hundred(share);
        write(box, "title", titles[i]);
        write(box, "well", well === null ? "" : `${well} ${words[i][0]}`);
        write(box, "joint", well === null ? "too few to say" : ", ");
        write(box, "ill", well === null ? "" : `${100 - well} ${words[i][1]}`);
        box.querySelectorAll("path").forEach((path, p) => path.setAttribute("d", paths[p]));
      });
    }

    /** Both versions in another slice, at the same cut-off. */
    function elsewhere(now, counts, at) {
      return counts.entries[at].map((entry, v) => (entry ? cutoffs.read(shared, entry, v, now.at) : null)).filter(Boolean);
    }

    /**
     * The slice that stands beside the chosen one: the page's worst, or else the whole; -1 for none. Where the candidate
     * is matched its cut-off lies between those of the grid, and no count of another slice is known there.
     */
    function beside(now, counts) {
      if (now.goal !== SAME) return -1;
      return [shared.second, whole].find((at) => at !== null && at !== now.slice && counts.entries[at][0]) ?? -1;
    }

    function second(now, counts, klass) {
      const at = beside(now, counts);
      const words = at < 0 ? "" : cutoffs.second(shared, elsewhere(now, counts, at), klass, shared.slices[at].opening);
      write(section, "second", words);
      const line = section.querySelector(".rg-cut-second");
      if (line instanceof HTMLElement) line.hidden = !words;
    }

    /** The lines of one slice: each version's, then their change. @returns {[string, Record<string, string>][]} Role and cells. */
    function linesOf(now, counts, slice, readings) {
      const { name } = shared.slices[slice];
      const lines = readings.filter(Boolean).map((one) => [one.role, cutoffs.cells(one, name)]);
      const match = counts.matches[slice][now.goal];
      const change = match ? cutoffs.changeCells(shared, match, cutoffs.entryOf(match, now.at), name) : null;
      return change ? [...lines, ["change", change]] : lines;
    }

    function table(now, counts, readings) {
      const at = beside(now, counts);
      const lines = linesOf(now, counts, now.slice, readings);
      if (at >= 0) lines.push(...linesOf(now, counts, at, elsewhere(now, counts, at)));
      const rows = lines.map(([role, cells]) => {
        const row = /** @type {Element} */ (blank.content.querySelector(`[data-rg-row="${role}"]`)?.cloneNode(true));
        fillCells(row, cells);
        return row;
      });
      section.querySelector("[data-rg-rows]")?.replaceChildren(...rows);
    }

    function fillCells(inside, texts) {
      for (const cell of inside.querySelectorAll("[data-rg-cell]")) cell.textContent = texts[cell.getAttribute("data-rg-cell")];
    }

    function matrices(readings) {
      readings.forEach((one, v) => {
        const matrix = section.querySelector(`[data-rg-matrix="${v ? "baseline" : "candidate"}"]`);
        if (!(matrix instanceof HTMLElement)) return;
        matrix.hidden = !one;
        if (one) fillCells(matrix, cutoffs.cells(one, ""));
      });
    }

    const keep = (changes) => state.update(changes);
    slider.addEventListener("input", () => show(cutoffs.nearest(shared.grid, Number(slider.value))));
    slider.addEventListener("change", () => keep({ cutoff: cutoffs.cutoffText(Number(slider.value)) }));
    if (classes) classes.addEventListener("change", () => keep({ class: shared.classes[Number(classes.value)] }));
    if (slices) slices.addEventListener("change", () => keep({ slice: shared.slices[Number(slices.value)].id }));
    for (const goal of goals) goal.addEventListener("change", () => keep({ at: goal.value === SAME ? null : goal.value }));
    for (const tool of section.querySelectorAll("[data-rg-tools]")) tool.removeAttribute("hidden");
    state.listen(() => show(), PAGE);
    show();
  }

  reportgen.cutoffPanel = { wire };
})();
