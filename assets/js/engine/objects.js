/**
 * Average precision and recall of objects over any samples, as stats/object_precision.py has them. No page in here.
 *
 * @typedef {object} Read where a figure stands
 * @property {number} area the range of areas @property {number} first @property {number} stop of the overlaps
 * @property {number | null} most of recall: how many detections of a class and sample count, by its place
 *
 * @typedef {object} Judged one version's detections, by class, then the surest first
 * @property {number[]} begins where each class begins, and the end
 * @property {ArrayLike<number>} sample row + 1 @property {ArrayLike<number>} kind code + 1
 * @property {number[][]} kinds what codes mean, as site/object_chunks.py has it
 *
 * @typedef {object} Truths the true objects, by class
 * @property {number[]} begins @property {ArrayLike<number>} sample row + 1
 * @property {ArrayLike<number>} kind the ranges in which it counts, as bits, + 1
 *
 * @typedef {object} Overlap what one class's curve at one overlap is made of
 * @property {Uint32Array} counted rows of the detections that are right or wrong, the surest first; the same where none
 *   is ignored
 * @property {Uint32Array} hits places in it of those that are right
 *
 * @typedef {object} Laid one class in some samples
 * @property {Uint32Array} wanted rows of the true objects
 * @property {Overlap[]} overlaps of precision
 * @property {{rows: Uint32Array, shares: Float64Array} | null} found of recall: rows, and the share of the overlaps at
 *   which objects are found in them
 */
window.reportgen.define("objects", () => {
  "use strict";

  const RANGES = 4;
  const ROUNDING = 1e-12; // as stats/object_precision.py has it
  const RECALLS = Float64Array.from({ length: 101 }, (_, k) => (k === 100 ? 1 : k * 0.01));

  /**
   * @param {Judged} judged
   * @param {Truths} truths
   * @param {Read} read
   * @param {Uint8Array} inside 1 for the rows that count
   * @returns {Laid[]} by class, what a figure over these samples is made of
   */
  function lay(judged, truths, read, inside) {
    const found = [];
    for (let klass = 0; klass + 1 < judged.begins.length; klass++) {
      const own = chosen(judged, judged.begins[klass], judged.begins[klass + 1], inside);
      found.push({
        wanted: wantedOf(truths, klass, read.area, inside),
        overlaps: read.most === null ? overlapsOf(judged, own, read) : [],
        found: read.most === null ? null : foundOf(judged, own, read),
      });
    }
    return found;
  }

  /** Places of the detections of a class that lie inside. */
  function chosen({ sample }, begin, end, inside) {
    const places = new Uint32Array(end - begin);
    let n = 0;
    for (let i = begin; i < end; i++) if (inside[sample[i] - 1]) places[n++] = i;
    return places.subarray(0, n);
  }

  function wantedOf({ begins, sample, kind }, klass, area, inside) {
    const rows = new Uint32Array(begins[klass + 1] - begins[klass]);
    let n = 0;
    for (let i = begins[klass]; i < begins[klass + 1]; i++) {
      if (((kind[i] - 1) >> area) & 1 && inside[sample[i] - 1]) rows[n++] = sample[i] - 1;
    }
    return rows.subarray(0, n);
  }

  /** By code of a kind, the overlaps at which it is right and those at which it is ignored, in a range of areas. */
  const bitsOf = ({ kinds }, area) => [1, 1 + RANGES].map((column) => Uint16Array.from(kinds, (one) => one[column + area]));

  function overlapsOf(judged, own, { area, first, stop }) {
    const { sample, kind } = judged;
    const [right, ignored] = bitsOf(judged, area);
    const everyone = Uint32Array.from(own, (i) => sample[i] - 1);
    const overlaps = [];
    for (let t = first; t < stop; t++) {
      const [counted, hits] = [new Uint32Array(own.length), new Uint32Array(own.length)];
      let [n, m] = [0, 0];
      for (let i = 0; i < own.length; i++) {
        const code = kind[own[i]] - 1;
        if ((ignored[code] >> t) & 1) continue;
        if ((right[code] >> t) & 1) hits[m++] = n;
        counted[n++] = everyone[i];
      }
      overlaps.push({ counted: n === own.length ? everyone : counted.slice(0, n), hits: hits.slice(0, m) });
    }
    return overlaps;
  }

  function foundOf(judged, own, { area, first, stop, most }) {
    const { sample, kind, kinds } = judged;
    const [right] = bitsOf(judged, area);
    const share = Float64Array.from(right, (bits, code) => {
      let n = 0;
      for (let t = first; t < stop; t++) n += (bits >> t) & 1;
      return kinds[code][0] <= most ? n / (stop - first) : 0;
    });
    const sums = new Map();
    for (const i of own) if (share[kind[i] - 1]) sums.set(sample[i] - 1, (sums.get(sample[i] - 1) || 0) + share[kind[i] - 1]);
    return { rows: Uint32Array.from(sums.keys()), shares: Float64Array.from(sums.values()) };
  }

  /** @param {Laid[]} laid @returns {number} How many entries a figure goes through. */
  function sizeOf(laid) {
    let n = 0;
    for (const { wanted, overlaps, found } of laid) {
      n += wanted.length + (found ? found.rows.length : 0);
      overlaps.forEach(({ counted, hits }, t) => (n += hits.length + (t && counted === overlaps[t - 1].counted ? 0 : counted.length)));
    }
    return n;
  }

  /**
   * @param {Laid[]} laid
   * @returns {(weight: Float64Array) => number} the mean over the classes that have an object to find, by the weight
   *   of each row; NaN where none has
   */
  function figure(laid) {
    const longest = Math.max(0, ...laid.flatMap(({ overlaps }) => overlaps.map((one) => one.counted.length)));
    const room = { seen: new Float64Array(longest), precision: new Float64Array(longest), passed: new Uint8Array(longest) };
    return (weight) => {
      let [sum, n] = [0, 0];
      for (const { wanted, overlaps, found } of laid) {
        let [all, slack] = [0, 0];
        for (let i = 0; i < wanted.length; i++) {
          all += weight[wanted[i]];
          if (weight[wanted[i]] % 1) slack = ROUNDING;
        }
        if (!(all > 0)) continue;
        n++;
        sum += found ? recall(found, all, weight) : overlaps.reduce((total, _, t) => total + area(overlaps, t, all, slack, weight, room), 0) / overlaps.length;
      }
      return n ? sum / n : NaN;
    };
  }

  function recall({ rows, shares }, wanted, weight) {
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += weight[rows[i]] * shares[i];
    return sum / wanted;
  }

  /** How many of the recalls are reached. */
  function reached(recall_) {
    let k = Math.min(Math.floor(recall_ * 100) + 1, 101);
    while (k < 101 && RECALLS[k] <= recall_) k++;
    while (k > 0 && RECALLS[k - 1] > recall_) k--;
    return k;
  }

  /**
   * Precision averaged over the recalls: at each the largest that is reached at it or beyond. A recall may
   * lack as much as ``slack`` by rounding: weights add up otherwise in another order, counts do not.
   */
  function area(overlaps, t, wanted, slack, weight, { seen, precision, passed }) {
    const { counted, hits } = overlaps[t];
    if (t === 0 || counted !== overlaps[t - 1].counted) {
      for (let i = 0, sum = 0; i < counted.length; i++) seen[i] = sum += weight[counted[i]];
    }
    let [right, n] = [0, 0];
    for (let i = 0; i < hits.length; i++) {
      const own = weight[counted[hits[i]]];
      if (own === 0) continue; // between two hits precision only falls
      right += own;
      precision[n] = right / seen[hits[i]];
      passed[n++] = reached(right / wanted + slack);
    }
    let [best, sum] = [0, 0];
    for (let i = n - 1; i >= 0; i--) {
      if (precision[i] > best) best = precision[i];
      sum += best * (passed[i] - (i ? passed[i - 1] : 0));
    }
    return sum / RECALLS.length;
  }

  window.reportgen.objects = { lay, sizeOf, figure };
});
