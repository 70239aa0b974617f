/* A picture that one can look into: zoom and pan by wheel, fingers, drag and keys, boxes over it with lines of one width. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const { element } = reportgen;
  const STEP = 1.3; // of one key or turn of the wheel
  const PAN = 60; // pixels of one arrow key
  const MOST = 16; // times the size at which the picture fits, or its own
  const FEW = 12; // boxes whose labels always stand, where there is room; of more the one to look at first has its label
  const HIGH = 18; // pixels of a label
  const ROOM = 300; // square pixels of a region that has room for a sign
  const SIGNS = {
    check: "M-3.2 .4-1 2.6 3.4-2.6", cross: "M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6", diamond: "M0-3.6 3.6 0 0 3.6-3.6 0z",
    down: "M-3.4-2.4h6.8L0 3.4z", up: "M-3.4 2.4h6.8L0-3.4z", swap: "M-3.6-1.4h6.4M1-3.2l1.8 1.8M3.6 1.4h-6.4M-1 3.2l-1.8-1.8",
    move: "M-3.6 0h7.2M1.6-2 3.6 0 1.6 2M-1.6-2-3.6 0l2 2",
  };

  /** @param {number} value @param {number} low @param {number} high */
  const within = (value, low, high) => Math.min(Math.max(value, low), high);

  /**
   * What of a picture is seen: a point of it stands at `k` times its place, moved by `x` and `y`. Stages of one size share it.
   * @param {{width: number, height: number}} size of the picture, in its own pixels
   */
  function lens(size) {
    const at = { k: 1, x: 0, y: 0, fits: true, width: 1, height: 1 };
    /** @type {(() => void)[]} */
    const told = [];
    let waiting = 0;

    const fit = () => Math.min(at.width / size.width, at.height / size.height);

    /** Keep the picture in the stage: in the middle, or without a gap at its edges. */
    function settle() {
      const [w, h] = [size.width * at.k, size.height * at.k];
      at.x = w <= at.width ? (at.width - w) / 2 : within(at.x, at.width - w, 0);
      at.y = h <= at.height ? (at.height - h) / 2 : within(at.y, at.height - h, 0);
    }

    const tell = () => told.forEach((one) => one());

    function move() {
      settle();
      if (!waiting) waiting = window.requestAnimationFrame(() => (waiting = 0, tell()));
    }

    /** @param {number} k @param {number} [x] the place in the stage that stays @param {number} [y] */
    function zoom(k, x = at.width / 2, y = at.height / 2) {
      const least = Math.min(fit(), 1);
      const next = within(k, least, Math.max(fit(), 1) * MOST);
      at.x = x - ((x - at.x) * next) / at.k;
      at.y = y - ((y - at.y) * next) / at.k;
      at.k = next;
      at.fits = Math.abs(next - fit()) < 1e-9;
      move();
    }

    return {
      at, size, zoom,
      /** Show the whole picture. */
      fit: () => zoom(fit()),
      /** @param {number} factor @param {number} [x] @param {number} [y] */
      by: (factor, x, y) => zoom(at.k * factor, x, y),
      /** @param {number} dx @param {number} dy */
      pan: (dx, dy) => {
        at.x += dx;
        at.y += dy;
        move();
      },
      /** Whether there is more of the picture than is seen. */
      beyond: () => size.width * at.k > at.width + 0.5 || size.height * at.k > at.height + 0.5,
      above: () => at.k > fit() * 1.001,
      /** @param {number} width @param {number} height What the stage measures now: told before a frame shows the picture in its old place. */
      measure: (width, height) => {
        if (!width || !height) return;
        Object.assign(at, { width, height });
        if (at.fits) at.k = fit();
        settle();
        tell();
      },
      /** @param {() => void} act when it has moved */
      listen: (act) => told.push(act),
    };
  }

  /**
   * @param {any} seen a lens @param {any} picture samples.picture @param {string} alt
   * @param {(shape: any) => string} label what a box is told as @param {Record<string, {sign?: string}>} kinds what there is to draw
   * @returns {{element: HTMLElement, draw: (shapes: any[]) => void, brighten: (percent: number) => void}}
   */
  function stage(seen, picture, alt, label, kinds) {
    const { shape, outline, corner: cornerOf } = reportgen.overlay;
    const { at, size } = seen;
    const image = element("img.rg-vw-image", { width: size.width, height: size.height, alt, draggable: "false" });
    Object.assign(image.style, { width: `${size.width}px`, height: `${size.height}px` }); // its own pixels, whichever file stands in it
    const svg = shape("svg", { class: "rg-vw-boxes", role: "group", "aria-label": "Objects: the arrow keys walk them", preserveAspectRatio: "none" });
    const labels = element("div.rg-vw-labels", { "aria-hidden": "true" });
    const host = element("div.rg-vw-stage", { tabindex: 0, role: "group", "aria-label": "The picture: + and − zoom, the arrow keys move it" }, image, svg, labels);
    let shown = { name: picture.name, width: picture.width };
    /** @type {{one: any, node: any, mark: any, at: [number, number], tag: HTMLElement | null}[]} */
    let drawn = [];
    /** @type {any} */
    let active = null;

    /** @param {{name: string, width: number}} file */
    async function load(file) {
      const address = await reportgen.data.media(file.name);
      if (file === shown) {
        image.setAttribute("src", address);
        return;
      }
      const next = new Image();
      next.src = address;
      await next.decode();
      shown = file;
      image.setAttribute("src", address);
      place();
    }

    function place() {
      image.style.transform = `translate(${at.x}px, ${at.y}px) scale(${at.k})`;
      const sharp = picture.pixels || (seen.above() && (at.k * size.width) / shown.width > 1);
      image.classList.toggle("rg-pixels", sharp);
      host.classList.toggle("rg-vw-beyond", seen.beyond());
      svg.setAttribute("viewBox", `${-at.x / at.k} ${-at.y / at.k} ${at.width / at.k} ${at.height / at.k}`);
      const room = 8 / at.k; // a sign at the edge of the picture is seen whole
      for (const { one, mark, at: [x, y] } of drawn) {
        if (!mark) continue;
        const [, , w, h] = one.box;
        const small = one.region ? one.n * at.k ** 2 < ROOM : Math.min(w, h) * at.k < 14 && one.kind === "right";
        mark.setAttribute("visibility", small ? "hidden" : "inherit");
        const [cx, cy] = [within(x, room, size.width - room), within(y, room, size.height - room)];
        mark.setAttribute("transform", `translate(${cx} ${cy}) scale(${1 / at.k})`);
      }
      write();
    }

    /** Labels beside the boxes: of the one that is looked at, and of all where they are few and have room. */
    function write() {
      const inside = drawn.filter(({ one: { box: [x, y, w, h] } }) => {
        const [left, top] = [x * at.k + at.x, y * at.k + at.y];
        return left < at.width && top < at.height && left + w * at.k > 0 && top + h * at.k > 0;
      });
      const right = inside.some(({ one }) => one.kind === "right"); // it says what "found" would say again
      const said = inside.filter(({ one }) => !one.quiet && (one.kind !== "found" || !right));
      const many = said.length > FEW;
      const wanted = many ? said.filter(({ one }) => one.first) : said.sort((a, b) => weight(b) - weight(a));
      const first = drawn.find((one) => one.node === active);
      const order = first ? [first, ...wanted.filter((one) => one !== first)] : wanted;
      /** @type {number[][]} */
      const taken = [];
      for (const entry of drawn) if (entry.tag && !order.includes(entry)) entry.tag.hidden = true;
      for (const entry of order) {
        if (!entry.tag) labels.append((entry.tag = element(`span.rg-vw-label.rg-vw-label-${entry.one.kind}`, null, element("bdi"))));
        /** @type {Element} */ (entry.tag.firstChild).textContent = entry === first ? label(entry.one) : entry.one.brief || label(entry.one);
        entry.tag.hidden = false;
        const wide = entry.tag.offsetWidth;
        const spot = free(entry.one, wide, taken) || (entry === first ? corner(entry.one.box, wide) : null);
        entry.tag.hidden = !spot;
        if (!spot) continue;
        taken.push([spot[0], spot[1], wide, HIGH]);
        entry.tag.style.transform = `translate(${spot[0]}px, ${spot[1]}px)`;
      }
    }

    /** @param {any} entry @returns {number} Mistakes and changes have room first. */
    const weight = ({ one }) => Number(!["right", "found"].includes(one.kind));

    /** @param {any} one @param {number} wide @param {number[][]} taken @returns {number[] | undefined} Where a label has room. */
    function free({ box, at: inside }, wide, taken) {
      const [x, y, w, h] = [box[0] * at.k + at.x, box[1] * at.k + at.y, box[2] * at.k, box[3] * at.k];
      const spots = [[x, y - HIGH - 3], [x, y + h + 3], [x + w + 10, y], [x - wide - 4, y], [x + w - wide, y - HIGH - 3], [x + w - wide, y + h + 3]];
      if (inside && w > wide && h > 2 * HIGH) {
        // in a region that has room for it, as near as can be to where it is widest
        const [left, top] = [inside[0] * at.k + at.x - wide / 2, inside[1] * at.k + at.y - HIGH / 2];
        spots.splice(0, spots.length, ...[0, -1, 1, -2, 2].map((by) => [within(left, 0, Math.max(0, at.width - wide)), top + by * (HIGH + 3)]));
      }
      return spots.find(([left, top]) =>
        left >= 0 && top >= 0 && left + wide <= at.width && top + HIGH <= at.height &&
        taken.every(([l, t, a, b]) => left + wide < l || l + a < left || top + HIGH < t || t + b < top));
    }

    /** @param {number[]} box @param {number} wide @returns {number[]} Where it stands whatever is below. */
    function corner(box, wide) {
      return [within(box[0] * at.k + at.x, 0, Math.max(0, at.width - wide)), within(box[1] * at.k + at.y - HIGH - 3, 0, at.height - HIGH)];
    }

    /** @param {any[]} shapes */
    function draw(shapes) {
      const order = shapes.slice().sort((a, b) => b.box[2] * b.box[3] - a.box[2] * a.box[3]); // small ones can be pointed at
      labels.replaceChildren();
      active = null;
      drawn = order.map((one) => {
        const d = outline(one.box, !one.region && ["nothing", "newly_false"].includes(one.kind), one.boxed, one.masked);
        const inside = one.masked && one.box.mask ? [shape("path", { class: "rg-mask", d: one.box.mask })] : [];
        if (one.hatch) inside.push(shape("path", { class: "rg-hatch", d: one.hatch }));
        const { sign } = kinds[one.kind];
        const mark = sign ? shape("g", { class: "rg-vw-mark" }, shape("circle", { r: 7 }), shape("path", { d: SIGNS[sign] })) : null;
        const node = shape(
          "g", { class: `rg-vw-box rg-vw-${one.region ? "region rg-vw-px-" : ""}${one.kind}${one.plain ? " rg-vw-plain" : ""}`, role: "img", tabindex: -1, "aria-label": label(one) },
          ...inside, shape("path", { class: "rg-box-under", d }), shape("path", { class: "rg-box", d }), ...(mark ? [mark] : []),
        );
        const [x, y, w] = one.box;
        const edge = inside.length && !one.boxed ? cornerOf(one.box.mask) : null;
        return { one, node, mark, at: edge || [x + w, y], tag: null };
      });
      svg.replaceChildren(...drawn.map(({ node }) => node));
      svg.toggleAttribute("hidden", !drawn.length);
      const reading = inOrder();
      if (reading[0]) reading[0].node.setAttribute("tabindex", "0");
      place();
    }

    const inOrder = () => drawn.slice().sort((a, b) => a.one.box[1] - b.one.box[1] || a.one.box[0] - b.one.box[0]);

    /** @param {any} node */
    function look(node) {
      if (node === active) return;
      active = node;
      write();
    }

    /** @param {any} entry Give a box the focus, and bring it into view. */
    function walk(entry) {
      for (const { node } of drawn) node.setAttribute("tabindex", node === entry.node ? "0" : "-1");
      const [x, y, w, h] = entry.one.box;
      const [cx, cy] = [(x + w / 2) * at.k + at.x, (y + h / 2) * at.k + at.y];
      if (cx < 0 || cy < 0 || cx > at.width || cy > at.height) seen.pan(at.width / 2 - cx, at.height / 2 - cy);
      entry.node.focus({ preventScroll: true });
    }

    /** @param {KeyboardEvent} event */
    function key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [dx, dy] = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] || [0, 0];
      if (!dx && !dy) return;
      const box = event.target instanceof Element ? event.target.closest(".rg-vw-box") : null;
      if (box) {
        const all = inOrder();
        const next = all[all.findIndex(({ node }) => node === box) - (dx + dy)];
        if (next) walk(next);
      } else if (seen.beyond()) seen.pan(dx * PAN, dy * PAN);
      else return; // the arrows turn to the next sample
      event.preventDefault();
      event.stopPropagation();
    }

    /** @type {Map<number, {x: number, y: number}>} */
    const fingers = new Map();
    const middle = () => {
      const all = [...fingers.values()];
      const x = all.reduce((sum, one) => sum + one.x, 0) / all.length;
      const y = all.reduce((sum, one) => sum + one.y, 0) / all.length;
      const apart = all.length > 1 ? Math.hypot(all[0].x - all[1].x, all[0].y - all[1].y) : 0;
      return { x, y, apart };
    };
    /** @param {{clientX: number, clientY: number}} event */
    const inStage = ({ clientX, clientY }) => {
      const { left, top } = host.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top };
    };

    host.addEventListener("keydown", key);
    host.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.deltaY || event.deltaX) event.preventDefault();
      const { x, y } = inStage(event);
      if (event.deltaY) seen.by(STEP ** within(-event.deltaY / 100, -2, 2), x, y);
    }, { passive: false });
    host.addEventListener("dblclick", (event) => {
      const { x, y } = inStage(event);
      if (seen.above()) seen.fit();
      else seen.by(STEP ** 4, x, y);
    });
    host.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse" && event.button) return;
      fingers.set(event.pointerId, inStage(event));
      host.setPointerCapture(event.pointerId);
      if (event.pointerType !== "mouse" && event.target instanceof Element) look(event.target.closest(".rg-vw-box"));
    });
    host.addEventListener("pointermove", (event) => {
      if (!fingers.has(event.pointerId)) {
        if (event.target instanceof Element) look(event.target.closest(".rg-vw-box"));
        return;
      }
      const before = middle();
      fingers.set(event.pointerId, inStage(event));
      const after = middle();
      seen.pan(after.x - before.x, after.y - before.y);
      if (before.apart && after.apart) seen.by(after.apart / before.apart, after.x, after.y);
    });
    for (const end of ["pointerup", "pointercancel"]) host.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
    host.addEventListener("pointerleave", () => look(document.activeElement && document.activeElement.closest(".rg-vw-box")));
    svg.addEventListener("focusin", (event) => look(/** @type {Element} */ (event.target).closest(".rg-vw-box")));
    svg.addEventListener("focusout", () => look(null));
    seen.listen(place);
    const observer = new ResizeObserver(([{ contentRect }]) => seen.measure(contentRect.width, contentRect.height)); // not rounded
    observer.observe(host);
    load(shown).then(() => (picture.larger ? load(picture.larger) : null)).catch(() => undefined); // what stands is the picture
    return { element: host, draw, brighten: (percent) => (image.style.filter = percent === 100 ? "" : `brightness(${percent}%)`) };
  }

  reportgen.stage = { STEP, SIGNS, lens, stage };
})();
