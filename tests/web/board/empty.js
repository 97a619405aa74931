// A service without any data, as `muster serve` leaves it on an empty database: MUSTER names the program.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { address } from "../pages/browser.js";
import { program } from "../pages/service.js";

const SOURCES = new URL("../../../web", import.meta.url).pathname;

export class EmptyService {
  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "empty-"));
    this.base = "";
    /** The code that it printed. */
    this.code = "";
    this.child = null;
  }

  /** Starts it, and takes its address and the code from the console. */
  async start() {
    const database = ["--database-url", `sqlite:${join(this.folder, "own.sqlite")}`];
    execFileSync(program, ["migrate", ...database], { cwd: this.folder, stdio: "ignore" });
    // Where a service was named, the pages are those that its program carries.
    const pages = address ? [] : ["--web-dir", SOURCES];
    const args = ["serve", ...database, "--listen", "127.0.0.1:0", "--data-dir", join(this.folder, "data"), "--log", "error", ...pages];
    const child = spawn(program, args, { cwd: this.folder, stdio: ["ignore", "pipe", "inherit"] });
    this.child = child;
    await new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (data) => {
        text += data;
        const [code, base] = [/(?:[0-9A-Z]{4}-){6}[0-9A-Z]{4}/.exec(text), /(http:\/\/[0-9.:]+)\/board/.exec(text)];
        if (!code || !base) return;
        [this.code, this.base] = [code[0], base[1]];
        resolve(undefined);
      });
      child.once("exit", () => reject(new Error("the service ended")));
    });
    // It prints before it answers.
    for (let tries = 0; ; tries += 1) {
      const answer = await fetch(`${this.base}/health/live`).catch(() => null);
      if (answer && answer.ok) return;
      if (tries > 300) throw new Error("the service does not answer");
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }

  async end() {
    const { child } = this;
    if (child && child.exitCode === null) {
      await new Promise((resolve) => {
        child.once("exit", resolve);
        child.kill("SIGTERM");
      });
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
