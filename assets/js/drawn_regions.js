/* What an opened example draws of pixels, and the part of its legend that is about them: what viewer.js asks a subject for. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const SAMPLE = "M1.5 3.5h17v11h-17z"; // of the legend

  /**
   * @param {any} samples @param {number} row
   * @param {{baseline: number | null, candidate: number, order: number[]}} shown places of versions
   * @returns {import("./drawn_objects.js").Subject | null} null where pixels are not judged
   */
  function regions(samples, row, { baseline, candidate, order }) {
    const map = samples.regions(row);
    if (!map) return null;
    const shapes = reportgen.regionShapes;
    const { meta } = samples;
    const { classes } = meta.parts;
    const names = meta.versions.map((/** @type {any} */ one) => one.name);
    const kinds = shapes.kinds(meta);
    const pair = baseline !== null && baseline !== candidate ? [baseline, candidate] : null;
    const about = map.step > 1;
    const worst = shapes.worst(map, candidate);
    /** The largest true region of each class, where there are several: they say which class is where. */
    const named = new Set(
      classes.length > 1
        ? classes.map((/** @type {string} */ _name, /** @type {number} */ k) => shapes.truths(map).find((/** @type {any} */ one) => one.klass === k)).filter(Boolean) : [],
    );

    const noteOf = (/** @type {any} */ one) => kinds[one.kind].note.replace("{said}", () => classes[one.other] || "");
    const briefOf = (/** @type {any} */ one) => (one.kind === "true" ? classes[one.klass] : `${classes[one.klass]} · ${noteOf(one)}`);

    /** @param {any} one a region @returns {string} */
    function tell(one) {
      const { part } = meta.words;
      const n = `${about ? "about " : ""}${numbers.count(one.n)} ${one.n === 1 ? part.one : part.many}`;
      return `${classes[one.klass]} · ${noteOf(one)} · ${n}${one.many ? ", in small patches" : ""}`;
    }

    /** @param {any} parts @param {number[]} _judges not needed: pixels are true whoever judges them @param {number[]} versions @param {boolean} two */
    function legend(parts, _judges, versions, two) {
      return [...truth(parts), ...versions.map((v) => version(parts, v, two))];
    }

    /** @param {any} parts @returns {HTMLElement[]} The truth's switch, and one for each of several classes. */
    function truth({ group, switchOf, sample, chosen, toggleTruth }) {
      const [all, exact] = shapes.ofClasses(map, order);
      const told = (/** @type {number} */ n) => `${exact ? "" : "about "}${numbers.count(n)}`;
      const n = all.reduce((/** @type {number} */ sum, /** @type {number} */ one) => sum + one, 0);
      const whole = group("truth", "Truth", chosen.truth, toggleTruth, [sample("true", false), "Truth", element("span", null, told(n))], []);
      const each = classes.length > 1 ? classes.flatMap((/** @type {string} */ name, /** @type {number} */ k) =>
        (all[k] ? [switchOf(`class ${name}`, `class ${name}`, element("bdi", null, name), element("span", null, told(all[k])))] : [])) : [];
      return each.length ? [whole, group("classes", "Classes", true, null, ["Of it"], each)] : [whole];
    }

    /** @param {any} parts @param {number} v @param {boolean} always @returns {HTMLElement} */
    function version({ group, entries, isOn, toggleVersion, markOf }, v, always) {
      const head = [element.sign(markOf(v)), element("bdi", null, names[v]), !map.said(v) && element("span", null, "no mask")].filter(Boolean);
      return group(`version ${v}`, names[v], always || isOn(v), always ? null : toggleVersion(v), head, entries(shapes.tally(map, v), `version ${v}`, v !== candidate && !always, !map.exact(v)));
    }

    function notes() {
      const [side, least] = [numbers.count(map.step), shapes.least(map)];
      return [
        about ? `Masks are drawn in squares of ${side} × ${side} pixels, each as most of its pixels are.` : "",
        least ? `Of a class and kind, patches of less than ${numbers.count(least)} pixels are pointed at as one.` : "",
      ];
    }

    return {
      size: map, kinds, CHANGES: shapes.CHANGES, about, comparable: pair !== null && pair.every((v) => map.said(v)),
      forms: ["masks"],
      begins: { boxes: false, masks: true },
      drawing: ({ masks }) => ({ boxes: false, masks }),
      tell,
      switchesOf: (one) => [one.kind, `class ${classes[one.klass]}`],
      dress: (one, truthDrawn) => ({
        first: (worst !== null && worst.box === one.box) || named.has(one), brief: briefOf(one), quiet: one.kind === "marked" && truthDrawn,
      }),
      truths: () => shapes.truths(map),
      detections: (v) => shapes.detections(map, v),
      changed: (sides) => shapes.changed(map, pair, sides),
      count: (some, of) => shapes.drawn(some, of),
      swatch: (kind) => {
        const { shape } = reportgen.overlay;
        return { name: `region rg-vw-px-${kind}`, crossed: false, inside: [shape("path", { class: "rg-mask", d: SAMPLE }), shape("path", { class: "rg-hatch", d: shapes.hatch(kind) })] };
      },
      legend, notes,
    };
  }

  reportgen.drawnRegions = regions;
})();
