/**
 * The rows of the Overview's charts of flips for two versions that it was not built for, as
 * reportgen/site/charts/flips.py and shares.py make them for the built ones. No page in here.
 *
 * @typedef {{rows: Record<string, unknown>[], table: string[][]}} Shown
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";

  const { numbers, wording } = window.reportgen;
  const [TOP, TOP_HEIGHT, ZOOM, ZOOM_HEIGHT] = [22, 26, 82, 36];
  const SEAM = 1.5; // px between two bars
  const SIZE = 12;
  const LEAST = 0.01;
  const WIDER = 1.02;

  const word = (t, text) => ({ t, text });
  const shareText = (n, total) => `${numbers.count(n)} · ${numbers.rate(n / total)}`;

  /** What the four outcomes are called. */
  function wordsOf({ said, names }, { data, say, pair }) {
    if (!data.classes) return said;
    const [baseline, candidate] = [pair.baseline, pair.candidate].map((name) => names[name]);
    return { ...said, how_broken: say("how_broken", { baseline, candidate }), how_fixed: say("how_fixed", { baseline, candidate }) };
  }

  /**
   * @param {{both_right: number, newly_fixed: number, newly_broken: number, both_wrong: number, n: number}} counts
   * @param {any} frame of the chart
   * @param {{data: any, say: (name: string, given?: any) => string, pair: {baseline: string, candidate: string}}} how
   * @returns {Shown} All samples in one bar, those that changed in another.
   */
  function flips(counts, frame, how) {
    const said = wordsOf(frame, how);
    const { n: total, newly_broken: broken, newly_fixed: fixed, both_right: right, both_wrong: wrong } = counts;
    const newly = how.data.classes ? "newly " : "";
    const named = [[said.both_right, right], [newly + said.broken, broken], [newly + said.fixed, fixed], [said.both_wrong, wrong]];
    const table = named.map(([name, n]) => [
      wording.capital(String(name)), numbers.count(Number(n)), total ? numbers.rate(Number(n) / total) : numbers.MISSING,
    ]);
    const nouns = how.data.nouns[1];
    if (!total) return { rows: [word("all", `No ${nouns} that both versions scored`)], table };
    const changed = broken + fixed;
    const [first, second] = [right / total, (right + changed) / total];
    const seam = SEAM / frame.room;
    const bar = (start, end, colour, y, height) => ({ t: "bar", start, end, y, y2: y + height, fill: frame.fills[colour] });
    const rows = [[0, first, "line2"], [first, second, "ink"], [second, 1, "mute"]]
      .filter(([start, end]) => Number(end) - Number(start) > seam)
      .map(([start, end, colour]) => bar(start, Number(end) - (Number(end) < 1 ? seam : 0), colour, TOP, TOP_HEIGHT));
    rows.push(...captions(counts, said, frame, nouns, frame.room * first));
    if (!changed) return { rows: [...rows, word("changed", `No ${nouns} changed`)], table };
    const share = fixed / changed;
    const sides = [[0, share - (share < 1 ? seam : 0), "better-mark"], [share, 1, "worse-mark"]];
    rows.push(...sides.filter(([start, end]) => end > start).map(([start, end, colour]) => bar(start, end, colour, ZOOM, ZOOM_HEIGHT)));
    rows.push(...[[first, 0], [second, 1]].map(([start, end]) => ({ t: "zoom", start, end, y: TOP + TOP_HEIGHT + 1, y2: ZOOM - 1 })));
    rows.push(
      word("changed", `${numbers.count(changed)} changed · ${numbers.rate(changed / total)}`),
      word("better", `${numbers.count(fixed)} ${said.fixed}`), word("worse", `${numbers.count(broken)} ${said.broken}`),
      word("how-better", said.how_fixed), word("how-worse", said.how_broken),
    );
    return { rows, table };
  }

  /** What the ends of the first bar are: the longer part inside it where it has room, else both above it. */
  function captions({ n: total, both_right: right, both_wrong: wrong }, said, { widths, room: whole }, nouns, room) {
    const width = (text, bold) => wording.width(widths, text, SIZE, bold);
    let [one, other] = [`${said.both_right}: ${shareText(right, total)}`, `${said.both_wrong}: ${shareText(wrong, total)}`];
    if (width(one, true) + 16 < room) return [word("all", `All ${numbers.count(total)} ${nouns}`), word("inside", one), word("wrong", other)];
    if (width(one, false) + width(other, false) + 12 > whole) {
      one = `${said.both_right}: ${numbers.rate(right / total)}`;
      other = `${said.both_wrong}: ${numbers.rate(wrong / total)}`;
    }
    return [word("all", one), word("wrong", other)];
  }

  /**
   * @param {{name: string, n: number, of: number, all: number, of_all: number}[]} parts
   * @param {any} frame of the chart, with the same parts
   * @returns {Shown} Each part's share of the broken ones, and of all.
   */
  function shares(parts, frame) {
    const ratio = (n, of) => (of ? n / of : 0);
    const rows = parts.map(({ n, of, all, of_all: whole }, row) => {
      const [share, other] = [ratio(n, of), ratio(all, whole)];
      const { name, rest, out } = frame.parts[row];
      return { t: "row", row, name, rest, out, zero: 0, share, all: other, figure: numbers.rate(share), versus: `vs ${numbers.rate(other)}` };
    });
    const top = Math.max(LEAST, ...rows.flatMap((row) => [row.share, row.all]));
    const table = parts.map(({ name, n, all }, i) => [
      wording.clean(name), numbers.count(n), rows[i].figure, numbers.count(all), numbers.rate(rows[i].all),
    ]);
    return { rows: [{ t: "axis", ends: [0, top * WIDER], ticks: [], labels: [] }, ...rows], table };
  }

  window.reportgen.flipCharts = { flips, shares };
})();
