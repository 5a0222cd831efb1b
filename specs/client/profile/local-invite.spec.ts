import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { findLocalInvite, TRACKER_HOME } from '../../../client/profile/local-invite.js';
import { temporaryFolder } from '../../support/folder.js';

async function homeIn(folder: string, name: string, invite: string): Promise<string> {
  const home = join(folder, name);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'invite'), `${invite}\n`);
  return home;
}

test('local invite: given trackers in folders above, then the nearest is found', async (t) => {
  const folder = await temporaryFolder(t);
  const below = join(folder, 'one', 'two');
  await mkdir(below, { recursive: true });
  t.is(findLocalInvite(below, undefined), undefined);
  await homeIn(folder, TRACKER_HOME, 'far');
  t.is(findLocalInvite(below, undefined), 'far');
  await homeIn(join(folder, 'one'), TRACKER_HOME, 'near');
  t.is(findLocalInvite(below, undefined), 'near');
});

test('local invite: given a named home, then its tracker comes first, and a home without one is ignored', async (t) => {
  const folder = await temporaryFolder(t);
  await homeIn(folder, TRACKER_HOME, 'beside');
  t.is(findLocalInvite(folder, await homeIn(folder, 'named', 'named')), 'named');
  t.is(findLocalInvite(folder, join(folder, 'none')), 'beside');
});
