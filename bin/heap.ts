// How much memory V8 takes for a program that serves one person. By itself it takes what serves a server best: half as much
// again, and no faster here. For this process, and from then on: both flags are read at each collection, which
// `--max-semi-space-size` is not. Knows no command.
import { setFlagsFromString } from 'node:v8';

/** What is new stays in the few megabytes that it has by now. Call it before what it is for is loaded. */
export function keepYoungSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** What lasts is collected when it has grown by a fifth. Call it after the loading, during which it only grows. */
export function keepOldSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
}
