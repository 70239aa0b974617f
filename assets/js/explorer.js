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

  /** @param {any} meta the chunk "samples" @returns {Promise<Call>} Rejects where no worker can be had. */
  function hire(meta) {
    return new Promise((resolve, reject) => {
      const address = URL.createObjectURL(new Blob([`${reportgen.script()}\nself.reportgen.serve(self);`], { type: "text/javascript" }));
      const worker = new Worker(address);
      const late = window.setTimeout(() => fail(new Error("no answer")), PATIENCE);
      /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
      const asked = new Map();
      let id = 0;

      function fail(/** @type {Error} */ error) {
        worker.terminate();
        reject(error);
        for (const one of asked.values()) one.reject(error);
      }

      async function bring(/** @type {string} */ name) {
        const value = await reportgen.data.packed(name).catch(() => undefined);
        worker.postMessage({ chunk: name, value });
      }

      /** @type {Call} */
      function call(name, ...given) {
        return new Promise((done, failed) => {
          asked.set(++id, { resolve: done, reject: failed });
          worker.postMessage({ call: name, id, given });
        });
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
          worker.postMessage({ open: meta });
          return resolve(call);
        }
        const one = asked.get(message.id);
        asked.delete(message.id);
        if (one && "failed" in message) one.reject(new Error(message.failed));
        else if (one) one.resolve(message.gives);
      };
    });
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
   * @returns {{ask: (request: any) => Promise<any>, rows: (rows: number[]) => Promise<any>, ids: () => Promise<string[]>,
   *   table: (names: string[], limit: number) => Promise<any[][]>, ranks: (klass: number) => Promise<any>,
   *   compare: (baseline: number, candidate: number) => Promise<any>, compose: (baseline: number, candidate: number) => Promise<any>,
   *   pairSlices: (baseline: number, candidate: number) => Promise<import("./engine/slice_pairs.js").Changes>,
   *   threaded: Promise<boolean>}} as engine/explore.js has them
   */
  function open(meta) {
    // their scripts load while the worker begins; what cannot be had is told when it is asked for
    for (const name of reportgen.explore.needs(meta)) reportgen.data.packed(name).catch(() => {});
    const hired = Promise.resolve().then(() => hire(meta)); // making one may throw at once
    const caller = hired.catch(() => onPage(meta));
    const call = async (/** @type {string} */ name, /** @type {any[]} */ ...given) => (await caller)(name, ...given);
    return {
      ask: (request) => call("ask", request),
      rows: (rows) => call("rows", rows),
      ids: () => call("ids"),
      table: (names, limit) => call("table", names, limit),
      ranks: (klass) => call("ranks", klass),
      compare: (baseline, candidate) => call("compare", baseline, candidate),
      compose: (baseline, candidate) => call("compose", baseline, candidate),
      pairSlices: (baseline, candidate) => call("pairSlices", baseline, candidate),
      threaded: hired.then(() => true, () => false),
    };
  }

  reportgen.explorer = { open };
})();
