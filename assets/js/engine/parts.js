/**
 * What samples consist of, in tasks that judge labels, objects or pixels: how many of them a version has right, adds
 * wrongly and misses. No page in here.
 *
 * @typedef {object} Counts by sample
 * @property {Float64Array} right @property {Float64Array} false @property {Float64Array} missed
 *
 * @typedef {object} ClassCounts of one class, an entry a sample that has any
 * @property {ArrayLike<number>} sample @property {Float64Array} right @property {Float64Array} union
 *
 * @typedef {object} Pixels what is told of pixels alone
 * @property {Counts} near those in the boundary of a mask alone
 * @property {Float64Array} agreed of all pixels, background too, those of which the class is right
 * @property {Float64Array} counted all of them
 * @property {ClassCounts[]} classes
 * @property {ClassCounts[] | null} nearClasses the same of those in the boundary of a mask alone; null: not loaded
 *
 * @typedef {Counts & {classes: number, klass: number, pixels: Pixels | null, errors: Record<string, Float64Array> | null}} Parts how many
 *   classes there are, of which alone these parts are (−1: of all), and of objects the errors of each type; null: of one class, or at
 *   another cut-off than the version's own, they are not told
 */
window.reportgen.define("parts", () => {
  "use strict";

  const NAMES = ["right", "false", "missed"];

  /**
   * @param {any} meta the chunk "samples"
   * @param {number} version
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once; it stores counts plus one
   * @returns {Promise<Parts>}
   */
  async function of(meta, version, load) {
    const [counts, pixels, errors] = await Promise.all([
      countsOf((name) => load(`${name}-${version}`)),
      meta.parts.kind === "pixel" ? pixelsOf(meta.parts.begins[version], version, load) : null,
      Promise.all(meta.parts.errors.map(async (name) => [name, numbersOf(await load(`${name}-${version}`))])),
    ]);
    return { ...counts, classes: meta.parts.classes.length, klass: -1, pixels, errors: Object.fromEntries(errors) };
  }

  /** @returns {Promise<Counts>} */
  async function countsOf(load) {
    const [right, wrong, missed] = await Promise.all(NAMES.map(async (name) => numbersOf(await load(name))));
    return { right, false: wrong, missed };
  }

  const numbersOf = (/** @type {ArrayLike<number>} */ codes) => Float64Array.from(codes, (code) => code - 1);

  /** @returns {Promise<Pixels>} `begins`: where the entries of each class begin, and the end */
  async function pixelsOf(begins, version, load) {
    const named = (/** @type {string} */ name) => load(`${name}-${version}`);
    const [near, sample, ...columns] = await Promise.all([
      countsOf((name) => named(`near_${name}`)),
      named("area_sample"), named("area_right"), named("area_union"), named("agreed"), named("counted"),
    ]);
    const [samples, right, union, agreed, counted] = [sample, ...columns].map(numbersOf);
    return { near, agreed, counted, classes: byClass(begins, samples, right, union), nearClasses: null };
  }

  /** @returns {ClassCounts[]} */
  function byClass(begins, samples, right, union) {
    return begins.slice(1).map((/** @type {number} */ end, /** @type {number} */ k) => {
      const own = (/** @type {Float64Array} */ column) => column.subarray(begins[k], end);
      return { sample: own(samples), right: own(right), union: own(union) };
    });
  }

  /** @param {any} meta @param {Parts[]} known of every version @returns {Promise<Parts[]>} with what boundaries of masks have of each class */
  async function near(meta, known, load) {
    return Promise.all(known.map(async (one, v) => {
      const [sample, right, union] = await Promise.all([`area_sample-${v}`, `near-class-right-${v}`, `near-class-union-${v}`].map(async (name) => numbersOf(await load(name))));
      return { ...one, pixels: { .../** @type {Pixels} */ (one.pixels), nearClasses: byClass(meta.parts.begins[v], sample, right, union) } };
    }));
  }

  const [GIVEN, LACKING, EXTRA] = [1, 2, 3];

  /** Tells each sample that truly has a label, or is given it, and what it is there. @param {(sample: number, state: number) => void} tell */
  async function labelled({ parts: { begins } }, version, klass, load, tell) {
    const [sample, state] = await Promise.all([load(`label-sample-${version}`), load(`label-state-${version}`)]);
    for (let at = begins[version][klass]; at < begins[version][klass + 1]; at++) tell(sample[at] - 1, state[at]);
  }

  /** @param {any} meta @param {Parts[]} known of every version @param {number} klass @returns {Promise<Parts[]>} Those of one label alone. */
  async function ofLabel(meta, known, klass, load) {
    return Promise.all(known.map(async (one, v) => {
      const own = { right: new Float64Array(meta.n), false: new Float64Array(meta.n), missed: new Float64Array(meta.n) };
      await labelled(meta, v, klass, load, (sample, state) => (own[state === GIVEN ? "right" : state === EXTRA ? "false" : "missed"][sample] = 1));
      return { ...one, ...own, klass };
    }));
  }

  /** @param {any} meta @param {ArrayLike<number>} target class codes from 1, where samples have one class each @param {number} klass @returns {Promise<Uint8Array>} 1 where a sample truly is of a class, or has a label, as far as some version was scored there. */
  async function truth(meta, target, klass, load) {
    if (!meta.parts) return Uint8Array.from(target, (code) => (code === klass + 1 ? 1 : 0));
    const found = new Uint8Array(meta.n);
    const mark = (/** @type {number} */ sample, /** @type {number} */ state) => {
      if (state === GIVEN || state === LACKING) found[sample] = 1;
    };
    await Promise.all(meta.versions.map((_, v) => labelled(meta, v, klass, load, mark)));
    return found;
  }

  /** @returns {Promise<Parts[] | null>} Those of every version; null where samples have no parts. */
  async function all(meta, load) {
    return meta.parts ? Promise.all(meta.versions.map((_, v) => of(meta, v, load))) : null;
  }

  /** @param {any} meta @param {any} metric @returns {number[]} The classes that it is told of beside the whole, in this form of the report. */
  const beside = ({ absent }, { by_class: codes, class_chunk: chunk }) => (absent.includes(chunk) ? [] : codes);

  window.reportgen.parts = { of, all, near, ofLabel, truth, beside };
});
