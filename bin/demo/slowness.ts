// The slowness of this machine: the start time of one Node process, relative to a fast, idle machine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** The time that `node -e 0` takes on a fast, idle machine. */
const QUICK_START_MS = 50;
/** The maximum factor. On a slower machine the deadlines are not extended further: it counts as stuck. */
const MOST = 8;

let measured: Promise<number> | undefined;

/**
 * A factor for deadlines, from 1 to 8. It is measured at the first call and stays the same for the life of the process.
 */
export function slowness(): Promise<number> {
  measured ??= measure();
  return measured;
}

async function measure(): Promise<number> {
  const from = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  return Math.min(MOST, Math.max(1, (performance.now() - from) / QUICK_START_MS));
}
