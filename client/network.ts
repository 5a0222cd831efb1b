// The network of this machine: notices that its addresses have changed. It asks nobody outside.
import { isDeepStrictEqual } from 'node:util';
import { reachableAddresses } from './links/addresses.js';

const LOOK_EVERY_MS = 1_000;

export interface Network {
  /** Until the returned function is called. */
  onChanged(listener: () => void): () => void;
  close(): void;
}

/** @param addresses of this machine, as they are now */
export function watchNetwork(addresses = () => reachableAddresses(undefined)): Network {
  const listeners = new Set<() => void>();
  let known = addresses().toSorted();
  const timer = setInterval(() => {
    const present = addresses().toSorted();
    if (isDeepStrictEqual(present, known)) return;
    known = present;
    for (const listener of listeners) listener();
  }, LOOK_EVERY_MS);
  timer.unref();
  return {
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}
