/* One sample, large: what it is, what happened, how sure each version was, and where to look next. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const SURE = 0.9;
  const PAGE = "examples";
  const LINKS = 3;
  const MISTAKES = /^newly_(missed|false)$|_error$/; // sets of samples that have the same wrong with objects
  const LISTED = 9; // lines of what became of the pixels in a version
  /**
   * @typedef {object} Gallery
   * @property {any} samples @property {Uint32Array} rows @property {string} set its label
   * @property {number[]} versions baseline and candidate; or the candidate alone @property {number} candidate
   */

  /** @type {HTMLDialogElement | null} */
  let dialog = null;
  /** @type {Gallery | null} */
  let gallery = null;
  let row = -1;
  let pushed = false;
  /** @type {string} */
  let returnTo = "";

  /** @param {string} name @returns {any} */
  const part = (name) => dialog && dialog.querySelector(`[data-rg-${name}]`);

  /** @param {HTMLDialogElement} box */
  function wire(box) {
    dialog = box;
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      leave();
    });
    box.addEventListener("click", (event) => event.target === box && leave());
    part("close").addEventListener("click", leave);
    reportgen.copy.link(part("link"));
    for (const button of box.querySelectorAll("[data-rg-step]")) {
      button.addEventListener("click", () => step(Number(button.getAttribute("data-rg-step"))));
    }
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
      if (reportgen.viewer.heard(event)) event.preventDefault();
      if (event.key === "ArrowLeft") step(-1);
      else if (event.key === "ArrowRight") step(1);
      else if (!turn(event)) return;
      event.preventDefault();
    });
  }

  /** Open a sample by the reader's hand: a step that the back button undoes. @param {string} id */
  function enter(id) {
    pushed = true;
    returnTo = id;
    reportgen.state.update({ sample: id }, { push: true });
  }

  function leave() {
    if (pushed) window.history.back();
    else reportgen.state.update({ sample: null });
    pushed = false;
  }

  /** @param {number} by */
  function step(by) {
    if (!gallery) return;
    const place = placeOf() + by;
    if (placeOf() < 0 || place < 0 || place >= gallery.rows.length) return;
    reportgen.state.update({ sample: gallery.samples.id(gallery.rows[place]) });
  }

  /** @param {KeyboardEvent} event @returns {boolean} Whether it is a key of frames: to the one before or after, of all or of the wrong ones. */
  function turn(event) {
    const by = { ",": -1, ".": 1, "<": -1, ">": 1 }[event.key];
    if (!by || !gallery || !gallery.samples.meta.frames || !reportgen.keys.hears(event)) return false;
    const to = reportgen.frames.beside(gallery.samples, row, by, "<>".includes(event.key) ? gallery.candidate : null);
    if (to >= 0) go(to);
    return true;
  }

  /** @param {number} to Another frame of the sequence, in the gallery or not. */
  function go(to) {
    reportgen.state.update({ sample: /** @type {Gallery} */ (gallery).samples.id(to) });
  }

  /** @returns {number} The place in the gallery from which previous and next go on: the sample's own, or that of the frame whose neighbours one walked to. */
  function placeOf() {
    const { rows, samples } = /** @type {Gallery} */ (gallery);
    const own = rows.indexOf(row);
    if (own >= 0 || !samples.meta.frames || anchor < 0) return own;
    const same = reportgen.frames.codeOf(samples, anchor) === reportgen.frames.codeOf(samples, row) && reportgen.frames.codeOf(samples, row) >= 0;
    return same ? rows.indexOf(anchor) : -1;
  }

  /**
   * Show what the address says: a sample, or none.
   * @param {Gallery} now @param {string} id
   */
  async function show(now, id) {
    gallery = now;
    if (!dialog) return;
    const { samples } = now;
    if (id) await Promise.all([samples.needIds(), samples.needDetails()]);
    row = id ? samples.row(id) : -1;
    if (row < 0) {
      close();
      return;
    }
    await need(samples);
    if (gallery !== now || samples.id(row) !== id) return;
    draw();
    if (!dialog.open) {
      dialog.showModal();
      dialog.focus({ preventScroll: true });
    }
  }

  /** @param {any} samples */
  async function need(samples) {
    const { meta } = samples;
    const kinds = meta.media === "none" ? [] : [samples.needMedia()];
    const baseline = baselineOf();
    if (meta.masks) kinds.push(samples.needMasks());
    if (meta.boxes && baseline !== null) kinds.push(samples.needChanges(baseline, /** @type {Gallery} */ (gallery).candidate));
    await Promise.all([
      ...kinds,
      samples.needFrames(),
      samples.needConfidence(meta.versions.map((/** @type {any} */ _, /** @type {number} */ v) => v)),
      samples.needCodes(meta.attributes.map((/** @type {any} */ a) => a.column)),
    ]);
  }

  function close() {
    if (!dialog || !dialog.open) return;
    dialog.close();
    reportgen.viewer.close();
    part("face").replaceChildren();
    if (reportgen.frames) reportgen.frames.close(part("frames"));
    const tiles = [lastRow, anchor].map((one) => document.querySelector(`#${PAGE} [data-rg-row="${CSS.escape(String(one))}"] a`));
    const tile = returnTo && (tiles[0] || tiles[1]);
    if (tile instanceof HTMLElement) tile.focus();
    anchor = -1;
  }
  let lastRow = -1;
  /** The last sample of the gallery that was open: neighbours of a frame need not be in it. */
  let anchor = -1;

  function draw() {
    const { samples, rows, versions, candidate, set } = /** @type {Gallery} */ (gallery);
    lastRow = row;
    const id = samples.id(row);
    returnTo = id;
    part("id").textContent = id;
    if (rows.includes(row)) anchor = row;
    const place = placeOf();
    const beside = place >= 0 && rows[place] !== row ? "beside " : "";
    const outside = "not among those the filters leave";
    part("place").textContent = place < 0 ? outside : `${beside}${set}, ${numbers.count(place + 1)} of ${numbers.count(rows.length)}`;
    for (const button of /** @type {HTMLElement} */ (dialog).querySelectorAll("[data-rg-step]")) {
      const to = place + Number(button.getAttribute("data-rg-step"));
      /** @type {HTMLButtonElement} */ (button).disabled = place < 0 || to < 0 || to >= rows.length;
    }
    part("key-boxes").hidden = !samples.meta.boxes && !samples.meta.regions;
    part("key-frames").hidden = !samples.meta.frames;
    part("noun").textContent = samples.meta.nouns[0];
    const figure = part("face");
    const held = figure.contains(document.activeElement) ? document.activeElement : null;
    figure.replaceChildren(face(samples));
    if (held) follow(figure, held.getAttribute("data-rg-key"));
    if (samples.meta.frames) reportgen.frames.draw(part("frames"), samples, row, order(samples, candidate).map((v) => ({ v, mark: markOf(v) })), go);
    facts(samples);
    severity(samples, versions);
    part("title").textContent = title(samples, candidate);
    part("words").textContent = versions.map((v) => words(samples, v, v === candidate)).join(" ");
    part("versions").replaceChildren(...order(samples, candidate).map((v) => said(samples, v)));
    next(samples, candidate);
  }

  /** What had the focus is drawn anew: its successor has it, so that keys are heard. @param {HTMLElement} place @param {string | null} key */
  function follow(place, key) {
    const next = (key && place.querySelector(`[data-rg-key="${CSS.escape(key)}"]`)) || place.querySelector(".rg-vw-stage") || dialog;
    /** @type {HTMLElement} */ (next).focus({ preventScroll: true });
  }

  /** @param {any} samples @returns {HTMLElement} */
  function face(samples) {
    const picture = samples.picture(row);
    reportgen.viewer.close();
    const { candidate } = /** @type {Gallery} */ (gallery);
    if (picture) return reportgen.viewer.viewer(samples, row, { baseline: baselineOf(), candidate, order: order(samples, candidate) });
    const text = samples.text(row);
    if (text) {
      const cut = text[1] ? "Cut: the text is longer than the report carries." : "";
      return element("figure", null, element("p.rg-lb-text", { dir: "auto" }, text[0]), cut && element("figcaption", null, cut));
    }
    if (samples.meta.media === "none") return element("p.rg-lb-none", null, "A sample without media: its attributes are below.");
    return element("p.rg-lb-none", null, samples.missing(row));
  }

  /** @param {any} samples */
  function facts(samples) {
    const found = samples.attributes(row);
    const pairs = found.map((/** @type {{name: string, value: string, slice: string | null}} */ { name, value, slice }) => {
      const shown = element("bdi", null, value);
      const link = slice && element("a", { href: reportgen.state.href("slices", { slice, ...reportgen.versions.carried() }) }, shown);
      return element("div", null, element("dt", null, element("bdi", null, name)), element("dd", null, link || shown));
    });
    part("facts").replaceChildren(...(pairs.length ? pairs : [element("div", null, element("dt", null, "No attributes."))]));
  }

  /** @param {any} samples @param {number[]} versions */
  function severity(samples, versions) {
    const label = part("severity");
    label.replaceChildren();
    label.className = "rg-lb-severity";
    if (versions.length !== 2) return;
    const { FLIP, flips } = reportgen.outcomes;
    const code = flips(samples.columns, versions[0], versions[1])[row];
    const name = Object.keys(FLIP).find((one) => FLIP[one] === code) || "none";
    if (name === "none") return;
    const kind = { newly_broken: "worse", newly_fixed: "better" }[name] || "";
    const sets = reportgen.query.sets(samples.meta, versions[0], versions[1]);
    if (kind) label.append(element.sign(kind), " ");
    label.append((sets.find((one) => one.name === name) || { label: "" }).label);
    label.classList.add(kind ? `rg-label-${kind}` : "rg-label-plain");
  }

  /** @param {any} samples @param {number} candidate @returns {string} */
  function title(samples, candidate) {
    const target = samples.target(row);
    if (samples.meta.words.part) return samples.scored(row, candidate) ? samples.partsTitle(row, candidate) : target;
    if (samples.columns.values) return `True value ${target}`;
    const right = samples.right(row, candidate);
    if (right === null) return `Labelled ${target}`;
    return right ? `Labelled ${target}, and recognised` : `Labelled ${target}, taken for ${samples.prediction(row, candidate)}`;
  }

  /** @param {any} samples @param {number} v @param {boolean} now @returns {string} What a version did, as a sentence. */
  function words(samples, v, now) {
    const { name } = samples.meta.versions[v];
    if (!samples.scored(row, v)) return `${name} has no prediction.`;
    if (samples.meta.words.part) return `${name}: ${samples.prediction(row, v)}.`;
    if (samples.columns.values) {
      return `${name} ${now ? "says" : "said"} ${samples.prediction(row, v)}, off by ${samples.aside(row, v)}.`;
    }
    const right = samples.right(row, v);
    const confidence = samples.confidence(row, v);
    const sure = confidence === null ? "" : ` (${numbers.probability(confidence)})`;
    const verb = now ? "is" : "was";
    if (right) return `${name} ${verb} right${sure}.`;
    const certain = confidence !== null && confidence >= SURE ? " and sure of it" : "";
    const what = now ? "" : `: it said ${samples.prediction(row, v)}`;
    return `${name} ${verb} wrong${certain}${what}${sure}.`;
  }

  /** @returns {number | null} */
  function baselineOf() {
    const { versions } = /** @type {Gallery} */ (gallery);
    return versions.length === 2 ? versions[0] : null;
  }

  /** @param {any} samples @param {number} candidate @returns {number[]} Candidate first, baseline last. */
  function order(samples, candidate) {
    const { versions } = samples.meta;
    const baseline = baselineOf();
    const others = versions.map((/** @type {any} */ _, /** @type {number} */ v) => v).filter((/** @type {number} */ v) => v !== candidate && v !== baseline);
    const last = baseline === null ? [] : [baseline];
    return [candidate, ...others.reverse(), ...last];
  }

  /** @param {number} v @returns {string} */
  const markOf = (v) => (v === /** @type {Gallery} */ (gallery).candidate ? "candidate" : v === baselineOf() ? "baseline" : "other");

  /** @param {any} samples @param {number} v @returns {HTMLElement} */
  function said(samples, v) {
    const { meta } = samples;
    const right = samples.right(row, v);
    const verdict = right === null ? null : element(
      `span.rg-lb-verdict.${right ? "rg-is-right" : "rg-is-wrong"}`, null,
      element.sign(right ? "right" : "wrong"), ` ${judged(samples, right)}`,
    );
    const value = samples.scored(row, v) ? `${meta.words.says}${samples.prediction(row, v)}` : "has no prediction";
    const aside = samples.aside(row, v);
    const head = element(
      "h4.rg-lb-version", null, element.sign(markOf(v)), " ", element("bdi", null, meta.versions[v].name), ` ${value}`,
    );
    const bars = samples.likeliest(row, v);
    const tail = !bars && aside && element("p.rg-lb-aside", null, meta.words.aside.replace("{aside}", () => aside));
    return element(
      "section.rg-lb-said", null, element("div.rg-lb-said-head", null, head, verdict), bars ? probabilities(samples, v, bars) : became(samples, v), tail,
    );
  }

  /** @param {any} samples @param {number} v @returns {HTMLElement | null} What became of the objects, and what is wrong with the detections, by number. */
  function became(samples, v) {
    const labels = samples.labels(row, v);
    if (labels) return becameLabels(samples, labels);
    const boxes = samples.boxes(row);
    if (!boxes) return becamePixels(samples, v);
    const { KINDS, TRUE, SAID, truths, detections, tally } = reportgen.boxShapes;
    const wrong = SAID.filter((/** @type {string} */ kind) => kind !== "right");
    const found = [...tally(truths(boxes, v), TRUE.slice().reverse()), ...tally(detections(boxes, v), wrong)];
    const most = Math.max(boxes.true.length, ...boxes.said.map((/** @type {any[]} */ one) => one.length));
    const rows = found.map(([kind, n]) => {
      const fill = element("span.rg-lb-fill");
      fill.style.width = `${((100 * n) / most).toFixed(2)}%`;
      return element(
        `li.rg-lb-bar.rg-lb-${kind === "found" ? "true" : "wrong"}`, { title: KINDS[kind].title }, element("span.rg-lb-name", null, KINDS[kind].words),
        element("span.rg-lb-track", { "aria-hidden": "true" }, fill), element("span.rg-lb-p", null, numbers.count(n)),
      );
    });
    return rows.length ? element("ul.rg-lb-bars.rg-lb-kinds", null, ...rows) : null;
  }

  /** @param {any} samples @param {[number, number, number | null][]} labels @returns {HTMLElement | null} What became of each label: its name and its score, where there is one. */
  function becameLabels(samples, labels) {
    const { classes } = samples.meta.parts;
    const states = samples.meta.words.part.each;
    const lines = labels.map(([code, state, score]) => {
      const fill = element("span.rg-lb-fill");
      fill.style.width = `${(100 * (score || 0)).toFixed(2)}%`;
      return element(
        `li.rg-lb-bar.rg-lb-${state ? "wrong" : "true"}`, null,
        element("span.rg-lb-name", { title: `${classes[code]}: ${states[state]}` }, element("bdi", null, classes[code]), element("span", null, ` · ${states[state]}`)),
        ...(score === null ? [] : [element("span.rg-lb-track", { "aria-hidden": "true" }, fill), element("span.rg-lb-p", null, numbers.probability(score))]),
      );
    });
    return lines.length ? element("ul.rg-lb-bars.rg-lb-kinds.rg-lb-labels", null, ...lines) : null;
  }

  /** @param {any} samples @param {number} v @returns {HTMLElement | null} What is right of the pixels, and what is wrong by class and kind, the most first. */
  function becamePixels(samples, v) {
    const map = samples.regions(row);
    if (!map || !map.said(v)) return null;
    const { classes } = samples.meta.parts;
    const kinds = reportgen.regionShapes.kinds(samples.meta);
    const cells = map.pixels(v);
    /** @type {Map<string, [string, string, number]>} kind, what it is told as, and how many */
    const found = new Map();
    for (let i = 0; i < cells.length; i += 3) {
      const [is, said, n] = [cells[i], cells[i + 1], cells[i + 2]];
      const kind = reportgen.regions.wrong(is, said, classes.length) || (is === said && is < classes.length ? "found" : "");
      if (!kind) continue; // of no class, whatever is left out there
      const note = kinds[kind].note.replace("{said}", () => classes[said]);
      const words = kind === "found" ? kinds.found.words : `${classes[kind === "false" ? said : is]} ${note}`;
      found.set(words, [kind, words, n + (found.get(words) || ["", "", 0])[2]]);
    }
    const order = [...found.values()].sort((a, b) => Number(a[0] !== "found") - Number(b[0] !== "found") || b[2] - a[2]);
    const most = Math.max(...order.map(([, , n]) => n));
    const lines = order.slice(0, LISTED).map(([kind, words, n]) => {
      const fill = element("span.rg-lb-fill");
      fill.style.width = `${((100 * n) / most).toFixed(2)}%`;
      return element(
        `li.rg-lb-bar.rg-lb-${kind === "found" ? "true" : "wrong"}`, { title: `${words}: ${kinds[kind].title}` }, element("bdi.rg-lb-name", null, words),
        element("span.rg-lb-track", { "aria-hidden": "true" }, fill), element("span.rg-lb-p", null, numbers.count(n)),
      );
    });
    const more = order.slice(LISTED).reduce((sum, [, , n]) => sum + n, 0);
    const rest = more > 0 && element("p.rg-lb-aside", null, `and ${numbers.count(more)} ${samples.meta.words.part.many} wrong in other ways`);
    const about = !map.exact(v) && element("p.rg-lb-aside", null, `About so many: counted in squares of ${map.step} × ${map.step} pixels`);
    const list = [element("ul.rg-lb-bars.rg-lb-kinds.rg-lb-pixels", null, ...lines), rest, about];
    if (!lines.length) return null;
    return markOf(v) === "other" ? element("details.rg-more", null, element("summary", null, "Pixels by class"), ...list) : element("div", null, ...list);
  }

  /** @param {any} samples @param {boolean} right @returns {string} */
  function judged(samples, right) {
    const { words: said } = samples.meta;
    return right ? said.right : said.wrong;
  }

  /** @param {any} samples @param {number} v @param {[number, number][]} bars @returns {HTMLElement} */
  function probabilities(samples, v, bars) {
    const target = samples.columns.target[row] - 1;
    const won = samples.columns.prediction[v][row] - 1;
    const rows = bars.map(([code, p]) => {
      const kind = code === target ? "true" : code === won ? "wrong" : "other";
      const fill = element("span.rg-lb-fill");
      fill.style.width = `${Math.max(0, Math.min(100, p * 100)).toFixed(2)}%`;
      const name = samples.meta.classes[code];
      return element(
        `li.rg-lb-bar.rg-lb-${kind}`, null, element("bdi.rg-lb-name", { title: name }, name),
        element("span.rg-lb-track", { "aria-hidden": "true" }, fill), element("span.rg-lb-p", null, numbers.probability(p)),
      );
    });
    return element("ul.rg-lb-bars", null, ...rows);
  }

  /** @param {any} samples @param {number} candidate */
  function next(samples, candidate) {
    const like = alike(samples, candidate);
    const links = like ? [element("a", { href: reportgen.state.href(PAGE, like.state) }, `All ${numbers.count(like.n)} like this`)] : [];
    links.push(...mistaken(samples, candidate));
    const found = worse(samples, candidate);
    const slices = (found || []).slice(0, LINKS).map((/** @type {any} */ one) =>
      element("a", { href: reportgen.state.href("slices", { slice: one.id, ...reportgen.versions.carried() }) }, "Slice ", element("bdi", null, one.name)),
    );
    if (!found) slices.push(element("a", { href: reportgen.state.href("slices", { changed: "1", ...reportgen.versions.carried() }) }, "Slices that changed"));
    part("next").replaceChildren(...[...links, ...slices].flatMap((/** @type {Node} */ link) => [link, " "]));
    if (found && !found.length) part("next").append(element("span", null, `This ${samples.meta.nouns[0]} is in none of the slices that got worse beyond chance.`));
    takenFor(samples, candidate);
  }

  /** Links to the samples with pixels that are taken for the same, of what most pixels of this one are taken for. @param {any} samples @param {number} candidate */
  async function takenFor(samples, candidate) {
    const { meta, mistakes } = samples;
    const at = row;
    const found = (await mistakes(at, candidate)).slice(0, LINKS);
    if (row !== at || /** @type {Gallery} */ (gallery).candidate !== candidate) return; // another is open by now
    part("next").prepend(...found.flatMap((/** @type {any} */ { target, prediction, samples: n }) => {
      const [is, called] = [target, prediction].map((one) => meta.pixels.names[one]);
      const href = reportgen.state.href(PAGE, { set: "all", ...reportgen.versions.carried(), is, called });
      return [element("a", { href }, element("bdi", null, is), " taken for ", element("bdi", null, called), ` in ${numbers.count(n)} ${meta.nouns[n === 1 ? 0 : 1]}`), " "];
    }));
  }

  /** @param {any} samples @param {number} candidate @returns {HTMLElement[]} To the samples whose objects have the same wrong with them, as far as the sets are here. */
  function mistaken(samples, candidate) {
    const { listed, nouns, sets, words } = samples.meta;
    if (!listed) return [];
    const labels = new Map([...Object.entries(words.sets).map(([name, one]) => [name, one[0]]), ...sets.plain]);
    const named = [...listed.pair, ...listed.version].filter((name) => MISTAKES.test(name));
    return named
      .map((name) => ({ name, rows: reportgen.sets.members(samples.columns, name, baselineOf(), candidate) }))
      .filter(({ rows }) => rows.includes(row))
      .slice(0, LINKS)
      .map(({ name, rows }) => {
        return element("a", { href: reportgen.state.href(PAGE, { set: name, ...reportgen.versions.carried() }) }, `${labels.get(name)} in ${numbers.count(rows.length)} ${nouns[rows.length === 1 ? 0 : 1]}`);
      });
  }

  /** @param {any} samples @param {number} candidate @returns {any[] | null} The sample's slices that got worse; null where the report does not say. */
  function worse(samples, candidate) {
    const { meta } = samples;
    if (baselineOf() !== meta.baseline) return null;
    return meta.worse[candidate].filter((/** @type {any} */ one) =>
      Object.entries(one.codes).every(([column, code]) => samples.codes(column)[row] === code),
    );
  }

  /** @param {any} samples @param {number} candidate The samples of the same label and the same prediction. */
  function alike(samples, candidate) {
    const { columns } = samples;
    if (columns.values || !samples.scored(row, candidate)) return null;
    const said = columns.prediction[candidate];
    let n = 0;
    for (let i = 0; i < columns.n; i++) if (columns.target[i] === columns.target[row] && said[i] === said[row]) n++;
    return { n, state: { set: "all", ...reportgen.versions.carried(), label: samples.target(row), predicted: samples.prediction(row, candidate) } };
  }

  reportgen.lightbox = { wire, enter, show };
})();
