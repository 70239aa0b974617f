/**
 * Masks of segmentation as cells over a picture, from which all is drawn: what is true, what a version marks, what it
 * gets wrong and what changed. The same drawing that reportgen/site/region_paths.py makes of a tile. No page in here.
 *
 * @typedef {{width: number, height: number, code: Uint16Array}} Cells row by row: a class, background, or what is ignored
 * @typedef {{key: number, n: number, box: number[], span: number[], path: string, at: [number, number], many: boolean, label: Int32Array, of: number}} Region
 *   cells of one key that hang together (many: small ones of the key that do not), the box around them and a point inside, in
 *   pixels of the picture; span: the box in cells, which have the label `of`
 */
window.reportgen.define("regions", () => {
  "use strict";

  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  /** What each letter counts, by its code. */
  const VALUES = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i++) VALUES[DIGITS.charCodeAt(i)] = i;
  const SIDE = 160; // as region_paths.SIDE
  const EVERY = 7; // as region_paths.EVERY
  const LETTERS = 10000; // as region_paths.LETTERS
  const WRONG = ["missed", "false", "class"];

  /**
   * @param {string} text as region_maps.RegionMap.texts has it
   * @param {number} width @param {number} height of the mask, in cells
   * @param {number} codes how many there are
   * @returns {Cells}
   */
  function read(text, width, height, codes) {
    let at = 0;
    const number = () => {
      let value = 0;
      let unit = 1;
      for (;;) {
        const digit = VALUES[text.charCodeAt(at++)];
        value += (digit % 32) * unit;
        if (digit < 32) return value;
        unit *= 32;
      }
    };
    const code = new Uint16Array(width * height);
    let next = at < text.length ? number() : -1;
    for (let y = 0, i = 0; y < height; y++) {
      let left = 0;
      let between = 0;
      for (let x = 0; x < width; x++, i++) {
        const above = y ? code[i - width] : 0;
        let own = left === between ? above : left;
        if (i === next) {
          own = (own + number() + 1) % codes;
          next = at < text.length ? i + 1 + number() : -1;
        }
        code[i] = left = own;
        between = above;
      }
    }
    return { width, height, code };
  }

  /** @param {Cells} cells @param {number} codes @param {number} step @returns {Cells} Of each square the code of most of its cells, of equally many the lowest. */
  function shrink(cells, codes, step) {
    if (step === 1) return cells;
    const [width, height] = [Math.ceil(cells.width / step), Math.ceil(cells.height / step)];
    const code = new Uint16Array(width * height);
    const counts = new Int32Array(codes);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        counts.fill(0);
        const low = Math.min(cells.height, (y + 1) * step);
        const right = Math.min(cells.width, (x + 1) * step);
        for (let v = y * step; v < low; v++) for (let u = x * step; u < right; u++) counts[cells.code[v * cells.width + u]]++;
        for (let one = 1; one < codes; one++) if (counts[one] > counts[code[i]]) code[i] = one;
      }
    }
    return { width, height, code };
  }

  /** @param {number} true_ @param {number} said codes of one cell @param {number} background its code @returns {string} How a cell is wrong; "": it is not. */
  function wrong(true_, said, background) {
    if (true_ < background) return said >= background ? "missed" : said === true_ ? "" : "class";
    return true_ === background && said < background ? "false" : "";
  }

  /**
   * How many pixels of each true code have which said one, as many as their cells have; what the truth ignores is left out.
   * @param {{step: number, codes: number, true: Cells}} map @param {Cells | null} said
   * @returns {number[]} true code, said code, pixels, and so on; none where nothing is said
   */
  function count({ step: size, codes, true: { code } }, said) {
    if (!said) return [];
    /** @type {Map<number, number>} */
    const cells = new Map();
    for (let i = 0; i < code.length; i++) {
      const key = code[i] * codes + said.code[i];
      if (code[i] < codes - 1) cells.set(key, (cells.get(key) || 0) + 1);
    }
    return [...cells].flatMap(([key, n]) => [Math.floor(key / codes), key % codes, n * size ** 2]);
  }

  /**
   * The rings around each label's cells, as closed paths: clockwise around it, the other way round its holes.
   * @param {Int32Array} label of each cell, 0: none; the others from 1 on
   * @param {number} n labels @param {number} width @param {number} height in cells
   * @param {(x: number, y: number) => [number, number]} place of a corner in the picture
   * @returns {string[]} by label, less one
   */
  function trace(label, n, width, height, place) {
    /** @type {{below: boolean, from: number, to: number, y: number}[][]} horizontal edges, from the upper left on */
    const edges = Array.from({ length: n }, () => []);
    for (let y = 0; y <= height; y++) {
      let over = null; // the edges that go on: of the cell above the line, and of the one below
      let under = null;
      let before = 0;
      let after = 0;
      for (let x = 0; x < width; x++) {
        const above = y > 0 ? label[(y - 1) * width + x] : 0;
        const below = y < height ? label[y * width + x] : 0;
        const border = above !== below;
        if (!border || above !== before) over = null;
        if (!border || below !== after) under = null;
        if (!border) continue;
        before = above;
        after = below;
        if (above) over = extend(edges[above - 1], over, false, x, y);
        if (below) under = extend(edges[below - 1], under, true, x, y);
      }
    }
    return edges.map((own) => rings(own, height, place));
  }

  /** @param {any[]} edges @param {any} edge that goes on; null: a new one begins @param {boolean} below @param {number} x @param {number} y */
  function extend(edges, edge, below, x, y) {
    if (!edge) edges.push((edge = { below, from: x, to: x, y }));
    edge.to = x + 1;
    return edge;
  }

  /** @param {{below: boolean, from: number, to: number, y: number}[]} edges of one label @param {number} height @param {(x: number, y: number) => [number, number]} place @returns {string} */
  function rings(edges, height, place) {
    // in a column corners pair up; where two cells touch at a corner, the edge above comes first
    /** @type {[number, number, boolean][]} */
    const ends = edges.flatMap((one, i) => {
      const key = (/** @type {number} */ x) => 2 * (x * (height + 1) + one.y) + Number(one.below);
      const [start, stop] = one.below ? [one.from, one.to] : [one.to, one.from];
      return /** @type {[number, number, boolean][]} */ ([[key(start), i, true], [key(stop), i, false]]);
    });
    ends.sort((a, b) => a[0] - b[0]);
    const following = new Int32Array(edges.length);
    for (let k = 0; k < ends.length; k += 2) {
      const [start, stop] = ends[k][2] ? [ends[k], ends[k + 1]] : [ends[k + 1], ends[k]];
      following[stop[1]] = start[1];
    }
    const seen = new Uint8Array(edges.length);
    let path = "";
    for (let first = 0; first < edges.length; first++) {
      if (seen[first]) continue;
      /** @type {[number, number] | null} */
      let last = null;
      for (let i = first; !seen[i]; i = following[i]) {
        seen[i] = 1;
        const { below, from, to, y } = edges[i];
        for (const x of below ? [from, to] : [to, from]) {
          const next = place(x, y);
          path += last ? step(last, next) : `M${next[0]} ${next[1]}`;
          last = next;
        }
      }
      path += "z";
    }
    return path;
  }

  /** @param {[number, number]} from @param {[number, number]} to @returns {string} */
  function step(from, to) {
    const [x, y] = [to[0] - from[0], to[1] - from[1]];
    return !y ? `h${x}` : !x ? `v${y}` : `l${x} ${y}`;
  }

  /**
   * The lines by which a kind is told from others: down for what is missed, up for a wrong class, both for what is false.
   * @param {boolean} down @param {boolean} up
   * @param {(i: number) => boolean} inside whether a cell is of the part
   * @param {number} across cells of the whole in a row @param {number[]} box around the part, in cells: left, top, width, height
   * @param {number} size of a cell, in pixels @param {number} every cells there is a line
   * @returns {string}
   */
  function hatching(down, up, inside, across, [left, top, width, height], size, every) {
    let path = "";
    for (const sign of [1, -1]) {
      if (sign > 0 ? !down : !up) continue;
      const phase = (sign > 0 ? top - left : width - across + left + top) + height - 1; // lines go on from part to part
      for (let shift = 1 - height + (((phase % every) + every) % every); shift < width; shift += every) {
        let n = 0;
        for (let y = Math.max(-shift, 0); y <= height; y++) {
          const x = sign > 0 ? y + shift : width - 1 - y - shift;
          const within = y < height && x >= 0 && x < width;
          if (within && inside((top + y) * across + left + x)) n++;
          else if (n) {
            const [u, v] = [left + x - sign * n, top + y - n];
            path += `M${(sign > 0 ? u : u + 1) * size} ${v * size}l${sign * n * size} ${n * size}`;
            n = 0;
          }
          if (!within) break;
        }
      }
    }
    return path;
  }

  /**
   * What a tile shows of a sample.
   * @param {{width: number, height: number, step: number, codes: number, true: Cells, said: (version: number) => Cells | null}} map
   * @param {number} version
   * @param {boolean} [fine] as fine as it is known: where a part fills the tile
   * @returns {[string, string][]} paths, each behind the name of its style
   */
  function tile(map, version, fine = false) {
    if (fine) return drawn(map, version, 1, true);
    for (let own = Math.max(1, Math.ceil(Math.max(map.true.width, map.true.height) / SIDE)); ; own *= 2) {
      const paths = drawn(map, version, own, false);
      if (paths.reduce((sum, [, path]) => sum + path.length, 0) <= LETTERS || own >= Math.max(map.true.width, map.true.height)) return paths;
    }
  }

  /** @param {any} map @param {number} version @param {number} own cells that are one @param {boolean} all also single cells @returns {[string, string][]} */
  function drawn(map, version, own, all) {
    const size = own * map.step;
    const { codes } = map;
    const true_ = shrink(map.true, codes, own);
    const { width, height } = true_;
    const place = corners(map, size);
    const label = new Int32Array(true_.code.length);
    for (let i = 0; i < label.length; i++) label[i] = true_.code[i] < codes - 2 ? true_.code[i] + 1 : 0;
    const outline = trace(label, codes - 2, width, height, place).join("");
    /** @type {[string, string][]} */
    const paths = [["under", outline], ["true", outline]];
    const cells = map.said(version);
    const said = cells && shrink(cells, codes, own);
    if (said) {
      for (let i = 0; i < label.length; i++) label[i] = WRONG.indexOf(wrong(true_.code[i], said.code[i], codes - 2)) + 1;
      if (!all) leaveAlone(label, width, height);
      const outlines = trace(label, WRONG.length, width, height, place);
      WRONG.forEach((kind, k) => {
        const lines = hatching(kind !== "class", kind !== "missed", (i) => label[i] === k + 1, width, [0, 0, width, height], size, EVERY);
        paths.push([kind, outlines[k]], ["hatch", lines]);
      });
    }
    return paths.filter(([, path]) => path);
  }

  /** Take the labels of cells that have none of theirs beside them, above or below. @param {Int32Array} label @param {number} width @param {number} height */
  function leaveAlone(label, width, height) {
    const before = label.slice();
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const own = before[i];
        const beside = (x > 0 && before[i - 1] === own) || (x < width - 1 && before[i + 1] === own);
        if (!beside && !(y > 0 && before[i - width] === own) && !(y < height - 1 && before[i + width] === own)) label[i] = 0;
      }
    }
  }

  /** @param {{width: number, height: number}} map @param {number} size of a cell @returns {(x: number, y: number) => [number, number]} Where a corner of cells is in the picture. */
  const corners = (map, size) => (x, y) => [Math.min(x * size, map.width), Math.min(y * size, map.height)];

  /**
   * The cells of each key that hang together, also over corners: those of `least` cells on, the largest first and `most` of
   * a key; all smaller ones of a key are one.
   * @param {{width: number, height: number, step: number, true: Cells}} map
   * @param {Int32Array} keys of the cells, -1: none
   * @param {{least: number, most: number}} how
   * @returns {Region[]}
   */
  function regions(map, keys, { least, most }) {
    const { width, height } = map.true;
    const label = new Int32Array(keys.length);
    /** @type {{key: number, n: number}[]} */
    const found = [];
    const stack = new Int32Array(keys.length);
    for (let first = 0; first < keys.length; first++) {
      if (keys[first] < 0 || label[first]) continue;
      found.push({ key: keys[first], n: 0 });
      label[first] = found.length;
      const key = keys[first];
      const own = found.length;
      let waiting = 1;
      let n = 0;
      stack[0] = first;
      while (waiting) {
        const i = stack[--waiting];
        n++;
        const x = i % width;
        const y = (i - x) / width;
        const right = x < width - 1 ? x + 1 : x;
        const low = y < height - 1 ? y + 1 : y;
        for (let v = y > 0 ? y - 1 : 0; v <= low; v++) {
          for (let u = x > 0 ? x - 1 : 0; u <= right; u++) {
            const to = v * width + u;
            if (label[to] || keys[to] !== key) continue;
            label[to] = own;
            stack[waiting++] = to;
          }
        }
      }
      found[own - 1].n = n;
    }
    const order = found.map((one, i) => ({ ...one, i })).sort((a, b) => b.n - a.n || a.i - b.i);
    /** @type {Map<number, number>} how many of a key stand alone, and the label of those that do not */
    const alone = new Map();
    /** @type {Map<number, number>} */
    const rest = new Map();
    const renamed = new Int32Array(found.length + 1);
    let n = 0;
    for (const { key, n: cells, i } of order) {
      const own = alone.get(key) || 0;
      if (own && (cells < least || own >= most)) {
        if (!rest.has(key)) rest.set(key, ++n);
        renamed[i + 1] = /** @type {number} */ (rest.get(key));
      } else {
        alone.set(key, own + 1);
        renamed[i + 1] = ++n;
      }
    }
    return outlined(map, keys, label.map((one) => renamed[one]), n, new Set(rest.values()));
  }

  /** @param {Int32Array} label @param {number} width @param {number} height @returns {Int32Array} How many steps each cell is from the next of another label or the outside. */
  function depths(label, width, height) {
    const deep = new Int32Array(label.length).fill(1);
    for (let y = 1; y < height - 1; y++) {
      for (let x = 1, i = y * width + 1; x < width - 1; x++, i++) {
        const own = label[i];
        const left = label[i - 1] === own ? deep[i - 1] : 0;
        const above = label[i - width] === own ? deep[i - width] : 0;
        deep[i] = 1 + Math.min(left, above);
      }
    }
    for (let y = height - 1, i = label.length - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--, i--) {
        const own = label[i];
        const right = x < width - 1 && label[i + 1] === own ? deep[i + 1] : 0;
        const below = y < height - 1 && label[i + width] === own ? deep[i + width] : 0;
        if (1 + Math.min(right, below) < deep[i]) deep[i] = 1 + Math.min(right, below);
      }
    }
    return deep;
  }

  /** @param {any} map @param {Int32Array} keys @param {Int32Array} label @param {number} n labels @param {Set<number>} rest those of many @returns {Region[]} */
  function outlined(map, keys, label, n, rest) {
    const { width, height } = map.true;
    const place = corners(map, map.step);
    const paths = trace(label, n, width, height, place);
    const all = paths.map((path) => ({ key: -1, n: 0, path, ends: [Infinity, Infinity, -1, -1], deep: [0, 0, 0] }));
    const deep = depths(label, width, height);
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        if (!label[i]) continue;
        const one = all[label[i] - 1];
        one.key = keys[i];
        one.n++;
        const { ends } = one;
        if (x < ends[0]) ends[0] = x;
        if (y < ends[1]) ends[1] = y;
        if (x > ends[2]) ends[2] = x;
        if (y > ends[3]) ends[3] = y;
        if (deep[i] > one.deep[0]) one.deep = [deep[i], x, y];
      }
    }
    return all.map(({ key, n: cells, path, ends: [left, top, right, low], deep: [, x, y] }, i) => {
      const [[x0, y0], [x1, y1]] = [place(left, top), place(right + 1, low + 1)];
      const at = place(x + 0.5, y + 0.5);
      const span = [left, top, right + 1 - left, low + 1 - top];
      return { key, n: cells, path, span, box: [x0, y0, x1 - x0, y1 - y0], at, many: rest.has(i + 1), label, of: i + 1 };
    });
  }

  window.reportgen.regions = { WRONG, read, shrink, wrong, count, trace, hatching, tile, regions };
});
