/* Boxes over a picture, the same drawing that templates/parts/tile.html makes (site/overlays.py). */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const SVG = "http://www.w3.org/2000/svg";
  /** What a box says of a version: an object that it finds, one that it misses, a detection where none is. */
  const KINDS = ["found", "missed", "false"];
  /**
   * @typedef {[number, number, number, number, number, number]} True left, top, width, height, class, a bit a version
   * @typedef {[number, number, number, number, number, number, number]} Said left, top, width, height, class, score, what is wrong (0: nothing)
   * @typedef {{width: number, height: number, true: True[], said: Said[][]}} Boxes of one sample, by version
   */

  /** @param {any} chunk "boxes" @param {number | undefined} place @returns {Boxes | null} */
  function of(chunk, place) {
    if (!chunk || place === undefined) return null;
    const [width, height] = chunk.sizes[place];
    return { width, height, true: chunk.true[place], said: chunk.said.map((one) => one[place]) };
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

  /** @param {(True | Said)[]} boxes @param {boolean} crossed @returns {string} Their outlines as one path. */
  function outlines(boxes, crossed) {
    return boxes.map(([x, y, w, h]) => `M${x} ${y}h${w}v${h}h-${w}z${crossed ? `M${x} ${y}l${w} ${h}` : ""}`).join("");
  }

  /** @param {string} name @param {Record<string, string | number>} attributes @param {...Element} children */
  function shape(name, attributes, ...children) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    made.append(...children);
    return made;
  }

  /**
   * @param {Boxes | null} boxes @param {number} version
   * @param {{left: number, top: number, width: number, height: number, kind: string, box: number[]} | null} [part] what is seen of the picture, and the box it is about
   * @param {number[] | null} [places] of the true objects that the whole picture is about
   * @returns {Element | null}
   */
  function draw(boxes, version, part, places) {
    if (!boxes) return null;
    const all = kinds(boxes, version);
    const paths = KINDS.flatMap((kind) => {
      const d = outlines(all[kind], kind === "false");
      return d ? [shape("path", { class: "rg-box-under", d }), shape("path", { class: `rg-box rg-box-${kind}`, d })] : [];
    });
    const asked = (places || []).map((i) => boxes.true[i]);
    /** @type {[string, any[]][]} */
    const about = part ? [[part.kind, [part.box]]] : KINDS.map((kind) => [kind, asked.filter((one) => all[kind].includes(one))]);
    for (const [kind, some] of about) {
      const d = outlines(some, false);
      if (d) paths.push(shape("path", { class: "rg-box-under rg-box-about", d }), shape("path", { class: `rg-box rg-box-${kind} rg-box-about`, d }));
    }
    const seen = part || { left: 0, top: 0, width: boxes.width, height: boxes.height };
    const viewBox = `${seen.left} ${seen.top} ${seen.width} ${seen.height}`;
    return shape("svg", { class: "rg-boxes", viewBox, "aria-hidden": "true" }, ...paths);
  }

  reportgen.overlay = { KINDS, of, kinds, outlines, shape, draw };
})();
