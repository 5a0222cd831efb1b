// That this Node's V8 does what is asked of it: its flags are no contract.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import test from 'ava';

const MODULE = new URL('../../bin/heap.js', import.meta.url).href;

/** Much comes and goes, and some of it lasts long enough to become old. */
const CHURN = `
const kept = [];
for (let count = 0; count < 2_000_000; count += 1) kept[count % 200_000] = { count, text: String(count) };
console.log(process.memoryUsage().heapTotal);`;

async function heapAfter(before: string): Promise<number> {
  const program = `import { keepOldSmall, keepYoungSmall } from '${MODULE}';${before};${CHURN}`;
  const run = promisify(execFile);
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  // A flag that V8 does not know is told there.
  if (stderr !== '') throw new Error(stderr);
  return Number(stdout);
}

test('heap: kept small, young and old, it takes less than half of what it would by itself', async (t) => {
  const byItself = await heapAfter('');
  const small = await heapAfter('keepYoungSmall(); keepOldSmall()');
  t.true(small < byItself / 2, `${small} of ${byItself} bytes`);
});
