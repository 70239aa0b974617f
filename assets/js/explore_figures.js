/* What a selection means, and where it lies: the versions' figures beside those of the rest, and counts in rows. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers, selection, rowPlots } = reportgen;
  const { find, put } = element;
  const SHARES = 8; // values that set the wrong ones apart, at most
  /** @typedef {{meta: any, asked: any, answer: any, facets: any[], whole: boolean, decimals: number | undefined, address: (key: string, codes: number[], also?: [string, number[]]) => string}} View */

  /** @param {Element | null} path @param {string} d */
  const draw = (path, d) => path && path.getAttribute("d") !== d && path.setAttribute("d", d);
  const maybe = (x) => (Number.isFinite(x) ? x : null);

  /** @param {HTMLElement} root */
  function versions(root) {
    const rows = Array.from(root.querySelectorAll("tr[data-rg-version]"), (row) => ({
      row: /** @type {HTMLElement} */ (row), at: Number(row.getAttribute("data-rg-version")),
      these: row.querySelectorAll(".rg-xp-these > *"), rest: row.querySelectorAll(".rg-xp-rest > *"), points: row.querySelectorAll(".rg-xp-points > *"),
      n: row.querySelector(".rg-xp-n"), sign: row.querySelector("th > svg"),
      grid: row.querySelector(".rg-plot-grid"), rule: row.querySelector(".rg-plot-rule"), dot: row.querySelector(".rg-plot-dot"), tick: row.querySelector(".rg-plot-tick"),
    }));
    const tables = Array.from(root.querySelectorAll(".rg-xp-versions"));
    let told = "";
    let pair = "";

    /** @param {any} scale @param {string} name */
    function axis(scale, name) {
      const key = JSON.stringify([scale, name]);
      if (key === told) return;
      told = key;
      for (const table of tables) {
        put(table.querySelector(".rg-xp-axis-name"), name);
        const svg = /** @type {Element} */ (table.querySelector("[data-rg-axis]"));
        svg.replaceChildren(...scale.ticks.map((tick) => {
          const made = document.createElementNS("http://www.w3.org/2000/svg", "text");
          made.setAttribute("x", tick.x);
          made.setAttribute("y", "12");
          made.textContent = tick.label;
          return made;
        }));
      }
    }

    /** The marks of the two versions. @param {any} asked */
    function marks({ baseline, candidate }) {
      if (pair === `${baseline} ${candidate}`) return;
      pair = `${baseline} ${candidate}`;
      for (const one of rows) {
        const made = element.sign(one.at === candidate ? "candidate" : one.at === baseline ? "baseline" : "other");
        if (one.sign && made instanceof Element) {
          one.sign.replaceWith(made);
          one.sign = /** @type {any} */ (made);
        }
      }
    }

    return (/** @type {View} */ { meta, asked, answer, whole, decimals }) => {
      const { metric, klass } = asked;
      const chosen = selection.byOutcome(asked.filters.keys());
      const of = rows.map(({ at }) => answer.versions[at].estimates.find((one) => one.metric === metric.name && one.class === klass));
      const drawn = of.filter((one) => selection.isDrawn(meta, metric, one));
      const scale = rowPlots.levelScale(drawn.flatMap((one) => [one.low, one.value, one.high, ...(whole ? [] : [one.rest.value])]), metric.unit);
      marks(asked);
      axis(scale, `${selection.lowered(metric.label)}${metric.unit === "rate" ? ", %" : ""}`);
      for (const table of tables) {
        table.classList.toggle("rg-xp-whole", whole);
        table.classList.toggle("rg-xp-same", !whole && of.every((one) => one && one.n === answer.n));
        put(table.querySelector("thead .rg-xp-these"), whole ? "all" : `these ${numbers.count(answer.n)}`);
        put(table.querySelector(".rg-xp-unit"), selection.unitOf(metric) || "difference");
      }
      rows.forEach((row, i) => {
        const one = of[i];
        const [here, rest] = [selection.level(meta, metric, one, decimals), selection.level(meta, metric, one && one.rest, decimals)];
        const bears = one ? selection.support(meta, one.n, one.units) : "counts";
        put(row.these[0], here.value);
        put(row.these[1], `${here.interval}${bears === "show" ? " · few" : ""}`);
        put(row.rest[0], rest.value);
        put(row.rest[1], rest.interval);
        const moved = selection.against(meta, metric, one, decimals);
        put(row.points[0], moved.text);
        put(row.points[1], moved.interval);
        put(row.n, numbers.count(one ? one.n : 0));
        row.row.className = `rg-${chosen ? "too_few" : moved.verdict} rg-n-${bears}`;
        const interval = one && selection.isDrawn(meta, metric, one) ? { value: one.value, low: maybe(one.low), high: maybe(one.high) } : null;
        const plot = rowPlots.selected(scale, interval, whole || !one ? null : maybe(one.rest.value));
        draw(row.grid, plot.grid);
        draw(row.rule, plot.rule);
        draw(row.dot, plot.mark);
        draw(row.tick, plot.tick);
      });
    };
  }

  /** @param {HTMLElement} root */
  function callouts(root) {
    const [result, caution] = [find(root, "result"), find(root, "caution")];
    return (/** @type {View} */ { meta, asked, answer, whole, decimals }) => {
      const said = answer.n ? selection.result(meta, asked, answer, whole, decimals) : null;
      result.hidden = !said;
      if (said) {
        result.className = `rg-xp-result rg-xp-${said.verdict}`;
        const sign = { worse: "worse", better: "better" }[said.verdict];
        find(result, "headline").replaceChildren(...(sign ? [element.sign(sign), " "] : []), said.headline);
        put(find(result, "text"), said.text);
      }
      caution.hidden = whole || answer.n === 0;
      const small = answer.n < meta.support.decide ? ` n < ${numbers.count(meta.support.decide)}.` : "";
      const lead = selection.byOutcome(asked.filters.keys())
        ? `You chose these by what became of them or by what a version says, so how many are right follows from the choice.`
        : `Treat as a lead: the interval isn't corrected for your search.`;
      put(find(caution, "text"), `${lead}${small}`);
    };
  }

  /**
   * Counts in rows: a fixed number of them, filled anew.
   * @param {HTMLElement} root @param {string} name
   */
  function counts(root, name) {
    const table = root.querySelector(`[data-rg-counts="${name}"]`);
    const rest = root.querySelector(`[data-rg-rest="${name}"]`);
    const body = table && table.querySelector("tbody");
    if (!table || !body) return null;
    const paths = ["way", "ring", "dot"];
    const rows = Array.from(body.rows, take);

    function take(/** @type {HTMLTableRowElement} */ row) {
      const [name_, plot, numbers_] = Array.from(row.cells);
      return { row, name: name_, numbers: numbers_, paths: paths.map((one) => plot.querySelector(`.rg-plot-${one}`)) };
    }

    /**
     * @param {{name: string[], before: number | null, after: number, was: string, now: string}[]} wanted @param {string} left
     */
    return (wanted, left) => {
      const most = Math.max(1, ...wanted.flatMap(({ before, after }) => [before || 0, after]));
      while (rows.length < wanted.length && rows.length) {
        const copy = /** @type {HTMLTableRowElement} */ (rows[0].row.cloneNode(true));
        body.append(copy);
        rows.push(take(copy));
      }
      rows.forEach((row, i) => {
        const one = wanted[i];
        row.row.hidden = !one;
        if (!one) return;
        const [first, second] = one.name;
        row.name.replaceChildren(element("bdi", null, first), ...(second === undefined ? [] : [" → ", element("b", null, element("bdi", null, second))]));
        row.name.title = one.name.join(" → ");
        const plot = rowPlots.counts(most, one.before, one.after);
        paths.forEach((key, at) => draw(row.paths[at], plot[key]));
        const now = element("a", { href: one.now, "data-rg-count": one.after }, numbers.count(one.after));
        const was = one.before === null ? [] : [element("a", { href: one.was, "data-rg-count": one.before }, numbers.count(one.before)), " → "];
        row.numbers.replaceChildren(...was, now);
      });
      if (rest) {
        put(rest, left);
        /** @type {HTMLElement} */ (rest).hidden = !left;
      }
    };
  }

  const ROWS = 8;

  /** @param {HTMLElement} root */
  function said(root) {
    const fill = counts(root, "said");
    return (/** @type {View} */ { meta, asked, answer, address }) => {
      if (!fill || !answer.said.length) return;
      const now = answer.said[answer.said.length - 1];
      const was = asked.baseline === null ? null : answer.said[0];
      const top = (code) => Math.max(now[code], was ? was[code] : 0);
      const codes = meta.classes.map((_, i) => i + 1).filter((code) => top(code) > 0).sort((a, b) => top(b) - top(a) || a - b);
      const shown = codes.slice(0, ROWS);
      const left = codes.length - shown.length;
      const without = [now[0] ? `${numbers.count(now[0])} without a prediction of ${meta.versions[asked.candidate].name}.` : ""];
      fill(
        shown.map((code) => ({
          name: [meta.classes[code - 1]], before: was ? was[code] : null, after: now[code],
          was: was ? address("said", [code]) : "", now: address("predicted", [code]),
        })),
        [left > 0 ? `${numbers.count(left)} more ${left === 1 ? "label" : "labels"}, each given less often.` : "", ...without].filter(Boolean).join(" "),
      );
    };
  }

  /** @param {HTMLElement} root */
  function mistakes(root) {
    const fill = counts(root, "mistakes");
    const section = find(root, "mistakes");
    const matrix = find(root, "matrix");
    if (!fill) return () => {};
    /** @type {View | null} */
    let last = null;
    matrix.addEventListener("toggle", () => last && table(last));

    /** The whole matrix, where somebody reads it. @param {View} view */
    function table({ meta, answer }) {
      if (!matrix.open) return;
      const k = meta.classes.length + 1;
      const cells = answer.confusions[answer.confusions.length - 1];
      const codes = meta.classes.map((_, i) => i + 1);
      const head = element("tr", null, element("th", { scope: "col" }, "label"), ...codes.map((code) => element("th", { scope: "col" }, element("bdi", null, meta.classes[code - 1]))));
      const rows = codes.map((target) => element(
        "tr", null, element("th", { scope: "row" }, element("bdi", null, meta.classes[target - 1])),
        ...codes.map((code) => element("td", null, numbers.count(cells[target * k + code]))),
      ));
      find(root, "matrix-box").replaceChildren(element("table.rg-xp-matrix", null, element("thead", null, head), element("tbody", null, ...rows)));
    }

    return (/** @type {View} */ view) => {
      const { meta, asked, answer, address } = view;
      section.hidden = answer.confusions.length === 0;
      if (!answer.confusions.length) return;
      last = view;
      const k = meta.classes.length + 1;
      const now = answer.confusions[answer.confusions.length - 1];
      const was = asked.baseline === null ? null : answer.confusions[0];
      const found = [];
      for (let target = 1; target < k; target++) {
        for (let code = 1; code < k; code++) if (code !== target && now[target * k + code]) found.push([target, code]);
      }
      found.sort(([a, b], [c, d]) => now[c * k + d] - now[a * k + b] || a - c || b - d);
      const left = found.length - ROWS;
      fill(
        found.slice(0, ROWS).map(([target, code]) => ({
          name: [meta.classes[target - 1], meta.classes[code - 1]], before: was ? was[target * k + code] : null, after: now[target * k + code],
          was: was ? address("label", [target], ["said", [code]]) : "", now: address("label", [target], ["predicted", [code]]),
        })),
        found.length === 0 ? "No mistakes among these." : left > 0 ? `${numbers.count(left)} more, each less frequent.` : "",
      );
      matrix.hidden = false;
      table(view);
    };
  }

  /** @param {HTMLElement} root */
  function apart(root) {
    const section = find(root, "apart");
    if (!section) return () => {};
    const body = find(section, "shares").tBodies[0];
    const rest = section.querySelector('[data-rg-rest="apart"]');
    const rect = (name, x, width) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [key, value] of Object.entries({ class: name, x: x.toFixed(2), width: Math.max(width, 0).toFixed(2), height: 12 })) made.setAttribute(key, String(value));
      return made;
    };

    function bar(wrong, right) {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      for (const [key, value] of Object.entries({ viewBox: "0 0 100 12", height: 12, preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(key, String(value));
      svg.append(rect("rg-xp-share-bar", 0, 100 * wrong), rect("rg-xp-share-tick", Math.min(100 * right, 99), 1.2));
      return svg;
    }

    return (/** @type {View} */ { meta, facets, asked, answer, address }) => {
      const wrong = answer.hardest.wrong;
      const clear = answer.apart.filter(({ low }) => low > 0);
      const shown = (clear.length ? clear : answer.apart.slice(0, 3)).filter(({ key }) => !asked.filters.has(key)).slice(0, SHARES);
      section.hidden = wrong < 2 || answer.hardest.right === 0; // what one alone has, says nothing of others
      if (section.hidden) return;
      put(find(section, "wrong-n"), numbers.count(wrong));
      body.replaceChildren(...shown.map(({ key, code, wrong: n, nWrong, right, nRight }) => {
        const facet = facets.find((one) => one.key === key);
        const name = `${facet ? facet.name : key}: ${facet && code ? facet.words[code - 1] : "missing"}`;
        const [a, b] = [n / nWrong, right / nRight];
        return element(
          "tr", null, element("th", { scope: "row", title: name }, element("a", { href: address(key, [code]) }, element("bdi", null, name))),
          element("td", null, bar(a, b)),
          element("td.rg-num", null, element("b", null, numbers.rate(a, 0)), ` vs ${numbers.rate(b, 0)}`),
        );
      }));
      const halves = shown.map(({ low, high }) => (high - low) / 2).filter(Number.isFinite).sort((a, b) => a - b);
      const half = halves.length ? Math.max(1, Math.round(100 * halves[halves.length >> 1])) : 0;
      const reach = half ? `${selection.levelText(meta)} intervals are about ±${half} points.` : "";
      put(rest, !shown.length ? "No other value is more common among them." : clear.length ? reach : `None of these differs beyond chance. ${reach}`);
    };
  }

  /** @param {HTMLElement} root */
  function flips(root) {
    const section = find(root, "flips");
    if (!section) return () => {};
    const rows = Array.from(section.querySelectorAll("[data-rg-flip]"), (row) => ({ name: row.getAttribute("data-rg-flip"), row, cell: row.querySelector("dd") }));
    return (/** @type {View} */ { facets, answer, address }) => {
      const facet = facets.find((one) => one.key === "flip");
      section.hidden = !answer.flips || !facet;
      if (section.hidden) return;
      for (const { name, cell } of rows) {
        const n = answer.flips[name];
        const link = cell.querySelector("a") || cell.appendChild(element("a"));
        link.setAttribute("href", address("flip", [facet.values.indexOf(name) + 1]));
        link.setAttribute("data-rg-count", String(n));
        put(link, numbers.count(n));
      }
    };
  }

  /** @param {HTMLElement} root @returns {((view: View) => void)[]} What is drawn of an answer, the first things first. */
  function figures(root) {
    return [versions(root), callouts(root), said(root), mistakes(root), apart(root), flips(root)];
  }

  reportgen.exploreFigures = { figures };
})();
