/**
 * States: samples that a metric cannot tell apart (the same class, predicted the same and as surely by both versions)
 * are one state, and every sum over samples is a sum over states. No page in here.
 *
 * @typedef {object} States
 * @property {number} size how many occur
 * @property {import("./counter.js").Codes} of the state of each sample
 * @property {Int32Array} target class code + 1 of each state
 * @property {Int32Array[]} said what each version predicts there, class code + 1; 0: not scored
 * @property {Uint8Array[]} sure 1 where the version is sure (and wrong)
 */
window.reportgen.define("states", () => {
  "use strict";

  const { counter } = window.reportgen;
  const DENSE = 1 << 22; // up to so many possible states a table finds them, beyond it a map

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
    const dense = possible <= DENSE ? new Int32Array(possible) : null;
    const known = dense ? null : new Map();
    /** @type {number[]} */
    const codes = [];
    const wide = new Uint32Array(n);
    const number = (code) => {
      let id = dense ? dense[code] : known.get(code);
      if (id) return id - 1;
      codes.push(code);
      id = codes.length;
      if (dense) dense[code] = id;
      else known.set(code, id);
      return id - 1;
    };
    for (let start = 0; start < n; start += counter.BLOCK) {
      const end = Math.min(n, start + counter.BLOCK);
      for (let i = start; i < end; i++) {
        let code = target[i];
        for (let v = 0; v < said.length; v++) code = code * radix + 2 * said[v][i] + (sure[v] ? sure[v][i] : 0);
        wide[i] = number(code);
      }
      yield;
    }
    const of = counter.room(n, codes.length);
    of.set(wide);
    const found = {
      size: codes.length, of, target: new Int32Array(codes.length),
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

  window.reportgen.states = { find };
});
