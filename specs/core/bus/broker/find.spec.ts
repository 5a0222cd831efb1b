import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findBroker } from '../../../../core/bus/broker/find.js';
import { compareVersions, examine, parseVersion } from '../../../../core/bus/broker/version.js';
import { OperatorError } from '../../../../core/errors.js';
import { testNats } from '../../../support/bus/broker.js';
import { temporaryFolder } from '../../../support/folder.js';

async function fake(folder: string, says: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const binary = join(folder, 'nats-server');
  await writeFile(binary, `#!/bin/sh\necho '${says}'\n`);
  await chmod(binary, 0o755);
  return binary;
}

test('broker: given several programs on PATH, when one is searched for, then the first that is new enough and runs is chosen', async (t) => {
  const folder = await temporaryFolder(t);
  const place = (name: string): string => join(folder, name);
  await fake(place('old'), 'nats-server: v2.8.4');
  await fake(place('other'), 'mail-server 3');
  await mkdir(place('empty'));
  await symlink('/nowhere', join(place('empty'), 'nats-server'));
  const fit = await fake(place('fit'), 'nats-server: v2.9.10');
  await fake(place('newer'), 'nats-server: v2.11.0');
  const path = ['old', 'other', 'empty', 'fit', 'newer'].map(place).join(':');
  const found = await findBroker({ path, cache: place('cache') });
  t.deepEqual(found, { binary: fit, version: { major: 2, minor: 9, patch: 10 } });
});

test('broker: given several provisioned programs and none on PATH, then the newest that runs is chosen', async (t) => {
  const cache = await temporaryFolder(t);
  await fake(join(cache, '2.9.10'), 'nats-server: v2.9.10');
  const newest = await fake(join(cache, '2.10.27'), 'nats-server: v2.10.27');
  await fake(join(cache, '2.12.0'), 'Illegal instruction');
  await fake(join(cache, '.provision-x'), 'nats-server: v2.99.0');
  // If this machine has its own server, that server is found first, and this spec has nothing to test.
  const found = await findBroker({ path: '', cache });
  t.true(found?.binary === newest || found?.binary.startsWith('/usr/') || found?.binary.startsWith('/opt/'));
});

test('broker: given the operator’s own choice, then only that one is tried, and the error says what is wrong with it', async (t) => {
  const folder = await temporaryFolder(t);
  const { binary } = await testNats();
  t.is((await findBroker({ explicit: binary, path: '', cache: folder }))?.binary, binary);
  const old = await fake(folder, 'nats-server: v2.8.4');
  const tooOld = await t.throwsAsync(findBroker({ explicit: old, path: '', cache: folder }), {
    instanceOf: OperatorError,
  });
  t.regex(tooOld.message, /version 2\.8\.4, older than 2\.9\.0/);
  const missing = await t.throwsAsync(findBroker({ explicit: '/nowhere/nats', path: '', cache: folder }), {
    instanceOf: OperatorError,
  });
  t.regex(missing.message, /\/nowhere\/nats does not run/);
});

test('broker: versions are parsed and ordered', (t) => {
  t.deepEqual(parseVersion('nats-server: v2.10.27\n'), { major: 2, minor: 10, patch: 27 });
  t.deepEqual(parseVersion('nats-server: v2.12.0-RC.1'), { major: 2, minor: 12, patch: 0 });
  for (const text of ['', 'v2.10.27', 'nats-server: v2.10', 'gnatsd: v1.4.1'])
    t.is(parseVersion(text), undefined);
  const [a, b, c] = ['2.9.10', '2.10.1', '3.0.0'].map((text) => parseVersion(`nats-server: v${text}`));
  if (!a || !b || !c) throw new Error('unread');
  t.deepEqual([c, a, b].sort(compareVersions), [a, b, c]);
});

test('broker: given a file that is not a program, then it is refused with a one-line reason', async (t) => {
  const path = join(await temporaryFolder(t), 'nats-server');
  await writeFile(path, 'text');
  const examined = await examine(path);
  t.false(examined.ok);
  t.notRegex(examined.ok ? '\n' : examined.reason, /\n/);
});
