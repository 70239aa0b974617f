/* Which measure is shown, and the words that say what it is and what it lacks under a filter. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { find, put } = element;
  const INTERVALS_COME = "The intervals are being drawn.";

  /**
   * @param {HTMLElement} root
   * @param {any} meta
   * @param {(changes: Record<string, string | null>) => void} change writes the address
   */
  function measure(root, meta, change) {
    const { parts, query, selection } = reportgen;
    const level = selection.levelText(meta);
    const names = query.classesOf(meta);
    const [select, classes] = [find(root, "metric"), find(root, "class")];
    offer();
    const cutoff = reportgen.exploreCutoff.cutoff(root, meta, change);

    function offer() {
      const primary = meta.metrics.find((/** @type {any} */ one) => one.primary);
      const offered = meta.metrics.filter((/** @type {any} */ one) => !one.per_class || (one.classes && one.classes.length));
      select.replaceChildren(...offered.map((/** @type {any} */ one) => element("option", { value: one.name }, `${one.label}${(one.per_class && one.classes.length > 1) || parts.beside(meta, one).length ? ", by class" : ""}`)));
      for (const one of meta.metrics) {
        if (one.kind !== "calibration") continue;
        const option = /** @type {HTMLOptionElement} */ (select.querySelector(`[value="${one.name}"]`));
        option.disabled = true;
        option.textContent += " (not for a selection)";
      }
      select.addEventListener("change", () => change({ metric: select.value === primary.name ? null : select.value, class: null }));
      classes.addEventListener("change", () => change({ class: classes.value || null }));
      find(root, "metrics").hidden = false;
    }

    /** @param {any} asked */
    function choose(asked) {
      const { metric, klass } = asked;
      cutoff.choose(asked);
      select.value = metric.name;
      const box = find(root, "class-box");
      const beside = metric.by_class.length > 0;
      const codes = beside ? parts.beside(meta, metric) : metric.classes || [];
      box.hidden = beside ? !codes.length : klass === null || codes.length === 1;
      if (box.hidden) return;
      const own = JSON.stringify([beside, codes]);
      if (classes.dataset.rgOf !== own) {
        classes.dataset.rgOf = own;
        const options = codes.map((/** @type {number} */ code) => element("option", { value: names[code] }, names[code]));
        classes.replaceChildren(...(beside ? [element("option", { value: "" }, "all classes")] : []), ...options);
      }
      classes.value = klass === null ? "" : names[klass];
    }

    /** The sentence over the table of versions, and the note under it. @param {any} asked @param {any} answer */
    function show(asked, answer) {
      key(asked, answer);
      note(asked);
    }

    function key({ metric, klass, filters }, answer) {
      const plain = klass !== null && metric.by_class.length ? `${metric.plain}; here of this class alone` : metric.plain;
      const name = `${metric.label}${klass === null ? "" : ` of ${names[klass]}`}`;
      const these = `these ${numbers.count(answer.n)} ${meta.nouns[answer.n === 1 ? 0 : 1]}, ${level} interval; `;
      const parts = filters.size
        ? [element("span.rg-xp-here", { "aria-hidden": "true" }), these, element("span.rg-xp-tick", { "aria-hidden": "true" }), ` the other ${numbers.count(answer.total - answer.n)}. `, element("bdi", null, name), `: ${plain}.`]
        : [element("bdi", null, name), `: ${plain}, with ${level} intervals.`];
      find(root, "key").replaceChildren(...parts);
    }

    /** @param {any} asked */
    function note({ metric }) {
      const words = {
        objects: INTERVALS_COME,
        average_precision: `Average precision has no ${level} interval here: it would take resampling, which is not offered for a selection.`,
        calibration: "The calibration error is not computed for a selection: it would take resampling. Confidence has it for all samples and for each slice.",
      };
      const folder = "This one file leaves out what this measure rests on; the report's folder has it.";
      say(query.hasMetric(meta, metric) ? words[metric.kind] || "" : folder);
    }

    /**
     * Whether the intervals of a figure of objects have come.
     * @param {any} asked @param {import("./engine/object_measures.js").Averages} found @param {boolean} whole they were asked for
     */
    function averaged({ metric }, found, whole) {
      const dear = `${metric.label} has no ${level} interval here: so many detections are chosen that drawing them again and again would take too long. Choose fewer.`;
      say(found.dear ? dear : whole ? "" : INTERVALS_COME);
    }

    function say(/** @type {string} */ text) {
      const box = find(root, "note");
      box.hidden = !text;
      put(box, text);
    }

    return { choose, show, averaged, draw: cutoff.draw };
  }

  reportgen.exploreMeasure = { measure };
})();
