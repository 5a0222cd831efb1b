// The signals by which somebody ends a program that serves.

/** Resolves with the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. */
export function whenAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
}
