// The keys of a keyboard, and what a hand scanner types, wherever the focus is.

/** A pause that ends a burst; the mean between digits of a scanner, which no hand keeps up; the shortest code. */
const SCAN_PAUSE_MS = 200;
const SCAN_MEAN_MS = 50;
const SCAN_LENGTH = 6;

/**
 * Passes digits on. A burst of at least six signs ended by Enter is a scanned code if it came faster than people type, or if
 * it has letters, which no quantity has.
 * @param {{ input: HTMLInputElement, key: (key: string) => void, next: (event: Event) => unknown, text: () => string, restore: (text: string) => void, scanned: (code: string) => void }} to
 * @returns {() => void} stops it
 */
export function listenToKeys(to) {
  const burst = { text: "", before: "", from: 0, at: 0 };
  /** @param {KeyboardEvent} event */
  const listen = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const at = event.target;
    // What is typed or scanned into another field is that field's own.
    const fieldOfText = at instanceof HTMLInputElement && at !== to.input;
    if (fieldOfText || document.querySelector(".veil")) return;
    if (event.key.length === 1) {
      if (event.timeStamp - burst.at > SCAN_PAUSE_MS || !burst.text) Object.assign(burst, { text: "", before: to.text(), from: event.timeStamp });
      burst.text += event.key;
      burst.at = event.timeStamp;
    }
    const quick = event.timeStamp - burst.from <= SCAN_MEAN_MS * burst.text.length || /[^0-9.]/.test(burst.text);
    if (event.key === "Enter" && burst.text.length >= SCAN_LENGTH && event.timeStamp - burst.at <= SCAN_PAUSE_MS && quick) {
      const code = burst.text;
      event.preventDefault();
      to.restore(burst.before);
      burst.text = "";
      to.scanned(code);
      return;
    }
    if (event.key === "Enter" && !(at instanceof HTMLButtonElement || at instanceof HTMLAnchorElement)) {
      event.preventDefault();
      to.next(event);
    } else if (at !== to.input && (/^[0-9.]$/.test(event.key) || event.key === "Backspace")) {
      event.preventDefault();
      to.key(event.key === "Backspace" ? "erase" : event.key);
    } else if (at === to.input && /^[0-9]$/.test(event.key) && to.input.value && to.input.selectionStart === 0 && to.input.selectionEnd === 0) {
      event.preventDefault();
      to.key(event.key);
    }
  };
  document.addEventListener("keydown", listen);
  return () => document.removeEventListener("keydown", listen);
}
