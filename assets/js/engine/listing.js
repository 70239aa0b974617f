/**
 * The samples of a selection, hardest first, and what is told of each. No page in here.
 */
window.reportgen.define("listing", () => {
  "use strict";

  const { bits, confidences, outcomes, passing, model: { OUTCOMES } } = window.reportgen;
  const LISTED = 240;
  const PART_NAMES = ["right", "false", "missed"];
  const PARTS = { wrong: [outcomes.WRONG], right: [outcomes.RIGHT], all: [outcomes.WRONG, outcomes.RIGHT, outcomes.NONE] };

  /**
   * @param {any} model whose counts are those of the selection
   * @param {"wrong" | "right" | "all"} order
   * @param {number} limit
   * @returns {Promise<number[]>} its first samples
   */
  async function first(model, order, limit) {
    const chosen = model.counter.chosen();
    const found = [];
    for (const outcome of PARTS[order]) {
      if (found.length === limit) break;
      for (const row of await model.rowsOf(outcome)) {
        if (bits.has(chosen, row) && found.push(row) === limit) break;
      }
    }
    return found;
  }

  /** @param {any} model @param {"wrong" | "right" | "all"} order @returns {Promise<any>} What an answer lists. */
  async function listed(model, order) {
    const counts = model.counter.inside("now");
    const of = (code) => counts[code * OUTCOMES + code];
    const sizes = { wrong: of(outcomes.WRONG), right: of(outcomes.RIGHT), all: model.counter.selected() };
    return { order, rows: await first(model, order, LISTED), n: sizes[order], ...sizes };
  }

  /**
   * @param {any} meta the chunk "samples"
   * @param {(name: string) => Promise<any>} load a chunk, unpacked once
   */
  function open(meta, load) {
    const known = (/** @type {number} */ value) => (Number.isNaN(value) ? null : value);

    /** @returns {Promise<Record<string, number[]>>} of a version, how many parts of each row are right, false and missed; plus 1 */
    async function partsOf(v, rows) {
      const found = await Promise.all(PART_NAMES.map((name) => load(`${name}-${v}`)));
      return Object.fromEntries(PART_NAMES.map((name, i) => [name, rows.map((row) => found[i][row])]));
    }

    /** @param {import("./model.js").Own} own @param {number[]} rows @returns {Promise<any>} What tiles show of them. */
    async function tiles({ samples, codes }, rows) {
      const ids = await load("ids");
      const parts = await Promise.all((meta.words.part ? meta.versions : []).map((_, v) => partsOf(v, rows)));
      return {
        parts,
        rows, id: ids.pick(rows), target: rows.map((row) => samples.target[row]),
        prediction: samples.prediction.map((one) => rows.map((row) => one[row])),
        confidence: samples.confidence.map((one) => (one ? rows.map((row) => known(confidences.of(one[row]))) : [])),
        attributes: Object.fromEntries(Array.from(codes, ([name, one]) => [name, rows.map((row) => one[row])])),
      };
    }

    /** @param {any} model @returns {Promise<string[]>} The ids of the selection. */
    async function ids(model) {
      return (await load("ids")).pick(await first(model, "all", meta.n));
    }

    /**
     * @param {import("./model.js").Own} own
     * @param {any} model
     * @param {string[]} names "id", "label", "prediction-{v}", "right-{v}" …, "confidence-{v}", "a.<attribute>", "n.<attribute>"
     * @param {number} limit
     * @returns {Promise<any[][]>} a line a sample of the selection; null where there is no value
     */
    async function table(own, model, names, limit) {
      const rows = await first(model, "all", limit);
      const columns = await Promise.all(names.map((name) => column(own, name, rows)));
      return rows.map((_, i) => columns.map((values) => values[i]));
    }

    /** @returns {Promise<(number | null)[]>} how many parts each row has, as far as a version was scored on it */
    async function partsIn(rows) {
      const found = await Promise.all(meta.versions.map((_, v) => partsOf(v, rows)));
      return rows.map((_, i) => {
        const known = found.filter((one) => one.right[i]).map((one) => one.right[i] + one.missed[i] - 2);
        return known.length ? Math.max(...known) : null;
      });
    }

    async function column({ samples, codes }, name, rows) {
      const classOf = (code) => (code ? meta.classes[code - 1] : null);
      const said = (of) => rows.map((row) => (samples.values ? known(of[row]) : classOf(of[row])));
      if (name === "id") return (await load("ids")).pick(rows);
      const [kind, v] = name.split("-");
      if (meta.words.part && name === "label") return partsIn(rows);
      if (PART_NAMES.includes(kind)) {
        const counts = (await partsOf(Number(v), rows))[kind];
        return rows.map((row, i) => (Number.isNaN(samples.prediction[v][row]) ? null : counts[i] - 1));
      }
      if (name === "label") return said(samples.target);
      if (kind === "prediction" && samples.prediction[v]) return said(samples.prediction[v]);
      if (kind === "confidence" && samples.confidence[v]) return rows.map((row) => known(confidences.of(samples.confidence[v][row])));
      const chunk = passing.numberOf(meta, name);
      if (chunk) {
        const values = await load(chunk);
        return rows.map((row) => known(values[row]));
      }
      const attribute = meta.attributes.find((one) => name === `a.${one.name}`);
      if (!attribute) return rows.map(() => null);
      const own = codes.get(attribute.column);
      return rows.map((row) => (own[row] ? attribute.values[own[row] - 1] : null));
    }

    return { tiles, ids, table };
  }

  window.reportgen.listing = { listed, open };
});
