// A new version of the page: found, offered, and taken only when the person says so and no key was typed just now.

const QUIET_MS = 5000;

/**
 * Watches for a waiting worker, also one that waited before this page was opened.
 * @param {(update: () => void) => void} found
 */
export function watchVersion(found) {
  const workers = navigator.serviceWorker;
  if (!workers || !window.isSecureContext) return;
  let typedAt = 0;
  let taken = false;
  document.addEventListener("keydown", () => { typedAt = Date.now(); }, true);
  document.addEventListener("pointerdown", (event) => {
    const at = /** @type {Element} */ (event.target);
    if (at.closest && at.closest(".keys")) typedAt = Date.now();
  }, true);

  /** @param {ServiceWorker | null} worker */
  const offer = (worker) => {
    if (!worker || !workers.controller) return;
    found(() => {
      taken = true;
      worker.postMessage("take-over");
    });
  };
  workers.addEventListener("controllerchange", () => {
    if (!taken) return;
    taken = false;
    const reload = () => {
      if (Date.now() - typedAt < QUIET_MS) setTimeout(reload, 1000);
      else location.reload();
    };
    reload();
  });
  workers.register("/sw.js", { scope: "/" }).then((registration) => {
    offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      if (worker) worker.addEventListener("statechange", () => worker.state === "installed" && offer(worker));
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible" && navigator.onLine) registration.update().catch(() => undefined);
    });
  }).catch(() => undefined);
}
