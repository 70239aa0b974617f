/*
 * Who explores: the engine in a worker made of its own sources, where the policy and the host allow one; else the engine
 * on this page, in slices of time.
 */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const PATIENCE = 3000; // milliseconds for a worker to say that it is there
  const SLICE = 8; // milliseconds of work on the page before others have their turn

  /** @typedef {(name: string, ...given: any[]) => Promise<any>} Call */

  /**
   * @typedef {object} Hired a worker, to be told of what it works on; it may still begin
   * @property {(message: any) => void} post
   * @property {Call} call
   * @property {Promise<void>} ready rejects where none can be had
   */

  /** @returns {Hired} Throws, or rejects, where no worker can be had. */
  function hire() {
    const address = URL.createObjectURL(new Blob([`${reportgen.script()}\nself.reportgen.serve(self);`], { type: "text/javascript" }));
    const worker = new Worker(address);
    /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
    const asked = new Map();
    let id = 0;
    /** @type {Error | null} */
    let failed = null;
    const ready = new Promise((resolve, reject) => {
      const late = window.setTimeout(() => fail(new Error("no answer")), PATIENCE);

      function fail(/** @type {Error} */ error) {
        failed = error;
        window.clearTimeout(late);
        worker.terminate();
        reject(error);
        for (const one of asked.values()) one.reject(error);
      }

      async function bring(/** @type {string} */ name) {
        worker.postMessage({ chunk: name, value: await reportgen.data.packed(name).catch(() => undefined) });
      }

      worker.onerror = (event) => {
        event.preventDefault();
        fail(new Error(event.message || "the worker was refused"));
      };
      worker.onmessage = ({ data: message }) => {
        if (message.want) return void bring(message.want);
        if (message.ready) {
          window.clearTimeout(late);
          URL.revokeObjectURL(address);
          return resolve(undefined);
        }
        const one = asked.get(message.id);
        asked.delete(message.id);
        if (one && "failed" in message) one.reject(new Error(message.failed));
        else if (one) one.resolve(message.gives);
      };
    });
    ready.catch(() => null); // told to whoever works with it
    return {
      ready,
      post: (message) => worker.postMessage(message),
      call: (name, ...given) => new Promise((resolve, reject) => {
        if (failed) return reject(failed);
        asked.set(++id, { resolve, reject });
        worker.postMessage({ call: name, id, given });
      }),
    };
  }

  /**
   * What a first answer rests on goes to the worker unasked: it unpacks while the page is still read.
   * @param {Hired} hired @param {any} meta @returns {Promise<Call>}
   */
  async function employ({ ready, post, call }, meta) {
    post({ open: meta });
    for (const name of meta.needs) {
      reportgen.data.packed(name).catch(() => undefined).then((/** @type {unknown} */ value) => post({ chunk: name, value }));
    }
    await ready;
    return call;
  }

  /** @returns {() => Promise<void>} Waits for others' turn, where the last time is a slice ago. */
  function pauses() {
    const { port1, port2 } = new MessageChannel();
    let since = performance.now();
    return async () => {
      if (performance.now() - since < SLICE) return;
      await new Promise((resolve) => {
        port1.onmessage = () => resolve(undefined);
        port2.postMessage(null);
      });
      since = performance.now();
    };
  }

  /** @param {any} meta @returns {Call} */
  function onPage(meta) {
    const explorer = reportgen.explore.open(meta, reportgen.data.load, pauses());
    return (name, ...given) => explorer[name](...given);
  }

  /**
   * @param {any} meta the chunk "samples"
   * @param {Promise<Hired>} [hired] a worker that has begun already
   * @returns {{ask: (request: any) => Promise<any>, rows: (rows: number[]) => Promise<any>, ids: () => Promise<string[]>,
   *   table: (names: string[], limit: number) => Promise<any[][]>, ranks: (klass: number) => Promise<any>,
   *   taken: () => Promise<{names: string[], versions: import("./engine/pixels.js").Share[][]}>,
   *   walk: (metric: string, klass: number | null) => Promise<{n: number, value: number, low: number, high: number}[][]>,
   *   averages: (metric: string, klass: number | null, whole: boolean) => Promise<import("./engine/object_measures.js").Averages | null>,
   *   between: (baseline: number, candidate: number) => Promise<any[]>,
   *   compare: (baseline: number, candidate: number) => Promise<any>, compose: (baseline: number, candidate: number) => Promise<any>,
   *   cutoffs: (baseline: number, candidate: number, klass: number, begins: number[][]) => Promise<any>,
   *   pairSlices: (baseline: number, candidate: number) => Promise<import("./engine/slice_pairs.js").Changes>,
   *   threaded: Promise<boolean>}} as engine/explore.js has them
   */
  function open(meta, hired = begin()) {
    const employed = hired.then((one) => employ(one, meta));
    const caller = employed.catch(() => onPage(meta));
    /** @type {Call | null} */
    let known = null;
    caller.then((one) => (known = one));
    /** Once it is known who answers, the question leaves before anything else of the page. @type {Call} */
    const call = (name, ...given) => (known ? known(name, ...given) : caller.then((one) => one(name, ...given)));
    return {
      ask: (request) => call("ask", request),
      rows: (rows) => call("rows", rows),
      ids: () => call("ids"),
      table: (names, limit) => call("table", names, limit),
      ranks: (klass) => call("ranks", klass),
      taken: () => call("taken"),
      walk: (metric, klass) => call("walk", metric, klass),
      averages: (metric, klass, whole) => call("averages", metric, klass, whole),
      between: (baseline, candidate) => call("between", baseline, candidate),
      compare: (baseline, candidate) => call("compare", baseline, candidate),
      compose: (baseline, candidate) => call("compose", baseline, candidate),
      cutoffs: (baseline, candidate, klass, begins) => call("cutoffs", baseline, candidate, klass, begins),
      pairSlices: (baseline, candidate) => call("pairSlices", baseline, candidate),
      threaded: employed.then(() => true, () => false),
    };
  }

  /** @type {Promise<any> | null} */
  let common = null;

  /** @returns {Promise<Hired>} */
  function begin() {
    const hired = Promise.resolve().then(hire); // making one may throw at once
    hired.catch(() => null);
    return hired;
  }

  /** @returns {Promise<any>} The explorer that all parts of a page share; rejects where the report's data cannot be had. */
  function shared() {
    if (!common) {
      const hired = begin(); // while the data are on their way
      common = reportgen.data.load("samples").then((/** @type {any} */ meta) => open(meta, hired));
    }
    return common;
  }

  reportgen.explorer = { open, shared };
})();
