// A redaction that is killed: what it leaves on the disk at each await.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { temporaryFolder } from '../../support/folder.js';
import { allRows } from '../archive/stored-home.js';

import { found, GONE, openScene, redactIn, verified } from './scene.js';
test('redact: given a process that is killed at any await, then the home is as before or as after, and the next run completes it', async (t) => {
  const { home, account } = await openScene(t);
  const before = allRows(home);
  const images = new Map<string, string>();
  const folder = await temporaryFolder(t);
  /** Keeps what a killed process would leave on the disk now. */
  async function keepImage(): Promise<void> {
    const files = (await readdir(home)).filter((name) => /^tracker\.db(-wal)?$|^keys\.json$/.test(name));
    const contents = await Promise.all(files.map((name) => readFile(join(home, name))));
    const digest = createHash('sha256');
    for (const content of contents) digest.update(content);
    const image = join(folder, digest.digest('hex').slice(0, 16));
    if (images.has(image)) return;
    images.set(image, image);
    await mkdir(image);
    for (const [index, name] of files.entries()) await writeFile(join(image, name), contents[index] ?? '');
  }
  let awaits = 0;
  await redactIn(home, { subject: { kind: 'account', account } }, (database) => ({
    ...database,
    writeConnection: new Proxy(database.writeConnection, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]): Promise<unknown> => {
          await keepImage();
          awaits += 1;
          const result: unknown = await Reflect.apply(value, target, given);
          await keepImage();
          return result;
        };
      },
    }),
  }));
  const after = allRows(home);
  t.true(awaits > 30, `${awaits} awaits`);
  t.true(images.size >= 3, `${images.size} different states on the disk`);
  const states = new Set<string>();
  for (const image of images.values()) {
    t.is(await verified(image), 'intact');
    const isBefore = JSON.stringify(allRows(image)) === JSON.stringify(before);
    if (!isBefore) t.deepEqual(allRows(image), after);
    states.add(isBefore ? 'before' : 'after');
    await redactIn(image, { subject: { kind: 'account', account } });
    t.deepEqual(await found(image, GONE), []);
  }
  t.deepEqual([...states].toSorted(), ['after', 'before']);
});
