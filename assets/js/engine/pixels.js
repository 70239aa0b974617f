/**
 * What pixels are taken for, over any samples: shares of a class's true pixels and how they differ between two versions, as
 * analysis/pixel_confusions.py has them. No page in here.
 *
 * @typedef {object} Version where it takes pixels of one class for which
 * @property {number[]} cells true class × how many names there are + what it is called, ascending
 * @property {number[]} begins where the entries of each cell begin, and the end
 * @property {ArrayLike<number>} sample row + 1 of each entry @property {ArrayLike<number>} n pixels + 1 of each entry
 *
 * @typedef {object} Told @property {string[]} names of classes, background and what is ignored @property {Version[]} versions
 *
 * @typedef {object} Space the samples that count
 * @property {Uint8Array} inside 1 for their rows
 * @property {ArrayLike<number> | null} group @property {ArrayLike<number> | null} weight
 *
 * @typedef {{target: number, prediction: number, n: number, of: number, share: number, low: number, high: number, samples: number, held: number}} Share
 *   `n` of the `of` true pixels, which so many samples have; `held`: those of them in which any is called so
 * @typedef {{target: number, prediction: number, before: number, after: number, of: number, was: number, is: number, delta: number,
 *   low: number, high: number, q: number, samples: number, verdict: import("./decide.js").Verdict}} Change of a share
 */
window.reportgen.define("pixels", () => {
  "use strict";

  const { decide, intervals } = window.reportgen;
  /** @type {[number, number]} */
  const UNIT = [0, 1];

  /** @param {any} meta the chunk "samples" @param {(name: string) => Promise<any>} load a chunk, unpacked once @returns {Promise<Told>} */
  async function read(meta, load) {
    const [{ names, versions }, ...columns] = await Promise.all([
      load("pixel-cells"),
      ...meta.versions.map((_, v) => Promise.all([load(`pixel-sample-${v}`), load(`pixel-n-${v}`)])),
    ]);
    return { names, versions: versions.map((one, v) => ({ ...one, sample: columns[v][0], n: columns[v][1] })) };
  }

  /** By true class, the places of a version's cells. */
  function byTarget({ cells }, k) {
    /** @type {number[][]} */
    const found = Array.from({ length: k }, () => []);
    cells.forEach((cell, place) => found[Math.floor(cell / k)].push(place));
    return found;
  }

  /** What sums go over: samples, or groups. */
  function unitsOf({ inside, group }) {
    let most = inside.length;
    if (group) most = group.reduce((largest, one) => Math.max(largest, one), 0) + 1;
    return { size: most, of: (/** @type {number} */ row) => (group ? group[row] : row) };
  }

  /** The true pixels of one class. @param {Version} one @param {number[]} places of its cells @param {Space} space */
  function wholeOf(one, places, space, units) {
    const w = new Float64Array(units.size);
    const seen = new Uint8Array(space.inside.length);
    let [samples, pixels] = [0, 0];
    for (const place of places) {
      for (let i = one.begins[place]; i < one.begins[place + 1]; i++) {
        const row = one.sample[i] - 1;
        if (!space.inside[row]) continue;
        if (!seen[row]) samples++;
        seen[row] = 1;
        pixels += one.n[i] - 1;
        w[units.of(row)] += (one.n[i] - 1) * (space.weight ? space.weight[row] : 1);
      }
    }
    let [filled, sum, square] = [0, 0, 0];
    for (const own of w) {
      if (own !== 0) filled++;
      sum += own;
      square += own * own;
    }
    return { w, seen, samples, pixels, units: filled, sum, square };
  }

  /** The pixels of one cell by unit: those that have any, and how many. @param {Float64Array} x empty, and left with them */
  function fill(one, place, space, units, x) {
    /** @type {number[]} */
    const touched = [];
    let [pixels, samples] = [0, 0];
    for (let i = one.begins[place]; i < one.begins[place + 1]; i++) {
      const row = one.sample[i] - 1;
      if (!space.inside[row]) continue;
      samples++;
      const unit = units.of(row);
      if (x[unit] === 0) touched.push(unit);
      pixels += one.n[i] - 1;
      x[unit] += (one.n[i] - 1) * (space.weight ? space.weight[row] : 1);
    }
    return { touched, pixels, samples };
  }

  function sumsOf(whole, x, touched, { group, weight }) {
    let [sum, xw, xx] = [0, 0, 0];
    for (const unit of touched) {
      sum += x[unit];
      xw += x[unit] * whole.w[unit];
      xx += x[unit] * x[unit];
    }
    return { n: whole.samples, units: whole.units, w: whole.sum, x: sum, ww: whole.square, xw, xx, weighted: weight !== null, grouped: group !== null };
  }

  /** The cells of one true class that any version fills: what it is called, and its place in each, -1 where it has none. */
  function together(ones, places, k) {
    const said = new Map();
    ones.forEach((one, side) => {
      for (const place of places[side]) {
        const called = one.cells[place] % k;
        if (!said.has(called)) said.set(called, ones.map(() => -1));
        said.get(called)[side] = place;
      }
    });
    return [...said].sort(([a], [b]) => a - b);
  }

  /**
   * Every cell that any of some versions fills, and all that they have of its class, class by class.
   * @param {Told} told @param {number[]} chosen versions @param {Space[]} spaces the samples that count of each, in the same groups
   * @returns {Generator<{target: number, prediction: number, wholes: any[], xs: Float64Array[], filled: {touched: number[], pixels: number, samples: number}[]} | null>}
   *   null: a class is done
   */
  function* cellsOf({ names, versions }, chosen, spaces) {
    const k = names.length;
    const ones = chosen.map((v) => versions[v]);
    const units = unitsOf(spaces[0]);
    const xs = chosen.map(() => new Float64Array(units.size));
    const targets = ones.map((one) => byTarget(one, k));
    for (let target = 0; target < k; target++) {
      const places = targets.map((own) => own[target]);
      if (!places.some((own) => own.length)) continue;
      const wholes = ones.map((one, side) => wholeOf(one, places[side], spaces[side], units));
      for (const [prediction, own] of together(ones, places, k)) {
        const filled = ones.map((one, side) => (own[side] < 0 ? { touched: [], pixels: 0, samples: 0 } : fill(one, own[side], spaces[side], units, xs[side])));
        if (filled.some(({ touched }) => touched.length)) yield { target, prediction, wholes, xs, filled };
        filled.forEach(({ touched }, side) => touched.forEach((unit) => (xs[side][unit] = 0)));
      }
      yield null;
    }
  }

  /**
   * @param {Told} told @param {number[]} chosen versions @param {Space[]} spaces samples that each scored @param {number} level
   * @returns {Generator<void, Share[][]>} by version every cell that any of them fills, of the classes that it has pixels of
   */
  function* shares(told, chosen, spaces, level) {
    /** @type {Share[][]} */
    const found = chosen.map(() => []);
    for (const cell of cellsOf(told, chosen, spaces)) {
      if (!cell) {
        yield;
        continue;
      }
      const { target, prediction, wholes, xs, filled } = cell;
      filled.forEach(({ touched, pixels, samples: held }, side) => {
        const whole = wholes[side];
        if (!whole.samples) return;
        const { value, low, high } = intervals.ratioInterval(sumsOf(whole, xs[side], touched, spaces[side]), { binary: false, level, bounds: UNIT });
        found[side].push({ target, prediction, n: pixels, of: whole.pixels, share: value, low, high, samples: whole.samples, held });
      });
    }
    return found;
  }

  /** Sums over what both versions have of one class. */
  function crossOf(wholes, xs, touched) {
    let [xx, xw, wx] = [0, 0, 0];
    for (const unit of touched[0]) {
      xx += xs[0][unit] * xs[1][unit];
      xw += xs[0][unit] * wholes[1].w[unit];
    }
    for (const unit of touched[1]) wx += wholes[0].w[unit] * xs[1][unit];
    return { xx, xw, wx };
  }

  /** What is of both versions' true pixels of one class, whichever cell. */
  function sharedOf(wholes) {
    let [n, units, ww] = [0, 0, 0];
    for (let row = 0; row < wholes[0].seen.length; row++) if (wholes[0].seen[row] || wholes[1].seen[row]) n++;
    for (let unit = 0; unit < wholes[0].w.length; unit++) {
      if (wholes[0].w[unit] !== 0 || wholes[1].w[unit] !== 0) units++;
      ww += wholes[0].w[unit] * wholes[1].w[unit];
    }
    return { n, units, ww };
  }

  /**
   * @param {Told} told @param {number[]} pair of versions @param {Space} space samples that both scored
   * @param {{level: number, grouped: boolean, support: import("./decide.js").Limits}} how
   * @returns {Generator<void, Change[]>} of every cell that either fills, all of which are one family
   */
  function* changes(told, pair, space, how) {
    /** @type {any[]} */
    const found = [];
    /** @type {any} */
    let shared = null;
    for (const cell of cellsOf(told, pair, [space, space])) {
      if (!cell) {
        shared = null;
        yield;
        continue;
      }
      const { target, prediction, wholes, xs, filled } = cell;
      shared = shared || sharedOf(wholes);
      const touched = filled.map((side) => side.touched);
      const [baseline, candidate] = wholes.map((whole, side) => sumsOf(whole, xs[side], touched[side], space));
      const sums = { baseline, candidate, ...shared, ...crossOf(wholes, xs, touched) };
      const moved = intervals.differenceInterval(sums, { binary: false, level: how.level, bounds: UNIT });
      const support = decide.support(shared, how.grouped, how.support);
      found.push({
        target, prediction, before: filled[0].pixels, after: filled[1].pixels, of: wholes[0].pixels, was: moved.before, is: moved.after,
        delta: moved.delta, low: moved.low, high: moved.high, samples: shared.n, p: decide.tested(support) ? moved.p : NaN, support,
      });
    }
    const q = decide.benjaminiHochberg(found.map((one) => one.p));
    return found.map(({ p, support, ...one }, i) => ({ ...one, q: q[i], verdict: decide.verdict(one.delta, q[i], support, one.target === one.prediction) }));
  }

  window.reportgen.pixels = { read, shares, changes };
});
