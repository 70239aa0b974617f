/* The tile of one sample, the same tree that templates/parts/tile.html draws; a test holds both to each other. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element, numbers } = reportgen;
  const EXCERPT = 240;
  const CARD = 4;
  const SHORT = 8;

  /** @param {string} text @returns {string} */
  function excerpt(text) {
    const flat = text.slice(0, 4 * EXCERPT).split(/\s+/u).filter(Boolean).join(" ");
    const letters = Array.from(flat);
    return letters.length <= EXCERPT ? flat : letters.slice(0, EXCERPT).join("").trimEnd() + numbers.ELLIPSIS;
  }

  /** @param {any} samples @param {number} row @param {number[]} versions @returns {string} */
  function spoken(samples, row, versions) {
    const said = versions.map((v) => {
      const right = samples.right(row, v);
      const judged = right === null ? "" : `${samples.mark(right)}, `;
      return `${samples.meta.versions[v].name} ${judged}${samples.meta.words.says}${samples.prediction(row, v)}`;
    });
    return `${samples.target(row)}: ${said.join("; ")} (sample ${samples.id(row)})`;
  }

  /** @param {HTMLElement} image @param {any} part @param {any} boxes Of the image only a part is seen, as wide as the tile. */
  function cut(image, part, boxes) {
    image.classList.add("rg-tile-part");
    const share = (/** @type {number} */ pixels, /** @type {number} */ of) => `${(100 * pixels) / of}%`;
    Object.assign(image.style, {
      width: share(boxes.width, part.width), height: share(boxes.height, part.height),
      left: share(-part.left, part.width), top: share(-part.top, part.height),
    });
  }

  /** @param {any} samples @param {number} row @param {boolean} known @param {any} part @returns {HTMLElement} Picture, text, card, or why there is none. */
  function face(samples, row, known, part) {
    const picture = samples.picture(row);
    if (picture) {
      const image = element("img.rg-tile-image", {
        width: picture.width, height: picture.height, alt: "", loading: "lazy", decoding: "async",
      });
      if (picture.pixels) image.classList.add("rg-pixels");
      if (part) cut(image, part, samples.boxes(row) || samples.regions(row));
      reportgen.data.media((part && picture.larger ? picture.larger : picture).name).then((/** @type {string} */ address) => image.setAttribute("src", address));
      return image;
    }
    const text = samples.text(row);
    if (text) return element("span.rg-tile-text", { dir: "auto" }, excerpt(text[0]));
    const card = known || samples.meta.media === "none" ? samples.attributes(row).slice(0, CARD) : [];
    if (card.length) {
      const pairs = card.map((/** @type {{name: string, value: string}} */ { name, value }) =>
        element("span.rg-tile-pair", null, element("bdi", null, name), " ", element("b", null, element("bdi", null, value))),
      );
      return element("span.rg-tile-card", null, ...pairs);
    }
    const missing = samples.meta.media === "none" ? "" : samples.missing(row);
    const id = element("bdi.rg-tile-id", null, samples.id(row));
    return element("span.rg-tile-missing", null, id, missing && " ", missing && element("span", null, missing));
  }

  /** @param {any} samples @param {number} row @param {number[]} versions @returns {HTMLElement | null} "✓ → ✕" */
  function outcome(samples, row, versions) {
    const judged = versions.map((v) => samples.right(row, v));
    if (judged.includes(null)) return null;
    const tag = element("span.rg-tile-outcome", { "aria-hidden": "true" });
    judged.forEach((right, i) => {
      if (i) tag.append(element.sign("arrow"));
      tag.append(element.sign(right ? "right" : "wrong"));
    });
    return tag;
  }

  /** @param {string[]} names @returns {string[]} Without what they begin with alike: "…2.5" and "…3.3.2". */
  function shortNames(names) {
    const first = names[0];
    let alike = 0;
    while (alike < first.length && names.every((name) => name[alike] === first[alike])) alike++;
    while (alike > 0 && /[0-9A-Za-z]/.test(first[alike - 1])) alike--;
    const lengths = names.map((name) => name.length);
    if (names.length < 2 || alike < 3 || Math.max(...lengths) <= SHORT || Math.min(...lengths) <= alike) return names;
    return names.map((name) => numbers.ELLIPSIS + name.slice(alike));
  }

  /** @param {any} samples @param {number} row @param {number} version @param {string} short @returns {HTMLElement} */
  function line(samples, row, version, short) {
    const right = samples.right(row, version);
    const { name } = samples.meta.versions[version];
    const [said, told] = [samples.prediction(row, version, true), samples.prediction(row, version)];
    const sign = right === null ? null : element.sign(right ? "right" : "wrong", samples.mark(right));
    const made = element(
      "li.rg-tile-line",
      null,
      element("bdi.rg-tile-version", { title: name }, short),
      " ",
      sign,
      sign && " ",
      element("bdi.rg-tile-prediction", { title: told }, said),
      " ",
      element("span.rg-tile-aside", null, samples.aside(row, version)),
    );
    if (right === false) made.classList.add("rg-is-wrong");
    return made;
  }

  /**
   * @param {any} samples reportgen.samples
   * @param {number} row
   * @param {number[]} versions The versions shown, baseline first.
   * @param {string} address Where the sample opens.
   * @param {{attributes?: boolean, crop?: boolean, places?: number[] | null}} [shown] attributes: where there is no picture
   *   or text, its attributes stand there; crop: of a picture only what is around its hardest object, or one of these.
   * @returns {HTMLElement}
   */
  function tile(samples, row, versions, address, shown) {
    const picture = samples.picture(row);
    const label = samples.target(row);
    const known = Boolean(shown && shown.attributes);
    const pair = /** @type {[number, number]} */ ([versions[0], versions[versions.length - 1]]);
    const regions = picture ? samples.regions(row) : null;
    const part = picture && shown && shown.crop
      ? regions ? reportgen.crop.region(regions, pair[1]) : reportgen.crop(samples.boxes(row), samples.changes(row, ...pair), versions, shown.places)
      : null;
    const words = !picture && (samples.text(row) || ((known || samples.meta.media === "none") && samples.attributes(row).length));
    const short = shortNames(versions.map((v) => samples.meta.versions[v].name));
    return element(
      "article.rg-tile",
      { "data-rg-row": row },
      element(
        `a.rg-tile-picture${words ? ".rg-tile-words" : ""}`,
        { href: address, "aria-label": spoken(samples, row, versions) },
        face(samples, row, known, part),
        regions ? reportgen.overlay.drawRegions(regions, pair[1], part) : picture && reportgen.overlay.draw(samples.boxes(row), versions[versions.length - 1], samples.meta.overlap === "mask", part, shown && shown.places),
        outcome(samples, row, versions),
        picture && picture.frames > 1 && element("span.rg-tile-badge", null, `1 of ${numbers.count(picture.frames)}`),
      ),
      element("p.rg-tile-label", { title: label }, element("bdi", null, label)),
      element(`ul.rg-tile-lines${samples.meta.words.part ? ".rg-tile-parts" : ""}`, null, ...versions.map((v, i) => line(samples, row, v, short[i]))),
    );
  }

  reportgen.tile = tile;
})();
