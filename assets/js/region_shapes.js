/* What is drawn over an opened example whose pixels are judged: regions of the truth, of each version, of what it gets wrong
   and of what changed between two, as box_shapes.js does for objects. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const SIGNS = {
    missed: "diamond", false: "cross", class: "swap", newly_missed: "down", newly_found: "up", newly_false: "cross", no_longer_false: "check",
    label_changed: "swap",
  };
  const SAID = ["missed", "false", "class", "marked"];
  const CHANGES = ["newly_missed", "newly_found", "newly_false", "no_longer_false", "label_changed"];
  /** Which ways a kind is hatched: down, up. @type {Record<string, [boolean, boolean]>} */
  const HATCHED = {
    missed: [true, false], false: [true, true], class: [false, true], newly_missed: [true, false], newly_false: [true, true], label_changed: [false, true],
  };
  const LINES = 60; // of a hatching, from one side of the picture to the other
  const MOST = 40; // regions of a class that stand alone; of more, and of small ones, the others are one
  const SMALL = 2000; // a region is small that has a smaller share of the cells than one in so many
  /** What hatches a sample in the legend: down, up. */
  const DOWN = "M1.5 7.5l7 7M4.5 3.5l11 11M11.5 3.5l7 7";
  const UP = "M8.5 3.5l-7 7M15.5 3.5l-11 11M18.5 7.5l-7 7";
  /** Regions by map, and by what is asked of it. @type {WeakMap<any, Map<string, any[]>>} */
  const made = new WeakMap();

  /**
   * @param {any} map samples.regions @param {string} name of what is asked
   * @param {(i: number) => number} keyOf a cell: -1, or the kind, its class and its other one as one number
   * @param {(key: number) => {kind: string, klass: number, other: number}} told @param {number | null} version
   * @returns {any[]} shapes, as box_shapes.js has them
   */
  function shapesOf(map, name, keyOf, told, version) {
    const known = made.get(map) || new Map();
    made.set(map, known);
    if (!known.has(name)) {
      const { regions } = reportgen.regions;
      const keys = Int32Array.from(map.true.code, (_, i) => keyOf(i));
      const how = { least: leastOf(map), most: MOST };
      known.set(name, regions(map, keys, how).map((/** @type {any} */ one) => shape(map, keys, one, told(one.key), version)));
    }
    return known.get(name);
  }

  /** @param {any} map @returns {number} Cells of a region that is not small. */
  const leastOf = (map) => Math.max(4, Math.ceil(map.true.code.length / SMALL));

  /** @param {any} map @returns {number} Pixels of a region that is not small; 0 where no small ones are drawn as one. */
  function least(map) {
    return [...(made.get(map) || new Map()).values()].some((all) => all.some((one) => one.many)) ? leastOf(map) * map.step ** 2 : 0;
  }

  /** @param {string} kind @returns {string} How a sample of it is hatched. */
  const hatch = (kind) => (HATCHED[kind] || []).map((on, i) => (on ? [DOWN, UP][i] : "")).join("");

  /** @param {any} map @param {Int32Array} keys @param {any} one a region @param {{kind: string, klass: number, other: number}} told @param {number | null} version */
  function shape(map, keys, one, told, version) {
    const { width, height } = map.true;
    const lines = HATCHED[told.kind];
    const every = Math.max(3, Math.round(Math.max(width, height) / LINES));
    const hatch = lines ? reportgen.regions.hatching(...lines, (/** @type {number} */ i) => one.label[i] === one.of, width, one.span, map.step, every) : "";
    return {
      ...told, box: Object.assign(one.box, { mask: one.path }), hatch, at: one.at, many: one.many, cells: one.n, n: one.n * map.step ** 2, score: null, version, region: true,
    };
  }

  /** @param {any} map @returns {any[]} The true regions of each class. */
  function truths(map) {
    const background = map.codes - 2;
    return shapesOf(map, "true", (i) => (map.true.code[i] < background ? map.true.code[i] : -1), (key) => ({ kind: "true", klass: key, other: -1 }), null);
  }

  /** @param {any} map @param {number} version @returns {any[]} What it marks, and what of it is wrong. */
  function detections(map, version) {
    return [...wrong(map, version), ...marked(map, version)];
  }

  /** @param {any} map @param {number} version @returns {any[]} */
  function marked(map, version) {
    const said = map.said(version);
    if (!said) return [];
    const key = (/** @type {number} */ i) => (said.code[i] < map.codes - 2 ? said.code[i] : -1);
    return shapesOf(map, `marked ${version}`, key, (klass) => ({ kind: "marked", klass, other: -1 }), version);
  }

  /** @param {any} map @param {number} version @returns {any[]} */
  function wrong(map, version) {
    const said = map.said(version);
    if (!said) return [];
    const { codes } = map;
    const background = codes - 2;
    const key = (/** @type {number} */ i) => (reportgen.regions.wrong(map.true.code[i], said.code[i], background) ? map.true.code[i] * codes + Math.min(said.code[i], background) : -1);
    return shapesOf(map, `wrong ${version}`, key, (one) => {
      const [is, called] = [Math.floor(one / codes), one % codes];
      const kind = reportgen.regions.wrong(is, called, background);
      return { kind, klass: kind === "false" ? called : is, other: kind === "class" ? called : -1 };
    }, version);
  }

  /**
   * What changed from one version to another, as it is seen on one side or, with both, on either.
   * @param {any} map @param {[number, number]} pair @param {number[]} sides which of the pair: 0, 1 or both
   * @returns {any[]}
   */
  function changed(map, pair, sides) {
    const [before, after] = pair.map((v) => map.said(v));
    if (!before || !after) return [];
    const { codes } = map;
    const background = codes - 2;
    const key = (/** @type {number} */ i) => {
      const [is, was, now] = [map.true.code[i], before.code[i], after.code[i]].map((one, at) => (at ? Math.min(one, background) : one));
      if (was === now || is > background) return -1;
      const kind = is === background && was === background ? 2 : is === background && now === background ? 3 : is < background && was === is ? 0
        : is < background && now === is ? 1 : was < background && now < background ? 4 : -1;
      const klass = kind < 2 ? is : kind === 3 || kind === 4 ? was : now;
      return kind < 0 ? -1 : (kind * codes + klass) * codes + (kind === 4 ? now : 0);
    };
    const found = shapesOf(map, `changed ${pair}`, key, (one) => {
      const kind = CHANGES[Math.floor(one / codes ** 2)];
      return { kind, klass: Math.floor(one / codes) % codes, other: kind === "label_changed" ? one % codes : -1 };
    }, null);
    const seen = (/** @type {string} */ kind) => (kind === "newly_false" ? sides.includes(1) : kind === "no_longer_false" ? sides.includes(0) : true);
    return found.filter((one) => seen(one.kind));
  }

  /** @param {any} map @param {number} version @returns {any | null} The largest region that it gets wrong in one way; null where it is right. */
  function worst(map, version) {
    const alone = wrong(map, version).filter((one) => !one.many);
    return alone.length ? alone.reduce((most, one) => (one.cells > most.cells ? one : most)) : null;
  }

  /** @param {any} map @param {number} version @param {(is: number, said: number) => boolean} which @returns {number} Its pixels of a true and a said code, exactly where map.exact says so. */
  function pixels(map, version, which) {
    const cells = map.pixels(version);
    let n = 0;
    for (let i = 0; i < cells.length; i += 3) if (which(cells[i], cells[i + 1])) n += cells[i + 2];
    return n;
  }

  /** @param {any} map @param {number} version @returns {[string, number][]} What it marks and gets wrong, by kind, in pixels; what there is none of is left out. */
  function tally(map, version) {
    const background = map.codes - 2;
    const found = SAID.map((kind) => /** @type {[string, number]} */ ([
      kind, pixels(map, version, (is, said) => (kind === "marked" ? said < background : reportgen.regions.wrong(is, said, background) === kind)),
    ]));
    return found.filter(([, n]) => n > 0);
  }

  /** @param {any[]} shapes @param {string[]} kinds @returns {[string, number][]} Of shapes, as they are drawn. */
  const drawn = (shapes, kinds) =>
    kinds.map((kind) => /** @type {[string, number]} */ ([kind, shapes.reduce((sum, one) => sum + (one.kind === kind ? one.n : 0), 0)])).filter(([, n]) => n > 0);

  /** @param {any} map @param {number[]} versions @returns {[number[], boolean]} The true pixels of each class, and whether they are exact: as a version knows them, else as they are drawn. */
  function ofClasses(map, versions) {
    const known = versions.find((v) => map.exact(v) && map.said(v));
    const cells = known === undefined ? reportgen.regions.count(map, map.true) : map.pixels(known);
    const n = new Array(map.codes - 2).fill(0);
    for (let i = 0; i < cells.length; i += 3) if (cells[i] < n.length) n[cells[i]] += cells[i + 2];
    return [n, known !== undefined || map.step === 1];
  }

  /** @param {any} meta of the samples @returns {Record<string, any>} What a kind is called, as box_shapes.js has it. */
  function kinds(meta) {
    const all = Object.entries(meta.words.regions);
    return Object.fromEntries(all.map(([kind, [words, note, title]]) => [kind, { words, note, title, sign: SIGNS[kind] }]));
  }

  reportgen.regionShapes = { least, hatch, SAID, CHANGES, kinds, truths, detections, wrong, changed, worst, pixels, tally, drawn, ofClasses };
})();
