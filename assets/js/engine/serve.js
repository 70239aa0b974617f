/**
 * The explorer behind messages: what runs in the worker. No page in here.
 *
 * To the worker: {open: meta}, {call: name, id, given}, {chunk: name, value}. From it: {ready}, {want: name of a chunk},
 * {id, gives}, {id, failed}. A request that a newer one overtakes while it waits gives null.
 */
window.reportgen.define("serve", () => {
  "use strict";

  /** @param {{postMessage: (message: any) => void, onmessage: any}} scope the worker's */
  function serve(scope) {
    const { explore, unpack } = window.reportgen;
    /** @type {any} */
    let explorer = null;
    /** @type {Map<string, (value: unknown) => void>} */
    const waiting = new Map();
    /** @type {Map<string, Promise<any>>} */
    const loaded = new Map();

    function load(name) {
      if (!loaded.has(name)) {
        const packed = new Promise((resolve, reject) => {
          waiting.set(name, (value) => (value === undefined ? reject(new Error(`no ${name}`)) : resolve(value)));
          scope.postMessage({ want: name });
        });
        loaded.set(name, packed.then((value) => unpack(value, load)));
      }
      return loaded.get(name);
    }

    /** @returns {Promise<void>} When the messages that have come are read. */
    function settle() {
      const { port1, port2 } = new MessageChannel();
      return new Promise((resolve) => {
        port1.onmessage = () => {
          port1.close();
          resolve();
        };
        port2.postMessage(null);
      });
    }

    async function call({ call: name, id, given }) {
      try {
        scope.postMessage({ id, gives: await explorer[name](...given) });
      } catch (error) {
        scope.postMessage({ id, failed: String(error) });
      }
    }

    scope.onmessage = ({ data: message }) => {
      if (message.open) explorer = explore.open(message.open, load, null, settle);
      else if (message.chunk) waiting.get(message.chunk)(message.value);
      else call(message);
    };
    scope.postMessage({ ready: true });
  }

  window.reportgen.serve = serve;
});
