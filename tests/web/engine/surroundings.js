// A phone over stores and a copy that outlive it, on a service in memory, with clocks that a test moves.
import { randomFrom } from "./tools.js";
import { ModelServer } from "./model-server.js";
import { PageRun } from "./crashing.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";

export function surroundings() {
  const server = new ModelServer(randomFrom(7));
  const clock = { at: Date.parse("2026-11-23T02:00:00Z"), ticks: 0 };
  server.now = () => Date.parse("2026-11-23T02:00:00Z") + clock.ticks;
  const world = { origin: "http://model", now: () => clock.at, ticks: () => clock.ticks, random: () => 0.5, fetch: server.fetch };
  const [stores, local] = [new MemoryStores(), new Map()];
  /** @type {{isDead: boolean}[]} */
  const runs = [];
  const start = () => {
    runs.forEach((run) => (run.isDead = true));
    const run = new PageRun(stores, local, world);
    runs.push(run);
    return run.start();
  };
  return { server, clock, stores, local, start };
}

/** The account `a`, signed in, with its copy. */
export async function signedIn() {
  const all = surroundings();
  const phone = await all.start();
  await phone.signIn("a", "p", { deviceName: "d" });
  await phone.sync();
  return { ...all, phone };
}
