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
  function viewer(samples, row, { baseline, candidate, order }) {
    const picture = samples.picture(row);
    const regions = samples.regions(row);
    const boxes = samples.boxes(row) || regions; // what is drawn over it
    const file = picture.larger || picture;
    const size = boxes || file;
    const paired = baseline !== null && baseline !== candidate;
    const compared = regions && paired && regions.said(baseline) && regions.said(candidate) ? {} : null; // its cells tell the rest
    const changes = regions ? compared : paired && boxes ? samples.changes(row, baseline, candidate) : null;
    const shapes = regions ? reportgen.regionShapes : reportgen.boxShapes;
    const KINDS = regions ? shapes.kinds(samples.meta) : shapes.KINDS;
    const seen = reportgen.stage.lens(size);
    const names = samples.meta.versions.map((/** @type {any} */ one) => one.name);
    const classes = samples.meta.parts ? samples.meta.parts.classes : [];
    const stages = element("div.rg-vw-stages");
    const legend = element("div.rg-vw-legend", { role: "group", "aria-label": "What is drawn" });
    const bar = element("div.rg-vw-bar");
    /** @type {{side: number | null, drawn: any}[]} */
    let drawn = [];

    /** @param {any} one a shape @returns {string} */
    function label(one) {
      const sure = one.score === null ? "" : ` ${numbers.probability(one.score)}`;
      const many = one.version !== null && drawn.length === 1 && (order.filter(isOn).length > 1 || onlyChanged());
      const whose = many ? `${names[one.version]}: ` : "";
      if (regions) return `${whose}${area(one)}`;
      return `${whose}${classes[one.klass] || ""}${sure} · ${KINDS[one.kind].note}`;
    }

    /** @param {any} one a region @returns {string} */
    function area(one) {
      return `${classes[one.klass]} · ${noteOf(one)} · ${pixels(one.n)}${one.many ? ", in small patches" : ""}`;
    }

    /** @param {any} one a region @returns {string} */
    const noteOf = (one) => KINDS[one.kind].note.replace("{said}", () => classes[one.other] || "");

    /** @param {number} n as it is drawn @returns {string} */
    const pixels = (n) => `${regions.step > 1 ? "about " : ""}${numbers.count(n)} ${n === 1 ? samples.meta.words.part.one : samples.meta.words.part.many}`;

    /** @param {number} v @returns {boolean} */
    const isOn = (v) => chosen.versions.get(names[v]) ?? v === candidate;
    /** @returns {number} The version by which true objects are found or missed, where the picture stands alone. */
    const judge = () => (isOn(candidate) ? candidate : (order.find(isOn) ?? candidate));
    const sideBySide = () => chosen.beside && paired;
    const onlyChanged = () => chosen.changed && changes !== null;

    const masked = Boolean(boxes) && typeof boxes.within === "number";
    const begins = () => regions ? { boxes: false, masks: true } : ({ boxes: samples.meta.overlap !== "mask", masks: samples.meta.overlap === "mask" });
    /** @returns {{boxes: boolean, masks: boolean}} What is drawn of each object: of one without a mask its box in any case. */
    function drawing() {
      const { boxes: boxed, masks } = chosen.shapes || begins();
      if (regions) return { boxes: false, masks: chosen.drawn && masks };
      return masked ? { boxes: chosen.drawn && boxed, masks: chosen.drawn && masks } : { boxes: chosen.drawn && (boxed || masks), masks: false };
    }
    const anyDrawn = () => drawing().boxes || drawing().masks;

    /** Draw what was drawn before, or what the report begins with. */
    function reveal() {
      chosen.drawn = true;
      if (!anyDrawn()) chosen.shapes = begins();
    }

    const worst = regions ? shapes.worst(regions, candidate) : null;
    const hardest = regions ? worst && [worst.kind, worst.box] : boxes ? reportgen.crop.hardest(boxes, changes, paired ? [baseline, candidate] : [candidate]) : null;
    /** @param {any} one a shape @param {boolean} plain @returns {any} It, what of it is drawn, and whether it is the one to look at first. */
    function dressed(one, plain) {
      const { boxes: boxed, masks } = drawing();
      const first = (hardest !== null && hardest[1] === one.box) || named.has(one);
      const brief = regions && (one.kind === "true" ? classes[one.klass] : `${classes[one.klass]} · ${noteOf(one)}`);
      return { ...one, plain, boxed, masked: masks, first, brief, quiet: one.kind === "marked" && chosen.truth };
    }

    /** The largest true region of each class, where there are several: they say which class is where. */
    const named = new Set(
      regions && classes.length > 1
        ? classes.map((/** @type {string} */ _, /** @type {number} */ k) => shapes.truths(regions).find((/** @type {any} */ one) => one.klass === k)).filter(Boolean) : [],
    );

    /** @param {any} one a shape @returns {boolean} Whether neither its kind nor its class is switched off. */
    const isWanted = (one) => !chosen.off.has(one.kind) && !(regions && chosen.off.has(`class ${classes[one.klass]}`));

    /** @param {number | null} side 0: the baseline's picture, 1: the candidate's, null: the one that there is @returns {any[]} */
    function wanted(side) {
      if (!boxes || !anyDrawn()) return [];
      if (onlyChanged()) {
        const found = shapes.changed(boxes, changes, [baseline, candidate], side === null ? [0, 1] : [side]);
        return found.filter(isWanted).map((one) => dressed(one, one.version === baseline));
      }
      const versions = side === null ? order.filter(isOn) : [side ? candidate : baseline];
      const by = side === null ? judge() : versions[0];
      const all = [...(chosen.truth ? shapes.truths(boxes, by) : []), ...versions.flatMap((v) => shapes.detections(boxes, v))];
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
      drawn = sides.map((side) => ({ side, drawn: reportgen.stage.stage(seen, picture, alt, label, KINDS) }));
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
      const { sign } = KINDS[kind];
      const d = "M1.5 3.5h17v11h-17z";
      const crossed = !regions && ["nothing", "newly_false"].includes(kind) ? "M1.5 3.5l17 11" : "";
      const mark = sign ? [shape("g", { class: "rg-vw-mark", transform: "translate(20 7)" }, shape("circle", { r: 6.5 }), shape("path", { d: reportgen.stage.SIGNS[sign] }))] : [];
      return shape(
        "svg", { class: `rg-vw-sample rg-vw-${regions ? "region rg-vw-px-" : ""}${kind}${plain ? " rg-vw-plain" : ""}`, width: 28, height: 18, viewBox: "0 0 28 18", "aria-hidden": "true" },
        ...(regions ? [shape("path", { class: "rg-mask", d }), shape("path", { class: "rg-hatch", d: shapes.hatch(kind) })] : []),
        shape("path", { class: "rg-box-under", d: d + crossed }), shape("path", { class: "rg-box", d: d + crossed }), ...mark,
      );
    }

    /** @param {[string, number][]} kinds @param {string} of @param {boolean} plain @param {boolean} [about] numbers are of what is drawn @returns {HTMLElement[]} */
    function entries(kinds, of, plain, about = false) {
      return kinds.map(([kind, n]) => {
        const button = toggle(`${of} ${kind}`, !chosen.off.has(kind), () => {
          if (!chosen.off.delete(kind)) chosen.off.add(kind);
          reveal();
          refresh();
        }, sample(kind, plain), KINDS[kind].words, element("span", null, `${about ? "about " : ""}${numbers.count(n)}`));
        button.title = KINDS[kind].title;
        return button;
      });
    }

    /** @param {string} key @param {string} name @param {boolean} on @param {(() => void) | null} act null: it is always on @param {any[]} head @param {HTMLElement[]} kinds */
    function group(key, name, on, act, head, kinds) {
      const lead = act ? toggle(key, on, act, ...head) : element("span.rg-vw-words", null, ...head.flatMap((/** @type {any} */ one) => [one, " "]));
      return element("div.rg-vw-group", { role: "group", "aria-label": name }, lead, ...(on ? kinds : []));
    }

    function drawLegend() {
      if (!boxes) return;
      legend.classList.toggle("rg-vw-off", !anyDrawn());
      if (onlyChanged()) {
        const count = regions ? (/** @type {any} */ some, /** @type {string[]} */ kinds) => shapes.drawn(regions, some, kinds) : shapes.tally;
        const kinds = count(shapes.changed(boxes, changes, [baseline, candidate], [1]), shapes.CHANGES);
        const gone = count(shapes.changed(boxes, changes, [baseline, candidate], [0]), ["no_longer_false"]);
        const all = shapes.CHANGES.flatMap((kind) => [...kinds, ...gone].filter(([one]) => one === kind));
        legend.replaceChildren(element("div.rg-vw-group", null, element("span.rg-vw-words", null, all.length ? "" : `No ${samples.meta.words.part.one} changed: `, element("bdi", null, names[baseline]), " → ", element("bdi", null, names[candidate])), ...entries(all, "changed", false, Boolean(regions) && regions.step > 1)));
        return;
      }
      const two = sideBySide();
      if (regions) {
        legend.replaceChildren(...truthOfPixels(), ...(two ? [baseline, candidate] : order).map((v) => versionOfPixels(v, two)));
        return;
      }
      const judges = two ? [baseline, candidate] : [judge()]; // as the pictures stand
      const versions = two ? judges : order;
      const groups = judges.map((v, i) => {
        const kinds = shapes.tally(shapes.truths(boxes, v), shapes.TRUE);
        return group(`truth ${i}`, `Truth, by ${names[v]}`, chosen.truth, () => {
          chosen.truth = !chosen.truth;
          refresh();
        }, ["Truth", element(two ? "i" : "i.rg-vw-judge", null, ", by ", element("bdi", null, names[v])), element("span", null, numbers.count(boxes.true.length))], entries(kinds, `truth ${i}`, false));
      });
      const ofVersions = versions.map((v) => {
        const all = shapes.detections(boxes, v);
        const mark = v === candidate ? "candidate" : v === baseline ? "baseline" : "other";
        return group(`version ${v}`, names[v], two || isOn(v), two ? null : () => {
          chosen.versions.set(names[v], !isOn(v));
          refresh();
        }, [element.sign(mark), element("bdi", null, names[v]), element("span", null, numbers.count(all.length))], entries(shapes.tally(all, shapes.SAID), `version ${v}`, v !== candidate && !two));
      });
      legend.replaceChildren(...groups, ...ofVersions);
    }

    /** @returns {HTMLElement[]} The truth's switch, and one for each of several classes. */
    function truthOfPixels() {
      const [all, exact] = shapes.ofClasses(regions, order);
      const told = (/** @type {number} */ n) => `${exact ? "" : "about "}${numbers.count(n)}`;
      const each = all.flatMap((/** @type {number} */ n, /** @type {number} */ k) => (n && classes.length > 1 ? [ofClass(classes[k], told(n))] : []));
      const n = all.reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0);
      const truth = group("truth", "Truth", chosen.truth, () => {
        chosen.truth = !chosen.truth;
        refresh();
      }, [sample("true", false), "Truth", element("span", null, told(n))], []);
      return each.length ? [truth, group("classes", "Classes", true, null, ["Of it"], each)] : [truth];
    }

    /** @param {string} name @param {string} n @returns {HTMLElement} The switch of a class, of the truth and of what versions make of it. */
    function ofClass(name, n) {
      const key = `class ${name}`;
      return toggle(key, !chosen.off.has(key), () => {
        if (!chosen.off.delete(key)) chosen.off.add(key);
        reveal();
        refresh();
      }, element("bdi", null, name), element("span", null, n));
    }

    /** @param {number} v @param {boolean} always @returns {HTMLElement} */
    function versionOfPixels(v, always) {
      const mark = v === candidate ? "candidate" : v === baseline ? "baseline" : "other";
      const head = [element.sign(mark), element("bdi", null, names[v]), !regions.said(v) && element("span", null, "no mask")].filter(Boolean);
      return group(`version ${v}`, names[v], always || isOn(v), always ? null : () => {
        chosen.versions.set(names[v], !isOn(v));
        refresh();
      }, head, entries(shapes.tally(regions, v), `version ${v}`, v !== candidate && !always, !regions.exact(v)));
    }

    /** Draw the switches anew; the one that has the focus keeps it. */
    function drawBar() {
      const set = (/** @type {"changed" | "beside"} */ name) => () => {
        chosen[name] = !chosen[name];
        if (name === "beside" && chosen.beside && changes) chosen.changed = true; // what one looks for there
        if (chosen.changed) reveal();
        refresh(name === "beside");
      };
      const draws = (/** @type {"boxes" | "masks"} */ name) => () => {
        const now = drawing();
        chosen.shapes = { ...(masked || regions ? now : { boxes: now.boxes, masks: false }), [name]: !now[name] };
        chosen.drawn = true;
        refresh();
      };
      const switches = boxes ? [
        (masked || regions) && toggle("masks", drawing().masks, draws("masks"), "Masks"),
        !regions && toggle("boxes", drawing().boxes, draws("boxes"), "Boxes"),
        changes && toggle("changed", chosen.changed, set("changed"), "What changed"),
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
      else if (event.key.toLowerCase() === "b" && boxes) {
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
    const least = regions && shapes.least(regions);
    const notes = [
      regions && regions.step > 1 ? `Masks are drawn in squares of ${numbers.count(regions.step)} × ${numbers.count(regions.step)} pixels, each as most of its pixels are.` : "",
      least ? `Of a class and kind, patches of less than ${numbers.count(least)} pixels are pointed at as one.` : "",
      masked && /** @type {any} */ (boxes).within > 0 ? `Masks are drawn to within ${numbers.count(/** @type {any} */ (boxes).within)} ${/** @type {any} */ (boxes).within === 1 ? "pixel" : "pixels"} of their borders.` : "",
      boxes && boxes.within === null ? "Its masks are too many to draw here: their boxes stand." : "",
      picture.frames > 1 ? `The first of ${numbers.count(picture.frames)} frames.` : "",
      boxes && Math.max(file.width, file.height) < Math.max(size.width, size.height)
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
