/**
 * The rows of the chart of errors of any two versions, as reportgen/site/charts/risk.py makes them for the built ones. No
 * page in here.
 *
 * @typedef {{x: number, y: number, text: string, ends: (number | null)[]}} Mark the point that the sentence speaks of
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers } = window.reportgen;

  /** Two heights in px, so far apart that both names can be read. */
  function spread([first, second], least) {
    const missing = least - Math.abs(first - second);
    if (missing <= 0) return [first, second];
    const up = first <= second ? missing / 2 : -missing / 2;
    return [first - up, second + up];
  }

  /** A curve's rows, and the lines of the table. */
  function pointsOf({ kept, n, wrong, low, high }, version, top) {
    const scaled = (value) => (value === null ? null : value * 100);
    return {
      rows: kept.map((share, i) => ({
        x: share * 100, wrong: wrong[i] * 100, wrong_low: scaled(low[i]), wrong_high: high[i] === null ? null : Math.min(high[i] * 100, top),
      })),
      cells: kept.map((share, i) => [
        version, numbers.rate(share, 0), numbers.count(n[i]), numbers.rate(wrong[i]), numbers.interval(low[i], high[i], "rate"),
      ]),
    };
  }

  /** @param {any} frame @param {string} version @returns {number} How many samples a version's curve is of. */
  const sizeOf = ({ curves }, version) => curves[version].points.n[curves[version].points.n.length - 1];

  /**
   * @param {any} frame of the chart
   * @param {{role: string, version: string}[]} shown the candidate, then the baseline, where they have a curve
   * @returns {{rows: Record<string, unknown>[], table: string[][]}}
   */
  function make({ axis: [low, high], height, apart, curves }, shown) {
    const own = shown.map(({ role, version }) => ({ role, ...curves[version], ...pointsOf(curves[version].points, version, high) }));
    const at = (value) => height - ((value - low) / (high - low)) * height;
    const ends = own.map(({ rows }) => at(rows[rows.length - 1].wrong));
    const places = ends.length === 2 ? spread(ends, apart) : ends;
    const names = own.map(({ role, end }, i) => ({ t: `end-${role}`, x: 100, y: low + ((height - places[i]) / height) * (high - low), text: end }));
    const marked = own.filter(({ mark }) => mark);
    const upper = marked.reduce((best, one) => (best && best.mark.y >= one.mark.y ? best : one), null);
    const marks = marked.flatMap((one) => {
      const { x, y, text } = one.mark;
      return [{ t: `mark-${one.role}`, x, y }, { t: `told-${one === upper ? "above" : "below"}`, x, y, text, role: one.role }];
    });
    const line = marked.length ? [{ t: "at", x: marked[0].mark.x, y: low, y2: high }] : [];
    return {
      rows: [
        ...own.flatMap(({ role, rows }) => rows.map((row) => ({ ...row, t: role }))), ...names, ...line, ...marks,
        { t: "across", text: "share it decides by itself, surest first" },
      ],
      table: own.flatMap(({ cells }) => cells),
    };
  }

  /** @param {any} frame @param {string} candidate @param {string} baseline @returns {"fewer" | "more" | "overlap" | null} Which makes fewer errors at the share spoken of; only intervals that are apart tell. */
  function compare({ curves }, candidate, baseline) {
    const [one, other] = [candidate, baseline].map((name) => (Object.hasOwn(curves, name) ? curves[name].mark : null));
    if (!one || !other || [...one.ends, ...other.ends].includes(null)) return null;
    if (one.ends[1] < other.ends[0]) return "fewer";
    return one.ends[0] > other.ends[1] ? "more" : "overlap";
  }

  window.reportgen.riskRows = { make, compare, sizeOf };
})();
