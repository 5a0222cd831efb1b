// A redaction that is killed at each await, and the home that it leaves on the disk.
import test from 'ava';
import { temporaryFolder } from '../../support/folder.js';
import { allRows } from '../archive/stored-home.js';
import { keepImages } from '../archive/kept-images.js';
import { found, GONE, openScene, redactIn, verified } from './scene.js';
test('redact: given a process that is killed at any await, then the home is as before or as after, and the next run completes it', async (t) => {
  const { home, account } = await openScene(t);
  const before = allRows(home);
  const images = keepImages(home, await temporaryFolder(t));
  await redactIn(home, { subject: { kind: 'account', account } }, (database) => ({
    ...database,
    writeConnection: images.watch(database.writeConnection),
  }));
  const after = allRows(home);
  t.true(images.awaits() > 30, `${images.awaits()} awaits`);
  t.true(images.folders().length >= 3, `${images.folders().length} different states on the disk`);
  const states = new Set<string>();
  for (const image of images.folders()) {
    t.is(await verified(image), 'intact');
    const isBefore = JSON.stringify(allRows(image)) === JSON.stringify(before);
    if (!isBefore) t.deepEqual(allRows(image), after);
    states.add(isBefore ? 'before' : 'after');
    await redactIn(image, { subject: { kind: 'account', account } });
    t.deepEqual(await found(image, GONE), []);
  }
  t.deepEqual([...states].toSorted(), ['after', 'before']);
});
