/**
 * Sequences of frames: their order, what a version made of each, the strips that say where errors lie, and the words
 * beside them, as reportgen/site/sequences.py has them. No page in here.
 *
 * @typedef {object} Order the frames, sequence by sequence and by number; stills are in none
 * @property {Uint32Array} rows
 * @property {Int32Array} missing frames that seem to be missing before each
 * @property {Float64Array} number
 * @property {Int32Array} place of each row among the frames; -1: a still
 * @property {number[]} begins where each sequence begins, by code, and the end
 *
 * @typedef {object} Judged what a version made of the samples
 * @property {ArrayLike<number>} states reportgen.outcomes.judge
 * @property {(row: number) => number} loss
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";
  const WIDE = 1.5;
  const HIGH = 20;
  const FOOT = 6;
  const [LOW, WRONG] = [3, 6];
  const [GAP, GAP_SHARE] = [3, 0.05];
  const { numbers, outcomes } = window.reportgen;

  /**
   * @param {ArrayLike<number>} codes of the sequences, plus one; 0: a still
   * @param {ArrayLike<number>} frames their numbers
   * @param {number} n how many sequences
   * @returns {Order}
   */
  function order(codes, frames, n) {
    const place = new Int32Array(codes.length).fill(-1);
    const inside = [];
    for (let row = 0; row < codes.length; row++) if (codes[row]) inside.push(row);
    inside.sort((a, b) => codes[a] - codes[b] || frames[a] - frames[b]);
    const rows = Uint32Array.from(inside);
    const begins = new Array(n + 1).fill(rows.length);
    for (let i = rows.length - 1; i >= 0; i--) {
      place[rows[i]] = i;
      begins[codes[rows[i]] - 1] = i;
    }
    for (let code = n - 1; code >= 0; code--) begins[code] = Math.min(begins[code], begins[code + 1]);
    const number = Float64Array.from(rows, (row) => frames[row]);
    const missing = new Int32Array(rows.length);
    for (let code = 0; code < n; code++) {
      const [begin, end] = [begins[code], begins[code + 1]];
      const steps = Array.from(number.subarray(begin + 1, end), (one, i) => one - number[begin + i]).sort((a, b) => a - b);
      const usual = steps[(steps.length - 1) >> 1];
      for (let i = begin + 1; i < end; i++) {
        const wide = (number[i] - number[i - 1]) / usual;
        if (wide > WIDE) missing[i] = even(wide) - 1;
      }
    }
    return { rows, missing, number, place, begins };
  }

  /** @param {number} value @returns {number} The nearest whole number, a half to the even one. */
  function even(value) {
    const low = Math.floor(value);
    return value - low === 0.5 ? low + (low % 2) : Math.round(value);
  }

  /**
   * @param {Order} frames @param {number} begin @param {number} end @param {Judged} judged
   * @param {ArrayLike<number> | null} flips reportgen.outcomes.flips against the baseline
   */
  function measure(frames, begin, end, judged, flips) {
    const found = { n: end - begin, missing: 0, scored: 0, wrong: 0, mean: /** @type {number | null} */ (null), run: 0, first: 0, last: 0, broken: 0, fixed: 0 };
    let sum = 0;
    let run = 0;
    for (let i = begin; i < end; i++) {
      const row = frames.rows[i];
      const state = judged.states[row];
      found.missing += frames.missing[i];
      if (frames.missing[i]) run = 0;
      if (state !== outcomes.NONE) {
        found.scored++;
        sum += judged.loss(row);
      }
      run = state === outcomes.WRONG ? run + 1 : 0;
      if (run) found.wrong++;
      if (run > found.run) Object.assign(found, { run, first: frames.number[i - run + 1], last: frames.number[i] });
      if (flips && flips[row] === outcomes.FLIP.newly_broken) found.broken++;
      if (flips && flips[row] === outcomes.FLIP.newly_fixed) found.fixed++;
    }
    if (found.scored) found.mean = sum / found.scored;
    return found;
  }

  /** @param {Order} frames @param {number} begin @param {number} end @param {number} most @returns {{places: Int32Array, n: number}} The place of each frame on its strip. */
  function placed(frames, begin, end, most) {
    const widest = Math.max(GAP, Math.ceil(GAP_SHARE * (end - begin)));
    const places = new Int32Array(end - begin);
    for (let i = 1; i < places.length; i++) places[i] = places[i - 1] + 1 + Math.min(frames.missing[begin + i], widest);
    const n = places[places.length - 1] + 1;
    if (n <= most) return { places, n };
    return { places: places.map((one) => Math.floor((one * most) / n)), n: most };
  }

  /** @param {number} value @returns {string} Two decimals at most. */
  const text = (value) => String(Math.floor(value * 100 + 0.5) / 100);

  /** @param {number} x @param {number} top @param {number} high @param {number} [wide] @param {number} [air] @returns {string} */
  const bar = (x, top, high, wide = 0.8, air = 0.1) => `M${text(x + air)} ${text(top)}h${text(wide)}v${text(high)}h-${text(wide)}z`;

  /**
   * One version's strip.
   * @param {Order} frames @param {number} begin @param {number} end @param {Judged} judged
   * @param {{scale: number, most: number}} how
   * @returns {{n: number, places: Int32Array, paths: Record<string, string>}} SVG paths over `n` columns of width 1
   */
  function strip(frames, begin, end, judged, { scale, most }) {
    const { places, n } = placed(frames, begin, end, most);
    const bins = Array.from({ length: n }, () => ({ n: 0, scored: 0, wrong: 0, worst: 0 }));
    places.forEach((x, i) => {
      const row = frames.rows[begin + i];
      const bin = bins[x];
      bin.n++;
      if (judged.states[row] === outcomes.NONE) return;
      bin.scored++;
      bin.worst = Math.max(bin.worst, judged.loss(row));
      if (judged.states[row] === outcomes.WRONG) bin.wrong++;
    });
    const paths = { line: "", right: "", worst: "", wrong: "", ticks: "", silent: "" };
    bins.forEach((bin, x) => {
      if (!bin.n) return;
      paths.line += bar(x, HIGH, 1, 1, 0);
      let high = Math.min(1, bin.worst / scale) * HIGH;
      if (!bin.scored) paths.silent += bar(x, HIGH / 2 - 1, 2);
      else if (!bin.wrong) paths.right += bar(x, HIGH - Math.max(LOW, high), Math.max(LOW, high));
      else {
        high = Math.max(WRONG, high);
        const part = (high * bin.wrong) / bin.scored;
        if (bin.wrong < bin.scored) paths.worst += bar(x, HIGH - high, high);
        paths.wrong += bar(x, HIGH - part, part);
        paths.ticks += bar(x, HIGH + 3, FOOT - 3);
      }
    });
    return { n, places, paths };
  }

  /** @param {number} n @param {string} noun @returns {string} */
  const several = (n, noun) => `${numbers.count(n)} ${noun}${n === 1 ? "" : "s"}`;

  /** @param {number} number @param {boolean} seconds @returns {string} A frame's number, or its time. */
  const frameText = (number, seconds) => (seconds ? `${numbers.plain(number, 2)} s` : String(number));

  /** @param {number} first @param {number} last @param {boolean} seconds @returns {string} "3–7" */
  function rangeText(first, last, seconds) {
    if (first === last) return frameText(first, seconds);
    return `${frameText(first, seconds).replace(/ s$/, "")}–${frameText(last, seconds)}`;
  }

  /** @param {number} n @param {number} missing @returns {string} */
  const sizeText = (n, missing) => several(n, "frame") + (missing ? `, ${numbers.count(missing)} missing` : "");

  /** @param {any} meta @param {number} loss @returns {string} The size of an error, of those that have one. */
  function lossText(meta, loss) {
    if (meta.words.kind === "labels") return "";
    return meta.words.kind === "parts" ? `${numbers.rate(loss)} wrong` : `error ${numbers.value(loss, "number", meta.decimals)}`;
  }

  /** @param {any} meta @param {any} found of `measure` @returns {string} "5 of 12 wrong, 5 in a row (3–7); 4 newly broken" */
  function toldText(meta, found) {
    const { words } = meta;
    if (!found.scored) return "no predictions";
    let said = `${found.wrong ? numbers.count(found.wrong) : "none"} of ${numbers.count(found.scored)} ${words.wrong}`;
    if (found.run > 1) said += `, ${numbers.count(found.run)} in a row (${rangeText(found.first, found.last, meta.frames.seconds)})`;
    const mean = found.mean === null ? "" : lossText(meta, found.mean);
    if (mean) said += words.kind === "parts" ? `; ${mean} on average` : `; mean ${mean}`;
    const moved = [[found.broken, words.newly_broken], [found.fixed, words.newly_fixed]].filter(([n]) => n);
    return said + (moved.length ? `; ${moved.map(([n, what]) => `${numbers.count(n)} ${what}`).join(", ")}` : "");
  }

  /**
   * What is to be seen of a version: in how many sequences frames are wrong in a row, and the longest run.
   * @param {any} meta @param {{code: number, name: string, found: any}[]} all @param {string} version @param {number} least frames in a row
   * @param {boolean} paired whether the version is held against another
   */
  function keyText(meta, all, version, least, paired) {
    const said = runsText(meta, all, version, least);
    const { newly_broken: broken, newly_fixed: fixed } = meta.words;
    if (!paired) return said;
    const more = ranked(all.filter(({ found }) => found.broken > found.fixed), "broken");
    const [first] = more;
    if (!first) return `${said} In none are more frames ${broken} than ${fixed}.`;
    return `${said} ${numbers.count(more.length)} ${more.length === 1 ? "has" : "have"} more frames ${broken} than ${fixed}; most are in ${first.name}: ` +
      `${numbers.count(first.found.broken)} of ${numbers.count(first.found.n)}.`;
  }

  /** @param {any} meta @param {any[]} all @param {string} version @param {number} least @returns {string} */
  function runsText(meta, all, version, least) {
    const many = all.filter(({ found }) => found.run >= least).length;
    const { wrong } = meta.words;
    if (!many) return `In none of ${several(all.length, "sequence")} are ${least} frames in a row ${wrong} in ${version}.`;
    const longest = ranked(all, "broken").reduce((best, one) => (one.found.run > best.found.run ? one : best));
    const { run, first, last } = longest.found;
    const where = rangeText(first, last, meta.frames.seconds);
    return `${numbers.count(many)} of ${several(all.length, "sequence")} ${many === 1 ? "has" : "have"} ${least} frames or more in a row ${wrong} in ` +
      `${version}; the longest run is ${several(run, "frame")}, in ${longest.name} (${where}).`;
  }

  /** By what sequences are ordered; ties by what follows, in the end by name. */
  const BY = {
    broken: ["broken", "wrong", "mean"], wrong: ["wrong", "mean", "broken"], run: ["run", "wrong", "mean"], loss: ["mean", "wrong", "broken"],
  };

  /** @param {{code: number, found: any}[]} all @param {string} by @returns {any[]} The sequences in that order; codes are in the order of names. */
  function ranked(all, by) {
    const keys = BY[/** @type {keyof BY} */ (by)] || [];
    const size = (/** @type {any} */ one, /** @type {string} */ key) => one.found[key] || 0;
    return all.slice().sort((a, b) => {
      for (const key of keys) if (size(a, key) !== size(b, key)) return size(b, key) - size(a, key);
      return a.code - b.code;
    });
  }

  window.reportgen.sequences = { HIGH, FOOT, order, measure, strip, ranked, several, frameText, rangeText, sizeText, lossText, toldText, keyText };
})();
