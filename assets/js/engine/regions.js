/**
 * Masks of segmentation as cells over a picture, from which all is drawn: what is true, what a version marks, what it
 * gets wrong and what changed. The same drawing that reportgen/site/region_paths.py makes of a tile. No page in here.
 *
 * @typedef {{width: number, height: number, code: Uint16Array}} Cells row by row: a class, background, or what is ignored
 * @typedef {{key: number, n: number, box: number[], path: string, at: [number, number], many: boolean, label: Int32Array, of: number}} Region
 *   cells of one key that hang together (many: small ones of the key that do not), the box around them and a point inside, in
 *   pixels of the picture; its cells have the label `of`
 */
window.reportgen.define("regions", () => {
  "use strict";

  const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
  const SIDE = 160; // as region_paths.SIDE
  const EVERY = 5; // as region_paths.EVERY
  const WRONG = ["missed", "false", "class"];

  /**
   * @param {string} text as region_maps.write_cells writes it
   * @param {number} width @param {number} height of the mask, in cells
   * @param {number} codes how many there are
   * @returns {Cells}
   */
  function read(text, width, height, codes) {
    let at = 0;
    const number = () => {
      let [value, unit] = [0, 1];
      for (;;) {
        const digit = DIGITS.indexOf(text[at++]);
        value += (digit % 32) * unit;
        if (digit < 32) return value;
        unit *= 32;
      }
    };
    const code = new Uint16Array(width * height);
    let next = at < text.length ? number() : -1;
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const left = x ? code[i - 1] : 0;
        const above = y ? code[i - width] : 0;
        const between = x && y ? code[i - width - 1] : 0;
        code[i] = left === between ? above : left;
        if (i !== next) continue;
        code[i] = (code[i] + number() + 1) % codes;
        next = at < text.length ? i + 1 + number() : -1;
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
        for (let v = y * step; v < Math.min(cells.height, (y + 1) * step); v++) {
          for (let u = x * step; u < Math.min(cells.width, (x + 1) * step); u++) counts[cells.code[v * cells.width + u]]++;
        }
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
      /** @type {[any, any]} */
      let [over, under] = [null, null]; // the edges that go on: of the cell above the line, and of the one below
      let [before, after] = [0, 0];
      for (let x = 0; x < width; x++) {
        const above = y > 0 ? label[(y - 1) * width + x] : 0;
        const below = y < height ? label[y * width + x] : 0;
        const border = above !== below;
        if (!border || above !== before) over = null;
        if (!border || below !== after) under = null;
        [before, after] = border ? [above, below] : [0, 0];
        if (!border) continue;
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
   * @param {(x: number, y: number) => boolean} inside whether a cell is of the part
   * @param {number} width @param {number} height @param {number} size of a cell, in pixels @param {number} every cells there is a line
   * @returns {string}
   */
  function hatching(down, up, inside, width, height, size, every) {
    let path = "";
    for (const [wanted, sign] of /** @type {[boolean, number][]} */ ([[down, 1], [up, -1]])) {
      for (let shift = Math.ceil(-(height - 1) / every) * every; wanted && shift < width; shift += every) {
        let n = 0;
        for (let y = Math.max(-shift, 0); y <= height; y++) {
          const x = sign > 0 ? y + shift : width - 1 - y - shift;
          if (y < height && x >= 0 && x < width && inside(x, y)) n++;
          else if (n) {
            const [x0, y0] = [x - sign * n, y - n];
            path += `M${(sign > 0 ? x0 : x0 + 1) * size} ${y0 * size}l${sign * n * size} ${n * size}`;
            n = 0;
          }
          if (x < 0 && sign < 0) break;
          if (x >= width && sign > 0) break;
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
    const own = fine ? 1 : Math.max(1, Math.ceil(Math.max(map.true.width, map.true.height) / SIDE));
    const size = own * map.step;
    const { codes } = map;
    const true_ = shrink(map.true, codes, own);
    const { width, height } = true_;
    const place = corners(map, size);
    const of = (/** @type {(i: number) => boolean} */ inside) => trace(Int32Array.from(true_.code, (_, i) => Number(inside(i))), 1, width, height, place)[0];
    const outline = Array.from({ length: codes - 2 }, (_, code) => of((i) => true_.code[i] === code)).join("");
    /** @type {[string, string][]} */
    const paths = [["under", outline], ["true", outline]];
    const cells = map.said(version);
    const said = cells && shrink(cells, codes, own);
    for (const kind of said ? WRONG : []) {
      const inside = (/** @type {number} */ i) => wrong(true_.code[i], /** @type {Cells} */ (said).code[i], codes - 2) === kind;
      const lines = hatching(kind !== "class", kind !== "missed", (x, y) => inside(y * width + x), width, height, size, EVERY);
      paths.push([kind, of(inside)], ["hatch", lines]);
    }
    return paths.filter(([, path]) => path);
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
    const stack = [];
    for (let first = 0; first < keys.length; first++) {
      if (keys[first] < 0 || label[first]) continue;
      found.push({ key: keys[first], n: 0 });
      label[first] = found.length;
      stack.push(first);
      while (stack.length) {
        const i = /** @type {number} */ (stack.pop());
        found[found.length - 1].n++;
        const [x, y] = [i % width, Math.floor(i / width)];
        for (let v = Math.max(y - 1, 0); v <= Math.min(y + 1, height - 1); v++) {
          for (let u = Math.max(x - 1, 0); u <= Math.min(x + 1, width - 1); u++) {
            const to = v * width + u;
            if (label[to] || keys[to] !== keys[first]) continue;
            label[to] = found.length;
            stack.push(to);
          }
        }
      }
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

  /** @param {any} map @param {Int32Array} keys @param {Int32Array} label @param {number} n labels @param {Set<number>} rest those of many @returns {Region[]} */
  function outlined(map, keys, label, n, rest) {
    const { width, height } = map.true;
    const place = corners(map, map.step);
    const paths = trace(label, n, width, height, place);
    const all = paths.map((path) => ({ key: -1, n: 0, path, ends: [Infinity, Infinity, -1, -1], run: [0, 0, 0] }));
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0, run = 0; x < width; x++, i++) {
        run = x && label[i] === label[i - 1] ? run + 1 : 1;
        if (!label[i]) continue;
        const one = all[label[i] - 1];
        one.key = keys[i];
        one.n++;
        const [left, top, right, low] = one.ends;
        one.ends = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(low, y)];
        if (run > one.run[0]) one.run = [run, x, y];
      }
    }
    return all.map(({ key, n: cells, path, ends: [left, top, right, low], run: [long, x, y] }, i) => {
      const [[x0, y0], [x1, y1]] = [place(left, top), place(right + 1, low + 1)];
      const at = place(x + 1 - long / 2, y + 0.5);
      return { key, n: cells, path, box: [x0, y0, x1 - x0, y1 - y0], at, many: rest.has(i + 1), label, of: i + 1 };
    });
  }

  window.reportgen.regions = { WRONG, read, shrink, wrong, trace, hatching, tile, regions };
});
