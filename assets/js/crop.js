/* The window of a picture that a tile shows instead of the whole: its hardest object, where that is small in the frame. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const SHAPE = 16 / 10; // of a tile
  const AROUND = 3; // times the object's own size
  const LEAST = 48; // pixels of the original
  const MOST = 0.5; // of the picture's area: a window that is larger shows nothing better

  /** @param {number[]} box */
  const area = (box) => box[2] * box[3];

  /**
   * The box to look at first: what is newly missed, then newly false, then missed (the largest of each), then the surest
   * that is false; null where nothing is wrong.
   * @param {any} boxes of the sample @param {any} changes of it, or null @param {number[]} versions baseline and candidate, or it alone
   * @returns {[string, number[]] | null} what it says (overlay.js: KINDS), and the box
   */
  function hardest(boxes, changes, versions) {
    const candidate = versions[versions.length - 1];
    const kinds = reportgen.overlay.kinds(boxes, candidate);
    const before = versions.length > 1 ? reportgen.overlay.kinds(boxes, versions[0]) : null;
    const largest = (/** @type {number[][]} */ some) => some.slice().sort((a, b) => area(b) - area(a))[0];
    const surest = (/** @type {number[][]} */ some) => some.slice().sort((a, b) => b[5] - a[5])[0];
    const newly = before ? kinds.missed.filter((/** @type {any} */ one) => before.found.includes(one)) : [];
    const added = changes ? changes.new.map((/** @type {number} */ i) => boxes.said[candidate][i]) : [];
    /** @type {[string, number[] | undefined][]} */
    const order = [["missed", largest(newly)], ["false", surest(added)], ["missed", largest(kinds.missed)], ["false", surest(kinds.false)]];
    return /** @type {[string, number[]] | null} */ (order.find(([, box]) => box) || null);
  }

  /**
   * Of the objects that are asked for the largest that the candidate misses, then the largest that it finds.
   * @param {any} boxes @param {number[]} versions @param {number[]} places of these objects
   * @returns {[string, number[]] | null}
   */
  function asked(boxes, versions, places) {
    const kinds = reportgen.overlay.kinds(boxes, versions[versions.length - 1]);
    const some = places.map((i) => boxes.true[i]).sort((a, b) => area(b) - area(a));
    const [missed, found] = ["missed", "found"].map((kind) => some.find((one) => kinds[kind].includes(one)));
    return missed ? ["missed", missed] : found ? ["found", found] : null;
  }

  /**
   * @param {any} boxes @param {any} changes @param {number[]} versions
   * @param {number[] | null} [places] of the objects that are asked for; else the hardest one
   * @returns {{left: number, top: number, width: number, height: number, kind: string, box: number[]} | null} null: the whole picture
   */
  function crop(boxes, changes, versions, places) {
    const found = boxes && (places ? asked(boxes, versions, places) : hardest(boxes, changes, versions));
    const seen = found && around(boxes, found[1]);
    return seen && { ...seen, kind: found[0], box: found[1] };
  }

  /**
   * @param {any} map samples.regions @param {number} version
   * @returns {{left: number, top: number, width: number, height: number, path: string} | null} what is around the largest region that it gets wrong; null: the whole picture
   */
  function cropRegion(map, version) {
    const worst = reportgen.regionShapes.worst(map, version);
    const seen = worst && around(map, worst.box);
    return seen && { ...seen, path: worst.box.mask };
  }

  /**
   * @param {{width: number, height: number}} picture @param {number[]} box
   * @returns {{left: number, top: number, width: number, height: number} | null} null: a window around it would show nothing better
   */
  function around(picture, box) {
    const width = Math.max(AROUND * box[2], AROUND * box[3] * SHAPE, LEAST);
    const height = width / SHAPE;
    if (width * height > MOST * picture.width * picture.height || width > picture.width) return null;
    const put = (/** @type {number} */ middle, /** @type {number} */ side, /** @type {number} */ whole) =>
      side > whole ? (whole - side) / 2 : Math.min(Math.max(middle - side / 2, 0), whole - side);
    return {
      left: put(box[0] + box[2] / 2, width, picture.width), top: put(box[1] + box[3] / 2, height, picture.height), width, height,
    };
  }

  crop.hardest = hardest;
  crop.region = cropRegion;
  reportgen.crop = crop;
})();
