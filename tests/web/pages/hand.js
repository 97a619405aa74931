// A hand that counts on the phone page with the keypad, and goes on after everything that happens to the page.

import assert from "node:assert/strict";
import { WAIT_MS, gone, open } from "./browser.js";
import { CLOCK } from "./clock.js";

const DEPOT = "T3-D1";

export class Hand {
  /** @param {import("./service.js").Service} service @param {() => number} random */
  constructor(service, random, { context, page, errors }) {
    this.service = service;
    this.random = random;
    this.context = context;
    this.page = page;
    this.errors = errors;
    this.isOffline = false;
    /** What happened, and how often. @type {Map<string, number>} */
    this.happened = new Map();
  }

  /** @param {import("playwright-core").Browser} browser @param {import("./service.js").Service} service @param {() => number} random */
  static async start(browser, service, random) {
    const opened = await open(browser, { language: "en", workers: true });
    await opened.context.addInitScript(CLOCK);
    return new Hand(service, random, opened);
  }

  /** @param {string} what */
  note(what) {
    this.happened.set(what, (this.happened.get(what) || 0) + 1);
  }

  told() {
    return [...this.happened].map(([what, times]) => (times > 1 ? `${what} ${times}` : what)).join(", ");
  }

  /** Where it is, for a person who looks into a failure. */
  async where() {
    const { page } = this;
    const seen = await page.evaluate(() => {
      const field = /** @type {HTMLInputElement | null} */ (document.querySelector("#quantity"));
      return `${location.href} [${field ? field.value : ""}] ${document.body.innerText}`;
    }).catch(String);
    return `${this.told()}; ${this.errors.join("; ")}; ${seen.replace(/\s+/g, " ").slice(0, 1500)}`;
  }

  /** @param {number} most */
  pause(most) {
    return new Promise((resolve) => setTimeout(resolve, this.random() * most));
  }

  /** @param {boolean} isOffline */
  offline(isOffline) {
    this.isOffline = isOffline;
    this.service.cut(isOffline);
  }

  async signIn() {
    const { page, service } = this;
    const { isOffline } = this;
    if (isOffline) this.offline(false);
    await page.goto(`${service.base}/phone`);
    await page.goto(`${service.base}/phone#/signin`);
    await page.waitForSelector("#username");
    await page.fill("#username", "t3");
    await page.fill("#password", service.password);
    await page.click("button[type=submit]");
    await page.waitForSelector(".depot");
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    if (isOffline) this.offline(true);
  }

  async chooseDepot() {
    return DEPOT;
  }

  /** Items with one row each, those that the depot lists and others. @param {number} most @returns {Promise<string[]>} */
  async chooseItems(most) {
    const { page } = this;
    await this.go(`depot/${DEPOT}`, "#search");
    const codes = await page.$$eval("a.line[id^='line-']", (links) => links.map((link) => link.id.slice("line-".length)));
    for (const text of ["L101", "L102", "L103", "L104", "L202", "L203"]) {
      await page.fill("#search", text);
      const found = await page.$$eval(".hits a.line .under", (all) => all.map((one) => one.textContent.split(" ")[0]));
      codes.push(...found.filter((code) => !codes.includes(code)));
    }
    const chosen = [];
    for (const code of codes) {
      if (chosen.length === most) break;
      await this.go(`count/${DEPOT}/${code}`, "#act-next");
      if ((await page.$$(".entries > *")).length === 1) chosen.push(code);
    }
    assert.equal(chosen.length, most);
    return chosen;
  }

  /** Shows a screen, from wherever the page is. @param {string} path @param {string} sign what the screen has @returns {Promise<void>} */
  async go(path, sign) {
    const { page, service } = this;
    const hash = `#/${path}`;
    for (let turn = 0; ; turn++) {
      if (!page.url().startsWith(service.base)) await page.goto(`${service.base}/phone${hash}`);
      else await page.evaluate((to) => Object.assign(window, { emptySince: 0 }).location.assign(to), hash);
      const people = "main button.line[aria-pressed]";
      // A screen that is empty or loading may become the one that is wanted: it has some seconds for that.
      const found = await page.waitForFunction(({ want, others, to, patience }) => {
        if (location.hash === to && document.querySelector(want)) return "there";
        if (!document.querySelector(".bar")) return null;
        if (document.querySelector(others)) return "people";
        window.emptySince = document.querySelector(".empty, .skeleton") ? window.emptySince || performance.now() : 0;
        return window.emptySince && performance.now() - window.emptySince > patience ? "empty" : null;
      }, { want: sign, others: people, to: hash, patience: 5000 }).then((handle) => handle.jsonValue());
      if (found === "there") {
        // Another window had the store, and is gone.
        const elsewhere = '.banner.warn button:text-is("Use it here")';
        if (await page.isVisible(elsewhere)) {
          await page.tap(elsewhere);
          await page.waitForSelector(elsewhere, { state: "detached" });
        }
        return;
      }
      assert.ok(turn < 8, `${path}: ${await page.textContent("body")}`);
      if (found === "people" && turn === 0) {
        this.note("chose the person");
        await page.tap(people);
        await gone(page, people);
      } else {
        // The copy is gone too: only the service has it.
        this.note("signed in again");
        await this.signIn();
      }
    }
  }

  /** The tab ends, with or without notice. */
  async die() {
    const { page, context } = this;
    if (this.random() < 0.5) {
      this.note("closed");
      await page.close();
    } else {
      this.note("died");
      const crashed = page.waitForEvent("crash");
      const session = await context.newCDPSession(page);
      session.send("Page.crash").catch(() => undefined);
      await crashed;
      await page.close();
    }
    this.page = await context.newPage();
    this.page.on("pageerror", (error) => this.errors.push(String(error.stack || error)));
  }

  /** Whether a key is said to be stored, with the number that the field then has. @param {string} text */
  isStored(text) {
    return this.page.waitForFunction((typed) => {
      const field = /** @type {HTMLInputElement | null} */ (document.querySelector("#quantity"));
      return field && field.value === typed && document.querySelector(".stored:not([hidden])");
    }, text);
  }

  /** Types a line; the tab dies after one of its keys. @param {string} item @param {string[]} keys @param {number | null | undefined} death */
  async type(item, keys, death) {
    const path = `count/${DEPOT}/${item}`;
    await this.go(path, "#act-next");
    let stored = "";
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at];
      const isLast = death !== null && death !== undefined && at === Math.min(death, keys.length - 1);
      if (key === "zero") {
        // It looks first: the last act may have led here.
        await this.page.waitForTimeout(550);
        await this.page.tap("#act-zero");
      } else await this.page.tap(`[data-key="${key}"]`);
      const after = key === "erase" ? stored.slice(0, -1) : stored + key;
      if (isLast) {
        await this.pause(40);
        await this.die();
        await this.go(path, "#act-next");
        const value = await this.page.inputValue("#quantity");
        if (key !== "zero") assert.ok(value === after || value === stored, `${item}: "${value}" after "${stored}" was stored and "${after}" typed`);
        // The first digit replaces what is there.
        return this.type(item, keys, null);
      }
      if (key === "zero") await this.page.waitForFunction((from) => location.hash !== from, `#/${path}`);
      else await this.isStored(after);
      stored = after;
    }
    return undefined;
  }

  /** @param {boolean} dies whether the tab dies while it is sent */
  async submit(dies) {
    const sign = "#main h1";
    await this.go(`review/${DEPOT}`, "#submit");
    await this.page.tap("#submit");
    if (dies) {
      await this.pause(60);
      await this.die();
      await this.go("records", sign);
      await this.go(`review/${DEPOT}`, "#submit, a.button.primary[href*=depot]");
      if (!(await this.page.$("#submit"))) return;
      this.note("submitted again");
      await this.page.tap("#submit");
    }
    await this.page.waitForSelector(".track");
  }

  /** Syncs with a network until nothing is unsent. */
  async deliver() {
    this.offline(false);
    for (const until = Date.now() + 2 * WAIT_MS; ;) {
      await this.go("sync", "#sync-now");
      if ((await this.page.$(".banner a[href*=signin]")) !== null) {
        this.note("signed in again");
        await this.signIn();
        continue;
      }
      await this.page.tap("#sync-now");
      await this.page.waitForFunction(() => document.querySelector("#sync-now")?.textContent === "Sync now");
      const isSent = () => /^0\b/.test(document.querySelector(".unsent")?.textContent || "");
      if (await this.page.waitForFunction(isSent, null, { timeout: 2000 }).then(() => true, () => false)) break;
      assert.ok(Date.now() < until, `still unsent: ${await this.page.textContent("main")}`);
    }
    this.offline(true);
  }

  /** Deletes the stores from another tab. */
  async wipe() {
    const other = await this.context.newPage();
    await other.goto(`${this.service.base}/phone/selftest`);
    await other.waitForSelector("#main h1");
    await other.evaluate(async () => {
      for (const { name } of await indexedDB.databases()) {
        await new Promise((resolve) => {
          const request = indexedDB.deleteDatabase(name);
          request.onsuccess = request.onerror = request.onblocked = resolve;
        });
      }
    });
    await other.close();
  }

  /** @param {number} ahead in milliseconds */
  async setClock(ahead) {
    await this.page.evaluate((ms) => localStorage.setItem("test.ahead", String(ms)), ahead);
  }

  /** The new version is found with a network, and is taken or left. */
  async takeVersion() {
    this.offline(false);
    const { page } = this;
    const waits = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      if (!registration) return false;
      await registration.update();
      for (let turn = 0; turn < 600 && !registration.waiting; turn++) await new Promise((resolve) => setTimeout(resolve, 100));
      return registration.waiting !== null;
    });
    assert.ok(waits, "the new version does not wait");
    this.offline(true);
    if (this.random() < 0.5) {
      this.note("version taken");
      await page.waitForSelector(".banner button");
      await Promise.all([page.waitForEvent("load"), page.tap(".banner button")]);
    } else this.note("version left");
  }

  async end() {
    await this.context.close();
  }
}
