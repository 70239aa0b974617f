/* What an opened example draws of objects, and the part of its legend that is about them: what viewer.js asks a subject for. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;

  /**
   * What can be drawn over a picture, of objects or of pixels.
   * @typedef {object} Subject
   * @property {{width: number, height: number}} size of the picture that its shapes are laid on
   * @property {Record<string, import("./box_shapes.js").Kind>} kinds @property {string[]} CHANGES kinds, in the order of the legend
   * @property {string[]} forms what can be switched: boxes, masks @property {{boxes: boolean, masks: boolean}} begins
   * @property {boolean} comparable whether what changed can be told @property {boolean} about whether numbers are of what is drawn
   * @property {(forms: {boxes: boolean, masks: boolean}) => {boxes: boolean, masks: boolean}} drawing what is drawn of those chosen
   * @property {(one: any) => string} tell a shape @property {(one: any) => string[]} switchesOf a shape: what switches it off
   * @property {(one: any, truth: boolean) => object} dress what a shape is beside others, where the truth is drawn or not
   * @property {(by: number) => any[]} truths @property {(version: number) => any[]} detections
   * @property {(sides: number[]) => any[]} changed shapes @property {(shapes: any[], kinds: string[]) => [string, number][]} count
   * @property {(kind: string) => {name: string, crossed: boolean, inside: Element[]}} swatch of the legend
   * @property {(parts: any, judges: number[], versions: number[], two: boolean) => HTMLElement[]} legend
   * @property {() => string[]} notes
   */

  /** Kinds whose boxes are crossed: no object is there. */
  const CROSSED = ["nothing", "newly_false"];

  /**
   * @param {any} samples @param {number} row
   * @param {{baseline: number | null, candidate: number}} shown places of versions
   * @returns {Subject | null} null where objects are not judged
   */
  function objects(samples, row, { baseline, candidate }) {
    const boxes = samples.boxes(row);
    if (!boxes) return null;
    const shapes = reportgen.boxShapes;
    const { meta } = samples;
    const { classes } = meta.parts;
    const names = meta.versions.map((/** @type {any} */ one) => one.name);
    const pair = baseline !== null && baseline !== candidate ? [baseline, candidate] : null;
    const changes = pair && samples.changes(row, ...pair);
    const masked = typeof boxes.within === "number";
    const hardest = reportgen.crop.hardest(boxes, changes, pair || [candidate]);

    /** @param {any} parts @param {number[]} judges @param {number[]} versions @param {boolean} two */
    function legend({ group, entries, chosen, isOn, toggleTruth, toggleVersion, markOf }, judges, versions, two) {
      const groups = judges.map((v, i) => {
        const judge = element(two ? "i" : "i.rg-vw-judge", null, ", by ", element("bdi", null, names[v]));
        const head = [element("i", null, "Truth", judge), element("span", null, numbers.count(boxes.true.length))];
        return group(`truth ${i}`, `Truth, by ${names[v]}`, chosen.truth, toggleTruth, head, entries(shapes.tally(shapes.truths(boxes, v), shapes.TRUE), `truth ${i}`, false));
      });
      const ofVersions = versions.map((v) => {
        const all = shapes.detections(boxes, v);
        const head = [element.sign(markOf(v)), element("bdi", null, names[v]), element("span", null, numbers.count(all.length))];
        return group(`version ${v}`, names[v], two || isOn(v), two ? null : toggleVersion(v), head, entries(shapes.tally(all, shapes.SAID), `version ${v}`, v !== candidate && !two));
      });
      return [...groups, ...ofVersions];
    }

    function notes() {
      return [
        masked && boxes.within > 0 ? `Masks are drawn to within ${numbers.count(boxes.within)} ${boxes.within === 1 ? "pixel" : "pixels"} of their borders.` : "",
        boxes.within === null ? "Its masks are too many to draw here: their boxes stand." : "",
      ];
    }

    return {
      size: boxes, kinds: shapes.KINDS, CHANGES: shapes.CHANGES, about: false, comparable: Boolean(changes),
      forms: masked ? ["masks", "boxes"] : ["boxes"],
      begins: { boxes: meta.overlap !== "mask", masks: meta.overlap === "mask" },
      drawing: (forms) => (masked ? forms : { boxes: forms.boxes || forms.masks, masks: false }), // of one without a mask its box in any case
      tell: (one) => `${classes[one.klass] || ""}${one.score === null ? "" : ` ${numbers.probability(one.score)}`} · ${shapes.KINDS[one.kind].note}`,
      switchesOf: (one) => [one.kind],
      dress: (one) => ({ first: hardest !== null && hardest[1] === one.box }),
      truths: (by) => shapes.truths(boxes, by),
      detections: (version) => shapes.detections(boxes, version),
      changed: (sides) => shapes.changed(boxes, changes, pair, sides),
      count: shapes.tally,
      swatch: (kind) => ({ name: kind, crossed: CROSSED.includes(kind), inside: [] }),
      legend, notes,
    };
  }

  reportgen.drawnObjects = objects;
})();
