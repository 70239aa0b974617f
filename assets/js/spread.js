/* How the selection is spread over the values of one filter: a live chart that follows every choice. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const CHART = "examples-spread";
  const BARS = 12;
  /** @typedef {{key: string, name: string, values: string[], short: string[]}} Choice */

  /**
   * @param {HTMLElement} section The chart with its words.
   * @param {any} samples reportgen.samples
   * @param {Choice[]} choices
   * @param {(key: string, query: any) => Promise<ArrayLike<number>>} codesOf
   * @returns {{draw: (now: any) => Promise<void>}}
   */
  function spread(section, samples, choices, codesOf) {
    const { meta, columns } = samples;
    const select = section.querySelector("[data-rg-by]");
    const words = section.querySelector("[data-rg-spread-words]");
    const table = section.querySelector(".rg-chart-table tbody");
    if (!(select instanceof HTMLSelectElement) || !words || !table) return { draw: async () => {} };
    const box = /** @type {HTMLElement} */ (select.closest("[data-rg-by-box]"));
    box.hidden = false;
    const offered = choices.filter((one) => !["was", "now"].includes(one.key));
    select.replaceChildren(...offered.map(({ key, name }) => element("option", { value: key }, name)));
    select.addEventListener("change", () => reportgen.state.update({ by: select.value === usual() ? null : select.value }));
    let turn = 0;

    /** @returns {string} What the chart goes by where the address does not say. */
    function usual() {
      const first = columns.values ? offered.find((one) => one.key !== "label") : offered[0];
      return (first || offered[0]).key;
    }

    /** @param {any} now */
    async function draw(now) {
      const mine = ++turn;
      const key = now.query.by || usual();
      section.hidden = now.rows.length === 0;
      const choice = /** @type {Choice} */ (offered.find((one) => one.key === key) || offered[0]);
      const codes = await codesOf(choice.key, now.query);
      if (mine !== turn) return;
      /** @type {HTMLSelectElement} */ (select).value = choice.key;
      const drawn = rows(now, choice, codes);
      reportgen.charts.set(CHART, drawn);
      tell(now, choice);
      const judged = !columns.values || meta.tolerance !== null;
      /** @type {Element} */ (table).replaceChildren(
        ...drawn.map((one) =>
          element(
            "tr", null, element("th", { scope: "row" }, element("bdi", null, one.name)),
            element("td.rg-num", null, numbers.count(one.n)), judged && element("td.rg-num", null, numbers.count(one.wrong)),
          ),
        ),
      );
    }

    /** @param {any} now @param {Choice} choice @param {ArrayLike<number>} codes */
    function rows(now, choice, codes) {
      const size = choice.values.length + 1;
      const judged = reportgen.outcomes.judge(columns, now.query.version);
      const wrong = now.rows.filter((/** @type {number} */ row) => judged[row] === reportgen.outcomes.WRONG);
      const n = reportgen.filter.tally(now.rows, codes, size);
      const bad = reportgen.filter.tally(columns.values && meta.tolerance === null ? new Uint32Array(0) : wrong, codes, size);
      const all = reportgen.filter.tally(null, codes, size);
      let order = choice.values.map((_, i) => i + 1);
      if (order.length > BARS) order = order.sort((a, b) => n[b] - n[a] || a - b).slice(0, BARS);
      return order.map((code, row) => ({
        t: "row", row, name: choice.short[code - 1], zero: 0, n: n[code], wrong: bad[code],
        text: `${numbers.count(n[code])} of ${numbers.count(all[code])}`,
      }));
    }

    /** @param {any} now @param {Choice} choice */
    function tell(now, choice) {
      const many = choice.values.length > BARS ? ` Shown are the ${BARS} most frequent of ${numbers.count(choice.values.length)} values.` : "";
      const judged = !columns.values || meta.tolerance !== null;
      const orange = judged ? ` Orange: ${meta.words.mark_wrong} in ${meta.versions[now.query.version].name}.` : "";
      const n = now.rows.length;
      /** @type {Element} */ (words).textContent =
        `The ${numbers.count(n)} ${meta.nouns[n === 1 ? 0 : 1]} of this selection, by ${choice.name}; beside each bar, of how many in the whole report.${orange}${many}`;
    }

    return { draw };
  }

  reportgen.spread = spread;
})();
