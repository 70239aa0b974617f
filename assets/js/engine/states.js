/**
 * States: samples that a metric cannot tell apart (the same class, predicted the same and as surely by both versions)
 * are one state, and every sum over samples is a sum over states. No page in here.
 *
 * @typedef {object} States
 * @property {number} size how many occur
 * @property {number} classes
 * @property {import("./counter.js").Codes} of the state of each sample
 * @property {Int32Array} target class code + 1 of each state
 * @property {Int32Array[]} said what each version predicts there, class code + 1; 0: not scored
 * @property {Uint8Array[]} sure 1 where the version is sure (and wrong)
 */
window.reportgen.define("states", () => {
  "use strict";

  const { counter } = window.reportgen;
  const DENSE = 1 << 22; // up to so many possible states a table finds those that occur, beyond it a map

  /**
   * @param {object} of
   * @param {number} of.n
   * @param {number} of.classes
   * @param {ArrayLike<number>} of.target
   * @param {ArrayLike<number>[]} of.said the predictions of one version or of two
   * @param {(Uint8Array | null)[]} of.sure 1 where a version is wrong and sure of itself
   * @returns {Generator<void, States>}
   */
  function* find({ n, classes, target, said, sure }) {
    const k = classes + 1;
    const radix = 2 * k;
    const possible = k * radix ** said.length;
    const { of, codes } = yield* (possible <= DENSE ? dense : sparse)(n, possible, target, said, sure, radix);
    const found = {
      size: codes.length, classes, of, target: new Int32Array(codes.length),
      said: said.map(() => new Int32Array(codes.length)), sure: said.map(() => new Uint8Array(codes.length)),
    };
    codes.forEach((code, s) => {
      let rest = code;
      for (let v = said.length - 1; v >= 0; v--) {
        const own = rest % radix;
        found.said[v][s] = own >> 1;
        found.sure[v][s] = own & 1;
        rest = Math.floor(rest / radix);
      }
      found.target[s] = rest;
    });
    return found;
  }

  /** Every sample's state in all that are possible, then those that occur. */
  function* dense(n, possible, target, said, sure, radix) {
    const raw = counter.room(n, possible);
    const place = new Uint32Array(possible);
    for (let start = 0; start < n; start += counter.BLOCK) {
      const end = Math.min(n, start + counter.BLOCK);
      for (let i = start; i < end; i++) raw[i] = target[i];
      for (let v = 0; v < said.length; v++) add(raw, said[v], sure[v], radix, start, end);
      for (let i = start; i < end; i++) place[raw[i]] = 1;
      yield;
    }
    const codes = [];
    for (let code = 0; code < possible; code++) if (place[code]) place[code] = codes.push(code) - 1;
    const of = raw instanceof Uint32Array ? counter.room(n, codes.length) : raw;
    for (let i = 0; i < n; i++) of[i] = place[raw[i]];
    return { of, codes };
  }

  function add(of, said, sure, radix, start, end) {
    for (let i = start; i < end; i++) of[i] = of[i] * radix + 2 * said[i];
    if (sure) for (let i = start; i < end; i++) of[i] += sure[i];
  }

  /** The states that occur, in the order in which they come. */
  function* sparse(n, possible, target, said, sure, radix) {
    const known = new Map();
    const wide = new Uint32Array(n);
    for (let start = 0; start < n; start += counter.BLOCK) {
      const end = Math.min(n, start + counter.BLOCK);
      for (let i = start; i < end; i++) {
        let code = target[i];
        for (let v = 0; v < said.length; v++) code = code * radix + 2 * said[v][i] + (sure[v] ? sure[v][i] : 0);
        let id = known.get(code);
        if (id === undefined) known.set(code, (id = known.size));
        wide[i] = id;
      }
      yield;
    }
    const of = counter.room(n, known.size);
    of.set(wide);
    return { of, codes: Array.from(known.keys()) };
  }

  window.reportgen.states = { find };
});
