/*
 * Explore: what is chosen stands in the address alone; the explorer answers it, and the page that stands is filled anew in
 * place: first the figures, then charts and samples, each after the frame that shows what is there already.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { find, put } = element;
  const PAGE = "explore";
  const QUIET = 1000; // milliseconds between two announcements
  const PATIENCE = 300; // milliseconds after which what stands is drawn as old
  const STEPS = 100; // of undoing

  /** @returns {Promise<void>} After the next frame, or a moment where none is drawn. */
  const shown = () => new Promise((resolve) => {
    const late = window.setTimeout(resolve, 100);
    window.requestAnimationFrame(() => window.setTimeout(() => {
      window.clearTimeout(late);
      resolve();
    }));
  });

  /** @param {any} asked @param {Iterable<string>} opened @returns {any} It as the explorer takes it. */
  function requestOf({ baseline, candidate, metric, klass, order, filters, cutoff }, opened) {
    return { baseline, candidate, metric: metric.name, klass, only: true, order, cutoff, filters: [...filters.values()], numbers: [...opened] };
  }

  /** @param {HTMLElement} root */
  async function wire(root) {
    let both;
    try {
      both = await Promise.all([reportgen.data.load("samples"), reportgen.explorer.shared()]);
    } catch {
      return; // what stands in the page is the page
    }
    page(root, both[0], both[1]);
  }

  /** @param {HTMLElement} root @param {any} meta @param {any} explorer */
  function page(root, meta, explorer) {
    const { query } = reportgen;
    // what only a script fills stands in the page from now on
    for (const later of root.querySelectorAll("template[data-rg-later]")) later.replaceWith(/** @type {HTMLTemplateElement} */ (later).content);
    /** What the address asks, and the filters there are. @type {any} */
    let asked = null;
    /** @type {any[]} */
    let facets = [];
    /** @type {any} */
    let last = null;
    let turn = 0;
    /** @type {string[]} */
    const before = [];
    /** Raw numbers that somebody looks at, by attribute. @type {Set<string>} */
    const opened = new Set();

    /** Write the address, so that it can be undone. @param {Record<string, any>} changes */
    function change(changes) {
      const was = reportgen.state.read().toString();
      const stamped = reportgen.state.get("v") === String(query.GRAMMAR);
      reportgen.state.update(stamped ? changes : { v: query.GRAMMAR, ...changes });
      if (reportgen.state.read().toString() === was) return;
      before.push(was);
      if (before.length > STEPS) before.shift();
      find(root, "undo").disabled = false;
    }

    function undo() {
      const was = before.pop();
      if (was === undefined) return;
      find(root, "undo").disabled = before.length === 0;
      const params = new URLSearchParams(was);
      const keys = new Set([...reportgen.state.read().keys(), ...params.keys()]);
      reportgen.state.update(Object.fromEntries([...keys].map((key) => [key, params.getAll(key)])));
    }

    /** @param {string} key @param {any} filter null takes it away */
    function set(key, filter) {
      const filters = new Map(asked.filters);
      if (filter) filters.set(key, filter);
      else filters.delete(key);
      // a range that is gone leaves its key in nobody's list
      change({ ...query.written(filters, facets), ...(filter ? {} : { [key]: null }) });
    }

    const codes = (/** @type {string} */ key, /** @type {number[]} */ chosen) => set(key, chosen.length ? { key, codes: chosen } : null);

    function clear() {
      const gone = Object.fromEntries([...asked.filters.keys()].map((key) => [key, null]));
      change({ ...gone, ...query.written(new Map(), facets) });
    }

    /**
     * @returns {(key: string, codes: number[], also?: [string, number[]]) => string} the address with other values of one or
     *   two filters; what all such addresses share is written once, since there are hundreds
     */
    function addresses() {
      const kept = reportgen.state.read();
      kept.set("v", String(query.GRAMMAR));
      for (const name of Object.keys(query.written(asked.filters, facets))) kept.delete(name);
      const start = reportgen.state.href(PAGE, kept);
      return (key, chosen, also) => {
        const filters = new Map(asked.filters).set(key, { key, codes: chosen });
        if (also) filters.set(also[0], { key: also[0], codes: also[1] });
        const own = new URLSearchParams();
        for (const [name, value] of Object.entries(query.written(filters, facets))) {
          if (value !== null) for (const one of [value].flat()) own.append(name, one);
        }
        return own.size ? `${start}&${own}` : start;
      };
    }

    /** @param {any} filter @returns {string} What a chip says. */
    function wordsOf(filter) {
      const { key } = filter;
      if (key === "q") return `ID: ${filter.text}`;
      if (key === "set") return `set: ${query.sets(meta, asked.baseline, asked.candidate).find((one) => one.name === filter.name).label}`;
      if (filter.codes) {
        const facet = facets.find((one) => one.key === key);
        return `${facet.name}: ${filter.codes.map((code) => (code ? facet.words[code - 1] : "missing")).join(", ")}`;
      }
      const [from, to] = query.rangeText(filter).split("..");
      const name = key === "confidence" ? "confidence" : key.slice(2);
      return from && to ? `${name}: ${from}…${to}` : from ? `${name} ≥ ${from}` : `${name} ≤ ${to}`;
    }

    function chips() {
      const box = find(root, "chips");
      const made = [...asked.filters.values()].map((filter) => {
        const words = wordsOf(filter);
        const gone = element("button", { type: "button", "aria-label": `Remove the filter ${words}` }, "×");
        gone.addEventListener("click", () => {
          set(filter.key, null);
          (box.querySelector("button") || find(root, "find")).focus();
        });
        return element("span.rg-chip.rg-chip-on.rg-xp-chip", null, element("bdi", { title: words }, words), gone);
      });
      if (made.length) {
        const all = element("button.rg-link", { type: "button" }, "Clear all");
        all.addEventListener("click", () => {
          clear();
          find(root, "find").focus();
        });
        made.push(all);
      }
      box.replaceChildren(...made);
      const n = asked.filters.size;
      put(find(root, "filters"), n ? `Filters (${n})` : "Filters");
    }

    /** What a link asks for that this report does not have. */
    function unknown() {
      const box = find(root, "told");
      const { unknown: parts, newer } = asked;
      box.hidden = !parts.length && !newer;
      const what = parts.length ? `This link asks for ${parts.join("; ")}: unknown here, so it is left out. ` : "";
      put(box, `${what}${newer ? "It was made by a newer report; it may ask for more than this one knows." : ""}`);
    }

    /** The versions' names wherever they stand. */
    function names() {
      const now = meta.versions[asked.candidate].name;
      for (const node of root.querySelectorAll("[data-rg-now]")) put(node, now);
      if (asked.baseline !== null) for (const node of root.querySelectorAll("[data-rg-was]")) put(node, meta.versions[asked.baseline].name);
    }

    const draws = reportgen.exploreFigures.figures(root);
    const byValue = reportgen.exploreFacets.facets(root, { choose: codes, find: (/** @type {string} */ text) => set("q", { key: "q", text }) });
    const gallery = reportgen.exploreSamples.gallery(root, meta, explorer, {
      order: (/** @type {string} */ order) => change({ order: order === "wrong" ? null : order }),
      emptied,
    });
    const list = reportgen.exploreSamples.list(root, meta, explorer);
    const ranges = reportgen.exploreRanges.ranges(root, meta, { choose: set, count });
    const measure = reportgen.exploreMeasure.measure(root, meta, change);
    const taken = reportgen.explorePixels.pixels(root, meta);
    const handed = reportgen.exploreHanding.handing(root, meta, explorer, () => ({ filters: asked.filters, facets, words: wordsOf, n: last ? last.answer.n : 0 }));

    /** @param {string} attribute whose numbers are counted from now on */
    function count(attribute) {
      if (opened.has(attribute)) return;
      opened.add(attribute);
      ask();
    }

    let said = 0;
    let saying = 0;

    /** @param {any} answer */
    function counted(answer) {
      const { n, total } = answer;
      const whole = asked.filters.size === 0;
      const things = meta.nouns[total === 1 ? 0 : 1];
      const share = whole ? "" : ` · ${numbers.rate(n / total)}`;
      const box = find(root, "count");
      put(box.querySelector("b"), numbers.count(n));
      const rest = whole ? ` ${things}` : ` of ${numbers.count(total)} ${things}${share}`;
      if (box.lastChild.nodeValue !== rest) box.lastChild.nodeValue = rest;
      put(find(root, "means"), whole ? `All ${numbers.count(total)} ${things}` : "This selection against the rest");
      put(find(root, "these"), whole ? `all ${numbers.count(total)}` : `these ${numbers.count(n)}`);
      window.clearTimeout(saying);
      const left = Math.max(0, said + QUIET - performance.now());
      saying = window.setTimeout(() => {
        said = performance.now();
        put(find(root, "said"), `${numbers.count(n)}${rest}`);
      }, left);
    }

    /** What to do where nothing is chosen yet. */
    function hinted() {
      find(root, "hint").hidden = asked.filters.size > 0;
    }

    /** @param {string | null} culprit @returns {Node[]} Why nothing is left, and how to go on. */
    function emptied(culprit) {
      const filter = culprit === null ? null : asked.filters.get(culprit);
      const remove = element("button.rg-link", { type: "button" }, "Remove it");
      remove.addEventListener("click", () => set(culprit, null));
      const all = element("button.rg-link", { type: "button" }, filter ? "clear all" : "Clear all");
      all.addEventListener("click", clear);
      const n = asked.filters.size;
      return [
        element("p", null, element("strong", null, `No ${meta.nouns[0]} matches ${n === 1 ? "the filter" : `all ${n} filters`}.`)),
        element("p", null, ...(filter ? ["The filter ", element("bdi", null, wordsOf(filter)), " left none. ", remove, " or ", all, "."] : [all, "."])),
      ];
    }

    function controls() {
      find(root, "buttons").hidden = false;
      find(root, "undo").addEventListener("click", undo);
      reportgen.copy.link(find(root, "link"));
      const panel = /** @type {HTMLElement} */ (root.querySelector(".rg-xp-choose"));
      const button = find(root, "filters");
      button.addEventListener("click", () => {
        const open = panel.toggleAttribute("data-rg-open");
        button.setAttribute("aria-expanded", String(open));
      });
      reportgen.keys.add("z", "undo the last choice", undo, PAGE);
      reportgen.keys.add("c", "copy the address of this view", () => find(root, "link").click(), PAGE);
    }

    /** What the address asks is shown at once; the figures follow when they are there. */
    function follow() {
      asked = query.explore(reportgen.state.read(), meta);
      facets = query.facets(meta, asked.baseline, asked.candidate);
      ask(); // it is worked on while what follows is drawn
      handed.clear();
      names();
      chips();
      unknown();
      measure.choose(asked);
      byValue.choose(facets, asked.filters);
      ranges.choose(asked.filters);
    }

    const built = JSON.parse(root.dataset.rgDecimals || "{}");

    /** An answer as it is drawn. @param {any} answer */
    function view(answer) {
      const whole = asked.filters.size === 0;
      return { meta, asked, answer, facets, whole, address: addresses(), decimals: reportgen.selection.decimals(asked, answer, whole, ofBuilt() ? built : {}) };
    }

    const ofBuilt = () => asked.baseline === meta.baseline;

    /** @param {number} mine @returns {Promise<any>} The answer to what is asked; null where it was overtaken. */
    async function answerOf(mine) {
      const request = requestOf(asked, opened);
      const answer = await explorer.ask(request);
      if (!answer || mine !== turn || !answer.n || answer.hardest.n || reportgen.state.get("order")) return answer;
      asked.order = "all"; // nobody asked for the wrong ones, and there are none
      return explorer.ask({ ...request, order: "all" });
    }

    async function ask() {
      const mine = ++turn;
      const late = window.setTimeout(() => mine === turn && root.classList.add("rg-xp-waits"), PATIENCE);
      let answer = null;
      try {
        answer = await answerOf(mine);
      } catch {
        if (mine === turn) failed();
      }
      window.clearTimeout(late);
      if (!answer || mine !== turn) return;
      root.classList.remove("rg-xp-waits");
      last = view(answer);
      figures();
      root.dataset.rgReady = "";
      root.dataset.rgAnswered = String(mine);
      await ranked(mine);
      for (const next of [() => measure.draw(asked, explorer, () => mine === turn), () => ranges.draw(answer, asked.filters), () => gallery.draw(), () => list.show(last), () => taken.draw(last, explorer, () => mine === turn)]) {
        await shown(); // what stands is seen before more is drawn
        if (mine !== turn) return;
        await next();
      }
    }

    /** No answer can be had: what stands is of all samples, or of the choice before, and the page says so. */
    function failed() {
      const box = find(root, "told");
      put(box, "This cannot be computed here: the report's data did not load. What stands below is of the last choice that could be answered.");
      box.hidden = false;
    }

    /** What goes through samples or objects by their scores follows when all else stands. @param {number} mine */
    async function ranked(mine) {
      const { metric, klass } = asked;
      const { selection } = reportgen;
      if (!query.hasMetric(meta, metric) || !last.answer.n) return;
      if (metric.kind === "objects") return averaged(mine);
      if (!selection.BY_SCORE.has(metric.kind)) return;
      const found = await explorer.ranks(klass ?? 0);
      if (mine === turn) again(() => selection.withRanks(last.answer, found, metric, klass));
    }

    /** Average precision or recall of objects: first the figures, then, since that takes draws, their intervals. @param {number} mine */
    async function averaged(mine) {
      const { metric, klass } = asked;
      for (const whole of [false, true]) {
        const found = await explorer.averages(metric.name, klass, whole);
        if (!found || mine !== turn) return;
        again(() => reportgen.selection.withFigures(last.answer, found, metric, klass));
        measure.averaged(asked, found, whole);
        if (found.dear) return;
      }
    }

    /** The versions and what is said of them, once more. @param {() => void} changed */
    function again(changed) {
      changed();
      last = view(last.answer);
      draws[0](last);
      draws[1](last);
    }

    /** Everything that is a figure: texts and lengths, some milliseconds, and laid out once. */
    function figures() {
      const { answer } = last;
      counted(answer);
      measure.show(asked, answer);
      ranges.count(answer, asked.filters);
      byValue.show(answer.facets);
      gallery.show(last);
      for (const draw of draws) draw(last);
      hinted();
    }

    controls();
    reportgen.state.listen(follow, PAGE);
    follow();
  }

  reportgen.explorePage = { wire };
})();
