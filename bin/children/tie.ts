// The tie of a process to its parent: the process is asked to stop when its parent ends, however that happens. Node loads it before the
// program; see `tied.ts`.
import { isMainThread } from 'node:worker_threads';

/**
 * A program that does not stop by then is killed. On a busy machine a tracker needs more than 15 s to stop; if it is killed, its broker
 * stays.
 */
const KILL_AFTER_MS = 60_000;

// Worker threads load it too, and have no channel.
if (isMainThread && process.channel !== undefined) {
  process.once('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), KILL_AFTER_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // The channel alone does not keep the program running.
  process.channel.unref();
  // The pipes to a parent that has ended are closed, which is no reason to end without a clean stop.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
