// The swap that puts a new build in the place of the last one.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { temporaryFolder } from '../support/folder.js';

const run = promisify(execFile);
const SWAP = fileURLToPath(new URL('../../../bin/swap.js', import.meta.url));

test('build: a new build replaces the last one completely, and no removed file remains', async (t) => {
  const folder = await temporaryFolder(t);
  const make = async (...path: readonly string[]): Promise<void> => {
    await mkdir(join(folder, ...path.slice(0, -1)), { recursive: true });
    await writeFile(join(folder, ...path), '');
  };
  await mkdir(join(folder, 'bin'));
  const swap = join(folder, 'bin', 'swap.js');
  await copyFile(SWAP, swap);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await make('dist', 'old.js');
  await make('dist.next', 'cut-off.js');

  await run(process.execPath, [swap, '--clean']);
  t.deepEqual(
    await readdir(join(folder, 'dist')),
    ['old.js'],
    'the last build stays until the new one is complete',
  );
  await make('dist.next', 'new.js');
  await run(process.execPath, [swap]);
  t.deepEqual(await readdir(join(folder, 'dist')), ['new.js']);
  t.deepEqual((await readdir(folder)).toSorted(), ['bin', 'dist', 'package.json']);
});

test('build: given no earlier build, then the first one is moved into place', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'bin'));
  await mkdir(join(folder, 'dist.next'));
  await copyFile(SWAP, join(folder, 'bin', 'swap.js'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await run(process.execPath, [join(folder, 'bin', 'swap.js')]);
  t.deepEqual((await readdir(folder)).toSorted(), ['bin', 'dist', 'package.json']);
});

test('build: given a swap that stopped between its two steps, then the last build is restored', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'bin'));
  await copyFile(SWAP, join(folder, 'bin', 'swap.js'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, file] of [
    ['dist.former', 'old.js'],
    ['dist.next', 'new.js'],
  ] as const) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, file), '');
  }
  await run(process.execPath, [join(folder, 'bin', 'swap.js'), '--clean']);
  t.deepEqual(await readdir(join(folder, 'dist')), ['old.js']);
  t.deepEqual((await readdir(folder)).toSorted(), ['bin', 'dist', 'package.json']);
});
