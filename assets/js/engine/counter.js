/**
 * How many samples hold each code of each column, under filters; a change of a filter costs what it moves. No page in here.
 *
 * Each filter is a set of samples, and the selection is what all of them share. Samples that meet all filters but one
 * count for the column of that one, so that a filter's values are counted under the other filters. Columns with few codes
 * are fused, so that one increment counts several.
 *
 * @typedef {Uint8Array | Uint16Array | Uint32Array} Codes
 * @typedef {{key: string, codes: Codes, size: number, states?: ArrayLike<number> | null}} Column codes run from 0 to size − 1;
 *   `states`: those of each state, where a state tells it, so that it is counted over states
 * @typedef {{codes: Codes, pass: Uint8Array}} Filter a sample meets it where `pass` of its code is 1
 * @typedef {{codes: Codes, counts: Int32Array, total: Int32Array | null}} Table one code a sample, and how many hold it
 *
 * @typedef {object} Slot a filter that holds
 * @property {import("./bits.js").Bits} met the samples that meet it
 * @property {import("./bits.js").Bits} alone those that meet all the others and not this one, and how many
 * @property {number} n
 * @property {Codes | null} codes its column, where it has one, with the counts of those samples
 * @property {Int32Array | null} counts
 */
window.reportgen.define("counter", () => {
  "use strict";

  const { bits } = window.reportgen;
  const BLOCK = 1 << 16; // samples between two pauses
  const CELLS = 4096; // of a table that stays in the fastest memory

  /** @param {number} size @returns {Codes} The smallest that holds codes below `size`. */
  function room(n, size) {
    return size <= 256 ? new Uint8Array(n) : wide(n, size);
  }

  /** The same without the least, so that what goes over fused columns meets one type nearly always. */
  const wide = (n, size) => (size <= 65536 ? new Uint16Array(n) : new Uint32Array(n));

  /** Columns in groups, each with the outcome, whose codes multiply to few cells; a column of many codes stands alone. */
  function grouped(columns, outcomes) {
    const groups = [];
    for (const column of columns.slice().sort((a, b) => b.size - a.size)) {
      const home = groups.find((group) => group.cells * column.size <= CELLS);
      const group = home || { cells: outcomes, parts: [] };
      if (!home) groups.push(group);
      group.parts.push({ key: column.key, codes: column.codes, size: column.size, stride: group.cells });
      group.cells *= column.size;
    }
    return groups;
  }

  function fuse(codes, parts, outcome, start, end) {
    for (let i = start; i < end; i++) codes[i] = outcome[i];
    for (let p = 0; p + 1 < parts.length; p += 2) {
      const [one, two, a, b] = [parts[p].codes, parts[p + 1].codes, parts[p].stride, parts[p + 1].stride];
      for (let i = start; i < end; i++) codes[i] += one[i] * a + two[i] * b;
    }
    if (parts.length % 2) {
      const { codes: own, stride } = parts[parts.length - 1];
      for (let i = start; i < end; i++) codes[i] += own[i] * stride;
    }
  }

  function countAll(counts, codes, start, end) {
    for (let i = start; i < end; i++) counts[codes[i]]++;
  }

  function countRows(counts, codes, rows, n, by) {
    for (let k = 0; k < n; k++) counts[codes[rows[k]]] += by;
  }

  function countOutcomes(counts, codes, outcome, outcomes, rows, n, by) {
    for (let k = 0; k < n; k++) counts[codes[rows[k]] * outcomes + outcome[rows[k]]] += by;
  }

  /**
   * @param {object} of
   * @param {number} of.n samples
   * @param {Column[]} of.columns each is counted by outcome
   * @param {Codes} of.outcome
   * @param {number} of.outcomes how many outcomes there are
   * @param {{codes: Codes, size: number}[]} of.plain counted without outcome
   * @param {{state: ArrayLike<number> | null, outcome: ArrayLike<number>} | null} of.told of each code of the first plain
   *   column, its state (null: its own number), and of each state its outcome
   * @returns {Generator<void, any>} the counter, after pauses
   */
  function* make({ n, columns, outcome, outcomes, plain, told }) {
    const groups = grouped(columns.filter((column) => !column.states), outcomes);
    /** @type {Table[]} */
    const tables = groups.map((group) => ({ codes: wide(n, group.cells), counts: new Int32Array(group.cells), total: null }));
    for (const { codes, size } of plain) tables.push({ codes, counts: new Int32Array(size), total: null });
    for (let start = 0; start < n; start += BLOCK) {
      const end = Math.min(n, start + BLOCK);
      groups.forEach((group, g) => fuse(tables[g].codes, group.parts, outcome, start, end));
      for (const { counts, codes } of tables) countAll(counts, codes, start, end);
      yield;
    }
    for (const table of tables) table.total = table.counts.slice();

    const known = new Map(columns.map((column) => [column.key, column]));
    const places = new Map(groups.flatMap((group, g) => group.parts.map((part) => [part.key, { table: tables[g], part }])));
    /** @type {Map<string, Slot>} */
    const slots = new Map();
    const everyone = bits.all(n);
    const rows = new Uint32Array(n);
    let chosen = everyone;
    let selected = n;

    /** A filter's samples. */
    function* met({ codes, pass }) {
      const own = bits.none(n);
      for (let start = 0; start < n; start += BLOCK) {
        bits.pack(own, codes, pass, start, Math.min(n, start + BLOCK));
        yield;
      }
      return own;
    }

    /** What all the sets share, but for that of one key. */
    function shared(but) {
      const own = everyone.slice();
      for (const slot of slots.values()) if (slot !== but) bits.meet(own, slot.met);
      return own;
    }

    /** Counts the samples that meet all filters but this one. */
    function countAlone(slot) {
      const now = shared(slot);
      bits.leave(now, slot.met);
      slot.n = bits.count(now);
      if (slot.counts) {
        countOutcomes(slot.counts, slot.codes, outcome, outcomes, rows, bits.list(slot.alone, now, rows), -1);
        countOutcomes(slot.counts, slot.codes, outcome, outcomes, rows, bits.list(now, slot.alone, rows), 1);
      }
      slot.alone = now;
    }

    /** The counts of the tables, by whichever way looks at fewest samples. */
    function* recount(before, now) {
      const both = before.slice();
      bits.meet(both, now);
      const kept = bits.count(both);
      const changed = bits.count(before) + selected - 2 * kept;
      const least = Math.min(changed, selected, n - selected);
      const ways =
        least === changed ? [[before, now, -1], [now, before, 1]] : least === selected ? [[now, null, 1]] : [[everyone, now, -1]];
      for (const { counts, total } of least === changed ? [] : tables) {
        if (least === selected) counts.fill(0);
        else counts.set(total);
      }
      for (const [from, without, by] of ways) {
        const m = bits.list(from, without, rows);
        yield;
        for (const { counts, codes } of tables) {
          countRows(counts, codes, rows, m, by);
          yield;
        }
      }
    }

    /**
     * @param {Map<string, Filter>} filters all that shall hold, by key
     * @param {Set<string>} [renewed] keys of filters that are others than before
     * @returns {Generator<void, void>}
     */
    function* update(filters, renewed = new Set()) {
      let same = true;
      for (const key of [...slots.keys()]) {
        if (filters.has(key)) continue;
        slots.delete(key);
        same = false;
      }
      for (const [key, filter] of filters) {
        const slot = slots.get(key) || fresh(key);
        if (slots.has(key) && !renewed.has(key)) continue;
        slot.met = yield* met(filter);
        slots.set(key, slot);
        same = false;
      }
      if (same) return;
      const before = chosen;
      chosen = shared(null);
      selected = bits.count(chosen);
      for (const slot of slots.values()) {
        countAlone(slot);
        yield;
      }
      yield* recount(before, chosen);
    }

    /** @param {string} key @returns {Slot} */
    function fresh(key) {
      const column = known.get(key);
      const counts = column ? new Int32Array(column.size * outcomes) : null;
      return { met: everyone, alone: bits.none(n), n: 0, codes: column ? column.codes : null, counts };
    }

    /** @param {string} key @returns {Int32Array} counts[code * outcomes + outcome] of the selected samples. */
    function inside(key) {
      const column = known.get(key);
      if (column.states) return overStates(column);
      const { table, part } = places.get(key);
      return marginal(table.counts, part);
    }

    /** Sums over the states that a code belongs to. */
    function overStates({ states, size }) {
      const out = new Int32Array(size * outcomes);
      const { counts } = tables[groups.length];
      for (let cell = 0; cell < counts.length; cell++) {
        if (!counts[cell]) continue;
        const s = told.state ? told.state[cell] : cell;
        out[states[s] * outcomes + told.outcome[s]] += counts[cell];
      }
      return out;
    }

    /** Sums over the other columns that are fused with this one. */
    function marginal(counts, { size, stride }) {
      const out = new Int32Array(size * outcomes);
      for (let cell = 0; cell < counts.length; cell++) {
        const count = counts[cell];
        if (count) out[(Math.floor(cell / stride) % size) * outcomes + (cell % outcomes)] += count;
      }
      return out;
    }

    /** @param {string} key @returns {Int32Array} The same of the samples that meet all filters but the one of this key. */
    function facet(key) {
      const out = inside(key);
      const own = slots.get(key);
      if (own && own.counts) for (let i = 0; i < out.length; i++) out[i] += own.counts[i];
      return out;
    }

    /**
     * @param {Iterable<string>} keys of the filters that hold
     * @returns {string | null} the first one without which most samples would be left, where it alone leaves some
     */
    function culprit(keys) {
      let [most, found] = [0, null];
      for (const key of keys) {
        const { n } = slots.get(key);
        if (n > most) [most, found] = [n, key];
      }
      return found;
    }

    /** Counts a column that is not kept, by outcome, as `facet` does. @param {string} key @param {Codes} codes @param {Int32Array} counts */
    function count(key, codes, counts) {
      const among = slots.has(key) ? shared(slots.get(key)) : chosen;
      countOutcomes(counts, codes, outcome, outcomes, rows, bits.list(among, null, rows), 1);
    }

    return {
      n, update, inside, facet, culprit, count,
      keys: columns.map((column) => column.key),
      /** @returns {number} */
      selected: () => selected,
      /** @returns {import("./bits.js").Bits} */
      chosen: () => chosen,
      /** @param {number} k @returns {{counts: Int32Array, total: Int32Array}} Of the k-th plain column. */
      plain: (k) => tables[groups.length + k],
    };
  }

  window.reportgen.counter = { make, room, BLOCK };
});
