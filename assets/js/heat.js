/* The heatmap of two attributes: which two, what its cells show, and for which version. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const PAGE = "slices";

  /** @param {HTMLElement} tools */
  async function wire(tools) {
    const { rgChart: chart, rgRows, rgColumns } = tools.dataset;
    const open = (/** @type {string} */ id) => reportgen.state.update({ slice: id }, { push: true }); // unknown ids open nothing
    reportgen.charts.onSelect(chart, { open });
    const keys = new Set((tools.dataset.rgKeys || "").split(" "));
    if (keys.size < 2) return;
    /** @type {any} */
    let data;
    try {
      data = await reportgen.sliceData.open();
    } catch {
      return;
    }
    const selects = /** @type {Record<string, HTMLSelectElement>} */ ({});
    for (const select of tools.querySelectorAll("select")) selects[select.dataset.rgSide || ""] = select;
    const radios = /** @type {HTMLInputElement[]} */ (Array.from(tools.querySelectorAll('input[name="slices-view"]')));
    const sentence = document.querySelector("[data-rg-heat-key]");
    const prose = document.querySelector("[data-rg-heat-prose]");
    const first = radios.length ? radios[0].value : "candidate";
    const pairs = new Set([...keys].map((key) => key.split("-").slice(0, 2).join("-")));

    /** @param {string} name @returns {string} The position of an attribute by its name in the address. */
    function place(name, fallback) {
      const option = Array.from(selects.rows.options).find((one) => one.text === name);
      return option ? option.value : fallback;
    }

    /** @param {string} rows @param {string} columns @returns {[string, string] | null} As it is drawn, if it is. */
    function drawn(rows, columns) {
      if (pairs.has(`${rows}-${columns}`)) return [rows, columns];
      return pairs.has(`${columns}-${rows}`) ? [columns, rows] : null;
    }

    function show() {
      const params = reportgen.state.read();
      const wanted = [place(params.get("rows"), rgRows), place(params.get("columns"), rgColumns)];
      const [rows, columns] = drawn(wanted[0], wanted[1]) || [rgRows, rgColumns];
      const asked = params.get("view") || first;
      const view = radios.some((radio) => radio.value === asked) ? asked : first;
      selects.rows.value = rows;
      selects.columns.value = columns;
      for (const select of Object.values(selects)) {
        const other = select === selects.rows ? columns : rows;
        for (const option of select.options) option.disabled = option.value === other || !reaches(option.value);
      }
      for (const radio of radios) radio.checked = radio.value === view;
      const { baseline, version } = data.chosen();
      for (const label of tools.querySelectorAll('[data-rg-view="candidate"]')) label.textContent = version;
      for (const label of tools.querySelectorAll('[data-rg-view="baseline"]')) label.textContent = baseline || "";
      const position = data.catalogue.versions.indexOf(version);
      const key = `${rows}-${columns}-${view}-${position}`;
      if (baseline === data.catalogue.baseline && keys.has(key)) {
        turn++;
        reportgen.charts.setKey(chart, key);
        const { heat, heat_prose: words } = data.catalogue;
        tell(words[version] ? words[version][view] : null, (view === first && heat[`${rows}-${columns}-${position}`]) || "");
      } else if (baseline !== null) make(Number(rows), Number(columns), view);
      reportgen.charts.select(chart, params.get("slice") || "");
    }

    let turn = 0;
    /** What the report does not carry is made of the slices' figures. @param {number} rows @param {number} columns @param {string} view */
    async function make(rows, columns, view) {
      const mine = ++turn;
      const { version, catalogue, before, after, key: said } = await data.pair();
      if (mine !== turn) return;
      const named = { ...catalogue, candidate: version };
      const made = reportgen.sliceHeat.make(named, data.slices, before, after, rows, columns, view);
      reportgen.charts.set(chart, made.rows, made.table);
      const compared = after.delta[data.byId.get("all").i] !== null;
      tell(reportgen.sliceWords.heatProse(named, view), view === first ? (compared ? made.key : said) : "");
    }

    /** @param {string | null} words @param {string} key */
    function tell(words, key) {
      if (prose && words !== null) prose.textContent = words;
      if (sentence) sentence.textContent = key;
    }

    /** Whether an attribute stands in any pair. */
    const reaches = (value) => [...pairs].some((pair) => pair.split("-").includes(value));

    /** @param {string} side A new attribute on one side; where the two are not drawn together, one that is. */
    function change(side) {
      const chosen = selects[side].value;
      const other = selects[side === "rows" ? "columns" : "rows"].value;
      let found = side === "rows" ? drawn(chosen, other) : drawn(other, chosen);
      if (!found) {
        const pair = [...pairs].find((one) => one.split("-").includes(chosen));
        found = pair ? /** @type {[string, string]} */ (pair.split("-")) : null;
      }
      if (!found) return;
      const name = (value) => Array.from(selects.rows.options).find((one) => one.value === value).text;
      reportgen.state.update({ rows: name(found[0]), columns: name(found[1]) });
    }

    for (const side of Object.keys(selects)) selects[side].addEventListener("change", () => change(side));
    for (const radio of radios) {
      radio.addEventListener("change", () => reportgen.state.update({ view: radio.value === first ? null : radio.value }));
    }
    tools.hidden = false;
    reportgen.state.listen(show, PAGE);
    show();
  }

  reportgen.heat = { wire };
})();
