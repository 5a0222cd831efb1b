// The folder for evidence against a tracker: findings are added and never replaced.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { createEvidenceFolder } from '../../../client/profile/evidence.js';
import { temporaryFolder } from '../../support/folder.js';

test('evidence: given two findings of one name, then each has a folder of its own, readable by its owner only', async (t) => {
  const folder = join(await temporaryFolder(t), 'evidence');
  const keep = createEvidenceFolder(folder);
  const paths = [
    await keep('rewritten', { 'known.txt': 'one' }),
    await keep('rewritten', { 'known.txt': 'two' }),
  ];
  t.deepEqual(paths, [join(folder, 'rewritten'), join(folder, 'rewritten-2')]);
  t.deepEqual(
    paths.map((path) => readFileSync(join(path, 'known.txt'), 'utf8')),
    ['one', 'two'],
  );
  t.is(statSync(join(folder, 'rewritten', 'known.txt')).mode & 0o077, 0);
});

test('evidence: given a hundred findings, then no more are stored', async (t) => {
  const folder = join(await temporaryFolder(t), 'evidence');
  const keep = createEvidenceFolder(folder);
  for (let count = 0; count < 100; count += 1) await keep(`finding-${count}`, {});
  await t.throwsAsync(keep('one-more', { 'known.txt': 'text' }), { message: /100 findings/ });
  t.is(readdirSync(folder).length, 100);
});
