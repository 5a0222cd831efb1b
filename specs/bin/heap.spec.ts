// The effect of our V8 flags on this version of Node. The flags are not a stable interface.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';

const MODULE = new URL('../../bin/heap.js', import.meta.url).href;

/** A program that allocates much; part of its data lives long enough to become old. */
const CHURN = `
const kept = [];
for (let count = 0; count < 2_000_000; count += 1) kept[count % 200_000] = { count, text: String(count) };
console.log(process.memoryUsage().heapTotal);`;

async function heapAfter(before: string): Promise<number> {
  const program = `import { keepOldSmall, keepYoungSmall } from '${MODULE}';${before};${CHURN}`;
  const run = promisify(execFile);
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  // V8 reports an unknown flag on standard error.
  if (stderr !== '') throw new Error(stderr);
  return Number(stdout);
}

test('heap: with both generations limited, the heap is less than half its default size', async (t) => {
  const byItself = await heapAfter('');
  const small = await heapAfter('keepYoungSmall(); keepOldSmall()');
  t.true(small < byItself / 2, `${small} of ${byItself} bytes`);
});
