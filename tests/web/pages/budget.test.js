// What the phone page costs on the wire: the first load with what the worker keeps, and that a second one needs no network.
//
// Bytes are those that Chromium received, heads included, over the page and its worker.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, WAIT_MS, address, launch, open, settled, skip } from "./browser.js";

const MOST_BYTES = 90 * 1000;
const MOST_REQUESTS = 25;

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/**
 * Notes what the pages and workers of a context fetch by the network.
 * @param {import("playwright-core").BrowserContext} context
 */
function watchWire(context) {
  /** @type {Promise<{url: string, bytes: number, worker: boolean}>[]} */
  const fetched = [];
  context.on("requestfinished", (request) => {
    const work = async () => {
      const response = await request.response();
      const sizes = await request.sizes();
      // What the browser or its worker had already came by no wire.
      const isKept = !response || response.fromServiceWorker() || sizes.responseHeadersSize + sizes.responseBodySize <= 0;
      return { url: request.url(), bytes: isKept ? 0 : sizes.responseHeadersSize + sizes.responseBodySize, worker: request.serviceWorker() !== null };
    };
    fetched.push(work());
  });
  return async () => (await Promise.all(fetched)).filter((one) => /^https?:/.test(one.url));
}

test("a first load is small, a second needs no network, and nothing comes from elsewhere", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await open(browser, { workers: true });
  const wire = watchWire(context);
  await page.goto(`${address}/phone`);
  await settled(page);
  const kept = await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(stores.map((cache) => cache.keys()))).flat().map((request) => request.url);
  });
  assert.ok(kept.length > 2, "the worker keeps files");
  // The browser tells of what its worker fetched a little later.
  let all = await wire();
  for (const until = Date.now() + WAIT_MS; Date.now() < until && kept.some((url) => !all.some((one) => one.worker && one.url === url)); all = await wire()) await page.waitForTimeout(100);
  assert.deepEqual(kept.filter((url) => !all.some((one) => one.worker && one.url === url)), [], "what the worker fetches is among it");
  const paid = all.filter((one) => one.bytes > 0);
  // Of the worker's own script the browser tells the head alone.
  const script = await fetch(`${address}/sw.js`, { headers: { "Accept-Encoding": "br" } });
  const bytes = paid.reduce((sum, one) => sum + one.bytes, Number(script.headers.get("content-length")) || 0);
  const told = paid.sort((one, other) => other.bytes - one.bytes).map((one) => `${one.bytes} ${one.worker ? "worker " : ""}${new URL(one.url).pathname}`);
  console.log(`first load: ${bytes} bytes, ${paid.length} requests\n${told.join("\n")}`);
  assert.ok(bytes <= MOST_BYTES, `${bytes} bytes`);
  assert.ok(paid.length <= MOST_REQUESTS, `${paid.length} requests`);
  assert.deepEqual([...new Set(all.map((one) => new URL(one.url).origin))], [address]);

  await context.setOffline(true);
  const again = await context.newPage();
  await again.goto(`${address}/phone`);
  await settled(again);
  assert.deepEqual(errors, []);
  await context.close();
});
