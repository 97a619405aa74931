// A service of a test's own, which is stopped, put back to an earlier state and given other pages: MUSTER names the program.

import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const program = process.env.MUSTER || "";
const PASSWORD = "a password for the tests of pages";
const SOURCES = new URL("../../../", import.meta.url).pathname;

export class Service {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "pages-"));
    this.password = PASSWORD;
    /** Where it listens. */
    this.inner = "";
    /** Where the phone reaches it, over a line that can be cut. */
    this.base = "";
    this.isCut = false;
    /** @type {Set<import("node:net").Socket>} */
    this.lines = new Set();
    this.line = createServer((near) => this.join(near));
    this.child = null;
    this.versions = 0;
    for (const part of ["web", "messages"]) cpSync(join(SOURCES, part), join(this.folder, part), { recursive: true });
  }

  /** @param {import("node:net").Socket} near */
  join(near) {
    if (this.isCut) return near.destroy();
    const far = connect(Number(new URL(this.inner).port), "127.0.0.1");
    for (const [one, other] of [[near, far], [far, near]]) {
      this.lines.add(one);
      one.on("error", () => other.destroy()).on("close", () => {
        this.lines.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
    return undefined;
  }

  /** Cuts the line between the phone and it, or joins it again. @param {boolean} isCut */
  cut(isCut) {
    this.isCut = isCut;
    if (isCut) for (const socket of this.lines) socket.destroy();
  }

  /** Starts it, at the address that it had before. */
  async start() {
    if (!this.base) {
      await new Promise((resolve) => this.line.listen(0, "127.0.0.1", () => resolve(undefined)));
      this.base = `http://127.0.0.1:${/** @type {any} */ (this.line.address()).port}`;
    }
    const listen = this.inner ? new URL(this.inner).host : "127.0.0.1:0";
    const args = ["demo", "--listen", listen, "--data-dir", join(this.folder, "data"), "--web-dir", join(this.folder, "web"), "--password", PASSWORD, "--log", "error"];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    this.child = child;
    this.inner = await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (data) => {
        text += data;
        const found = /http:\/\/[0-9.:]+/.exec(text);
        if (found) resolve(found[0]);
      });
      child.once("exit", () => reject(new Error("the service ended")));
    });
  }

  async stop() {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null) return;
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGTERM");
    });
  }

  /** Keeps a copy of its data. */
  async backUp() {
    await this.stop();
    cpSync(join(this.folder, "data"), join(this.folder, "backup"), { recursive: true });
    await this.start();
  }

  /** Puts that copy back. */
  async putBack() {
    await this.stop();
    rmSync(join(this.folder, "data"), { recursive: true });
    cpSync(join(this.folder, "backup"), join(this.folder, "data"), { recursive: true });
    await this.start();
  }

  /** Gives it pages of another version. */
  newVersion() {
    this.versions += 1;
    appendFileSync(join(this.folder, "web/phone/main.js"), `// Version ${this.versions}.\n`);
  }

  /** All rows of a list, as an account reads it. @param {string} username @param {string} path @returns {Promise<any[]>} */
  async list(username, path) {
    const headers = { "Content-Type": "application/json" };
    const credentials = JSON.stringify({ username, password: PASSWORD });
    const signedIn = await fetch(`${this.inner}/api/v1/auth/login`, { method: "POST", headers, body: credentials });
    const { access_token: token } = await signedIn.json();
    const rows = [];
    for (let cursor = ""; ;) {
      const answer = await fetch(`${this.inner}/api/v1${path}${cursor}`, { headers: { Authorization: `Bearer ${token}` } });
      const page = await answer.json();
      if (!answer.ok) throw new Error(JSON.stringify(page));
      rows.push(...page.items);
      if (!page.next_cursor) return rows;
      cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`;
    }
  }

  async end() {
    this.cut(true);
    this.line.close();
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
