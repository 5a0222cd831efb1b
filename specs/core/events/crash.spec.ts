import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { spawnTied } from '../../../bin/children/tied.js';
import { GENESIS, verifyChain } from '../../../core/events/chain.js';
import { until } from '../../support/until.js';
import { isHeadSigned } from './samples.js';
import { openEngine, temporaryFolder } from './temporary.js';

const program = fileURLToPath(new URL('crash-child.js', import.meta.url));

test('crash: given a process killed while appending, then every acknowledged append is stored completely', async (t) => {
  const file = join(temporaryFolder(t), 'tracker.db');
  const { process: child, stdout } = spawnTied({
    words: [program, file],
    stdin: 'ignore',
    stderr: 'inherit',
  });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const closed = once(child, 'close');
  await until(() => output.split('\n').length > 400, 'some hundred acknowledged appends');
  child.kill('SIGKILL');
  await closed;

  const { store } = await openEngine(t, { file });
  const acknowledged = output.split('\n').slice(0, -1);
  for (const commandId of acknowledged) t.truthy(await store.receipt('ann-1', commandId), commandId);
  const { signature, ...head } = await store.head();
  const rows = await store.readRows({ fromPosition: 1, limit: 1_000_000 });
  t.deepEqual(verifyChain(GENESIS, rows), { kind: 'intact', head, redacted: 0 });
  t.true(isHeadSigned(head, signature));
  t.true(head.position >= 2 * acknowledged.length);
  t.is(head.position % 2, 0);
});
