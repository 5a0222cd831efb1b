// One thing at a time: what changes who is logged in waits for what changes it already.

/** Runs `task` when all that were given before have settled; settles as it does. */
export type Turns = <T>(task: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const done = last.then(task);
    // Whoever gave the task hears of its failure; the next one does not care.
    last = done.catch(() => undefined);
    return done;
  };
}
