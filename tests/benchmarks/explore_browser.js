/**
 * What the benchmark of Explore measures in the page, put there before any script of the page's own.
 *
 * A change begins with the event of the reader's hand (its own time stamp). Its figures stand when the page says so
 * (`data-rg-answered`, after the last text is in the page); it is painted at the second animation frame after that; its
 * charts stand at the last change within a chart that is in view.
 *
 * How long the main thread is blocked: a worker of its own posts the time every few milliseconds, and how late such a post
 * is read is how long the thread was busy with something else. How long by the engine: the time that the handlers of the
 * engine's messages take, the reading of the message included.
 */
(() => {
  "use strict";

  const OwnWorker = window.Worker;
  const BEAT = 2; // milliseconds; browsers make it four
  const bench = { last: 0, asked: NaN, answered: NaN, changes: [], requests: [], first: null, blocked: 0, engine: 0, beats: 0 };
  window.bench = bench;
  const now = () => performance.now();

  const beat = URL.createObjectURL(
    new Blob([`setInterval(() => postMessage(performance.timeOrigin + performance.now()), ${BEAT});`], { type: "text/javascript" }),
  );
  new OwnWorker(beat).onmessage = ({ data: sent }) => {
    bench.beats += 1;
    bench.blocked = Math.max(bench.blocked, performance.timeOrigin + now() - sent);
  };

  for (const kind of ["click", "change", "keydown"]) {
    addEventListener(kind, (event) => event.isTrusted && (bench.last = event.timeStamp), true);
  }

  const frames = (done) => requestAnimationFrame(() => requestAnimationFrame(done));
  new MutationObserver(() => {
    const { last, asked, answered } = bench;
    const change = { from: last, asked, answered, figures: now(), painted: NaN, charts: [] };
    bench.changes.push(change);
    frames(() => {
      change.painted = now();
      bench.first = bench.first || change;
    });
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-rg-answered"] });

  const drawn = new MutationObserver((seen) => {
    const change = bench.changes.at(-1);
    if (change) for (const { target } of seen) change.charts.push([target, now()]);
  });
  bench.watchCharts = () => {
    const kinds = { subtree: true, childList: true, attributes: true, characterData: true };
    for (const chart of document.querySelectorAll("[data-rg-chart]")) drawn.observe(chart, kinds);
  };

  /** The last change in milliseconds from its event; `charts` NaN where none in view changed. */
  bench.take = () => {
    const { from, asked, answered, figures, painted, charts } = bench.changes.at(-1);
    const seen = charts.filter(([node]) => {
      const box = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("[data-rg-chart]").getBoundingClientRect();
      return box.height > 0 && box.bottom > 0 && box.top < innerHeight;
    });
    const found = {
      figures: figures - from, before: asked - from, between: answered - asked, after: figures - answered,
      painted: painted - from, charts: seen.length ? seen.at(-1)[1] - from : NaN,
      blocked: bench.blocked, engine: bench.engine,
    };
    charts.length = 0;
    return found;
  };

  // Who the page's engine is, and what it is asked.
  if (window.benchAlone) {
    window.Worker = undefined;
    return;
  }
  window.Worker = class extends OwnWorker {
    postMessage(message, ...more) {
      if (message && message.call === "ask") {
        bench.requests.push(message.given[0]);
        bench.asked = now();
        bench.id = message.id;
      }
      super.postMessage(message, ...more);
    }

    set onmessage(handler) {
      super.onmessage = (event) => {
        const start = now();
        if (event.data.id === bench.id && "gives" in event.data) bench.answered = start;
        handler(event);
        bench.engine = Math.max(bench.engine, now() - start);
      };
    }
  };
})();
