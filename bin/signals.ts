// The signals that ask a running program to stop.

/** Resolves with the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once. */
export function whenAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
}
