/* The sequences of a report, those first that are most worth looking at: a strip a version each. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const { find } = element;
  const [FIRST, MORE] = [6, 12];
  const RUN = 3;

  /**
   * @param {HTMLElement | null} section @param {any} samples @param {(row: number) => void} open
   * @returns {{draw: (versions: number[]) => Promise<void>}} for baseline and candidate, or the candidate alone
   */
  function section(section, samples, open) {
    const { meta, columns } = samples;
    if (!section || !meta.frames) return { draw: async () => {} };
    const list = find(section, "sequence-list");
    const select = find(section, "sequence-by");
    const more = find(section, "sequence-more");
    let many = FIRST;
    let drawn = "";
    /** @type {number[]} */
    let versions = [];
    /** @type {any[]} */
    let all = [];

    /** @returns {[string, string][]} The orders, and what each is called. */
    function orders() {
      const { words } = meta;
      const lost = words.kind === "parts" ? "share wrong, largest first" : "mean error, largest first";
      return [
        ...(versions.length > 1 ? [/** @type {[string, string]} */ (["broken", `${words.newly_broken}, most first`])] : []),
        ["wrong", `${words.wrong}, most first`], ["run", "longest run first"],
        ...(words.kind === "labels" ? [] : [/** @type {[string, string]} */ (["loss", lost])]), ["name", "name"],
      ];
    }

    function measure() {
      const { order, names } = samples.frames;
      const flips = versions.length > 1 ? reportgen.outcomes.flips(columns, versions[0], versions[1]) : null;
      const sides = versions.map((v) => reportgen.strips.judge(samples, v));
      const last = versions.length - 1;
      all = [];
      for (let code = 0; code < names.length; code++) {
        const [begin, end] = reportgen.strips.range(samples, code);
        if (end === begin) continue; // no frame of it was taken
        const found = sides.map((side, i) => reportgen.sequences.measure(order, begin, end, side, i === last ? flips : null));
        all.push({ code, name: names[code], found: found[last], each: found });
      }
    }

    function list_() {
      const chosen = reportgen.state.get("seq");
      const offered = orders();
      const by = offered.some(([key]) => key === chosen) ? chosen : offered[0][0];
      select.replaceChildren(...offered.map(([value, text]) => element("option", { value }, text)));
      select.value = by;
      const shown = reportgen.sequences.ranked(all, by).slice(0, many);
      list.replaceChildren(...shown.map(article));
      more.hidden = shown.length >= all.length;
      more.textContent = `Show ${numbers.count(Math.min(MORE, all.length - shown.length))} more of ${numbers.count(all.length)}`;
    }

    /** @param {any} one @returns {HTMLElement} */
    function article(one) {
      const told = versions.map((v, i) => ({
        v, mark: i === versions.length - 1 ? "candidate" : "baseline", told: reportgen.sequences.toldText(meta, one.each[i]),
      }));
      const { element: strip } = reportgen.strips.strips(samples, one.code, told, { wide: () => meta.frames.wide, row: -1, follow: false, open });
      return element(
        "article.rg-sq", { "data-rg-sequence": one.code },
        element("h3.rg-sq-name", null, element("bdi", null, one.name), " ", element("span.rg-n", null, reportgen.sequences.sizeText(one.found.n, one.found.missing))),
        strip,
      );
    }

    /** @param {number[]} now */
    async function draw(now) {
      await samples.needFrames();
      const key = `${now.join(" ")} ${reportgen.state.get("seq")} ${many}`;
      if (key === drawn) return;
      drawn = key;
      versions = now;
      measure();
      const candidate = meta.versions[versions[versions.length - 1]].name;
      find(section, "sequence-key").textContent = reportgen.sequences.keyText(meta, all, candidate, RUN, versions.length > 1);
      list_();
    }

    select.addEventListener("change", () => reportgen.state.update({ seq: select.value === orders()[0][0] ? null : select.value }));
    more.addEventListener("click", () => {
      const at = many;
      many += MORE;
      draw(versions).then(() => list.children[at]?.querySelector("[role=slider]").focus());
    });
    find(section, "sequence-by-box").hidden = false;
    find(section, "sequence-order").hidden = true;
    return { draw };
  }

  reportgen.sequenceList = section;
})();
