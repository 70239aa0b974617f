/* A range of numbers, chosen on a histogram by mouse or touch, or in two fields by keys. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element } = reportgen;
  const LEAST = 3; // px of a drag; less is a click, which takes the range away

  /**
   * @param {{box: HTMLElement | null, fields: HTMLElement, ends: () => [number, number],
   *   choose: (range: {from: number, to: number} | null) => void, step: (x: number) => number}} given
   * @returns {{show: (range: {from: number, to: number} | null) => void}}
   */
  function brush({ box, fields, ends, choose, step }) {
    const from = /** @type {HTMLInputElement} */ (fields.querySelector("[data-rg-from]"));
    const to = /** @type {HTMLInputElement} */ (fields.querySelector("[data-rg-to-end]"));
    const mark = element("span.rg-brush-range", { hidden: true });
    fields.hidden = false;

    /** @param {number} low @param {number} high */
    function place(low, high) {
      const [first, last] = ends();
      const share = (x) => Math.min(Math.max((x - first) / (last - first), 0), 1) * 100;
      mark.hidden = false;
      mark.style.left = `${share(low)}%`;
      mark.style.width = `${Math.max(share(high) - share(low), 0.5)}%`;
    }

    if (box) drag(box);

    /** @param {HTMLElement} outer */
    function drag(outer) {
      const area = element("div.rg-brush-area", { "aria-hidden": "true" }, mark);
      outer.append(area);
      let start = NaN;
      let moved = false;

      /** @param {PointerEvent} event @returns {number} The number under the pointer. */
      function at(event) {
        const { left, width } = area.getBoundingClientRect();
        const [first, last] = ends();
        return first + Math.min(Math.max((event.clientX - left) / width, 0), 1) * (last - first);
      }

      area.addEventListener("pointerdown", (event) => {
        if (event.button) return;
        start = event.clientX;
        moved = false;
        area.dataset.rgStart = String(at(event));
        area.setPointerCapture(event.pointerId);
      });
      area.addEventListener("pointermove", (event) => {
        if (Number.isNaN(start)) return;
        moved = moved || Math.abs(event.clientX - start) >= LEAST;
        const first = Number(area.dataset.rgStart);
        if (moved) place(Math.min(first, at(event)), Math.max(first, at(event)));
      });
      area.addEventListener("pointerup", (event) => {
        if (Number.isNaN(start)) return;
        start = NaN;
        const [low, high] = [Number(area.dataset.rgStart), at(event)].sort((a, b) => a - b).map(step);
        choose(moved ? { from: low, to: high } : null);
      });
      area.addEventListener("pointercancel", () => (start = NaN));
    }

    function typed() {
      const range = reportgen.query.range(`${from.value.trim().replace("−", "-")}..${to.value.trim().replace("−", "-")}`);
      const bare = !from.value.trim() && !to.value.trim();
      for (const field of [from, to]) field.setAttribute("aria-invalid", String(!range && !bare));
      if (bare) choose(null);
      else if (range) choose(range);
    }

    for (const field of [from, to]) field.addEventListener("change", typed);

    return {
      show(range) {
        const text = range ? reportgen.query.rangeText(range).split("..") : ["", ""];
        [from, to].forEach((field, i) => {
          if (document.activeElement !== field) field.value = text[i];
          field.removeAttribute("aria-invalid");
        });
        if (range) place(range.from, range.to);
        else mark.hidden = true;
      },
    };
  }

  reportgen.brush = brush;
})();
