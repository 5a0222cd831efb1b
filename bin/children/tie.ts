// The tie of a process to its parent: the process is asked to stop when its parent ends for any reason. Node loads this module
// before the program; see `tied.ts`.
import { isMainThread } from 'node:worker_threads';

/**
 * A program that has not stopped after this time is killed. On a busy machine a tracker needs more than 15 s to stop; if it is
 * killed, its broker keeps running.
 */
const KILL_AFTER_MS = 60_000;

// Worker threads load this module too, but they have no channel.
if (isMainThread && process.channel !== undefined) {
  process.once('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), KILL_AFTER_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // The channel alone does not keep the program running.
  process.channel.unref();
  // When the parent has ended, a write to its closed pipes fails. This error must not end the process before its clean stop.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
