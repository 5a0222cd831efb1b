// The requests to stop a running program: the signals, and a reader that closes the program's output.

/** Resolves with the first SIGINT, SIGTERM or SIGHUP. A second one ends the process at once. */
export function whenAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
}

/** Resolves when the reader of standard output has closed it, as `head` does. Without this call, the next write ends the process. */
export function whenOutputCloses(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      resolve();
    });
  });
}
