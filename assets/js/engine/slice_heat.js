/**
 * The heatmap of two attributes for versions that the report does not carry it of: the rows and lines that
 * reportgen/site/slice_heat.py and charts/heatmap.py make for the others. No page in here.
 *
 * @typedef {object} Cell of the catalogue's slices; `row` or `column` −1 is that margin
 * @property {number} row @property {number} column codes of values
 * @property {any} one the slice; null: no sample is there
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers, shades, verdicts } = window.reportgen;
  const TESTED = ["decide", "test"];

  const keyOf = (/** @type {{at: number, code: number}[]} */ terms) => terms.map(({ at, code }) => `${at} ${code}`).sort().join(",");

  /**
   * @param {any} catalogue @param {any[]} slices of the index
   * @param {number} rows @param {number} columns places of two attributes
   * @returns {Cell[]} row by row, the margins last
   */
  function grid(catalogue, slices, rows, columns) {
    const byTerms = new Map();
    for (const one of slices) if (one.level < 3) byTerms.set(keyOf(window.reportgen.sliceRows.terms(catalogue, one.i)), one);
    const { valuesOf } = window.reportgen.sliceRows;
    const codes = (/** @type {number} */ at) => [...Array(valuesOf(catalogue.attributes[at])).keys(), -1];
    return codes(rows).flatMap((row) =>
      codes(columns).map((column) => {
        const terms = [{ at: rows, code: row }, { at: columns, code: column }].filter(({ code }) => code >= 0);
        return { row, column, one: byTerms.get(keyOf(terms)) || null };
      }),
    );
  }

  /** What a cell tells: the figures of its slice. */
  function told(catalogue, before, after, { one }) {
    if (!one) return { n: 0, support: "counts", verdict: "too_few" };
    const { i } = one;
    const { metric, supports } = catalogue;
    if (after.support[i] === null) return { n: one.n, support: "counts", verdict: "too_few" };
    const compared = after.delta_support[i] !== null;
    const change = (/** @type {string} */ name) => (compared ? after[name][i] : null);
    return {
      n: one.n,
      support: supports[compared ? after.delta_support[i] : after.support[i]],
      verdict: compared ? window.reportgen.sliceRows.verdictOf(catalogue, after, i) : "too_few",
      right: metric.right ? after.x[i] : null,
      value: after.value[i], baseline: before.value[i],
      delta: change("delta"), low: change("delta_low"), high: change("delta_high"), decimals: change("decimals") ?? undefined,
    };
  }

  function levelStep(value, [low, high]) {
    if (value === null || high <= low) return 0;
    return shades.sizeStep((value - low) / (high - low));
  }

  /** A cell's colour and texts. */
  function drawn(catalogue, own, view) {
    const { unit, higher_is_better: higher } = catalogue.metric;
    const { limit, ends } = catalogue.heat_frame;
    const n = numbers.count(own.n);
    if (own.n === 0) return { side: "count", step: 0, texts: ["·"] };
    if (own.support === "counts") {
      const whole = own.right !== null && own.right !== undefined;
      return { side: "count", step: 0, texts: whole ? [`${numbers.count(own.right)} of ${n}`, "right"] : [`n ${n}`] };
    }
    const shown = view === "baseline" ? own.baseline : own.value;
    const value = numbers.value(shown, unit, own.decimals);
    if (view !== "change" || own.support === "show" || own.delta === null) {
      const few = own.support === "show" ? " few" : "";
      return { side: "count", step: view !== "change" && !few ? levelStep(shown, ends) : 0, texts: [value, `n ${n}${few}`], bold: !few };
    }
    const clear = own.verdict === "worse" || own.verdict === "better";
    const up = own.delta > 0 === higher;
    return {
      side: own.verdict === "better" || (!clear && up) ? "better" : "worse", step: shades.changeStep(own.delta, limit, clear),
      texts: [numbers.difference(own.delta, unit, own.decimals), value, `n ${n}`], verdict: own.verdict, bold: clear,
    };
  }

  /** Half the width of a text, in px. */
  function reach(catalogue, text) {
    const { widths } = catalogue.heat_frame;
    let sum = 0;
    for (const c of text) sum += widths[c] || 0;
    return Math.round(sum * 5) / 10;
  }

  /** The line of the table. */
  function line(catalogue, own, [row, column]) {
    const { unit } = catalogue.metric;
    const tested = TESTED.includes(own.support);
    const seen = own.support !== "counts";
    const change = (/** @type {string} */ name) => (tested ? own[name] ?? null : null);
    return [
      row, column,
      numbers.value(seen ? own.value : null, unit, own.decimals), numbers.count(own.n),
      numbers.value(seen ? own.baseline : null, unit, own.decimals),
      numbers.difference(change("delta"), unit, own.decimals), numbers.differenceInterval(change("low"), own.high, unit, own.decimals),
      `${verdicts.sign(own.verdict)} ${verdicts.word(own.verdict)}`.trim(),
    ];
  }

  /** What to see: the worst cell beyond chance, and whether its row and column alone show it. */
  function keyText(catalogue, cells) {
    const { say } = window.reportgen.sliceWords;
    const { unit, higher_is_better: higher } = catalogue.metric;
    const worse = cells.filter(({ row, column, own }) => row >= 0 && column >= 0 && own.verdict === "worse");
    if (!worse.length) return say(catalogue, "heat_none");
    const sign = higher ? 1 : -1;
    const order = (/** @type {any} */ a, /** @type {any} */ b) => sign * (a.own.delta - b.own.delta) || (a.one.id < b.one.id ? -1 : 1);
    const worst = worse.sort(order)[0];
    const alone = [[worst.row, -1], [-1, worst.column]].map(([r, c]) => cells.find(({ row, column, one }) => one && row === r && column === c));
    const bare = numbers.difference(worst.own.delta, unit, worst.own.decimals);
    const size = unit === "rate" ? say(catalogue, "size_points", { size: bare }) : bare;
    const hidden = alone.every((cell) => cell && cell.own.verdict !== "worse");
    return say(catalogue, hidden ? "heat_hidden" : "heat_worst", { name: worst.one.name, size });
  }

  /**
   * @param {any} catalogue of the pair, with `heat_frame` @param {any[]} slices of the index
   * @param {any} before @param {any} after figures of the two versions
   * @param {number} rows @param {number} columns places of two attributes
   * @param {string} view change, candidate or baseline
   * @returns {{rows: Record<string, unknown>[], table: string[][], key: string}} the chart's rows, its table's lines, and
   *   what to see
   */
  function make(catalogue, slices, before, after, rows, columns, view) {
    const { valuesOf } = window.reportgen.sliceRows;
    const [down, across] = [rows, columns].map((at) => catalogue.attributes[at]);
    const cells = grid(catalogue, slices, rows, columns).map((cell) => ({ ...cell, own: told(catalogue, before, after, cell) }));
    const made = cells.map(({ row, column, one, own }) => {
      const { side, step, texts, verdict, bold } = drawn(catalogue, own, view);
      const found = { t: "cell", row: row < 0 ? valuesOf(down) : row, col: column < 0 ? valuesOf(across) : column, heat: step ? `${side}${step}` : "middle" };
      texts.forEach((/** @type {string} */ text, /** @type {number} */ i) => (found[`text${i}`] = text));
      if (verdict) Object.assign(found, { verdict, reach: reach(catalogue, texts[0]) });
      const flags = { bold, low: row < 0, far: column < 0, key: one && one.level > 0 ? one.id : "" };
      for (const [name, flag] of Object.entries(flags)) if (flag) found[name] = flag;
      return found;
    });
    const frame = catalogue.heat_frame;
    const named = (/** @type {any} */ attribute, /** @type {number} */ code, /** @type {string} */ all) => (code < 0 ? all : attribute.values[code]);
    const listed = cells.filter(({ one }) => one);
    return {
      rows: [...made, ...frame.names[`${rows}-${columns}`], { t: "foot", text: frame.feet[view] }],
      table: listed.map(({ row, column, own }) => line(catalogue, own, [named(down, row, "all"), named(across, column, `all ${across.name}`)])),
      key: keyText(catalogue, cells),
    };
  }

  window.reportgen.sliceHeat = { make };
})();
