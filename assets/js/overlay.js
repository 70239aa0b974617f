/* Boxes or masks over a picture, the same drawing that templates/parts/tile.html makes (site/overlays.py). */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const SVG = "http://www.w3.org/2000/svg";
  /** What a box says of a version: an object that it finds, one that it misses, a detection where none is. */
  const KINDS = ["found", "missed", "false"];
  /**
   * @typedef {[number, number, number, number, number, number] & {mask?: string | null}} True left, top, width, height, class, a bit a version
   * @typedef {[number, number, number, number, number, number, number] & {mask?: string | null}} Said left, top, width, height, class, score, what is wrong (0: nothing)
   * @typedef {{width: number, height: number, true: True[], said: Said[][], within?: number | null}} Boxes of one sample, by version;
   *   mask: its path; within: how far paths are from the exact border at most, in pixels; null: masks have no room; else there are none
   */

  /** @param {any} chunk "boxes" @param {any} masks null: they are not known @param {number | undefined} place @returns {Boxes | null} */
  function of(chunk, masks, place) {
    if (!chunk || place === undefined) return null;
    const [width, height] = chunk.sizes[place];
    const within = masks && masks.true[place] ? masks.within[place] : undefined;
    const all = (/** @type {any[]} */ boxes, /** @type {string[] | null} */ paths) =>
      paths ? boxes.map((box, i) => Object.assign(box.slice(), { mask: paths[i] })) : boxes;
    return {
      width, height, within,
      true: all(chunk.true[place], masks && masks.true[place]),
      said: chunk.said.map((one, v) => all(one[place], masks && masks.said[v][place])),
    };
  }

  /** @param {Boxes} boxes @param {number} version @returns {Record<string, (True | Said)[]>} By kind. */
  function kinds(boxes, version) {
    const found = (one) => Math.floor(one[5] / 2 ** version) % 2 === 1;
    return {
      found: boxes.true.filter(found),
      missed: boxes.true.filter((one) => !found(one)),
      false: boxes.said[version].filter((one) => one[6] !== 0),
    };
  }

  /** @param {any} one @param {boolean} crossed @param {boolean} boxed its box @param {boolean} masked and its mask, where it has one @returns {string} */
  function outline(one, crossed, boxed, masked) {
    const [x, y, w, h] = one;
    const mask = masked && typeof one.mask === "string" ? one.mask : null;
    return `${mask === null ? "" : mask}${boxed || mask === null ? `M${x} ${y}h${w}v${h}h-${w}z` : ""}${crossed ? `M${x} ${y}l${w} ${h}` : ""}`;
  }

  /** @param {(True | Said)[]} boxes @param {boolean} crossed @param {boolean} [masked] their masks in place of boxes @returns {string} Their outlines as one path. */
  function outlines(boxes, crossed, masked = false) {
    return boxes.map((one) => outline(one, crossed, !masked, masked)).join("");
  }

  /** @param {string} path of a mask (site/mask_paths.py) @returns {[number, number] | null} Its point furthest to the upper right; null without any. */
  function corner(path) {
    let [x, y] = [0, 0];
    /** @type {[number, number] | null} */
    let best = null;
    for (const [, step, a, b] of path.matchAll(/([Mhvl])(-?[\d.]+)(?: (-?[\d.]+))?/g)) {
      if (step === "M") [x, y] = [Number(a), Number(b)];
      else [x, y] = [x + (step === "v" ? 0 : Number(a)), y + (step === "v" ? Number(a) : Number(b || 0))];
      if (!best || x - y > best[0] - best[1]) best = [x, y];
    }
    return best;
  }

  /** @param {string} name @param {Record<string, string | number>} attributes @param {...Element} children */
  function shape(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    made.append(...children);
    return made;
  }

  /**
   * @param {Boxes | null} boxes @param {number} version @param {boolean} masked masks in place of boxes
   * @param {{left: number, top: number, width: number, height: number, kind: string, box: number[]} | null} [part] what is seen of the picture, and the box it is about
   * @param {number[] | null} [places] of the true objects that the whole picture is about
   * @returns {Element | null}
   */
  function draw(boxes, version, masked, part, places) {
    if (!boxes) return null;
    const all = kinds(boxes, version);
    const paths = KINDS.flatMap((kind) => {
      const d = outlines(all[kind], kind === "false", masked);
      return d ? [shape("path", { class: "rg-box-under", d }), shape("path", { class: `rg-box rg-box-${kind}`, d })] : [];
    });
    const asked = (places || []).map((i) => boxes.true[i]);
    /** @type {[string, any[]][]} */
    const about = part ? [[part.kind, [part.box]]] : KINDS.map((kind) => [kind, asked.filter((one) => all[kind].includes(one))]);
    for (const [kind, some] of about) {
      const d = outlines(some, false, masked);
      if (d) paths.push(shape("path", { class: "rg-box-under rg-box-about", d }), shape("path", { class: `rg-box rg-box-${kind} rg-box-about`, d }));
    }
    const seen = part || { left: 0, top: 0, width: boxes.width, height: boxes.height };
    const viewBox = `${seen.left} ${seen.top} ${seen.width} ${seen.height}`;
    const filled = masked && typeof boxes.within === "number" ? " rg-masks" : "";
    return shape("svg", { class: `rg-boxes${filled}`, viewBox, "aria-hidden": "true" }, ...paths);
  }

  /**
   * @param {any} map samples.regions @param {number} version
   * @param {{left: number, top: number, width: number, height: number, path: string} | null} [part] what is seen of the picture, and the region it is about
   * @returns {Element | null}
   */
  function drawRegions(map, version, part) {
    if (!map) return null;
    const paths = reportgen.regions.tile(map, version, Boolean(part)).map((/** @type {[string, string]} */ [name, d]) => shape("path", { class: `rg-region-${name}`, d }));
    if (part) paths.push(shape("path", { class: "rg-region-under", d: part.path }), shape("path", { class: "rg-region-about", d: part.path }));
    const seen = part || { left: 0, top: 0, width: map.width, height: map.height };
    return shape("svg", { class: "rg-boxes rg-regions", viewBox: `${seen.left} ${seen.top} ${seen.width} ${seen.height}`, "aria-hidden": "true" }, ...paths);
  }

  reportgen.overlay = { KINDS, of, kinds, outline, outlines, corner, shape, draw, drawRegions };
})();
