// Waiting in specs: for a condition, with one deadline for all specs that grows with the slowness of the machine.
import { setTimeout as pause } from 'node:timers/promises';
import { slowness } from '../../bin/demo/slowness.js';

/** The limit for any single condition on a fast, idle machine. */
const PATIENCE_MS = 30_000;
const POLL_MS = 10;

/**
 * Resolves with the first truthy result of `probe`. After the deadline it fails with an error that names `what`. `patienceMs` is
 * the limit on a fast, idle machine, `PATIENCE_MS` by default. When it has passed, the slowness of the machine is measured and
 * the limit is extended accordingly.
 */
export async function until<T>(
  probe: () => T | Promise<T>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<NonNullable<Exclude<T, false>>> {
  const start = Date.now();
  let limitMs = patienceMs;
  for (;;) {
    const result = await probe();
    if (result) return result as NonNullable<Exclude<T, false>>;
    if (Date.now() - start > limitMs) {
      limitMs = patienceMs * (await slowness());
      if (Date.now() - start > limitMs)
        throw new Error(`waited ${Math.round(limitMs)} ms without success: ${what}`);
    }
    await pause(POLL_MS);
  }
}
