// A second press that was meant for what the first one ended: nobody has seen yet what it led to.

/** So long after the press itself, and after what it led to is shown. */
const AGAIN_MS = 500;
const SEEN_MS = 300;

/** Until when presses of acts are none, and where the last act leads. */
const pressing = { until: 0, to: "" };

/** An act was pressed. @param {Event} event */
export function pressed(event) {
  pressing.until = Math.min(event.timeStamp, performance.now()) + AGAIN_MS;
  for (const kind of ["click", "keydown"]) document.addEventListener(kind, stopAgain, true);
}

/** It leads there. @param {string} path */
export function leadsTo(path) {
  pressing.to = path;
}

/** Another row or screen is shown: by the act, or by something else. */
export function seen() {
  pressing.until = pressing.to === location.hash ? Math.max(pressing.until, performance.now() + SEEN_MS) : 0;
  pressing.to = "";
}

/** Who types is there already. */
export function typing() {
  pressing.until = 0;
}

/** @param {Event} event */
function stopAgain(event) {
  const isKey = event instanceof KeyboardEvent;
  const isAct = isKey ? event.key === "Enter" : /** @type {Element} */ (event.target).closest(".act, .foot");
  if (!isAct || (event.timeStamp >= pressing.until && !(isKey && event.repeat))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
