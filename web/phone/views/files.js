// Files: saved to the phone, or chosen on it.

import { h } from "../../shared/dom.js";

/** Saves a text as a file. @param {string} name @param {string} text @param {string} type */
export function saveFile(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = /** @type {HTMLAnchorElement} */ (h("a", { href: address, download: name, hidden: true }));
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** Asks for a file and reads it as text; null where none was chosen. @param {string} accept @returns {Promise<string | null>} */
export function chooseFile(accept) {
  return new Promise((resolve, reject) => {
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept, hidden: true }));
    input.addEventListener("change", () => {
      const file = input.files && input.files[0];
      input.remove();
      if (file) file.text().then(resolve, reject);
      else resolve(null);
    });
    document.body.appendChild(input);
    input.click();
  });
}
