/**
 * The rows of charts of changes, as reportgen/site/charts/ makes them: the axis, a change's fields, and slices by change.
 * No page in here.
 *
 * @typedef {{rows: Record<string, unknown>[], table: string[][]}} Shown
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers, wording, verdicts } = window.reportgen;
  const SMALLEST = 1e-6;
  const POINTS = 100;
  const SHORT = 24; // letters of a name that the layout does not know

  /** @param {number | null} value @returns {number | null} */
  const known = (value) => (Number.isNaN(value) ? null : value);

  const wordsOf = (verdict) => `${verdicts.sign(verdict)} ${verdicts.word(verdict)}`.trim();

  /** The smallest round step that cuts the width into at most `most` parts. */
  function stepOf(width, most) {
    const power = 10 ** Math.floor(Math.log10(width / most));
    return [1, 2, 5, 10, 20].map((m) => m * power).find((step) => width / step <= most) || width;
  }

  function ticksOf(low, high, step) {
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
    const ticks = Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => Number(((first + i) * step).toFixed(decimals)) + 0);
    return { ticks, decimals };
  }

  /**
   * The axis of differences: 0 is on it, and each side of 0 has at least the share `side`; charts/axis.py.
   * @param {(number | null)[]} values in shown units @param {number[]} span in px @param {number} side
   */
  function differenceAxis(values, span, side, most = 5) {
    const finite = values.filter((v) => v !== null && Number.isFinite(v));
    let [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
    if (high - low < SMALLEST) [low, high] = [-1, 1];
    const width = (high - low) * 1.04;
    [low, high] = [low < 0 ? low - 0.02 * width : 0, high > 0 ? high + 0.02 * width : 0];
    [low, high] = [Math.min(low, -side * width), Math.max(high, side * width)];
    const step = stepOf(high - low, most);
    let { ticks, decimals } = ticksOf(low, high, step);
    const readable = (step / 2 / (high - low)) * (span[1] - span[0]) >= 30;
    const before = readable && Math.min(...ticks) === 0 && low < -step / 2;
    const behind = readable && Math.max(...ticks) === 0 && high > step / 2;
    if (before || behind) {
      ({ decimals } = ticksOf(low, high, step / 2));
      ticks = [...(before ? [-step / 2] : []), ...ticks, ...(behind ? [step / 2] : [])];
    }
    const label = (tick) => (tick === 0 ? "0" : numbers.signed(tick, Number.isInteger(tick) ? 0 : decimals));
    return { low, high, ticks, labels: ticks.map(label) };
  }

  const scaleOf = (unit) => (unit === "rate" ? POINTS : 1);

  /** The fields of a change: value and ends as the axis shows them, cut at its ends, and the figures as text. */
  function changeFields(row, axis, places, unit = "rate") {
    const decimals = places ?? undefined;
    const drawn = row.support !== "counts";
    const [low, high] = [row.low, row.high].map((v) => (known(v) === null ? null : v * scaleOf(unit)));
    const ends = low !== null && high !== null;
    return {
      value: drawn ? row.delta * scaleOf(unit) : null,
      low: drawn && ends ? Math.max(low, axis.low) : null, high: drawn && ends ? Math.min(high, axis.high) : null,
      cut_low: ends && low < axis.low, cut_high: ends && high > axis.high,
      few: row.support !== "decide", verdict: row.verdict,
      change: drawn ? numbers.difference(row.delta, unit, decimals) : numbers.MISSING,
      ends: drawn ? numbers.differenceInterval(known(row.low), known(row.high), unit, decimals) : "",
    };
  }

  const axisRow = ({ low, high, ticks, labels }) => ({ t: "axis", ends: [low, high], ticks, labels });
  const told = ({ n, support }) => `${numbers.count(n)}${support === "show" || support === "counts" ? " few" : ""}`;
  const short = (text) => (text.length > SHORT ? `${text.slice(0, SHORT)}${numbers.ELLIPSIS}` : text);

  /** A slice's name beside the plot and above it: as the layout has it, or else fitted where it knows how wide letters are. */
  function nameOf(label, verdict, { names, room, size, widths }) {
    if (Object.hasOwn(names, label)) return names[label][verdict];
    if (!widths) return { name: short(label), long: label };
    const [beside, above] = room.map((px) => wording.fit(widths, wording.clean(label), px, size, verdict === "worse"));
    return { name: beside, long: above };
  }

  /**
   * @param {any[]} changes worst first: label, delta, low, high, n, support, verdict and decimals
   * @param {number | null} overall the change over all samples
   * @param {any} frame of the chart @param {string} candidate
   * @returns {Shown} Slices by change, as charts/diverging.py has them.
   */
  function diverging(changes, overall, frame, candidate) {
    const { unit } = frame;
    const scale = scaleOf(unit);
    const held = changes.flatMap((row) => (row.support === "decide" ? [row.low, row.delta, row.high] : [row.delta]));
    const axis = differenceAxis([overall || 0, ...held.map(known).filter((v) => v !== null)].map((v) => v * scale), frame.span, 0.23);
    const rows = changes.map((row, i) => ({
      t: "row", row: i, ...nameOf(row.label, row.verdict, frame), n: told(row), n_long: `n ${told(row)}`,
      ...changeFields(row, axis, row.decimals, unit),
    }));
    const table = changes.map((row) => [
      wording.clean(row.label), numbers.difference(row.delta, unit, row.decimals ?? undefined),
      numbers.differenceInterval(known(row.low), known(row.high), unit, row.decimals ?? undefined), numbers.count(row.n), wordsOf(row.verdict),
    ]);
    const whole = overall === null ? [] : [{ t: "overall", value: overall * scale }];
    const words = [["worse", frame.worse[candidate] || "worse"], ["better", frame.better], ["measure", frame.measure]];
    return { rows: [axisRow(axis), ...rows, ...whole, ...words.map(([t, text]) => ({ t, text }))], table };
  }

  window.reportgen.chartRows = { axisRow, changeFields, differenceAxis, diverging, known, scaleOf, short, told, wordsOf, POINTS };
})();
