// The engine as a program, killed by the system at any time: it goes on where it was.
import { test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { playFake } from "./tools.js";

/** @param {string} folder @param {string} origin */
function startPhone(folder, origin) {
  const program = new URL("node-phone.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, folder, origin], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @param {string} name @param {...unknown} args @returns {Promise<any>} */
    ask: async (name, ...args) => {
      child.stdin.write(`${JSON.stringify({ do: name, args })}\n`);
      return JSON.parse((await answers.next()).value);
    },
    send: (/** @type {string} */ name, /** @type {unknown[]} */ ...args) => void child.stdin.write(`${JSON.stringify({ do: name, args })}\n`),
    /** Asks for something, and dies at one of its writes, with that part of its line on disk. @param {{writes: number, part: number}} doom @param {string} name @param {...unknown} args */
    die: (doom, name, ...args) =>
      new Promise((resolve) => (child.once("exit", resolve), child.stdin.write(`${JSON.stringify({ do: name, args, doom })}\n`))),
    kill: () => new Promise((resolve) => (child.once("exit", resolve), child.kill("SIGKILL"))),
  };
}

test("a program that is killed at any time loses nothing that it answered", async () => {
  const folder = mkdtempSync(join(tmpdir(), "phone-"));
  const fake = await playFake("a_usual_round");
  try {
    let phone = startPhone(folder, fake.origin);
    assert.ok((await phone.ask("signIn", "t1", "p", { deviceName: "d" })).ok);
    assert.equal((await phone.ask("sync")).ok.end.kind, "settled");
    let last = "";
    for (let turn = 1; turn <= 6; turn++) {
      for (let key = 1; key <= 3; key++) {
        last = `${turn}${key}`;
        assert.deepEqual(await phone.ask("type", { depot: "T1-A", item: "BOOTS", text: last }), { ok: null });
      }
      // The copy is written first, then the store: once all of either is on disk, the key is.
      const doom = { writes: 1 + (turn % 2), part: [0, 0.5, 1][turn % 3] || 0 };
      await phone.die(doom, "type", { depot: "T1-A", item: "BOOTS", text: `${last}9` });
      phone = startPhone(folder, fake.origin);
      const { ok } = await phone.ask("draftData", "T1-A");
      assert.equal(ok.lines.BOOTS.lots[0].texts.quantity, doom.writes === 2 || doom.part === 1 ? `${last}9` : last, JSON.stringify(doom));
    }
    const made = await phone.ask("count", { depot: "T1-A", lines: [["BOOTS", "7"]] });
    assert.equal(made.ok.seq, 1);
    phone.send("sync");
    await phone.kill();
    phone = startPhone(folder, fake.origin);
    await phone.ask("sync");
    assert.equal((await phone.ask("counts")).ok[0].state, "delivered");
    await phone.kill();
    const { faults } = await fake.report();
    assert.deepEqual(faults, []);
  } finally {
    fake.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
