/**
 * What a version finds at a cut-off, and how two differ there, from the counts of reportgen/site/cutoff_chunks.py;
 * tests/contract/cutoffs.json holds this and Python to the same cases. No page in here.
 *
 * @typedef {object} Shared what holds for every class (chunk `cutoffs`)
 * @property {string[]} versions the candidate, then the baseline
 * @property {string[]} classes
 * @property {{id: string, name: string, opening: string}[]} slices
 * @property {number | null} second position of the slice that stands beside the chosen one
 * @property {number[]} grid the cut-offs
 * @property {{class: string, slice: string, cutoff: number}} start
 * @property {Record<string, string>} sentences
 * @property {string[]} goals
 * @property {number} quantile of the normal distribution, for the level of the intervals
 * @property {string} level "95%"
 * @property {number} show fewer samples have no share
 * @property {boolean} weighted whether samples have weights: shares go by them
 * @property {string} things
 * @property {boolean} costs
 *
 * @typedef {object} Entry one version in one slice, an entry a cut-off
 * @property {number} n_class
 * @property {number} n_other
 * @property {number[]} found
 * @property {number[]} false
 * @property {number[]} [recall] only with weights
 * @property {number[]} [precision]
 * @property {(number | null)[]} [recall_width] only with groups or weights: z² ÷ n
 * @property {(number | null)[]} [precision_width]
 * @property {(number | null)[]} [cost] only with costs
 * @property {(number | null)[]} [cost_low]
 * @property {(number | null)[]} [cost_high]
 *
 * @typedef {object} Match for one goal, an entry a cut-off of the baseline: the candidate at the same, or no worse in it
 * @property {number[]} at the positions of those cut-offs on the grid
 * @property {number} n_class
 * @property {number} n_other
 * @property {boolean} apart whether a version has a score for more samples than both have
 * @property {(number | null)[]} cutoff
 * @property {(number | null)[]} found
 * @property {(number | null)[]} false
 * @property {number[]} base_found
 * @property {number[]} base_false
 * @property {(number | null)[]} [delta_recall] candidate minus baseline; none where it is never defined, as the rest
 *   and as the limits of what the versions are matched in
 * @property {(number | null)[]} [recall_low]
 * @property {(number | null)[]} [recall_high]
 * @property {(number | null)[]} [delta_false_alarm_rate]
 * @property {(number | null)[]} [false_alarm_rate_low]
 * @property {(number | null)[]} [false_alarm_rate_high]
 * @property {(number | null)[]} [delta_cost]
 * @property {(number | null)[]} [cost_low]
 * @property {(number | null)[]} [cost_high]
 *
 * @typedef {{value: number, low: number, high: number, n: number}} Rate
 * @typedef {{delta: number, ends: [number, number] | null}} Difference candidate minus baseline
 * @typedef {object} Reading one version at one cut-off
 * @property {string} version
 * @property {string} role
 * @property {number} cutoff
 * @property {number} found
 * @property {number} missed
 * @property {number} false
 * @property {number} rest
 * @property {Rate | null} foundRate
 * @property {Rate | null} rightRate
 * @property {Rate | null} cost
 * @property {string} [both] which samples it is over, where they are not all of the version's own
 */
window.reportgen = window.reportgen || {};

(() => {
  "use strict";
  const { numbers, intervals } = window.reportgen;
  const DOT = 9;
  const GAP = 4;
  const LISTED = 20;
  const HEIGHT = 220; // of the chart's plot, in pixels
  const ROLES = ["candidate", "baseline"];
  const WEIGHED = ["recall", "false_alarms"]; // the goals whose sentence is of counts, or else of weighted shares

  /**
   * A sentence with its gaps filled; what fills a gap is not read for gaps again.
   * @param {string} sentence
   * @param {Record<string, string>} values
   */
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  /**
   * A cut-off as it is printed, with the two to four decimals that it has: "0.74", "0.8612". Where four do not say what
   * it says, the next lower number. Numbers are alike where scores are: both rounded to Float32.
   * @param {number} cutoff
   * @returns {string}
   */
  function cutoffText(cutoff) {
    let text = numbers.plain(cutoff, 4);
    if (Math.fround(Number(text)) !== Math.fround(cutoff)) {
      const lower = Math.floor(cutoff * 10000);
      if (lower === 0) return `< ${numbers.plain(0.0001, 4)}`;
      if (lower === 9999) return `> ${numbers.plain(0.9999, 4)}`;
      text = numbers.plain(lower / 10000, 4);
    }
    return text.replace(/0{1,2}$/, "");
  }

  /** The path of the first dots as circles, and that of the rest as crosses, ten in a line. */
  function dotPaths(well, total = 100) {
    let circles = "";
    let crosses = "";
    for (let i = 0; i < total; i++) {
      const x = (i % 10) * (DOT + GAP);
      const y = Math.floor(i / 10) * (DOT + GAP);
      if (i < well) circles += `M${x} ${y + 4.5}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z`;
      else crosses += `M${x + 1} ${y + 1}l7 7M${x + 8} ${y + 1}l-7 7`;
    }
    return [circles, crosses];
  }

  /**
   * A share with its interval; none where there are too few to go by.
   * @param {Shared} shared @param {number} x @param {number} n
   * @param {number | null | undefined} width null: not known; undefined: that of n alone
   * @param {number} [value] where it is not x ÷ n
   * @returns {Rate | null}
   */
  function rate(shared, x, n, width, value) {
    if (n < shared.show || n === 0 || width === null) return null;
    const p = value === undefined ? x / n : value;
    const [low, high] = intervals.wilson(p, width === undefined ? shared.quantile ** 2 / n : width);
    return { value: p, low, high, n };
  }

  /**
   * A version at a cut-off of the grid.
   * @param {Shared} shared @param {Entry} entry @param {number} version position @param {number} i of the cut-off
   * @returns {Reading}
   */
  function read(shared, entry, version, i) {
    const [found, wrong] = [entry.found[i], entry.false[i]];
    const cost = entry.cost && entry.cost_low && entry.cost_high ? [entry.cost[i], entry.cost_low[i], entry.cost_high[i]] : [null];
    const n = entry.n_class + entry.n_other;
    return {
      version: shared.versions[version],
      role: ROLES[version],
      cutoff: shared.grid[i],
      found,
      missed: entry.n_class - found,
      false: wrong,
      rest: entry.n_other - wrong,
      foundRate: rate(shared, found, entry.n_class, at(entry.recall_width, i), entry.recall && entry.recall[i]),
      rightRate: rate(shared, found, found + wrong, at(entry.precision_width, i), entry.precision && entry.precision[i]),
      cost: cost.includes(null) || n < shared.show ? null : { value: Number(cost[0]), low: Number(cost[1]), high: Number(cost[2]), n },
    };
  }

  /** @param {(number | null)[] | undefined} list @param {number} i */
  const at = (list, i) => (list ? list[i] : undefined);

  /**
   * The candidate where it is no worse than the baseline in a goal; null where it is nowhere. Its cut-off lies between
   * those of the grid: with groups its intervals are as wide, a sample, as at the nearest one.
   * @param {Shared} shared @param {Entry} entry the candidate's @param {Match} match @param {number} k entry of the match
   * @returns {Reading | null}
   */
  function matched(shared, entry, match, k) {
    const [cutoff, found, wrong] = [match.cutoff[k], match.found[k], match.false[k]];
    if (cutoff === null || found === null || wrong === null) return null;
    const near = nearest(shared.grid, cutoff);
    const scaled = (/** @type {(number | null)[] | undefined} */ widths, /** @type {number} */ was, /** @type {number} */ is) => {
      const width = at(widths, near);
      if (shared.weighted || width === null) return null;
      return width === undefined ? undefined : (width * was) / is;
    };
    const said = entry.found[near] + entry.false[near];
    return {
      version: shared.versions[0],
      role: ROLES[0],
      cutoff,
      found,
      missed: match.n_class - found,
      false: wrong,
      rest: match.n_other - wrong,
      foundRate: rate(shared, found, match.n_class, scaled(entry.recall_width, entry.n_class, match.n_class)),
      rightRate: rate(shared, found, found + wrong, scaled(entry.precision_width, said, found + wrong)),
      cost: null,
      both: bothText(shared, match),
    };
  }

  /** Which samples a match is over, where one of the versions has a score for more. @param {Shared} shared @param {Match} match */
  function bothText(shared, match) {
    return match.apart ? fill(shared.sentences.both, { n: numbers.count(match.n_class + match.n_other), things: shared.things }) : "";
  }

  /** @param {number[]} grid @param {number} cutoff @returns {number} the position of the nearest, the lower of two */
  function nearest(grid, cutoff) {
    let best = 0;
    for (let i = 1; i < grid.length; i++) if (Math.abs(grid[i] - cutoff) < Math.abs(grid[best] - cutoff) - 1e-12) best = i;
    return best;
  }

  /** The entry of a match whose cut-off of the baseline is nearest. @param {Match} match @param {number} i position on the grid */
  const entryOf = (match, i) => nearest(match.at, i);

  /** @param {Shared} shared @param {Rate | null} share */
  function shareText(shared, share) {
    if (!share) return "";
    const interval = numbers.interval(share.low, share.high, "rate");
    return fill(shared.sentences.share, { rate: numbers.rate(share.value), level: shared.level, interval });
  }

  /** @param {Shared} shared @param {Reading} one @param {string} klass */
  function valuesOf(shared, one, klass) {
    return {
      n: numbers.count(one.found + one.missed),
      things: shared.things,
      class: klass,
      found: numbers.count(one.found),
      found_share: shareText(shared, one.foundRate),
      missed: numbers.count(one.missed),
      said: numbers.count(one.found + one.false),
      right_share: shareText(shared, one.rightRate),
      false: numbers.count(one.false),
    };
  }

  /** What a version does at its cut-off: a head and a sentence. */
  function said(shared, one, klass) {
    const name = one.found + one.missed ? (one.found + one.false ? "reading" : "silent") : one.found + one.false ? "absent" : "nothing";
    return {
      head: fill(shared.sentences.head, { version: one.version, cutoff: cutoffText(one.cutoff), both: one.both ?? "" }),
      text: fill(shared.sentences[name], valuesOf(shared, one, klass)),
    };
  }

  /** What the versions find in the slice beside the chosen one. @param {Shared} shared @param {Reading[]} readings */
  function second(shared, readings, klass, where) {
    const values = (one) => ({ ...valuesOf(shared, one, klass), where, version: one.version });
    const ofClass = (one) => one.found + one.missed;
    const rest = (one) => (ofClass(one) === ofClass(readings[0]) ? "second_baseline" : "second_apart");
    return readings.map((one, i) => fill(shared.sentences[i ? rest(one) : "second"], values(one))).join(" ");
  }

  /**
   * A difference; null where it is not defined or rests on too few samples. What the versions are matched in has no
   * interval: it is held equal.
   * @param {Shared} shared @param {Match} match @param {string} name @param {number} k entry of the match @param {number} n
   * @returns {Difference | null}
   */
  function difference(shared, match, name, k, n) {
    const [delta, low, high] = [`delta_${name}`, `${name}_low`, `${name}_high`].map((key) => at(match[key], k) ?? null);
    if (delta === null || n < shared.show) return null;
    return { delta, ends: low === null || high === null ? null : [low, high] };
  }

  /** @param {Difference | null} found @param {"rate" | "number"} unit @returns {string} its interval, where it has one */
  const intervalText = (found, unit) => (found && found.ends ? numbers.differenceInterval(found.ends[0], found.ends[1], unit) : "");

  /** The difference of a share with n, and with its interval where it has one; of too few samples n alone. @param {Shared} shared @param {string} sentence @param {Difference | null} found @param {number} n */
  function change(shared, sentence, found, n) {
    if (!found) return fill(n ? shared.sentences.few : shared.sentences.none, { n: numbers.count(n) });
    return fill(shared.sentences[found.ends ? sentence : `${sentence}_alone`], {
      delta: numbers.difference(found.delta, "rate"),
      weighted: shared.weighted ? shared.sentences.weighted : "",
      things: shared.things,
      level: shared.level,
      interval: intervalText(found, "rate"),
      n: numbers.count(n),
      clear: found.ends && found.ends[0] <= 0 && found.ends[1] >= 0 ? shared.sentences.unclear : "",
    });
  }

  /** The candidate against the baseline at the same cut-off, or where it is no worse in a goal. @param {Shared} shared @param {string} goal @param {Match} match @param {number} k entry of the match */
  function trade(shared, goal, match, k) {
    const names = { candidate: shared.versions[0], baseline: shared.versions[1], both: bothText(shared, match) };
    const [cutoff, found, wrong] = [match.cutoff[k], match.found[k], match.false[k]];
    if (cutoff === null || found === null || wrong === null) {
      return fill(shared.sentences[goal === "recall" && !match.base_found[k] ? "unasked" : "unreached"], names);
    }
    return fill(shared.sentences[shared.weighted && WEIGHED.includes(goal) ? `${goal}_weighted` : goal], {
      ...names,
      things: shared.things,
      more_found: numbers.moreOrFewer(found - match.base_found[k]),
      more_false: numbers.moreOrFewer(wrong - match.base_false[k]),
      found_change: change(shared, "found_change", difference(shared, match, "recall", k, match.n_class), match.n_class),
      false_change: change(shared, "false_change", difference(shared, match, "false_alarm_rate", k, match.n_other), match.n_other),
      cutoff: cutoffText(cutoff),
      n_false: numbers.count(match.base_false[k]),
    });
  }

  /** The candidate less the baseline as a line of the table; null where the goal is not reached. @param {Shared} shared @param {Match} match @param {number} k entry of the match @param {string} where */
  function changeCells(shared, match, k, where) {
    const [cutoff, found, wrong] = [match.cutoff[k], match.found[k], match.false[k]];
    if (cutoff === null || found === null || wrong === null) return null;
    const ends = { baseline: cutoffText(shared.grid[match.at[k]]), candidate: cutoffText(cutoff) };
    const recall = difference(shared, match, "recall", k, match.n_class);
    const alarms = difference(shared, match, "false_alarm_rate", k, match.n_other);
    const cost = difference(shared, match, "cost", k, match.n_class + match.n_other);
    const more = found - match.base_found[k];
    const points = recall ? fill(shared.sentences.points, { delta: numbers.difference(recall.delta, "rate") }) : numbers.moreOrFewer(more);
    return {
      version: shared.sentences.change,
      where: where + bothText(shared, match),
      cutoff: ends.baseline === ends.candidate ? ends.candidate : fill(shared.sentences.ends, ends),
      found: match.n_class ? points : numbers.MISSING,
      found_interval: intervalText(recall, "rate"),
      missed: match.n_class ? numbers.moreOrFewer(-more) : numbers.MISSING,
      false: numbers.moreOrFewer(wrong - match.base_false[k]),
      false_interval: alarms
        ? fill(shared.sentences[alarms.ends ? "false_ends" : "false_ends_alone"], {
            delta: numbers.difference(alarms.delta, "rate"),
            interval: intervalText(alarms, "rate"),
            n: numbers.count(match.n_other),
          })
        : "",
      right: numbers.MISSING,
      right_interval: "",
      n: numbers.count(match.n_class),
      cost: cost ? numbers.difference(cost.delta, "number") : numbers.MISSING,
      cost_interval: intervalText(cost, "number"),
    };
  }

  /** The cells of the table's line. @param {Reading} one @param {string} where */
  function cells(one, where) {
    const told = (share, n, of) => (share ? numbers.rate(share.value) : of ? `${numbers.count(n)} of ${numbers.count(of)}` : numbers.MISSING);
    const ends = (share) => (share ? numbers.interval(share.low, share.high, "rate") : "");
    return {
      version: one.version,
      where: where + (one.both ?? ""),
      cutoff: cutoffText(one.cutoff),
      found: told(one.foundRate, one.found, one.found + one.missed),
      found_interval: ends(one.foundRate),
      n_found: numbers.count(one.found),
      missed: numbers.count(one.missed),
      false: numbers.count(one.false),
      false_interval: "",
      rest: numbers.count(one.rest),
      right: told(one.rightRate, one.found, one.found + one.false),
      right_interval: ends(one.rightRate),
      n: numbers.count(one.found + one.missed),
      cost: one.cost ? numbers.value(one.cost.value, "number") : numbers.MISSING,
      cost_interval: one.cost ? numbers.interval(one.cost.low, one.cost.high, "number") : "",
    };
  }

  /** A hundred of the class, or a hundred alarms, rounded from the share. @param {Rate | null} share */
  function hundred(share) {
    const well = share ? Math.floor(share.value * 100 + 0.5) : null;
    return { well, paths: dotPaths(well === null ? 0 : well, well === null ? 0 : 100) };
  }

  /**
   * The rows of the chart, as reportgen/site/charts/cutoff_curves.py has them.
   * @param {Shared} shared
   * @param {(Entry | null)[]} entries the candidate's, the baseline's
   * @param {(Reading | null)[]} readings where each stands
   */
  function curveRows(shared, entries, readings) {
    const rows = [{ t: "across", text: "cut-off: how sure it has to be to say so" }];
    const step = Math.max(1, Math.round(shared.grid.length / LISTED));
    const points = entries.map((entry, v) => (entry ? shared.grid.map((_, i) => read(shared, entry, v, i)) : null));
    shared.grid.forEach((cutoff, i) => {
      const row = { t: i % step ? "point" : "row", x: cutoff, cut: numbers.plain(cutoff, 2) };
      for (const [v, prefix] of [[0, ""], [1, "base_"]]) {
        const one = points[v] ? points[v][i] : null;
        Object.assign(row, fields(`${prefix}found`, one && one.foundRate), fields(`${prefix}right`, one && one.rightRate));
      }
      rows.push(row);
    });
    readings.forEach((one, v) => {
      if (!one || !points[v]) return;
      rows.push({ t: `at-${ROLES[v]}`, x: one.cutoff, y: 0, y2: 100 });
      for (const share of [one.foundRate, one.rightRate]) {
        if (share) rows.push({ t: `dot-${ROLES[v]}`, x: one.cutoff, y: share.value * 100 });
      }
    });
    return points[0] ? [...rows, ...nameRows(points[0])] : rows;
  }

  /** @param {string} name @param {Rate | null} share */
  function fields(name, share) {
    if (!share) return { [name]: null, [`${name}_low`]: null, [`${name}_high`]: null, [`${name}_text`]: numbers.MISSING, [`${name}_n`]: numbers.MISSING };
    return {
      [name]: share.value * 100,
      [`${name}_low`]: share.low * 100,
      [`${name}_high`]: share.high * 100,
      [`${name}_text`]: `${numbers.rate(share.value)} ${numbers.interval(share.low, share.high, "rate")}`,
      [`${name}_n`]: numbers.count(share.n),
    };
  }

  /** What the two curves are, beside their ends. @param {Reading[]} points */
  function nameRows(points) {
    const ends = ["rightRate", "foundRate"].map((key) => {
      const known = points.map((one) => one[key]).filter(Boolean);
      return HEIGHT * (1 - (known.length ? known[known.length - 1].value : 0));
    });
    const missing = 36 - Math.abs(ends[0] - ends[1]);
    const up = missing <= 0 ? 0 : ends[0] <= ends[1] ? missing / 2 : -missing / 2;
    const places = [ends[0] - up, ends[1] + up];
    const over = Math.min(0, HEIGHT - 18 - Math.max(...places));
    const under = Math.max(0, 10 - Math.min(...places));
    return [["alarms right", "precision"], ["found", "recall"]].flatMap(([name, term], i) => {
      const y = ((HEIGHT - places[i] - over - under) / HEIGHT) * 100;
      return [{ t: "name", y, text: name }, { t: "term", y, text: term }];
    });
  }

  window.reportgen.cutoffs = { fill, cutoffText, dotPaths, read, matched, nearest, entryOf, said, second, trade, cells, changeCells, hundred, curveRows };
})();
