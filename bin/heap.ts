// Limits on V8's memory for a program that serves one person. V8's defaults suit servers: they take half as much memory
// again and are no faster here. Both flags apply to this process from the call on, because V8 reads them at each
// collection. `--max-semi-space-size` is not read again.
import { setFlagsFromString } from 'node:v8';

/** Keeps the young generation at its current few megabytes. Call it before the large modules are loaded. */
export function keepYoungSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Collects the old generation when it has grown by a fifth. Call it after loading, during which memory only grows. */
export function keepOldSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
}
