/** What both flows in TypeScript share. */

export function assert(holds: unknown, otherwise: unknown): asserts holds {
  if (!holds) throw new Error(typeof otherwise === 'string' ? otherwise : JSON.stringify(otherwise));
}

/** Runs a flow and prints what it found. */
export function run(flow: () => Promise<object>): void {
  flow().then(
    (found) => console.log(JSON.stringify(found)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
