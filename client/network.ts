// A watcher of the network addresses of this machine. It reports each change and sends nothing.
import { isDeepStrictEqual } from 'node:util';
import type { Schedule } from '../core/time/clock.js';
import { every } from '../core/time/wait.js';
import { reachableAddresses } from './links/addresses.js';

const CHECK_INTERVAL_MS = 1_000;

export interface Network {
  /** Calls `listener` after each change until the returned function is called. */
  onChanged(listener: () => void): () => void;
  close(): void;
}

/** @param addresses reads the present addresses of this machine, in any order */
export function watchNetwork(schedule: Schedule, addresses = () => reachableAddresses(undefined)): Network {
  const listeners = new Set<() => void>();
  let known = addresses().toSorted();
  const stop = every(schedule, CHECK_INTERVAL_MS, () => {
    const present = addresses().toSorted();
    if (isDeepStrictEqual(present, known)) return;
    known = present;
    for (const listener of listeners) listener();
  });
  return {
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: stop,
  };
}
