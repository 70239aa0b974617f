/**
 * The explorer behind messages: what runs in the worker. No page in here.
 *
 * To the worker: {open: meta}, {call: name, id, given}, {chunk: name, value}, where what `meta.needs` names comes unasked.
 * From it: {ready}, {want: name of another chunk}, {id, gives}, {id, failed}. A request that a newer one overtakes while it
 * waits gives null.
 */
window.reportgen.define("serve", () => {
  "use strict";

  /** @param {{postMessage: (message: any) => void, onmessage: any}} scope the worker's */
  function serve(scope) {
    const { explore, unpack } = window.reportgen;
    /** @type {any} */
    let explorer = null;
    /** Chunks that are on their way. @type {Map<string, (value: unknown) => void>} */
    const waiting = new Map();
    /** @type {Map<string, Promise<any>>} */
    const loaded = new Map();

    /** @param {string} name @returns {Promise<any>} The chunk, unpacked once, as soon as it is here. */
    function load(name) {
      const known = loaded.get(name);
      if (known) return known;
      scope.postMessage({ want: name });
      return expect(name);
    }

    function expect(name) {
      const packed = new Promise((resolve, reject) => {
        waiting.set(name, (value) => (value === undefined ? reject(new Error(`no ${name}`)) : resolve(value)));
      });
      const found = packed.then((value) => unpack(value, load));
      found.catch(() => null); // told to whoever asks for it
      loaded.set(name, found);
      return found;
    }

    /** What a chunk came in is not kept. */
    function take(name, value) {
      const told = waiting.get(name);
      waiting.delete(name);
      if (told) told(value);
    }

    function begin(meta) {
      meta.needs.forEach(expect);
      explorer = explore.open(meta, load, null, settle);
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
      if (message.open) begin(message.open);
      else if (message.chunk) take(message.chunk, message.value);
      else call(message);
    };
    scope.postMessage({ ready: true });
  }

  window.reportgen.serve = serve;
});
