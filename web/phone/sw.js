// The worker of the phone page: keeps the files of one version, and serves them without a network.
//
// It never takes over by itself: a new version waits until the page says so, so that no page runs with files of two
// versions. Answers of the service are never kept here; what people counted is in IndexedDB.

const VERSION = "development";
const PRECACHE = [];

const CACHE = `muster-${VERSION}`;
const PAGE = "/phone";
const LIMIT_MS = 30000;

/** What is kept: not the pictures that only an installation shows, which needs a network anyway. */
const KEPT = PRECACHE.filter((path) => !path.includes("/icon-"));

self.addEventListener("install", (event) => {
  event.waitUntil(within(LIMIT_MS, store()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(within(LIMIT_MS, drop()));
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
  if (event.data === "version" && event.ports[0]) event.ports[0].postMessage(VERSION);
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === PAGE || url.pathname.startsWith("/phone/") || url.pathname === "/enrol" || url.pathname.startsWith("/d/")) {
      event.respondWith(kept(PAGE, request));
    }
  } else if (url.pathname.startsWith("/assets/") && PRECACHE.length) {
    event.respondWith(kept(url.pathname, request));
  }
});

/** Fetches all files of this version; one that fails fails the installation, and the version before stays. */
async function store() {
  const cache = await caches.open(CACHE);
  await Promise.all(KEPT.map(async (path) => {
    const answer = await fetch(path, { cache: path === PAGE ? "no-cache" : "default", credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
    await cache.put(path, answer);
  }));
}

/** Drops the files of other versions. */
async function drop() {
  for (const name of await caches.keys()) {
    if (name.startsWith("muster-") && name !== CACHE) await caches.delete(name);
  }
}

/** The kept file, or the network's. */
async function kept(path, request) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path);
  return found || fetch(request);
}

/** Ends a wait after a limit, so that a stalled network never holds the worker. */
function within(ms, work) {
  return Promise.race([work, new Promise((_, reject) => setTimeout(() => reject(new Error("too slow")), ms))]);
}
