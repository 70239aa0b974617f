/* The frames beside an opened one: which it is of its sequence, the way to the next ones, and the strip of them all. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const AROUND = 2; // neighbours on each side that are shown
  const ROOM = 560; // pixels of the strip, where there is room
  /** @param {number} places @returns {number} The pixels of each, of a sequence that stands alone. */
  const wide = (places) => Math.min(32, Math.max(1, Math.floor(ROOM / places)));
  /** @typedef {{v: number, mark: string}} Shown */
  /** @type {{key: string, box: HTMLElement, move: (row: number) => void} | null} What stands. */
  let standing = null;

  /** @param {any} samples @param {number} row @returns {number} The code of its sequence; -1: a still. */
  const codeOf = (samples, row) => (samples.frames.codes ? samples.frames.codes[row] - 1 : -1);

  /**
   * @param {any} samples @param {number} row @param {number} by frames @param {number | null} wrong a version: on to the next that it has wrong
   * @returns {number} The frame there; -1: none
   */
  function beside(samples, row, by, wrong = null) {
    const code = codeOf(samples, row);
    if (code < 0) return -1;
    const { order } = samples.frames;
    const [begin, end] = reportgen.strips.range(samples, code);
    const states = wrong === null ? null : reportgen.strips.judge(samples, wrong).states;
    for (let i = order.place[row] + by; i >= begin && i < end; i += by) {
      if (!states || states[order.rows[i]] === reportgen.outcomes.WRONG) return order.rows[i];
    }
    return -1;
  }

  /**
   * Show the sequence of a frame, or nothing of a still.
   * @param {HTMLElement} place @param {any} samples @param {number} row @param {Shown[]} versions @param {(row: number) => void} open
   */
  function draw(place, samples, row, versions, open) {
    const code = codeOf(samples, row);
    place.hidden = code < 0;
    if (code < 0) {
      close(place);
      return;
    }
    const key = `${code} ${versions.map(({ v, mark }) => `${v} ${mark}`).join(" ")}`;
    if (!standing || standing.key !== key || !place.contains(standing.box)) build(place, samples, row, key, code, versions, open);
    /** @type {any} */ (standing).move(row);
  }

  /** @param {HTMLElement} place */
  function close(place) {
    place.replaceChildren();
    standing = null;
  }

  /** @param {HTMLElement} place @param {any} samples @param {number} row @param {string} key @param {number} code @param {Shown[]} versions @param {(row: number) => void} open */
  function build(place, samples, row, key, code, versions, open) {
    const { meta, columns, frames } = samples;
    const [begin, end] = reportgen.strips.range(samples, code);
    const baseline = versions.find(({ mark }) => mark === "baseline");
    const candidate = /** @type {Shown} */ (versions.find(({ mark }) => mark === "candidate")).v;
    const told = versions.map(({ v, mark }) => {
      const flips = baseline && v !== baseline.v ? reportgen.outcomes.flips(columns, baseline.v, v) : null;
      const found = reportgen.sequences.measure(frames.order, begin, end, reportgen.strips.judge(samples, v), flips);
      return { v, mark, told: reportgen.sequences.toldText(meta, found), missing: found.missing };
    });
    const { element: strip, move, each } = reportgen.strips.strips(samples, code, told, { wide, row, follow: true, open });
    const words = element("p.rg-sq-where", { "aria-live": "polite" });
    const wrong = meta.words.wrong.charAt(0).toUpperCase() + meta.words.wrong.slice(1);
    const ways = [
      ["before-wrong", `‹ ${wrong}`, `The frame before that is ${meta.words.wrong} in ${meta.versions[candidate].name}; key <`, -1, candidate],
      ["before", "‹ Frame", "The frame before; key ,", -1, null],
      ["after", "Frame ›", "The next frame; key .", 1, null],
      ["after-wrong", `${wrong} ›`, `The next frame that is ${meta.words.wrong} in ${meta.versions[candidate].name}; key >`, 1, candidate],
    ].map(([name, text, title, by, version]) => {
      const button = element("button.rg-chip", { type: "button", title, "data-rg-frame": name }, text);
      button.addEventListener("click", () => {
        const to = beside(samples, current, Number(by), /** @type {number | null} */ (version));
        if (to >= 0) open(to);
      });
      return { button, by: Number(by), version };
    });
    const film = element("div.rg-sq-film");
    let current = row;
    const box = element(
      "div.rg-sq-box", null,
      element("div.rg-sq-head", null, words, element("div.rg-sq-ways", { role: "group", "aria-label": "Frames" }, ...ways.map(({ button }) => button))),
      strip, meta.media === "image" && film,
    );
    place.replaceChildren(box);
    standing = {
      key, box,
      move: (to) => {
        current = to;
        move(to);
        const i = frames.order.place[to];
        const number = reportgen.sequences.frameText(frames.order.number[i], meta.frames.seconds);
        const named = String(i - begin + 1) === number ? "" : `, ${meta.frames.seconds ? "at" : "number"} ${number}`;
        const { missing } = told[0];
        const aside = [
          missing && `${reportgen.sequences.several(missing, "frame")} missing between the first and the last`,
          each > 1 && `a mark of the strip holds up to ${numbers.count(each)}`,
        ].filter(Boolean).join("; ");
        words.replaceChildren(
          `Frame ${numbers.count(i - begin + 1)} of ${numbers.count(end - begin)} of `, element("bdi", null, frames.names[code]), named,
          aside && ` (${aside})`,
        );
        const held = document.activeElement;
        for (const { button, by, version } of ways) {
          /** @type {HTMLButtonElement} */ (button).disabled = beside(samples, to, by, /** @type {number | null} */ (version)) < 0;
        }
        if (held instanceof HTMLButtonElement && held.disabled && box.contains(held)) /** @type {HTMLElement} */ (box.querySelector("[role=slider]")).focus();
        if (meta.media === "image") drawFilm(film, samples, i, begin, end, candidate, open);
      },
    };
  }

  /** @param {HTMLElement} film @param {any} samples @param {number} at @param {number} begin @param {number} end @param {number} candidate @param {(row: number) => void} open */
  function drawFilm(film, samples, at, begin, end, candidate, open) {
    const { order } = samples.frames;
    const places = Array.from({ length: 2 * AROUND + 1 }, (_, k) => at - AROUND + k);
    film.replaceChildren(...places.map((i) => {
      if (i < begin || i >= end) return element("span.rg-sq-end", null, i === begin - 1 ? "start" : i === end ? "end" : "");
      const row = order.rows[i];
      const number = reportgen.sequences.frameText(order.number[i], samples.meta.frames.seconds);
      const right = samples.right(row, candidate);
      const gap = i > begin && order.missing[i] ? `after ${reportgen.sequences.several(order.missing[i], "frame")} missing` : "";
      const picture = samples.picture(row);
      const face = picture ? element("img", { width: picture.width, height: picture.height, alt: "", draggable: "false" }) : element("span.rg-sq-faceless", null, samples.missing(row));
      if (picture) reportgen.data.media(picture.name).then((/** @type {string} */ address) => face.setAttribute("src", address)).catch(() => undefined);
      const said = right === null ? "" : samples.mark(right);
      const button = element(
        "button.rg-sq-still", {
          type: "button", "aria-current": i === at ? "true" : null, tabindex: -1,
          "aria-label": [`Frame ${number}`, gap, said && `${samples.meta.versions[candidate].name} ${said}`].filter(Boolean).join(", "),
        },
        face, element("span.rg-sq-number", null, right !== null && element.sign(right ? "right" : "wrong"), " ", number, gap && element("span.rg-sq-gap", null, ` ${gap}`)),
      );
      button.addEventListener("click", () => open(row));
      return button;
    }));
  }

  reportgen.frames = { draw, close, beside, codeOf };
})();
