/**
 * The small plots in table rows, as reportgen/site/row_plots.py draws them; tests/contract/row_plots.json holds both to
 * the same paths. No page in here.
 *
 * @typedef {object} Scale a linear axis
 * @property {number} low
 * @property {number} high
 * @property {number} width in pixels
 * @property {{x: number, label: string}[]} ticks
 *
 * @typedef {object} Interval a value with the ends of its interval
 * @property {number} value
 * @property {number | null} low
 * @property {number | null} high
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const HEIGHT = 38;
  const WIDTH_LEVEL = 168;
  const WIDTH_CHANGE = 132;
  const LETTER = 7.5;
  const PLUS = 3;
  const AIR = 4;
  const [COUNT_WIDTH, COUNT_HEIGHT] = [200, 21];
  const PAD = 8;
  const ABOVE = 13;
  const BELOW = 25;
  const ALONE = 19;

  /** @param {number} x @returns {number} one decimal */
  const pixel = (x) => Math.floor(x * 10 + 0.5) / 10;

  /** @param {number} x @returns {string} */
  const text = (x) => String(pixel(x) + 0);

  /**
   * @param {Scale} scale
   * @param {number} value
   * @returns {number} its pixel; beyond the ends the end
   */
  function at(scale, value) {
    const share = (Math.min(Math.max(value, scale.low), scale.high) - scale.low) / (scale.high - scale.low);
    return pixel(PAD + share * (scale.width - 2 * PAD));
  }

  /** @param {Scale} scale @param {number} value */
  const holds = (scale, value) => scale.low <= value && value <= scale.high;

  /** @param {Scale} scale */
  const grid = (scale) => scale.ticks.map((tick) => `M${text(tick.x)} 0V${HEIGHT}`).join("");

  /** An arrow head whose tip stands at the axis' end and points outward. */
  const arrow = (x, y, side) => `M${text(x + 5 * side)} ${y}l${-6 * side} -3.5v7z`;

  const circle = (x, y, radius) =>
    `M${text(x - radius)} ${y}a${text(radius)} ${text(radius)} 0 1 0 ${text(2 * radius)} 0` +
    `a${text(radius)} ${text(radius)} 0 1 0 ${text(-2 * radius)} 0z`;

  /** @param {Scale} scale @param {Interval} interval @param {number} y */
  function rule(scale, interval, y) {
    if (interval.low === null || interval.high === null) return "";
    let path = `M${text(at(scale, interval.low))} ${y}H${text(at(scale, interval.high))}`;
    if (!holds(scale, interval.value)) return path;
    if (interval.low < scale.low) path += arrow(at(scale, interval.low), y, -1);
    if (interval.high > scale.high) path += arrow(at(scale, interval.high), y, 1);
    return path;
  }

  /** @param {Scale} scale @param {Interval} interval @param {number} y @param {number} radius */
  function dot(scale, interval, y, radius) {
    const x = at(scale, interval.value);
    if (holds(scale, interval.value)) return circle(x, y, radius);
    return arrow(x, y, interval.value < scale.low ? -1 : 1);
  }

  /** The round number (1, 2 or 5 times a power of ten) next above. */
  function step(rough) {
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 5, 10].map((k) => k * power).find((one) => one >= rough * 0.999);
  }

  /** Where a label stands: in the middle under its tick, at the ends of the axis within the plot. */
  function box(tick, first, last) {
    const wide = tick.label.length * LETTER + (tick.label.startsWith("+") ? PLUS : 0);
    const left = tick.x - (first ? PAD : last ? wide - PAD : wide / 2);
    return [left, left + wide];
  }

  /** Both ends, "0" where it is a tick, and between them as many as labels have room. */
  function thinned(ticks) {
    const last = ticks.length - 1;
    const zero = ticks.findIndex((tick) => tick.label === "0");
    const anchor = zero < 0 ? last : zero;
    for (let every = 1; every <= last; every++) {
      const kept = ticks.map((_, i) => i).filter((i) => i === 0 || i === anchor || i === last || (i - anchor) % every === 0);
      const boxes = kept.map((i) => box(ticks[i], i === 0, i === last));
      if (boxes.every(([left], i) => i === 0 || boxes[i - 1][1] + AIR <= left)) return kept.map((i) => ticks[i]);
    }
    return [...new Set([anchor, last - anchor < anchor ? 0 : last])].sort((a, b) => a - b).map((i) => ticks[i]);
  }

  /** An axis from low to high, its ends rounded outward. */
  function axis(low, high, width, unit, write) {
    const [from, to] = high <= low ? [low - 0.005, high + 0.005] : [low, high];
    const by = step((to - from) / 4);
    const [first, last] = [Math.floor(from / by + 1e-9), Math.ceil(to / by - 1e-9)];
    const factor = unit === "rate" ? 100 : 1;
    const places = Math.max(0, -Math.floor(Math.log10(by * factor) + 1e-9));
    const bare = { low: first * by, high: last * by, width, ticks: [] };
    const ticks = [];
    for (let k = first; k <= last; k++) {
      ticks.push({ x: at(bare, k * by), label: k === 0 ? "0" : write(k * by * factor, places) });
    }
    return { ...bare, ticks: thinned(ticks) };
  }

  /**
   * The axis that holds all levels, its ends rounded outward; rates stay within 0 and 100 %.
   * @param {(number | null)[]} values interval ends; null and NaN count for nothing
   * @param {"rate" | "number"} unit
   * @returns {Scale}
   */
  function levelScale(values, unit) {
    const found = values.filter(Number.isFinite);
    const known = found.length ? found : [0, 1];
    let [low, high] = ends(known);
    if (unit === "rate") {
      [low, high] = [Math.max(0, low), Math.min(1, high)];
      if (low === high) [low, high] = [Math.max(0, low - 0.01), Math.min(1, high + 0.01)];
    }
    const made = axis(low, high, WIDTH_LEVEL, unit, window.reportgen.numbers.plain);
    if (unit === "rate") {
      const last = made.ticks.length - 1;
      made.ticks[last] = { ...made.ticks[last], label: `${made.ticks[last].label}%` };
    }
    return made;
  }

  /**
   * The axis that holds 0 and all differences, its ends rounded outward.
   * @param {(number | null)[]} values interval ends; null and NaN count for nothing
   * @param {"rate" | "number"} unit
   * @returns {Scale}
   */
  function changeScale(values, unit) {
    const [low, high] = ends([0, ...values.filter(Number.isFinite)]);
    return axis(low, high, WIDTH_CHANGE, unit, window.reportgen.numbers.signed);
  }

  /** @param {number[]} values @returns {[number, number]} The least and the greatest, of however many. */
  function ends(values) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high];
  }

  /**
   * The row of levels: baseline as a ring above, candidate as a dot below.
   * @param {Scale} scale
   * @param {Interval | null} baseline
   * @param {Interval | null} candidate
   */
  function level(scale, baseline, candidate) {
    const above = baseline ? ABOVE : ALONE;
    const below = baseline ? BELOW : ALONE;
    return {
      grid: grid(scale),
      baseline_rule: baseline ? rule(scale, baseline, above) : "",
      baseline_mark: baseline ? dot(scale, baseline, above, 4) : "",
      rule: candidate ? rule(scale, candidate, below) : "",
      mark: candidate ? dot(scale, candidate, below, 4.6) : "",
    };
  }

  /**
   * The row of the change: a triangle beyond chance, a ring otherwise, an arrow head where it runs off the axis.
   * @param {Scale} scale
   * @param {Interval | null} interval
   * @param {string} verdict
   * @param {string} support
   */
  function change(scale, interval, verdict, support) {
    const drawn = { grid: grid(scale), zero: "", band: "", rule: "", mark: "", verdict };
    if (holds(scale, 0)) drawn.zero = `M${text(at(scale, 0))} 0V${HEIGHT}`;
    if (!interval) return drawn;
    drawn.rule = rule(scale, interval, ALONE);
    if (support !== "decide" && interval.low !== null && interval.high !== null) {
      const left = text(at(scale, interval.low));
      const right = text(at(scale, interval.high));
      drawn.band = `M${left} ${ALONE - 4}H${right}V${ALONE + 4}H${left}Z`;
    }
    const x = at(scale, interval.value);
    if (!holds(scale, interval.value)) drawn.mark = arrow(x, ALONE, interval.value < scale.low ? -1 : 1);
    else if (verdict === "worse") drawn.mark = `M${text(x - 5)} ${ALONE - 4}h10l-5 8.6z`;
    else if (verdict === "better") drawn.mark = `M${text(x - 5)} ${ALONE + 4}h10l-5 -8.6z`;
    else drawn.mark = circle(x, ALONE, 4);
    return drawn;
  }

  /**
   * The row of a version over a selection: its value there with its interval, and a tick at the value of the rest.
   * @param {Scale} scale
   * @param {Interval | null} here
   * @param {number | null} rest
   */
  function selected(scale, here, rest) {
    const { grid: lines, rule: reach, mark } = level(scale, null, here);
    return { grid: lines, rule: reach, mark, tick: rest === null ? "" : `M${text(at(scale, rest))} ${ALONE - 9}V${ALONE + 9}` };
  }

  /**
   * The row of a count before (null: one version alone) and now, on the axis from 0 to `most`.
   * @param {number} most
   * @param {number | null} before
   * @param {number} after
   */
  function counts(most, before, after) {
    const y = COUNT_HEIGHT / 2;
    const place = (n) => pixel(PAD + (n / most) * (COUNT_WIDTH - 2 * PAD));
    const dot = circle(place(after), y, 4.6);
    if (before === null) return { way: "", ring: "", dot };
    return { way: `M${text(place(before))} ${y}H${text(place(after))}`, ring: circle(place(before), y, 4), dot };
  }

  window.reportgen.rowPlots = { level, change, selected, counts, levelScale, changeScale };
})();
