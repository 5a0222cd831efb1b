import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { OperatorError } from '../../core/errors.js';
import { homeHolder, lockHome } from '../../core/home.js';
import { temporaryFolder } from '../support/folder.js';
import { startHelper } from '../support/processes/process.js';

test('home: given a home held by another process, when it is locked, then the refusal names that process', async (t) => {
  const home = await temporaryFolder(t);
  const holder = await startHelper(t, 'hold-home', [home]);
  const error = await t.throwsAsync(lockHome(home), { instanceOf: OperatorError });
  t.true(error.message.includes(`home ${home} is in use by another tracker (pid ${holder.pid})`));
  t.true(error.remedy.includes('--home'));
});

test('home: the holder is reported without taking the lock; there is none before the lock, after it, or without a home', async (t) => {
  const home = await temporaryFolder(t);
  t.is(await homeHolder(join(home, 'none')), undefined);
  t.is(await homeHolder(home), undefined);
  t.deepEqual(await readdir(home), []);
  const holder = await startHelper(t, 'hold-home', [home]);
  t.is(await homeHolder(home), holder.pid);
  await holder.kill();
  t.is(await homeHolder(home), undefined);
  await (await lockHome(home)).release();
});

test('home: given a holder that is killed, when it is locked, then the lock succeeds', async (t) => {
  const home = await temporaryFolder(t);
  const holder = await startHelper(t, 'hold-home', [home]);
  await holder.kill();
  const lock = await lockHome(home);
  t.is(await readFile(join(home, 'tracker.pid'), 'utf8'), `${process.pid}\n`);
  await lock.release();
});

test('home: given a lock in the same process, then a second lock is refused until the first is released', async (t) => {
  const home = join(await temporaryFolder(t), 'new', 'home');
  const lock = await lockHome(home);
  t.is(lock.home, home);
  t.is((await stat(home)).mode & 0o777, 0o700);
  await t.throwsAsync(lockHome(home), { instanceOf: OperatorError });
  await lock.release();
  await (await lockHome(home)).release();
});

test('home: given a file where the folder should be, then the operator gets an error', async (t) => {
  const path = join(await temporaryFolder(t), 'file');
  await writeFile(path, '');
  const error = await t.throwsAsync(lockHome(path), { instanceOf: OperatorError });
  t.true(error.message.includes(path));
});

test('home: given a file with the process id that cannot be deleted, when the lock is released, then the error is reported and the home is free', async (t) => {
  const home = await temporaryFolder(t);
  const lock = await lockHome(home);
  const pidFile = join(home, 'tracker.pid');
  await rm(pidFile);
  await mkdir(pidFile);
  await t.throwsAsync(lock.release(), { code: 'ERR_FS_EISDIR' });
  await rm(pidFile, { recursive: true });
  await (await lockHome(home)).release();
});

test('home: given a file with the process id that cannot be written, then locking fails and the home stays free', async (t) => {
  const home = await temporaryFolder(t);
  const pidFile = join(home, 'tracker.pid');
  await mkdir(pidFile);
  await t.throwsAsync(lockHome(home), { instanceOf: OperatorError, message: /cannot be used/ });
  await rm(pidFile, { recursive: true });
  await (await lockHome(home)).release();
});
