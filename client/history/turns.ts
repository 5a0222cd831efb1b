// One thing after another: work that must not interleave waits its turn. Knows nothing of what the work is.

/** Runs `work` when all that was given before has ended; resolves or rejects as it does. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // Whoever gave the work hears of its failure; the next one does not care.
    last = turn.catch(() => undefined);
    return turn;
  };
}
