// A file that is chosen on the phone.

import { EngineFault } from "../engine/fault.js";
import { LARGEST_EXPORT } from "../engine/transfer.js";
import { h } from "../../shared/dom.js";

/** Asks for a file of counts and reads it as text; null where none was chosen. @returns {Promise<string | null>} */
export function chooseCounts() {
  return new Promise((resolve, reject) => {
    // Not every browser says that nothing was chosen.
    const before = document.getElementById("file");
    if (before) before.remove();
    const chosen = () => {
      const file = input.files && input.files[0];
      input.remove();
      if (!file) resolve(null);
      else if (file.size > LARGEST_EXPORT) reject(new EngineFault("not_an_export"));
      else file.text().then(resolve, reject);
    };
    const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", id: "file", accept: "application/json,.json", hidden: true, onchange: chosen, oncancel: chosen }));
    document.body.appendChild(input);
    input.click();
  });
}
