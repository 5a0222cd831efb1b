// The slowness of this machine now: how long one Node process takes to start, compared with a quick machine at rest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What `node -e 0` takes on a quick machine at rest. */
const QUICK_START_MS = 50;
/** A machine that is slower than this is stuck: deadlines end all the same. */
const MOST = 8;

let measured: Promise<number> | undefined;

/** A factor for deadlines, 1 to 8: measured at the first call, the same for the life of the process. */
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
