/**
 * The slices as rows, as reportgen/site/slice_rows.py writes them: names, texts, filters and order. No page in here.
 *
 * @typedef {object} Catalogue the chunk "slices": what the slices are, a column a property
 * @typedef {object} Figures the chunk "slices-{v}": one version's columns in the same order
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers, wording } = window.reportgen;
  const ARROW = " → ";

  /**
   * @param {any} catalogue
   * @param {number} i
   * @returns {{attribute: any, value: string, shown: string, code: number, at: number}[]}
   */
  function terms(catalogue, i) {
    const found = [];
    for (const place of catalogue.terms) {
      if (place.attribute[i] < 0) break;
      const attribute = catalogue.attributes[place.attribute[i]];
      const code = place.value[i];
      found.push({ attribute, at: place.attribute[i], code, value: attribute.values[code], shown: attribute.shown[code] });
    }
    return found;
  }

  /** @param {any} catalogue @param {number} i @returns {string} */
  function idOf(catalogue, i) {
    const own = catalogue.ids[String(i)];
    if (own !== undefined) return own;
    return terms(catalogue, i).map((t) => `${wording.quoted(t.attribute.name)}=${wording.quoted(t.value)}`).join("&") || "all";
  }

  /** @param {any} catalogue @param {number} i @returns {string} */
  function nameOf(catalogue, i) {
    return catalogue.titles[String(i)] || terms(catalogue, i).map((t) => t.shown).join(" × ") || "all samples";
  }

  /** @param {any} attribute @returns {number} how many values it has; "missing", which stands last, is none */
  function valuesOf(attribute) {
    return attribute.values.length - (attribute.filters && attribute.kind !== "pinned" ? 1 : 0);
  }

  /** @param {any} catalogue @param {number} i @returns {string} the condition in a line that a program could read */
  function define(catalogue, i) {
    const said = terms(catalogue, i).map(({ attribute, code, value }) => {
      if (!attribute.edges || code >= valuesOf(attribute)) return `${attribute.name} = "${value}"`;
      const last = code === valuesOf(attribute) - 1;
      const [low, high] = [attribute.edges[code], attribute.edges[code + 1]].map((x) => String(Number(x.toPrecision(7))));
      return `${low} ≤ ${attribute.name} ${last ? "≤" : "<"} ${high}`;
    });
    return said.join(" and ") || "all samples";
  }

  /** @param {any} catalogue @param {number} i @param {string} kind */
  const goesBy = (catalogue, i, kind) => terms(catalogue, i).some((t) => t.attribute.kind === kind);

  /**
   * Everything that is looked up more than once: ids, names, levels.
   * @param {any} catalogue
   */
  function index(catalogue) {
    const n = catalogue.n.length;
    const slices = [];
    const byId = new Map();
    for (let i = 0; i < n; i++) {
      const found = terms(catalogue, i);
      const one = {
        i,
        id: idOf(catalogue, i),
        name: nameOf(catalogue, i),
        level: found.length,
        n: catalogue.n[i],
        origin: catalogue.origins[catalogue.origin[i]],
        predicted: goesBy(catalogue, i, "prediction"),
        pinned: goesBy(catalogue, i, "pinned"),
        target: goesBy(catalogue, i, "target"),
        critical: catalogue.critical[String(i)] ?? null, // why, where the manifest calls it so
        // what a search matches: names with values, in any order
        text: [catalogue.titles[String(i)] || "", ...found.map((t) => `${t.attribute.name} ${t.value} ${t.shown}`)].join(" ").toLocaleLowerCase(),
      };
      slices.push(one);
      byId.set(one.id, one);
    }
    return { slices, byId };
  }

  /** @param {any} figures @param {number} i @param {string[]} names @returns {any} null where there is no value */
  function intervalOf(figures, i, [value, low, high]) {
    if (!figures || !figures[value] || figures[value][i] === null) return null;
    return { value: figures[value][i], low: figures[low][i], high: figures[high][i] };
  }

  const LEVEL = ["value", "low", "high"];
  const CHANGE = ["delta", "delta_low", "delta_high"];

  /** @param {any} catalogue @param {any} figures @param {number} i @returns {string} decide, test, show or counts */
  function supportOf(catalogue, figures, i) {
    const code = (figures.delta_support && figures.delta_support[i]) ?? figures.support[i];
    if (code !== null && code !== undefined) return catalogue.supports[code];
    const { limits, n } = catalogue;
    if (n[i] >= limits.decide) return "decide";
    return n[i] >= limits.test ? "test" : n[i] >= limits.show ? "show" : "counts";
  }

  /** @param {any} catalogue @param {any} figures @param {number} i @returns {string} better, worse, unclear or too_few */
  function verdictOf(catalogue, figures, i) {
    const code = figures.verdict ? figures.verdict[i] : null;
    return code === null || code === undefined ? "too_few" : catalogue.verdicts[code];
  }

  /** Both ends of the comparison; null where there is none. */
  function endsOf(catalogue, figures, i) {
    if (catalogue.baseline === null || !figures.before || figures.before[i] === null || figures.delta[i] === null) return null;
    return { before: figures.before[i], after: figures.after[i], delta: figures.delta[i] };
  }

  /** "6 of 8 right", or no figure at all where a count says nothing. */
  function few(catalogue, figures, i) {
    const x = figures.x[i];
    if (x === null || !catalogue.metric.right) return window.reportgen.verdicts.word("too_few");
    return `${numbers.count(x)} of ${numbers.count(figures.n[i])} ${catalogue.metric.right}`;
  }

  /** "12 groups" */
  function groups(catalogue, i) {
    const n = catalogue.n_groups ? catalogue.n_groups[i] : null;
    return n === null ? "" : `${numbers.count(n)} group${n === 1 ? "" : "s"}`;
  }

  /** What sets a slice apart from those that are enumerated. */
  function tags(one) {
    const named = one.origin === "declared" && one.critical === null && !one.pinned;
    return [
      one.critical !== null && "critical",
      one.origin === "found" && "found",
      one.pinned && "pinned",
      named && "in the manifest",
      one.predicted && "predicted label",
    ].filter(Boolean);
  }

  /** "confirmed on 406", of a found slice. */
  function confirmed(catalogue, i) {
    const n = catalogue.n_confirm ? catalogue.n_confirm[i] : null;
    return n === null ? "" : `confirmed on ${numbers.count(n)}`;
  }

  /**
   * One line of the table, every figure as text.
   * @param {any} catalogue
   * @param {any} before the baseline's figures, null where there is none
   * @param {any} after
   * @param {any} one of the index
   */
  function row(catalogue, before, after, one) {
    const { i } = one;
    const { unit } = catalogue.metric;
    const support = supportOf(catalogue, after, i);
    const verdict = verdictOf(catalogue, after, i);
    const tiny = support === "counts";
    const ends = endsOf(catalogue, after, i);
    const decimals = (after.decimals && after.decimals[i]) ?? undefined;
    const levels = ends ? [ends.before, ends.after] : [before ? before.value[i] : null, after.value[i]];
    const shown = numbers.value(levels[1], unit, decimals);
    const change = tiny ? null : intervalOf(after, i, CHANGE);
    const q = after.q ? after.q[i] : null;
    return {
      id: one.id,
      name: one.name,
      tags: tags(one),
      why: one.critical || "",
      n: numbers.count(one.n),
      n_groups: groups(catalogue, i),
      confirmed: confirmed(catalogue, i),
      support,
      verdict,
      levels: tiny
        ? few(catalogue, after, i)
        : levels[0] === null
          ? shown
          : numbers.value(levels[0], unit, decimals) + ARROW + shown,
      level_interval: tiny || after.value[i] === null ? "" : numbers.interval(after.low[i], after.high[i], unit, decimals),
      change: change ? numbers.difference(change.value, unit, decimals) : "",
      change_interval: change ? numbers.differenceInterval(change.low, change.high, unit, decimals) : "",
      q: q === null || q === undefined ? "" : numbers.qValue(q),
      level_plot: window.reportgen.rowPlots.level(
        after.scales.level,
        tiny ? null : intervalOf(before, i, LEVEL),
        tiny ? null : intervalOf(after, i, LEVEL),
      ),
      change_plot:
        after.scales.change && !one.predicted
          ? window.reportgen.rowPlots.change(after.scales.change, change, verdict, support)
          : null,
    };
  }

  /**
   * @typedef {object} Choice what the reader chose
   * @property {string} query
   * @property {string} kind "", "1", "2", "target", "predicted", "critical" or "found"
   * @property {boolean} changed
   * @property {number} n at least so many samples
   * @property {string} sort name, n, level, change or q; with "-" before it descending
   */

  /** Each filter as a test, by the name that "which filter emptied it" says. */
  function tests(catalogue, figures, /** @type {Choice} */ choice) {
    const said = choice.query.toLocaleLowerCase().split(/[\s×&]+/).filter(Boolean);
    const words = said.filter((word, i) => !/^[x*]$/.test(word) || i === 0 || i === said.length - 1); // typed for ×
    const kinds = {
      1: (one) => one.level === 1,
      2: (one) => one.level === 2,
      target: (one) => one.target,
      predicted: (one) => one.predicted,
      critical: (one) => one.critical !== null,
      found: (one) => one.origin === "found",
    };
    const found = [];
    if (words.length) found.push(["query", (one) => words.every((word) => one.text.includes(word))]);
    if (Object.hasOwn(kinds, choice.kind)) found.push(["kind", kinds[choice.kind]]);
    if (choice.changed) {
      found.push(["changed", (one) => ["better", "worse"].includes(verdictOf(catalogue, figures, one.i))]);
    }
    // what the manifest calls critical, or pins, is never hidden by the filter that stands at first
    const always = (one) => choice.n <= catalogue.min_n && (one.critical !== null || one.pinned);
    if (choice.n > 0) found.push(["n", (one) => one.n >= choice.n || always(one)]);
    return found;
  }

  /** What a column sorts by; null where a slice has no such figure, which sorts last either way. */
  function keyOf(catalogue, figures, column) {
    const worst = catalogue.metric.higher_is_better ? 1 : -1;
    const keys = {
      name: (one) => one.name,
      n: (one) => one.n,
      level: (one) => figures.value[one.i],
      change: (one) => (figures.delta && figures.delta[one.i] !== null ? worst * figures.delta[one.i] : null),
      q: (one) => (figures.q ? figures.q[one.i] : null),
    };
    return keys[Object.hasOwn(keys, column) ? column : "change"];
  }

  /**
   * The slices that the reader chose, in the order chosen; and the filters that were applied.
   * @param {any} catalogue
   * @param {any} figures
   * @param {any[]} slices
   * @param {Choice} choice
   */
  function choose(catalogue, figures, slices, choice) {
    const applied = tests(catalogue, figures, choice);
    const kept = slices.filter((one) => one.level > 0 && applied.every(([, test]) => test(one)));
    const descending = choice.sort.startsWith("-");
    const key = keyOf(catalogue, figures, choice.sort.replace(/^-/, ""));
    const sign = descending ? -1 : 1;
    const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
    const keyed = kept.map((one) => ({ one, key: key(one) }));
    keyed.sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || b.one.n - a.one.n || order(a, b);
      return sign * compare(a.key, b.key) || b.one.n - a.one.n || order(a, b);
    });
    return { slices: keyed.map(({ one }) => one), applied };
  }

  /** How many slices a choice leaves. */
  function count(catalogue, figures, slices, /** @type {Choice} */ choice) {
    const applied = tests(catalogue, figures, choice);
    return slices.filter((one) => one.level > 0 && applied.every(([, test]) => test(one))).length;
  }

  const order = (a, b) => (a.one.id < b.one.id ? -1 : 1);

  /**
   * How many slices each filter alone would leave out of those that the others keep: which one emptied the table.
   * @param {any[]} slices
   * @param {[string, (one: any) => boolean][]} applied
   * @returns {string} the name of the filter whose removal brings back the most, "" where none does
   */
  function culprit(slices, applied) {
    let best = "";
    let most = 0;
    for (const [name] of applied) {
      const others = applied.filter(([other]) => other !== name);
      const n = slices.filter((one) => one.level > 0 && others.every(([, test]) => test(one))).length;
      if (n > most) [best, most] = [name, n];
    }
    return best;
  }

  /**
   * The slices as CSV, figures as they are (rates 0 to 1).
   * @param {any} catalogue
   * @param {any} before
   * @param {any} after
   * @param {any[]} slices
   */
  function csv(catalogue, before, after, slices) {
    const { metric } = catalogue;
    const columns = [
      ["slice", (one) => one.name],
      ["definition", (one) => define(catalogue, one.i)],
      ["n", (one) => one.n],
      ...(catalogue.n_confirm ? [["n_confirm", (one) => catalogue.n_confirm[one.i]]] : []),
      ...(catalogue.n_groups ? [["n_groups", (one) => catalogue.n_groups[one.i]]] : []),
      ...(before ? [[`${metric.name}_baseline`, (one) => before.value[one.i]]] : []),
      [metric.name, (one) => after.value[one.i]],
      [`${metric.name}_low`, (one) => after.low[one.i]],
      [`${metric.name}_high`, (one) => after.high[one.i]],
    ];
    if (after.delta) {
      const named = { delta: "delta", delta_low: "delta_low", delta_high: "delta_high", q: "q" };
      for (const [name, source] of Object.entries(named)) columns.push([name, (one) => after[source][one.i]]);
      columns.push(["verdict", (one) => verdictOf(catalogue, after, one.i)]);
    }
    return window.reportgen.csv.write([
      columns.map(([name]) => name),
      ...slices.map((one) => columns.map(([, value]) => value(one))),
    ]);
  }

  window.reportgen.sliceRows = {
    valuesOf,
    index, row, choose, count, culprit, csv, define, terms, supportOf, verdictOf, intervalOf, endsOf, idOf,
  };
})();
