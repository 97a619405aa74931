// When to sync by itself: at once, when the network comes back, when the page is shown, each 60 s, and when a wait is over.

/** @typedef {import("./phone.js").Phone} Phone */
/** @typedef {import("./types.js").SyncRound} SyncRound */

const SYNC_EACH_MS = 60000;
const SHORTEST_MS = 1000;

/** How long after the last key a draft goes to the service: soon, where nothing stays on the phone. */
const SAVE_AFTER_MS = 5000;
const SAVE_SOON_MS = 1500;

/** @param {Phone} phone @returns {() => void} stops it */
export function watchPage(phone) {
  const world = /** @type {any} */ (globalThis);
  let isStopped = false;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;

  /** @param {number} ms */
  const plan = (ms) => {
    if (timer !== null) clearTimeout(timer);
    if (isStopped) return;
    phone.nextSyncAt = phone.world.ticks() + ms;
    timer = setTimeout(() => void go("time"), ms);
    if (typeof timer === "object") /** @type {any} */ (timer).unref?.();
  };

  /** @param {string} why */
  const go = async (why) => {
    const { desk } = phone;
    const status = phone.status();
    // A session that is over has nothing to fetch; what waits is deposited.
    const hasWork = status.session === "open" || (status.session === "ended" && status.unsent > 0 && why !== "time");
    let wait = SYNC_EACH_MS;
    if (desk && hasWork && !status.elsewhere) {
      phone.nextSyncAt = null;
      try {
        const { end } = await desk.sync();
        if (end.kind === "again") wait = Math.max(SHORTEST_MS, end.waitMs);
      } catch {
        // The store failed: the status says so, and the next round tries again.
      }
    }
    plan(wait);
  };

  /** @type {ReturnType<typeof setTimeout> | null} */
  let saving = null;
  const stopListening = phone.subscribe((kinds) => {
    if (!kinds.has("draft")) return;
    if (saving !== null) clearTimeout(saving);
    const save = () => void (phone.desk && phone.desk.saveDrafts().catch(() => {}));
    const isWeak = phone.around.onlineOnly || (phone.tested !== null && phone.tested.verdict === "online_only");
    saving = setTimeout(save, isWeak ? SAVE_SOON_MS : SAVE_AFTER_MS);
    if (typeof saving === "object") /** @type {any} */ (saving).unref?.();
  });

  const onOnline = () => void go("online");
  const onShown = () => {
    if (!world.document || world.document.visibilityState !== "visible") return;
    // What another window did meanwhile is shown here too.
    if (phone.desk && phone.status().elsewhere) void phone.desk.reload().catch(() => {});
    else void go("visible");
  };
  const onHidden = () => {
    // A page that is left lets another window in at once.
    if (phone.desk) phone.desk.hold.release();
  };
  const onBack = (/** @type {{persisted?: boolean}} */ event) => {
    if (event.persisted && phone.desk) void phone.desk.takeHold(false).catch(() => {});
  };
  world.addEventListener?.("online", onOnline);
  world.addEventListener?.("pagehide", onHidden);
  world.addEventListener?.("pageshow", onBack);
  world.document?.addEventListener("visibilitychange", onShown);
  void go("open");
  return () => {
    isStopped = true;
    stopListening();
    if (saving !== null) clearTimeout(saving);
    if (timer !== null) clearTimeout(timer);
    phone.nextSyncAt = null;
    world.removeEventListener?.("online", onOnline);
    world.removeEventListener?.("pagehide", onHidden);
    world.removeEventListener?.("pageshow", onBack);
    world.document?.removeEventListener("visibilitychange", onShown);
  };
}
