// One part of the benchmarks, in a process of its own with a time limit. The programs that it starts end with it.
import { once } from 'node:events';
import { spawnTied } from '../bin/children/tied.js';
import { systemSchedule } from '../core/time/clock.js';
import { sizeOf } from './sizes.js';

const LIMIT_MINUTES = sizeOf('BENCH_MINUTES', 10);
const MINUTE_MS = 60_000;
/** A part that does not end this long after it was asked to is killed. */
const KILL_AFTER_MS = 5_000;

/** Runs the program with `args` and prints its output. False if it failed or its time is over; a line on standard error says so. */
export async function runPart(name: string, program: string, ...args: readonly string[]): Promise<boolean> {
  const { process: part, stdout } = spawnTied({
    words: [...process.execArgv, program, ...args],
    stdin: 'ignore',
    stderr: 'inherit',
  });
  stdout.pipe(process.stdout, { end: false });
  let isOver = false;
  const cancel = systemSchedule(LIMIT_MINUTES * MINUTE_MS, () => {
    isOver = true;
    part.kill('SIGTERM');
    systemSchedule(KILL_AFTER_MS, () => void part.kill('SIGKILL'));
  });
  await once(part, 'close');
  cancel();
  if (part.exitCode === 0) return true;
  const why = isOver ? `took longer than ${LIMIT_MINUTES} min (BENCH_MINUTES) and was stopped` : 'failed';
  process.stderr.write(`The part ${name} ${why}.\n`);
  return false;
}
