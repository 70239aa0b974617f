/* Handing something to the reader: an address into the clipboard, or a file. */
(function () {
  "use strict";
  const reportgen = (window.reportgen = window.reportgen || {});
  const SAID = 1600; // milliseconds that "Copied" stands on the button

  /** @param {string} text @returns {Promise<boolean>} */
  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyOld(text); // some frames and browsers refuse the clipboard
    }
  }

  /** @param {string} text */
  function copyOld(text) {
    const field = /** @type {HTMLTextAreaElement} */ (reportgen.element("textarea.rg-hidden", { readonly: true }));
    field.value = text;
    (document.querySelector("dialog[open]") || document.body).append(field);
    field.select();
    let done = false;
    try {
      done = document.execCommand("copy");
    } catch {
      done = false;
    }
    field.remove();
    return done;
  }

  /**
   * Make a button copy the address of what is shown now; it says so for a moment.
   * @param {HTMLButtonElement} button
   */
  function link(button) {
    const usual = Array.from(button.childNodes, (node) => node.cloneNode(true));
    button.addEventListener("click", async () => {
      const done = await copyText(window.location.href);
      button.textContent = done ? "Copied" : "Copy it from the address bar";
      window.setTimeout(() => button.replaceChildren(...usual.map((node) => node.cloneNode(true))), SAID);
    });
  }

  /**
   * @param {string} name @param {string} text @param {string} type
   */
  function save(name, text, type) {
    const address = URL.createObjectURL(new Blob([text], { type }));
    const anchor = reportgen.element("a", { href: address, download: name });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    window.setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  reportgen.copy = { link, save };
})();
