/* The picture of an opened example: what is drawn over it, and how it is looked at. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  /** What the reader chose holds from one sample to the next. */
  const chosen = {
    /** Whether boxes and masks are drawn; null: as the report begins, with what its overlaps are judged by. @type {{boxes: boolean, masks: boolean} | null} */
    shapes: null,
    drawn: true, changed: false, beside: false, truth: true, brightness: 100,
    /** Versions that are switched otherwise than they begin. @type {Map<string, boolean>} */
    versions: new Map(),
    /** Kinds that are switched off. @type {Set<string>} */
    off: new Set(),
  };
  /** @type {{key: (event: KeyboardEvent) => boolean} | null} The picture that is open. */
  let open = null;

  /**
   * @param {any} samples @param {number} row
   * @param {{baseline: number | null, candidate: number, order: number[]}} shown places of versions, the candidate first
   * @returns {HTMLElement}
   */
  function viewer(samples, row, shown) {
    const { baseline, candidate, order } = shown;
    const picture = samples.picture(row);
    const file = picture.larger || picture;
    const paired = baseline !== null && baseline !== candidate;
    /** What there is to draw over it. @type {import("./drawn_objects.js").Subject | null} */
    const subject = reportgen.drawnRegions(samples, row, shown) || reportgen.drawnObjects(samples, row, shown);
    const size = subject ? subject.size : file;
    const seen = reportgen.stage.lens(size);
    const names = samples.meta.versions.map((/** @type {any} */ one) => one.name);
    const stages = element("div.rg-vw-stages");
    const legend = element("div.rg-vw-legend", { role: "group", "aria-label": "What is drawn" });
    const bar = element("div.rg-vw-bar");
    /** @type {{side: number | null, drawn: any}[]} */
    let drawn = [];

    /** @param {any} one a shape @returns {string} */
    function label(one) {
      const many = one.version !== null && drawn.length === 1 && (order.filter(isOn).length > 1 || onlyChanged());
      return `${many ? `${names[one.version]}: ` : ""}${subject.tell(one)}`;
    }

    /** @param {number} v @returns {boolean} */
    const isOn = (v) => chosen.versions.get(names[v]) ?? v === candidate;
    /** @returns {number} The version by which true objects are found or missed, where the picture stands alone. */
    const judge = () => (isOn(candidate) ? candidate : (order.find(isOn) ?? candidate));
    const sideBySide = () => chosen.beside && paired;
    const onlyChanged = () => chosen.changed && subject !== null && subject.comparable;
    const markOf = (/** @type {number} */ v) => (v === candidate ? "candidate" : v === baseline ? "baseline" : "other");

    /** @returns {{boxes: boolean, masks: boolean}} What is drawn. */
    const drawing = () => (subject && chosen.drawn ? subject.drawing(chosen.shapes || subject.begins) : { boxes: false, masks: false });
    const anyDrawn = () => drawing().boxes || drawing().masks;

    /** Draw what was drawn before, or what the report begins with. */
    function reveal() {
      chosen.drawn = true;
      if (!anyDrawn()) chosen.shapes = subject.begins;
    }

    /** @param {any} one a shape @param {boolean} plain @returns {any} It, what of it is drawn, and what it is beside others. */
    function dressed(one, plain) {
      const { boxes: boxed, masks } = drawing();
      return { ...one, plain, boxed, masked: masks, ...subject.dress(one, chosen.truth) };
    }

    /** @param {any} one a shape @returns {boolean} Whether nothing switches it off. */
    const isWanted = (one) => !subject.switchesOf(one).some((key) => chosen.off.has(key));

    /** @param {number | null} side 0: the baseline's picture, 1: the candidate's, null: the one that there is @returns {any[]} */
    function wanted(side) {
      if (!subject || !anyDrawn()) return [];
      if (onlyChanged()) {
        return subject.changed(side === null ? [0, 1] : [side]).filter(isWanted).map((one) => dressed(one, one.version === baseline));
      }
      const versions = side === null ? order.filter(isOn) : [side ? candidate : baseline];
      const by = side === null ? judge() : versions[0];
      const all = [...(chosen.truth ? subject.truths(by) : []), ...versions.flatMap(subject.detections)];
      const plain = (/** @type {any} */ one) => one.version !== null && one.version !== candidate && side === null;
      return all.filter(isWanted).map((one) => dressed(one, plain(one)));
    }

    function redraw() {
      for (const one of drawn) one.drawn.draw(wanted(one.side));
    }

    /** Make the pictures: one, or the two versions' side by side. */
    function build() {
      const sides = sideBySide() ? [0, 1] : [null];
      const alt = `Sample ${samples.id(row)}`;
      drawn = sides.map((side) => ({ side, drawn: reportgen.stage.stage(seen, picture, alt, label, subject ? subject.kinds : {}) }));
      stages.classList.toggle("rg-vw-two", drawn.length > 1);
      stages.replaceChildren(...drawn.map(({ side, drawn: one }) => {
        one.element.style.aspectRatio = `${size.width} / ${size.height}`;
        one.brighten(chosen.brightness);
        if (side === null) return one.element;
        const v = side ? candidate : baseline;
        const name = element("p.rg-vw-name", null, element.sign(side ? "candidate" : "baseline"), " ", element("bdi", null, names[v]));
        return element("div.rg-vw-side", null, name, one.element);
      }));
      redraw();
    }

    /** @param {string} key @param {boolean} on @param {() => void} act @param {...any} inside @returns {HTMLElement} */
    function toggle(key, on, act, ...inside) {
      const button = element("button.rg-chip.rg-vw-chip", { type: "button", "aria-pressed": String(on), "data-rg-key": key }, ...inside);
      button.addEventListener("click", act);
      return button;
    }

    /** @param {string} kind @param {boolean} plain @returns {Element} How its boxes are drawn. */
    function sample(kind, plain) {
      const { shape } = reportgen.overlay;
      const { sign } = subject.kinds[kind];
      const { name, crossed, inside } = subject.swatch(kind);
      const d = `M1.5 3.5h17v11h-17z${crossed ? "M1.5 3.5l17 11" : ""}`;
      const mark = sign ? [shape("g", { class: "rg-vw-mark", transform: "translate(20 7)" }, shape("circle", { r: 6.5 }), shape("path", { d: reportgen.stage.SIGNS[sign] }))] : [];
      return shape(
        "svg", { class: `rg-vw-sample rg-vw-${name}${plain ? " rg-vw-plain" : ""}`, width: 28, height: 18, viewBox: "0 0 28 18", "aria-hidden": "true" },
        ...inside, shape("path", { class: "rg-box-under", d }), shape("path", { class: "rg-box", d }), ...mark,
      );
    }

    /** @param {string} key @param {string} off what it switches @param {...any} inside @returns {HTMLElement} A switch of shapes. */
    function switchOf(key, off, ...inside) {
      return toggle(key, !chosen.off.has(off), () => {
        if (!chosen.off.delete(off)) chosen.off.add(off);
        reveal();
        refresh();
      }, ...inside);
    }

    /** @param {[string, number][]} kinds @param {string} of @param {boolean} plain @param {boolean} [about] numbers are of what is drawn @returns {HTMLElement[]} */
    function entries(kinds, of, plain, about = false) {
      return kinds.map(([kind, n]) => {
        const button = switchOf(`${of} ${kind}`, kind, sample(kind, plain), subject.kinds[kind].words, element("span", null, `${about ? "about " : ""}${numbers.count(n)}`));
        button.title = subject.kinds[kind].title;
        return button;
      });
    }

    /** @param {string} key @param {string} name @param {boolean} on @param {(() => void) | null} act null: it is always on @param {any[]} head @param {HTMLElement[]} kinds */
    function group(key, name, on, act, head, kinds) {
      const lead = act ? toggle(key, on, act, ...head) : element("span.rg-vw-words", null, ...head.flatMap((/** @type {any} */ one) => [one, " "]));
      return element("div.rg-vw-group", { role: "group", "aria-label": name }, lead, ...(on ? kinds : []));
    }

    function toggleTruth() {
      chosen.truth = !chosen.truth;
      refresh();
    }

    /** @param {number} v @returns {() => void} */
    function toggleVersion(v) {
      return () => {
        chosen.versions.set(names[v], !isOn(v));
        refresh();
      };
    }

    function drawLegend() {
      if (!subject) return;
      legend.classList.toggle("rg-vw-off", !anyDrawn());
      if (onlyChanged()) {
        const { CHANGES, count, changed } = subject;
        const kinds = count(changed([1]), CHANGES);
        const gone = count(changed([0]), ["no_longer_false"]);
        const all = CHANGES.flatMap((kind) => [...kinds, ...gone].filter(([one]) => one === kind));
        legend.replaceChildren(element("div.rg-vw-group", null, element("span.rg-vw-words", null, all.length ? "" : `No ${samples.meta.words.part.one} changed: `, element("bdi", null, names[baseline]), " → ", element("bdi", null, names[candidate])), ...entries(all, "changed", false, subject.about)));
        return;
      }
      const two = sideBySide();
      const judges = two ? [baseline, candidate] : [judge()]; // as the pictures stand
      legend.replaceChildren(...subject.legend({ group, entries, switchOf, sample, chosen, isOn, toggleTruth, toggleVersion, markOf }, judges, two ? judges : order, two));
    }

    /** Draw the switches anew; the one that has the focus keeps it. */
    function drawBar() {
      const set = (/** @type {"changed" | "beside"} */ name) => () => {
        chosen[name] = !chosen[name];
        if (name === "beside" && chosen.beside && subject.comparable) chosen.changed = true; // what one looks for there
        if (chosen.changed) reveal();
        refresh(name === "beside");
      };
      const draws = (/** @type {"boxes" | "masks"} */ name) => () => {
        const now = drawing();
        chosen.shapes = { ...now, [name]: !now[name] };
        chosen.drawn = true;
        refresh();
      };
      const FORMS = /** @type {const} */ ({ masks: "Masks", boxes: "Boxes" });
      const switches = subject ? [
        ...subject.forms.map((/** @type {"boxes" | "masks"} */ form) => toggle(form, drawing()[form], draws(form), FORMS[form])),
        subject.comparable && toggle("changed", chosen.changed, set("changed"), "What changed"),
        paired && toggle("beside", chosen.beside, set("beside"), "Side by side"),
      ] : [];
      const slider = element("input", { type: "range", min: 25, max: 300, step: 5, value: chosen.brightness, "data-rg-key": "brightness" });
      slider.addEventListener("input", () => {
        chosen.brightness = Number(/** @type {HTMLInputElement} */ (slider).value);
        for (const one of drawn) one.drawn.brighten(chosen.brightness);
      });
      const fit = element("button.rg-chip", { type: "button", "data-rg-key": "fit" }, "Fit");
      const own = element("button.rg-chip", { type: "button", "data-rg-key": "own", title: "One pixel of the picture is one of the screen" }, "100%");
      fit.addEventListener("click", seen.fit);
      own.addEventListener("click", () => seen.zoom(1));
      bar.replaceChildren(
        element("div.rg-vw-switches", null, ...switches),
        element("div.rg-vw-looks", null, element("label.rg-vw-bright", null, "Brightness ", slider), fit, own),
      );
    }

    /** @param {boolean} [anew] whether there are other pictures than before */
    function refresh(anew = false) {
      const focused = document.activeElement && document.activeElement.getAttribute("data-rg-key");
      const home = document.activeElement && document.activeElement.closest(".rg-vw");
      if (anew) build();
      else redraw();
      drawBar();
      drawLegend();
      if (!home) return;
      const next = focused && home.querySelector(`[data-rg-key="${CSS.escape(focused)}"]`);
      if (next) next.focus();
      else if (!home.contains(document.activeElement)) drawn[0].drawn.element.focus({ preventScroll: true }); // the box that had it is gone
    }

    /** @param {KeyboardEvent} event @returns {boolean} Whether it was for the picture. */
    function key(event) {
      if (event.key === "+" || event.key === "=") seen.by(reportgen.stage.STEP);
      else if (event.key === "-" || event.key === "−") seen.by(1 / reportgen.stage.STEP);
      else if (event.key === "0") seen.fit();
      else if (event.key.toLowerCase() === "b" && subject) {
        if (anyDrawn()) chosen.drawn = false;
        else reveal();
        refresh();
      } else return false;
      return true;
    }

    build();
    drawBar();
    drawLegend();
    open = { key };
    const notes = [
      ...(subject ? subject.notes() : []),
      picture.frames > 1 ? `The first of ${numbers.count(picture.frames)} frames.` : "",
      subject && Math.max(file.width, file.height) < Math.max(size.width, size.height)
        ? `Shown from ${numbers.count(file.width)} × ${numbers.count(file.height)} of its ${numbers.count(size.width)} × ${numbers.count(size.height)} pixels.` : "",
    ].filter(Boolean);
    return element("figure.rg-vw", null, stages, bar, legend, notes.length > 0 && element("figcaption", null, notes.join(" ")));
  }

  /** @param {KeyboardEvent} event @returns {boolean} Whether the open picture took it. */
  function heard(event) {
    return Boolean(open && reportgen.keys.hears(event) && open.key(event));
  }

  reportgen.viewer = { viewer, heard, close: () => (open = null) };
})();
