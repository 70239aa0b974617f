/**
 * The rows of the Compare page's charts for two versions that the report was not built for: those that
 * reportgen/site/charts/classes.py and confusion.py make for a built pair, on the layout that stands in the page (`frame`).
 * No page in here.
 *
 * @typedef {{rows: Record<string, unknown>[], table: string[][]}} Shown
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { chartRows, numbers, rounding, shades, wording, verdicts } = window.reportgen;
  const { axisRow, changeFields, differenceAxis, known, scaleOf, short, told, wordsOf, POINTS } = chartRows;
  const { clean } = wording;
  const CLEAR = new Set(["worse", "better"]);

  const NONE = { value: null, low: null, verdict: "too_few", change: numbers.MISSING, ends: "" };
  const countOf = (row) => (row ? numbers.count(row.n) : numbers.MISSING);

  /**
   * @param {any[]} classes rows of pair_view.js, worst first
   * @param {any} frame of the chart
   * @param {(row: any, unit: string) => number} decimalsOf
   * @returns {Shown} Each class's change of recall and of precision.
   */
  function classRows(classes, frame, decimalsOf) {
    const shown = classes.filter((row) => Object.hasOwn(frame.names, row.name));
    const held = [];
    for (const change of shown.flatMap((row) => row.changes)) {
      if (!change) continue;
      const ends = change.support === "decide" ? [change.low, change.delta, change.high] : [change.delta];
      held.push(...ends.filter((v) => !Number.isNaN(v)).map((v) => v * POINTS));
    }
    const axis = differenceAxis(held, frame.span, 0.06);
    const rows = [axisRow(axis), ...frame.fixed];
    const table = [];
    shown.forEach((one, r) => {
      const counts = frame.panels.map((panel, i) => `${panel} n ${countOf(one.changes[i])}`).join(", ");
      rows.push({ t: "row", row: r, ...frame.names[one.name], n_long: counts });
      const line = [clean(one.name)];
      one.changes.forEach((change, i) => {
        const decimals = change ? decimalsOf(change, "rate") : 1;
        const fields = change ? changeFields(change, axis, decimals) : NONE;
        rows.push({ t: `panel${i}`, row: r, title: frame.panels[i], n: countOf(change), ...fields });
        if (!change) line.push(...Array(4).fill(numbers.MISSING));
        else {
          const ends = numbers.differenceInterval(known(change.low), known(change.high), "rate", decimals);
          line.push(numbers.difference(change.delta, "rate", decimals), ends, countOf(change), wordsOf(change.verdict));
        }
      });
      table.push(line);
    });
    return { rows, table };
  }

  /** The cells with every class that is not drawn summed into "other", where a change is not tested. */
  function folded(cells, { names, rows, other }) {
    if (other === null) return cells;
    const own = new Set(names.filter((/** @type {string} */ _, /** @type {number} */ i) => i !== rows - 1));
    const found = [];
    const rest = new Map();
    for (const cell of cells) {
      const [target, prediction] = [cell.target, cell.prediction].map((name) => (own.has(name) ? name : other));
      if (own.has(cell.target) && own.has(cell.prediction)) {
        found.push(cell);
        continue;
      }
      const key = JSON.stringify([target, prediction]);
      const one = rest.get(key) || { target, prediction, before: 0, after: 0, verdict: "unclear", key: "" };
      rest.set(key, { ...one, before: one.before + cell.before, after: one.after + cell.after });
    }
    return [...found, ...rest.values()];
  }

  /**
   * The size with full colour: the 99th percentile of the changes (of those beyond chance, where there are any), or of what
   * both versions say, so that their matrices can be compared.
   */
  function limitOf(cells, view, valueOf) {
    const clear = cells.filter((cell) => CLEAR.has(cell.verdict));
    const [views, shown] = view === "change" ? [[view], clear.length ? clear : cells] : [["candidate", "baseline"], cells];
    const sizes = views.flatMap((one) => shown.map((cell) => Math.abs(valueOf(cell, one)))).sort((a, b) => a - b);
    return sizes.length ? sizes[rounding.even(0.99 * (sizes.length - 1))] : 1;
  }

  const heat = (side, step) => (step ? `${side}${step}` : "middle");

  function cellRow(cell, { view, share }, value, limit, [i, j], widths) {
    const place = { t: "cell", row: i, col: j };
    const key = cell.key ? { key: cell.key } : {};
    if (view !== "change") {
      const step = limit ? shades.sizeStep(value / limit) : 0;
      return { ...place, heat: heat("count", step), text0: share ? numbers.rate(value, 0) : numbers.count(value), ...key };
    }
    const clear = CLEAR.has(cell.verdict);
    const text = share ? numbers.signed(value * POINTS, 1) : numbers.signed(value, 0);
    const good = clear ? cell.verdict === "better" : value > 0 === (i === j);
    const row = { ...place, heat: heat(good ? "better" : "worse", shades.changeStep(value, limit, clear)), text0: text };
    if (!clear) return { ...row, ...key };
    const width = Array.from(text).reduce((sum, c) => sum + (widths[c] ?? 0), 0);
    return { ...row, verdict: cell.verdict, reach: Math.round((width / 2) * 10) / 10, bold: true, ...key };
  }

  /**
   * @param {any[]} cells of pair_view.js, by name
   * @param {any} frame of the chart
   * @param {{view: "change" | "candidate" | "baseline", share: boolean, said: string}} how
   * @returns {Shown} The matrix, or its change.
   */
  function confusion(cells, frame, how) {
    const drawn = folded(cells, frame);
    const totals = new Map();
    for (const cell of drawn) totals.set(cell.target, (totals.get(cell.target) || 0) + cell.before);
    const counts = { change: (cell) => cell.after - cell.before, candidate: (cell) => cell.after, baseline: (cell) => cell.before };
    const valueOf = (cell, view = how.view) => {
      const count = counts[view](cell);
      return how.share && totals.get(cell.target) ? count / totals.get(cell.target) : count;
    };
    const limit = limitOf(drawn, how.view, valueOf);
    const at = new Map(frame.names.map((name, i) => [name, i]));
    const filled = new Map(drawn.map((cell) => [`${at.get(cell.target)} ${at.get(cell.prediction)}`, cell]));
    const rows = [];
    frame.names.slice(0, frame.rows).forEach((_, i) =>
      frame.names.forEach((__, j) => {
        const cell = filled.get(`${i} ${j}`);
        rows.push(cell ? cellRow(cell, how, valueOf(cell), limit, [i, j], frame.widths) : { t: "cell", row: i, col: j, heat: "middle", text0: "·" });
      }),
    );
    const size = how.share ? numbers.rate(limit) : numbers.count(rounding.even(limit));
    const filledIn = { sign: how.view === "change" ? "±" : "", size, of: frame.nouns[how.share ? "share" : "count"] };
    const foot = frame.foot.replace(/\{(\w+)\}/g, (_, key) => filledIn[key]);
    const words = [["over", clean(how.said)], ["corner", frame.corner], ["foot", foot]].map(([t, text]) => ({ t, text }));
    const table = cells.map((cell) => [
      clean(cell.target), clean(cell.prediction), numbers.count(cell.before), numbers.count(cell.after), numbers.signed(cell.after - cell.before, 0),
      numbers.differenceInterval(known(cell.low), known(cell.high), "number", 0), wordsOf(cell.verdict),
    ]);
    return { rows: [...rows, ...frame.fixed, ...words], table };
  }

  /**
   * @param {any[]} made what the change is made of, by attribute @param {string} attribute the one that is shown
   * @param {any} frame @param {string} rest what the other values together are called
   * @returns {Shown} Its values' contributions, as charts/contributions.py has them, on the axis of all attributes.
   */
  function contributions(made, attribute, frame, rest) {
    const { unit } = frame;
    const scale = scaleOf(unit);
    const every = made.flatMap((one) => one.rows.flatMap((row) => [row.low, row.contribution, row.high]));
    const axis = differenceAxis(every.map((v) => v * scale), frame.span, 0.12);
    const own = made.find((one) => one.attribute === attribute).rows.map((row) => ({ ...row, value: row.value ?? rest }));
    const bare = (row) => numbers.difference(row.contribution, unit);
    const ends = (row) => numbers.differenceInterval(known(row.low), known(row.high), unit);
    const rows = own.map((row, i) => {
      const name = Object.hasOwn(frame.names, row.value) ? frame.names[row.value] : { name: short(row.value), long: row.value };
      const [low, high] = [row.low, row.high].map((v) => (Number.isNaN(v) ? null : v * scale));
      return {
        t: "row", row: i, ...name, zero: 0, value: row.contribution * scale, low, high, verdict: row.verdict,
        change: `${verdicts.sign(row.verdict)} ${bare(row)}`.trim(), ends: ends(row), share: numbers.rate(row.share), n: told(row),
        n_long: `${numbers.rate(row.share)} · n ${told(row)}`,
      };
    });
    const table = own.map((row) => [
      clean(row.value), bare(row), ends(row), numbers.rate(row.share), numbers.difference(row.delta, unit), numbers.count(row.n), wordsOf(row.verdict),
    ]);
    return { rows: [axisRow(axis), ...rows, ...frame.fixed], table };
  }

  window.reportgen.pairCharts = { classRows, confusion, contributions };
})();
