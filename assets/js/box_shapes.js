/* What is drawn over an opened example: boxes and masks of the truth, of each version, and of what changed between two. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  /**
   * @typedef {object} Kind what a box says
   * @property {string} words as the legend has them @property {string} note as its box is told @property {string} [sign]
   * @property {string} title what it means
   *
   * @typedef {object} Shape one box to draw
   * @property {string} kind a key of KINDS @property {number[] & {mask?: string | null}} box left, top, width, height
   * @property {number} klass @property {number | null} score null: a true object @property {number | null} version null: the truth
   *
   * @typedef {object} Group a part of the legend: its switch, and the kinds behind it
   * @property {string} key @property {string} words @property {number | null} version @property {boolean} on
   * @property {[string, number][]} kinds with their numbers
   */

  /** What a box can say. @type {Record<string, Kind>} */
  const KINDS = {
    found: { words: "Found", note: "found", title: "A true object that the version finds" },
    missed: { words: "Missed", note: "missed", sign: "diamond", title: "A true object that the version does not find" },
    right: { words: "Right", note: "right", sign: "check", title: "A detection that finds a true object of its class" },
    class: { words: "Wrong class", note: "wrong class", sign: "cross", title: "A detection on an object of another class" },
    place: { words: "Badly placed", note: "badly placed", sign: "cross", title: "A detection that overlaps an object of its class by less than half" },
    both: {
      words: "Wrong class and place", note: "wrong class and place", sign: "cross",
      title: "A detection that only touches an object of another class, or one that is found already",
    },
    twice: { words: "Found twice", note: "found twice", sign: "cross", title: "A detection of an object that a surer one has found" },
    nothing: { words: "On nothing", note: "on nothing", sign: "cross", title: "A detection where no object is" },
    newly_missed: { words: "Newly missed", note: "newly missed", sign: "down", title: "The baseline finds it, the candidate does not" },
    newly_found: { words: "Newly found", note: "newly found", sign: "up", title: "The candidate finds it, the baseline does not" },
    newly_false: { words: "Newly false", note: "newly false", sign: "cross", title: "A wrong detection of the candidate where the baseline has none" },
    no_longer_false: {
      words: "No longer false", note: "no longer false", sign: "check", title: "A wrong detection of the baseline where the candidate has none",
    },
    label_changed: { words: "Label changed", note: "label changed", sign: "swap", title: "Both detect something here, of different classes" },
    moved: { words: "Moved", note: "moved", sign: "move", title: "Both find the object, with detections that overlap each other by less than 0.75" },
  };
  /** What is wrong with a detection, by its code (reportgen/stats/object_errors.py). */
  const STATES = ["right", "class", "place", "both", "twice", "nothing"];
  const TRUE = ["missed", "found"];
  const SAID = ["nothing", "class", "place", "both", "twice", "right"];
  const CHANGES = ["newly_missed", "newly_found", "newly_false", "no_longer_false", "label_changed", "moved"];

  /** @param {any} boxes @param {number} i @param {string} kind @returns {Shape} A true object. */
  function truth(boxes, i, kind) {
    return { kind, box: boxes.true[i], klass: boxes.true[i][4], score: null, version: null };
  }

  /** @param {any} boxes @param {number} version @param {number} i @param {string} [kind] @returns {Shape} A detection. */
  function said(boxes, version, i, kind) {
    const one = boxes.said[version][i];
    return { kind: kind || STATES[one[6]], box: one, klass: one[4], score: one[5], version };
  }

  /** @param {any} boxes @param {number} version by which they are found or missed @returns {Shape[]} */
  function truths(boxes, version) {
    const finds = (/** @type {number[]} */ one) => Math.floor(one[5] / 2 ** version) % 2 === 1;
    return boxes.true.map((/** @type {number[]} */ one, /** @type {number} */ i) => truth(boxes, i, finds(one) ? "found" : "missed"));
  }

  /** @param {any} boxes @param {number} version @returns {Shape[]} */
  function detections(boxes, version) {
    return boxes.said[version].map((/** @type {any} */ _, /** @type {number} */ i) => said(boxes, version, i));
  }

  /**
   * The boxes that changed, as they are on one side or, with both, on either.
   * @param {any} boxes @param {any} changes of the sample (samples.js: changes) @param {[number, number]} pair
   * @param {number[]} sides which of the pair: 0, 1 or both @returns {Shape[]}
   */
  function changed(boxes, changes, pair, sides) {
    if (!changes) return [];
    const bit = (/** @type {number[]} */ one, /** @type {number} */ v) => Math.floor(one[5] / 2 ** v) % 2;
    const found = boxes.true.flatMap((/** @type {number[]} */ one, /** @type {number} */ i) => {
      const moved = bit(one, pair[1]) - bit(one, pair[0]);
      return moved ? [truth(boxes, i, moved < 0 ? "newly_missed" : "newly_found")] : [];
    });
    const both = (/** @type {number[][]} */ pairs, /** @type {string} */ kind) =>
      pairs.flatMap((places) => sides.map((side) => said(boxes, pair[side], places[side], kind)));
    const alone = (/** @type {number[]} */ places, /** @type {number} */ side, /** @type {string} */ kind) =>
      sides.includes(side) ? places.map((i) => said(boxes, pair[side], i, kind)) : [];
    return [
      ...found, ...alone(changes.new, 1, "newly_false"), ...alone(changes.gone, 0, "no_longer_false"),
      ...both(changes.label, "label_changed"), ...both(changes.moved, "moved"),
    ];
  }

  /** @param {Shape[]} shapes @param {string[]} kinds @returns {[string, number][]} The kinds that there are, with their numbers. */
  function tally(shapes, kinds) {
    return kinds
      .map((kind) => /** @type {[string, number]} */ ([kind, shapes.filter((one) => one.kind === kind).length]))
      .filter(([, n]) => n > 0);
  }

  reportgen.boxShapes = { KINDS, TRUE, SAID, CHANGES, truths, detections, changed, tally };
})();
