// A quarantine command that is killed at each await, and the home that it leaves on the disk.
import test from 'ava';
import { quarantine } from '../../../admin/quarantine/quarantine.js';
import { systemIds } from '../../../core/ids.js';
import { systemClock } from '../../../core/time/clock.js';
import { temporaryFolder } from '../../support/folder.js';
import { event } from '../../core/events/samples.js';
import { allRows, inHome, storeHome } from '../archive/stored-home.js';
import { keepImages } from '../archive/kept-images.js';
import { appendUnreadable, nothing, openScene, REASON } from './scene.js';

test('quarantine: given a process that is killed at any await, then the home is as before or as after, and the next run completes it', async (t) => {
  const { fixture, ben, streams, attic } = await openScene(t);
  const position = await appendUnreadable(
    fixture,
    streams.room,
    event('MemberLeft', { schemaVersion: 9, payload: { account: ben.account } }),
  );
  const leave = 'UPDATE memberships SET left_version = 3 WHERE room = ? AND account = ?';
  await fixture.writer.write((sql) => sql.run(leave, [attic.id, ben.account]));
  const home = await storeHome(fixture, await temporaryFolder(t));
  const before = allRows(home);
  const images = keepImages(home, await temporaryFolder(t));
  const request = { position, isRelease: false, reason: REASON, isDryRun: false };
  const parts = { clock: systemClock, ids: systemIds, onProgress: nothing };
  const run = (folder: string) =>
    inHome(folder, (opened) => quarantine({ ...parts, home: opened }, request), 'change');
  await inHome(
    home,
    (opened) => quarantine({ ...parts, home: opened, watch: images.watch }, request),
    'change',
  );
  const after = allRows(home);
  t.true(images.awaits() > 15, `${images.awaits()} awaits`);
  const states = new Set<string>();
  for (const image of images.folders()) {
    const isBefore = JSON.stringify(allRows(image)) === JSON.stringify(before);
    if (!isBefore) t.deepEqual(allRows(image), after);
    states.add(isBefore ? 'before' : 'after');
    t.is((await run(image)).event === null, !isBefore);
    const { memberships } = allRows(image);
    t.deepEqual(memberships, after['memberships']);
  }
  t.deepEqual([...states].toSorted(), ['after', 'before']);
});
