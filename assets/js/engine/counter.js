/**
 * How many samples hold each code of each column, under filters; a change of a filter costs what it moves. No page in here.
 *
 * Each filter has a bit, set in `fails` where a sample does not meet it. A sample without bits is selected; one with a
 * single bit counts for that filter's own column, so that a filter's values are counted under the other filters. Columns
 * with few codes are fused, so that one increment counts several.
 *
 * @typedef {Uint8Array | Uint16Array | Uint32Array} Codes
 * @typedef {{key: string, codes: Codes, size: number}} Column codes run from 0 to size − 1
 * @typedef {{codes: Codes, pass: Uint8Array}} Filter a sample meets it where `pass` of its code is 1
 * @typedef {{codes: Codes, counts: Int32Array, total: Int32Array | null}} Table one code a sample, and how many hold it
 */
window.reportgen.define("counter", () => {
  "use strict";

  const BLOCK = 1 << 16; // samples between two pauses
  const CELLS = 4096; // of a table that stays in the fastest memory
  const SLOTS = 32;

  /** @param {number} size @returns {Codes} The smallest that holds codes below `size`. */
  function room(n, size) {
    return size <= 256 ? new Uint8Array(n) : size <= 65536 ? new Uint16Array(n) : new Uint32Array(n);
  }

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

  function fuse(codes, { parts }, outcome, start, end) {
    for (let i = start; i < end; i++) codes[i] = outcome[i];
    for (const part of parts) {
      const { codes: own, stride } = part;
      for (let i = start; i < end; i++) codes[i] += own[i] * stride;
    }
  }

  function countAll(counts, codes, start, end) {
    for (let i = start; i < end; i++) counts[codes[i]]++;
  }

  function countRows(counts, codes, rows, n, by) {
    for (let k = 0; k < n; k++) counts[codes[rows[k]]] += by;
  }

  function retain(wanted, fails, keep, start, end) {
    for (let i = start; i < end; i++) wanted[i - start] = fails[i] & keep;
  }

  function refuse(wanted, codes, pass, bit, start, end) {
    for (let i = start; i < end; i++) if (!pass[codes[i]]) wanted[i - start] |= bit;
  }

  /** 1 where a number of 32 bits is not 0, without a branch: which way it goes is not to be foreseen. */
  const nonzero = (bits) => (bits | (0 - bits)) >>> 31;

  /**
   * Takes over the wanted bits of a block, and notes which samples were lost and gained by the selection; and which fail,
   * or failed, one filter alone, with their bits before.
   */
  function settle(fails, wanted, start, end, moved, lost, gained, alone, was) {
    let l = moved.lost;
    let g = moved.gained;
    let a = 0;
    for (let i = start; i < end; i++) {
      const old = fails[i];
      const now = wanted[i - start];
      fails[i] = now;
      const out = nonzero(now);
      const back = nonzero(old);
      lost[l] = i;
      l += out & ~back;
      gained[g] = i;
      g += back & ~out;
      alone[a] = i;
      was[a] = old;
      const one = (out & ~nonzero(now & (now - 1))) | (back & ~nonzero(old & (old - 1)));
      a += one & nonzero(old ^ now);
    }
    moved.lost = l;
    moved.gained = g;
    return a;
  }

  /**
   * @param {object} of
   * @param {number} of.n samples
   * @param {Column[]} of.columns each is counted by outcome
   * @param {Codes} of.outcome
   * @param {number} of.outcomes how many outcomes there are
   * @param {{codes: Codes, size: number}[]} of.plain counted without outcome
   * @returns {Generator<void, any>} the counter, after pauses
   */
  function* make({ n, columns, outcome, outcomes, plain }) {
    const groups = grouped(columns, outcomes);
    /** @type {Table[]} */
    const tables = groups.map((group) => ({ codes: room(n, group.cells), counts: new Int32Array(group.cells), total: null }));
    for (const { codes, size } of plain) tables.push({ codes, counts: new Int32Array(size), total: null });
    for (let start = 0; start < n; start += BLOCK) {
      const end = Math.min(n, start + BLOCK);
      groups.forEach((group, g) => fuse(tables[g].codes, group, outcome, start, end));
      for (const { counts, codes } of tables) countAll(counts, codes, start, end);
      yield;
    }
    for (const table of tables) table.total = table.counts.slice();

    const places = new Map(groups.flatMap((group, g) => group.parts.map((part) => [part.key, { table: tables[g], part }])));
    const fails = new Int32Array(n);
    /** Filters by their bit. @type {(null | {key: string, filter: Filter, single: number, codes: Codes | null, counts: Int32Array | null})[]} */
    const slots = new Array(SLOTS).fill(null);
    const wanted = new Int32Array(BLOCK);
    const lost = new Uint32Array(n + 1); // one more than there can be: the next is written before it is known to count
    const gained = new Uint32Array(n + 1);
    const alone = new Uint32Array(BLOCK + 1);
    const was = new Int32Array(BLOCK + 1);
    const moved = { lost: 0, gained: 0 };
    let selected = n;

    /** What the filters of the changed bits say of a block of samples, in `wanted`. */
    function judge(start, end, keep, changed) {
      retain(wanted, fails, keep, start, end);
      for (const { bit, filter } of changed) if (filter) refuse(wanted, filter.codes, filter.pass, bit, start, end);
    }

    /** Counts what met all filters but one, and what does now. */
    function countAlone(n) {
      for (let k = 0; k < n; k++) {
        const row = alone[k];
        const old = was[k];
        const now = fails[row];
        if (old && !(old & (old - 1))) single(slots[31 - Math.clz32(old)], row, -1);
        if (now && !(now & (now - 1))) single(slots[31 - Math.clz32(now)], row, 1);
      }
    }

    function single(slot, row, by) {
      slot.single += by;
      if (slot.counts) slot.counts[slot.codes[row] * outcomes + outcome[row]] += by;
    }

    /** The rows with or without a bit, in `lost`, whose content is counted already. */
    function rowsWhere(chosen) {
      let k = 0;
      for (let i = 0; i < n; i++) if ((fails[i] === 0) === chosen) lost[k++] = i;
      return k;
    }

    /** The counts of the tables, by whichever way looks at fewest samples. */
    function* recount() {
      const changed = moved.lost + moved.gained;
      const least = Math.min(changed, selected, n - selected);
      if (least === changed) {
        for (const { counts, codes } of tables) {
          countRows(counts, codes, lost, moved.lost, -1);
          countRows(counts, codes, gained, moved.gained, 1);
          yield;
        }
        return;
      }
      const inside = least === selected;
      const rows = rowsWhere(inside);
      yield;
      for (const { counts, codes, total } of tables) {
        if (inside) counts.fill(0);
        else counts.set(total);
        countRows(counts, codes, lost, rows, inside ? 1 : -1);
        yield;
      }
    }

    /**
     * @param {Map<string, Filter>} filters all that shall hold, by key
     * @param {Set<string>} [renewed] keys of filters that are others than before
     * @returns {Generator<void, void>}
     */
    function* update(filters, renewed = new Set()) {
      const changed = [];
      slots.forEach((slot, k) => {
        if (slot && (!filters.has(slot.key) || renewed.has(slot.key))) changed.push({ k, bit: 1 << k, filter: filters.get(slot.key) || null });
      });
      for (const [key, filter] of filters) {
        if (slots.some((slot) => slot && slot.key === key)) continue;
        const k = slots.indexOf(null);
        if (k < 0) throw new RangeError(`more than ${SLOTS} filters`);
        const place = places.get(key);
        const { codes, size } = place ? place.part : { codes: null, size: 0 };
        slots[k] = { key, filter, single: 0, codes, counts: place ? new Int32Array(size * outcomes) : null };
        changed.push({ k, bit: 1 << k, filter });
      }
      if (!changed.length) return;
      const keep = ~changed.reduce((bits, { bit }) => bits | bit, 0);
      moved.lost = moved.gained = 0;
      for (let start = 0; start < n; start += BLOCK) {
        const end = Math.min(n, start + BLOCK);
        judge(start, end, keep, changed);
        countAlone(settle(fails, wanted, start, end, moved, lost, gained, alone, was));
        yield;
      }
      selected += moved.gained - moved.lost;
      for (const { k, filter } of changed) {
        if (filter) slots[k].filter = filter;
        else slots[k] = null;
      }
      yield* recount();
    }

    /** @param {string} key @returns {Int32Array} counts[code * outcomes + outcome] of the selected samples. */
    function inside(key) {
      const { table, part } = places.get(key);
      return marginal(table.counts, part);
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
      const own = slots.find((slot) => slot && slot.key === key);
      if (own && own.counts) for (let i = 0; i < out.length; i++) out[i] += own.counts[i];
      return out;
    }

    /** @returns {string | null} The filter without which most samples would be left, where it alone leaves some. */
    function culprit() {
      const left = slots.filter((slot) => slot && slot.single > 0).sort((a, b) => b.single - a.single);
      return left.length ? left[0].key : null;
    }

    /** Counts a column that is not kept, by outcome: as `facet` does. @param {string} key @param {Codes} codes @param {Int32Array} counts */
    function count(key, codes, counts) {
      const k = slots.findIndex((slot) => slot && slot.key === key);
      const own = k < 0 ? 0 : 1 << k;
      for (let i = 0; i < n; i++) if (fails[i] === 0 || fails[i] === own) counts[codes[i] * outcomes + outcome[i]]++;
    }

    return {
      n, fails, update, inside, facet, culprit, count,
      keys: columns.map((column) => column.key),
      /** @returns {number} */
      selected: () => selected,
      /** @param {number} k @returns {{counts: Int32Array, total: Int32Array}} Of the k-th plain column. */
      plain: (k) => tables[groups.length + k],
    };
  }

  window.reportgen.counter = { make, room, BLOCK };
});
