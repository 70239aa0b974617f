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

  /** @returns {string} The address of what is shown; a document without one of its own has the hash alone. */
  function address() {
    const { href } = window.location;
    return href.startsWith("about:") ? reportgen.state.hash() : href;
  }

  /** Where nothing may be copied, the text stands below to be selected. @param {HTMLElement} button @param {string} text */
  function offer(button, text) {
    const field = /** @type {HTMLTextAreaElement} */ (
      reportgen.element("textarea.rg-copy-text", { readonly: true, rows: 2, "aria-label": "The address of this view" })
    );
    field.value = text;
    const row = button.closest("[data-rg-copies]") || button;
    const old = row.nextElementSibling;
    if (old && old.classList.contains("rg-copy-text")) old.remove();
    row.after(field);
    field.focus();
    field.select();
    field.addEventListener("blur", () => field.remove());
  }

  /**
   * Make a button copy the address of what is shown now; it says so for a moment. Where a host refuses the clipboard, the
   * address stands below the button, selected.
   * @param {HTMLButtonElement} button
   */
  function link(button) {
    const usual = Array.from(button.childNodes, (node) => node.cloneNode(true));
    button.addEventListener("click", async () => {
      const text = address();
      const done = await copyText(text);
      button.textContent = done ? "Copied" : "Copy it from here";
      if (!done) offer(button, text);
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
