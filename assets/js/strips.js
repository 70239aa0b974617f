/* The strips of one sequence: a mark a frame, a version each, and the frame that is looked at. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const FAR = 10; // frames of a Page key
  /** What each version made of the samples, by the samples. @type {WeakMap<any, Map<number, any>>} */
  const judged = new WeakMap();

  /** @param {any} samples @param {number} v @returns {{states: ArrayLike<number>, loss: (row: number) => number}} */
  function judge(samples, v) {
    const { columns } = samples;
    const known = judged.get(samples) || new Map();
    judged.set(samples, known);
    if (!known.has(v)) {
      const states = reportgen.outcomes.judge(columns, v);
      const said = columns.prediction[v];
      const wrong = (/** @type {number} */ row) => Number(states[row] === reportgen.outcomes.WRONG);
      known.set(v, { states, loss: columns.values ? (/** @type {number} */ row) => Math.abs(said[row] - columns.target[row]) : wrong });
    }
    return known.get(v);
  }

  /** @param {any} samples @param {number} code @returns {[number, number]} Where its frames begin and end. */
  const range = ({ frames }, code) => [frames.order.begins[code], frames.order.begins[code + 1]];

  /** @param {any} samples @param {number} row @param {number} v @returns {string} "v2 wrong" */
  function saidOf(samples, row, v) {
    const { meta } = samples;
    const { NONE, RIGHT } = reportgen.outcomes;
    const { states, loss } = judge(samples, v);
    const { name } = meta.versions[v];
    if (states[row] === NONE) return `${name} no prediction`;
    const size = reportgen.sequences.lossText(meta, loss(row));
    return `${name} ${states[row] === RIGHT ? meta.words.right : meta.words.wrong}${size ? ` (${size})` : ""}`;
  }

  /** @param {any} samples @param {number} code @param {number[]} places among the frames @param {number[]} versions @returns {string} What stands at a mark. */
  function look(samples, code, places, versions) {
    const { order } = samples.frames;
    const { seconds } = samples.meta.frames;
    const [begin, end] = range(samples, code);
    const [first, last] = [places[0], places[places.length - 1]];
    if (first === last) {
      const number = reportgen.sequences.frameText(order.number[first], seconds);
      const at = `Frame ${numbers.count(first - begin + 1)} of ${numbers.count(end - begin)}`;
      const named = String(first - begin + 1) === number ? "" : ` (${seconds ? "" : "number "}${number})`;
      return `${at}${named}: ${versions.map((v) => saidOf(samples, order.rows[first], v)).join(", ")}`;
    }
    const said = versions.map((v) => {
      const { states } = judge(samples, v);
      const own = places.map((i) => states[order.rows[i]]).filter((state) => state !== reportgen.outcomes.NONE);
      const wrong = own.filter((state) => state === reportgen.outcomes.WRONG).length;
      return `${samples.meta.versions[v].name} ${numbers.count(wrong)} of ${numbers.count(own.length)} ${samples.meta.words.wrong}`;
    });
    const numbered = reportgen.sequences.rangeText(order.number[first], order.number[last], seconds);
    return `Frames ${numbers.count(first - begin + 1)}–${numbers.count(last - begin + 1)} (${seconds ? "" : "numbers "}${numbered}): ${said.join(", ")}`;
  }

  /** @param {string} path @param {string} kind @returns {Element} */
  const drawn = (path, kind) => reportgen.overlay.shape("path", { class: `rg-sq-${kind}`, d: path });

  /**
   * @param {any} samples with frames @param {number} code of the sequence
   * @param {{v: number, mark: string, told: string}[]} versions
   * @param {{wide: (places: number) => number, row: number, follow: boolean, open: (row: number) => void}} how `wide`: pixels of a place of so many where
   *   there is room; `row`: the frame that is looked at, -1: none yet; `follow`: a step of the keys opens the frame at once
   * @returns {{element: HTMLElement, move: (row: number) => void, each: number}} `each`: the most frames of a mark
   */
  function strips(samples, code, versions, { wide, row, follow, open }) {
    const { order, names } = samples.frames;
    const { HIGH, FOOT, strip } = reportgen.sequences;
    const [begin, end] = range(samples, code);
    const all = versions.map(({ v }) => strip(order, begin, end, judge(samples, v), samples.meta.frames));
    const { n, places } = all[0];
    const shown = versions.map(({ v }) => v);
    /** Places among the frames, by place on the strip. @type {number[][]} */
    const bins = Array.from({ length: n }, () => []);
    places.forEach((/** @type {number} */ x, /** @type {number} */ i) => bins[x].push(begin + i));
    let at = row < 0 ? begin : order.place[row];
    const heres = versions.map(() => reportgen.overlay.shape("rect", { class: "rg-sq-here", y: 0, width: 1, height: HIGH + FOOT }));
    const cursor = element("span.rg-sq-cursor", { "aria-hidden": "true" });
    const track = element("div.rg-sq-track", {
      role: "slider", tabindex: 0, "aria-label": `The frames of ${names[code]}`, "aria-valuemin": 1, "aria-valuemax": end - begin,
    }, cursor);
    const words = element("p.rg-sq-look", { "aria-hidden": "true" });
    const rows = versions.map(({ v, mark, told }, i) => {
      const picture = reportgen.overlay.shape("svg", {
        class: "rg-sq-strip", width: n * wide(n), height: HIGH + FOOT, viewBox: `0 0 ${n} ${HIGH + FOOT}`, preserveAspectRatio: "none",
        role: "img", "aria-label": `${samples.meta.versions[v].name}: ${told}`,
      }, ...["line", "right", "worst", "wrong", "ticks", "silent"].map((kind) => drawn(all[i].paths[kind], kind)));
      picture.prepend(heres[i]);
      const who = element("p.rg-sq-who", null, element.sign(mark), " ", element("bdi", null, samples.meta.versions[v].name));
      return element("div.rg-sq-row", null, who, element("div.rg-sq-place", null, picture), element("p.rg-sq-told", null, told));
    });
    track.style.width = `${n * wide(n)}px`;

    /** @param {MouseEvent} event @returns {number[]} The frames under the pointer, or those nearest to it. */
    function under(event) {
      const { left, width } = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
      const x = Math.min(n - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * n)));
      let found = x;
      for (let by = 0; !bins[found].length; by++) found = bins[x - by]?.length ? x - by : bins[x + by]?.length ? x + by : found;
      return bins[found];
    }

    /** @param {number[]} some places among the frames @returns {number} That which is worst, by the candidate first. */
    function hardest(some) {
      const candidate = (versions.find(({ mark }) => mark === "candidate") || versions[0]).v;
      const sides = [candidate, ...shown.filter((v) => v !== candidate)].map((v) => judge(samples, v));
      const worth = (/** @type {number} */ i) => sides.map(({ states, loss }) => (states[order.rows[i]] === reportgen.outcomes.NONE ? -1 : loss(order.rows[i])));
      return some.reduce((best, i) => {
        const [was, is] = [worth(best), worth(i)];
        const differs = was.findIndex((one, k) => one !== is[k]);
        return differs >= 0 && is[differs] > was[differs] ? i : best;
      });
    }

    /** @param {number} to a place among the frames */
    function show(to) {
      at = to;
      const x = places[at - begin];
      for (const here of heres) here.setAttribute("x", String(x));
      cursor.style.left = `${((x + 0.5) / n) * 100}%`;
      track.setAttribute("aria-valuenow", String(at - begin + 1));
      track.setAttribute("aria-valuetext", look(samples, code, [at], shown));
      words.textContent = look(samples, code, [at], shown);
    }

    for (const place of [...rows.map((one) => one.querySelector(".rg-sq-strip")), track]) {
      const one = /** @type {HTMLElement} */ (place);
      one.addEventListener("click", (event) => open(order.rows[hardest(under(event))]));
      one.addEventListener("pointermove", (event) => (words.textContent = look(samples, code, under(event), shown)));
      one.addEventListener("pointerleave", () => rest());
    }
    track.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -FAR, PageUp: FAR, Home: begin - at, End: end - 1 - at }[event.key];
      const enters = event.key === "Enter" || event.key === " ";
      if (by === undefined && !enters) return;
      event.preventDefault();
      event.stopPropagation(); // the arrows turn to the next sample elsewhere
      const to = Math.min(end - 1, Math.max(begin, at + (by || 0)));
      if (enters || (follow && to !== at)) open(order.rows[to]);
      else show(to);
    });
    show(at);
    let chosen = row >= 0;
    const rest = () => (words.textContent = chosen ? look(samples, code, [at], shown) : "");
    rest();
    cursor.hidden = row < 0;
    for (const here of heres) here.toggleAttribute("hidden", row < 0);
    track.addEventListener("focus", () => {
      chosen = true;
      rest();
      cursor.hidden = false;
      for (const here of heres) here.removeAttribute("hidden");
    });
    const reach = element("div.rg-sq-row.rg-sq-reach", null, element("span.rg-sq-who"), element("div.rg-sq-place", null, track), words);
    return { element: element("div.rg-sq-strips", null, ...rows, reach), move: (to) => show(order.place[to]), each: Math.max(...bins.map((one) => one.length)) };
  }

  reportgen.strips = { judge, range, strips };
})();
