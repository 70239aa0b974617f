/* The samples of the report as the page reads them: columns when they are needed, and texts of what stands in them. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { numbers } = reportgen;
  /** @typedef {{name: string, kind: string, values: string[], column: string, slices: (string | null)[]}} Attribute */
  /** @typedef {{name: string, confidence: boolean, sets: [string, string, string][]}} Version */
  /**
   * What the chunk "samples" says (reportgen/site/payload.py).
   * @typedef {object} Meta
   * @property {string} task @property {number} n @property {Version[]} versions @property {number | null} baseline
   * @property {number} candidate @property {string[]} classes @property {string} label @property {Attribute[]} attributes
   * @property {{id: string, name: string, codes: Record<string, number>}[][]} worse @property {[string, string]} nouns
   * @property {number | null} tolerance @property {number | null} margin @property {string} media
   * @property {boolean} links @property {string[]} absent
   */

  /** What there is to read of a sample, wherever it stands.
   * @typedef {object} Source
   * @property {(row: number) => string} id
   * @property {(row: number) => number} target
   * @property {(row: number, version: number) => number} said
   * @property {(row: number, version: number) => {right: number, false: number, missed: number} | null} parts null: not scored
   * @property {(row: number, version: number) => number} sure NaN: no confidence
   * @property {(row: number, column: string) => number} code 0: none, or not loaded
   * @property {{media: any, texts: any, details: any, links: any, boxes: any, masks: any, regions: any, changes: Map<string, any>}} more by row, as far as it is loaded
   */

  const MAPS = 80; // masks that are kept as cells: those of two pages of tiles

  /** @param {Meta} meta @param {Source} source What the page says of single samples. */
  function told(meta, source) {
    const values = meta.classes.length === 0;
    const words = meta.words.part; // null: samples have no parts

    /** @param {string} template @param {Record<string, string>} given @returns {string} */
    const filled = (template, given) => template.replace(/\{(\w+)\}/g, (_, name) => given[name]);

    /** @param {number} k @param {number} of @returns {string} A count of parts, or its share. */
    const amount = (k, of) => (words.shares ? numbers.rate(k / of) : numbers.count(k));

    /** @param {number} n @returns {string} How many parts a sample has. */
    const partsLabel = (n) => (n ? `${numbers.count(n)} ${n === 1 ? words.one : words.many}` : words.none);

    /** @param {number} row @returns {string} How many parts the sample has, as far as some version was scored on it. */
    function partsTarget(row) {
      const [n] = partsCounts(row, meta.versions.map((_, v) => v));
      return n === null ? numbers.MISSING : partsLabel(n);
    }

    /** @param {number} row @param {number[]} versions @returns {(number | null)[]} How many parts the sample has, then what each has right, false and missed. */
    function partsCounts(row, versions) {
      const found = versions.map((v) => (scored(row, v) ? source.parts(row, v) : null));
      const known = found.filter((one) => one !== null);
      const n = known.length ? Math.max(...known.map((one) => one.right + one.missed)) : null;
      return [n, ...found.flatMap((one) => (one ? [one.right, one.false, one.missed] : [null, null, null]))];
    }

    /** @param {number} row @param {number} version a scored one @param {boolean} short @returns {string} "5 of 9 found, 1 false" */
    function partsText(row, version, short) {
      const { right: found, false: wrong, missed } = source.parts(row, version);
      const n = found + missed;
      const said = n ? [filled(short ? words.short_of : words.found_of, { right: amount(found, n), n: numbers.count(n) })] : [];
      if (wrong) said.push(filled(words.false, { false: amount(wrong, found + wrong) }));
      return said.join(", ") || words.silent;
    }

    /** @param {number} row @param {number} version a scored one @returns {string} "9 objects: 5 found, 4 missed, 1 false" */
    function partsTitle(row, version) {
      const made = source.parts(row, version);
      const n = made.right + made.missed;
      const said = [["found", "right", n], ["missed", "missed", n], ["false", "false", made.right + made.false]]
        .filter(([, name]) => made[name]).map(([template, name, of]) => filled(words[template], { [name]: amount(made[name], of) }));
      return `${partsLabel(n)}: ${said.join(", ") || words.silent}`;
    }

    /** @param {number} value @returns {string} A target or prediction, as the page writes it. */
    function valueText(value) {
      if (values) return Number.isNaN(value) ? numbers.MISSING : numbers.value(value, "number", meta.decimals);
      return value === 0 ? numbers.MISSING : meta.classes[value - 1];
    }

    /** @param {number} row @param {number} version @returns {boolean | null} null: no prediction, or nothing is right. */
    function right(row, version) {
      const said = source.said(row, version);
      if (!values) return said === 0 ? null : said === source.target(row);
      if (Number.isNaN(said) || meta.tolerance === null) return null;
      return Math.abs(said - source.target(row)) <= meta.tolerance;
    }

    /** @param {boolean} isRight @returns {string} What a mark means. */
    const mark = (isRight) => (isRight ? meta.words.mark_right : meta.words.mark_wrong);

    /** @param {number} row @param {number} version */
    function scored(row, version) {
      const said = source.said(row, version);
      return values ? !Number.isNaN(said) : said !== 0;
    }

    /** @param {number} row @param {number} version @returns {number | null} */
    function confidence(row, version) {
      const value = source.sure(row, version);
      return Number.isNaN(value) ? null : value;
    }

    /** @param {number} row @param {number} version @returns {string} The confidence of a label, or a value's error. */
    function aside(row, version) {
      if (!scored(row, version) || words) return "";
      if (values) return numbers.difference(source.said(row, version) - source.target(row), "number", meta.decimals);
      return meta.versions[version].confidence ? numbers.probability(confidence(row, version)) : "";
    }

    /** @param {number} row @returns {{name: string, value: string, slice: string | null}[]} Its attributes but the target. */
    function attributes(row) {
      const { details } = source.more;
      const place = details ? details.place.get(row) : undefined;
      const found = [];
      for (const attribute of meta.attributes) {
        const code = attribute.kind === "target" ? 0 : source.code(row, attribute.column);
        if (code === 0) continue;
        const exact = place === undefined ? "" : (details.numbers[attribute.column] || [])[place];
        found.push({ name: attribute.name, value: exact || attribute.values[code - 1], slice: attribute.slices[code - 1] });
      }
      return found;
    }

    /** @param {number} row @returns {{name: string, width: number, height: number, pixels: boolean, frames: number, larger: {name: string, width: number, height: number} | null} | null} */
    function picture(row) {
      const { media } = source.more;
      const place = media ? media.place.get(row) : undefined;
      if (place === undefined) return null;
      const larger = (media.larger || [])[place];
      return {
        larger: larger ? { name: larger[0], width: larger[1], height: larger[2] } : null,
        name: media.names[place], width: media.widths[place], height: media.heights[place],
        pixels: media.true[place] === 1, frames: media.frames[place],
      };
    }

    /** @param {number} row @returns {any} The boxes over its picture; null where there are none. */
    function boxes(row) {
      const { boxes: chunk, masks } = source.more;
      return chunk ? reportgen.overlay.of(chunk, masks, chunk.place.get(row)) : null;
    }

    /** @param {number} row @returns {any} The masks over its picture as cells (engine/regions.js), where pixels are judged; null where there are none. */
    function regions(row) {
      const { regions: chunk, maps } = source.more;
      const place = chunk ? chunk.place.get(row) : undefined;
      if (place === undefined || !chunk.sizes[place]) return null;
      if (!maps.has(row)) {
        if (maps.size >= MAPS) maps.clear();
        maps.set(row, mapOf(chunk, place));
      }
      return maps.get(row);
    }

    /** @param {any} chunk @param {number} place @returns {any} */
    function mapOf({ codes, sizes, true: truth, said, pixels }, place) {
      const [width, height, step] = sizes[place];
      const read = (/** @type {string} */ text) => reportgen.regions.read(text, Math.ceil(width / step), Math.ceil(height / step), codes);
      const known = new Map();
      const counted = new Map();
      const map = {
        width, height, step, codes, true: read(truth[place]),
        exact: (/** @type {number} */ v) => step === 1 || pixels[v][place] !== null,
        pixels: (/** @type {number} */ v) => {
          if (!counted.has(v)) counted.set(v, pixels[v][place] || reportgen.regions.count(map, map.said(v)));
          return counted.get(v);
        },
        said: (/** @type {number} */ v) => {
          if (!known.has(v)) known.set(v, said[v][place] === null ? null : read(said[v][place]));
          return known.get(v);
        },
      };
      return map;
    }

    /**
     * What changed in its boxes from one version to another, by places among their detections; null where it is not known.
     * @param {number} row @param {number} baseline @param {number} candidate
     * @returns {{moved: number[][], label: number[][], new: number[], gone: number[]} | null}
     */
    function changes(row, baseline, candidate) {
      const back = baseline > candidate;
      const chunk = source.more.changes.get(back ? `${candidate}-${baseline}` : `${baseline}-${candidate}`);
      const place = source.more.boxes && source.more.boxes.place.get(row);
      if (!chunk || place === undefined) return null;
      const [moved, label, added, gone] = [chunk.moved, chunk.label, chunk.new, chunk.gone].map((one) => one[place]);
      if (!back) return { moved, label, new: added, gone };
      const turned = (/** @type {number[][]} */ pairs) => pairs.map(([first, second]) => [second, first]);
      return { moved: turned(moved), label: turned(label), new: gone, gone: added };
    }

    /** @param {number} row @returns {string} Why a sample has no picture or text. */
    function missing(row) {
      return (source.more.media && source.more.media.missing[row]) || `${meta.media} not in the report`;
    }

    /** @param {number} row @param {number} version @returns {[number, number][] | null} Class codes with probabilities. */
    function likeliest(row, version) {
      const { details } = source.more;
      const place = details ? details.place.get(row) : undefined;
      const all = details && details.likeliest[version];
      return place === undefined || !all ? null : all[place];
    }

    /** @param {number} row @param {number} version @returns {[number, number, number | null][] | null} Code, place in the words of each, and score of its true and its given labels. */
    function labels(row, version) {
      const { details } = source.more;
      const place = details ? details.place.get(row) : undefined;
      const all = details && details.labels[version];
      return place === undefined || !all ? null : all[place];
    }

    return {
      meta, partsTitle, partsCounts, valueText, right, mark, scored, confidence, aside, attributes, picture, boxes, regions, changes, missing, likeliest, labels,
      id: source.id,
      /** @param {number} row @returns {string | null} The web address of its original: http or https, as Python checked. */
      link: (row) => {
        const { links } = source.more;
        return links && links.ends[row] !== null ? links.start + links.ends[row] : null;
      },
      /** @param {number} row @returns {[string, boolean] | null} The text, and whether it was cut. */
      text: (row) => (source.more.texts && source.more.texts[row]) || null,
      /** @param {number} row */
      target: (row) => (words ? partsTarget(row) : valueText(source.target(row))),
      /** @param {number} row @param {number} version @param {boolean} [short] below the label of a sample */
      prediction: (row, version, short = false) => {
        if (!scored(row, version)) return "no prediction";
        return words ? partsText(row, version, short) : valueText(source.said(row, version));
      },
    };
  }

  /** @param {Meta} meta What is loaded of media and details, by row. */
  function loads(meta) {
    /** @type {{media: any, texts: Record<string, [string, boolean]> | null, details: any, links: {start: string, ends: (string | null)[]} | null, boxes: any, masks: any, regions: any, maps: Map<number, any>, changes: Map<string, any>}} */
    const more = { media: null, texts: null, details: null, links: null, boxes: null, masks: null, regions: null, maps: new Map(), changes: new Map() };

    async function needMedia() {
      if (more.media) return;
      const found = await reportgen.data.load("media");
      if (meta.media === "text") more.texts = await reportgen.data.load("texts").catch(() => ({}));
      found.place = new Map(found.rows.map((/** @type {number} */ row, /** @type {number} */ i) => [row, i]));
      if (meta.boxes) more.boxes = { ...(await reportgen.data.load("boxes")), place: found.place };
      if (meta.masks && meta.overlap === "mask") await needMasks();
      if (meta.regions) more.regions = await reportgen.data.load("regions").then((/** @type {any} */ one) => ({ ...one, place: found.place })).catch(() => null); // pictures can be seen without
      more.media = found;
    }

    /** The masks of objects, where there are any. */
    async function needMasks() {
      if (meta.masks && !more.masks) more.masks = await reportgen.data.load("masks").catch(() => null); // boxes can be seen without
    }

    /** What changed in the boxes between two versions, where this form of the report has it. @param {number} one @param {number} other */
    async function needChanges(one, other) {
      const pair = `${Math.min(one, other)}-${Math.max(one, other)}`;
      if (one === other || more.changes.has(pair) || meta.absent.includes(`changes-${pair}`)) return;
      const found = await reportgen.data.load(`changes-${pair}`).catch(() => null); // the boxes can be seen without
      more.changes.set(pair, found);
    }

    /** What only the samples of the galleries have: exact numbers and the likeliest classes. */
    async function needDetails() {
      if (more.details) return;
      const found = await reportgen.data.load("details");
      found.place = new Map(found.rows.map((/** @type {number} */ row, /** @type {number} */ i) => [row, i]));
      more.details = found;
    }

    /** The addresses of the originals; where the report has none, or this form of it leaves them out, nothing. */
    async function needLinks() {
      if (!more.links && meta.links && !meta.absent.includes("links")) more.links = await reportgen.data.load("links");
    }

    return { more, needMedia, needMasks, needChanges, needDetails, needLinks };
  }

  const PARTS = ["right", "false", "missed"];

  /** @param {(name: string) => number} coded a count plus 1 @returns {{right: number, false: number, missed: number} | null} */
  function partsOf(coded) {
    const [found, wrong, missed] = PARTS.map(coded);
    return found ? { right: found - 1, false: wrong - 1, missed: missed - 1 } : null;
  }

  /** @param {Meta} meta @returns {any} Some samples, as far as they were given (engine/explore.js: rows). */
  function sparse(meta) {
    /** @type {Map<number, {given: any, i: number}>} */
    const places = new Map();
    const { more, needMedia, needDetails, needLinks } = loads(meta);
    const read = (row, of) => {
      const place = places.get(row);
      return place ? of(place.given, place.i) : undefined;
    };
    const source = {
      more,
      id: (row) => read(row, (given, i) => given.id[i]) || "",
      target: (row) => read(row, (given, i) => given.target[i]),
      said: (row, v) => read(row, (given, i) => given.prediction[v][i]),
      sure: (row, v) => read(row, (given, i) => given.confidence[v][i]) ?? NaN,
      parts: (row, v) => partsOf((name) => read(row, (given, i) => given.parts[v][name][i]) || 0),
      code: (row, column) => read(row, (given, i) => (given.attributes[column] ? given.attributes[column][i] : 0)) || 0,
    };
    return {
      ...told(meta, source),
      needTiles: () => Promise.all([meta.media === "none" ? needDetails() : needMedia(), meta.media === "none" ? null : needLinks()]),
      /** @param {number} row @returns {boolean} */
      has: (row) => places.has(row),
      /** @param {any} given */
      add: (given) => given.rows.forEach((/** @type {number} */ row, /** @type {number} */ i) => places.set(row, { given, i })),
    };
  }

  /** @type {Promise<any> | null} */
  let opened = null;

  /** @returns {Promise<any>} The samples, with targets and every version's predictions. */
  function open() {
    opened = opened || make();
    return opened;
  }

  async function make() {
    /** @type {Meta} */
    const meta = await reportgen.data.load("samples");
    const [target, ...prediction] = await Promise.all([
      reportgen.data.load("target"),
      ...meta.versions.map((_, v) => reportgen.data.load(`prediction-${v}`)),
    ]);
    const parts = await Promise.all(
      meta.words.part ? meta.versions.map((_, v) => Promise.all(PARTS.map((name) => reportgen.data.load(`${name}-${v}`)))) : [],
    );
    const values = meta.classes.length === 0;
    /** The columns, as the engine takes them. */
    const columns = {
      n: meta.n, values, target, prediction, confidence: meta.versions.map(() => null), tolerance: meta.tolerance,
      margin: meta.margin, listed: meta.listed, lists: new Map(),
    };
    /** @type {Map<string, ArrayLike<number>>} */
    const codes = new Map();
    /** @type {{order: any, names: any, codes: any}} */
    const frames = { order: null, names: null, codes: null };
    /** @type {import("./engine/texts.js").Texts | null} */
    let ids = null;
    const { more, needMedia, needMasks, needChanges, needDetails, needLinks } = loads(meta);

    /** @param {number[]} versions @returns {Promise<void>} When their confidences can be read. */
    async function needConfidence(versions) {
      const wanted = versions.filter((v) => meta.versions[v].confidence && !columns.confidence[v]);
      await Promise.all(
        wanted.map(async (v) => {
          columns.confidence[v] = await reportgen.data.load(`confidence-${v}`);
        }),
      );
    }

    /** @param {string[]} names Columns of attributes. */
    async function needCodes(names) {
      await Promise.all(names.map(async (name) => codes.set(name, await reportgen.data.load(name))));
    }

    /** The frames in their sequences, where samples are frames: `order` (engine/sequences.js), `names` and `codes`. */
    async function needFrames() {
      if (frames.order || !meta.frames) return;
      const [sequence, frame, names] = await Promise.all(["sequence", "frame", "sequences"].map((name) => reportgen.data.load(name)));
      frames.codes = sequence;
      frames.names = names.pick(Array.from({ length: names.length }, (_, i) => i));
      frames.order = reportgen.sequences.order(sequence, frame, frames.names.length);
    }

    /**
     * The objects that an address asks for, by sample; once their columns are here.
     * @param {any} wanted engine/kinds.js: Wanted @param {number | null} baseline @param {number} candidate
     */
    async function objects(wanted, baseline, candidate) {
      const { load } = reportgen.data;
      const [sample, after, before, ...codes] = await Promise.all([
        load("kind-sample"), load(`kind-found-${candidate}`), baseline === null ? null : load(`kind-found-${baseline}`),
        ...wanted.terms.map((/** @type {any} */ term) => load(`kind-${term.attribute}`)),
      ]);
      return reportgen.kinds.hold({ sample, before, after, codes }, wanted, meta.n);
    }

    /** @param {number} v @returns {Promise<{version: any, k: number, scored: Uint8Array}>} Where a version takes pixels for which, once its cells are here. */
    async function cellsOf(v) {
      const { load } = reportgen.data;
      const [{ names, versions }, sample, n] = await Promise.all(["pixel-cells", `pixel-sample-${v}`, `pixel-n-${v}`].map((name) => load(name)));
      const scored = Uint8Array.from(prediction[v], (said) => (Number.isNaN(said) ? 0 : 1));
      return { version: { ...versions[v], sample, n }, k: names.length, scored };
    }

    /**
     * How many pixels of each sample a version takes for what an address asks for.
     * @param {any} wanted engine/mistaken.js: Wanted @param {number} v
     * @returns {Promise<Uint32Array>}
     */
    async function mistaken(wanted, v) {
      const { version, k, scored } = await cellsOf(v);
      return reportgen.mistaken.hold(version, k, wanted, scored);
    }

    /** What of a sample's pixels a version takes for something else; empty where pixels are not judged or told. @param {number} row @param {number} v */
    async function mistakes(row, v) {
      if (!meta.pixels || meta.absent.includes("pixel-cells")) return [];
      const { version, k, scored } = await cellsOf(v);
      return reportgen.mistaken.of(version, k, row, scored);
    }

    async function needIds() {
      ids = ids || (await reportgen.data.load("ids"));
    }

    /** The sets by what became of objects, of two versions. @param {number | null} baseline @param {number} version */
    async function needSets(baseline, version) {
      const wanted = reportgen.objectSets.chunksOf(meta.listed, baseline, version);
      await Promise.all(wanted.map(async (name) => {
        if (!columns.lists.has(name) && !meta.absent.includes(name)) columns.lists.set(name, await reportgen.data.load(name));
      }));
    }

    /** Everything that tiles show. */
    async function needTiles() {
      const cards = meta.media === "none" ? meta.attributes.slice(0, 5).map((a) => a.column) : [];
      await Promise.all([needIds(), needCodes(cards), meta.media === "none" ? needDetails() : needMedia()]);
    }

    const source = {
      more,
      id: (/** @type {number} */ row) => (ids ? ids.at(row) : ""),
      target: (/** @type {number} */ row) => target[row],
      said: (/** @type {number} */ row, /** @type {number} */ v) => prediction[v][row],
      parts: (/** @type {number} */ row, /** @type {number} */ v) => partsOf((name) => parts[v][PARTS.indexOf(name)][row]),
      sure: (/** @type {number} */ row, /** @type {number} */ v) => (columns.confidence[v] ? reportgen.confidences.of(columns.confidence[v][row]) : NaN),
      code: (/** @type {number} */ row, /** @type {string} */ column) => {
        const found = codes.get(column);
        return found ? found[row] : 0;
      },
    };

    return {
      ...told(meta, source), columns, objects, mistaken, mistakes, frames, needFrames, needConfidence, needSets, needCodes, needIds, needTiles, needMedia, needMasks, needChanges, needDetails, needLinks,
      /** @param {string} name */
      codes: (name) => codes.get(name) || (name === "target" ? target : undefined),
      /** @param {number} coded a class code + 1, or a value @returns {string | number | null} The class, or the value, whole. */
      exact: (coded) => (columns.values ? (Number.isNaN(coded) ? null : coded) : coded === 0 ? null : meta.classes[coded - 1]),
      /** @param {string} id @returns {number} -1: none */
      row: (id) => (ids ? ids.indexOf(id) : -1),
      /** @param {ArrayLike<number>} rows @returns {string[]} Their ids, once those are here. */
      ids: (rows) => (ids ? ids.pick(rows) : []),
      /** @param {string} text @returns {Uint8Array} 1 for each sample whose id holds it, once ids are here; none: nobody. */
      holding: (text) => (ids ? ids.holding(text) : new Uint8Array(meta.n)),
    };
  }

  reportgen.samples = { open, sparse };
})();
