import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import Libsql from 'libsql';
import { type Sql, sqlOn } from '../../../../client/history/database/sql.js';
import { HistoryUnavailableError } from '../../../../client/history/database/unavailable.js';
import { systemSchedule } from '../../../../core/time/clock.js';
import { createTime } from '../../../support/time.js';
import { createGroupCommit, type GroupCommit } from '../../../../client/history/database/group-commit.js';

function groupCommitOn(synced: () => Promise<void>): GroupCommit {
  const connection = new Libsql(':memory:');
  connection.exec('CREATE TABLE said (text)');
  return createGroupCommit(connection, sqlOn(connection), { synced }, systemSchedule);
}

const say =
  (text: string) =>
  (sql: Sql): number =>
    sql.run('INSERT INTO said VALUES (?)', text);

test('group commit: a job resolves only after its commit is on disk', async (t) => {
  const order: string[] = [];
  const commits = groupCommitOn(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('on the disk');
  });
  await commits.run(say('one'));
  order.push('answered');
  t.deepEqual(order, ['on the disk', 'answered']);
});

test('group commit: given one failed sync, then that job and all later jobs reject', async (t) => {
  let count = 0;
  const commits = groupCommitOn(async () => {
    count += 1;
    if (count === 2) throw new Error('EIO');
  });
  t.is(await commits.run(say('one')), 1);
  const failed = [commits.run(say('two')), commits.run(say('three'))];
  for (const one of failed) await t.throwsAsync(one, { message: /cannot be synced to disk/ });
  await t.throwsAsync(commits.run(say('four')), { message: /cannot be synced to disk/ });
});

test('group commit: given a file that another program locks, then jobs wait without blocking the process, and run when the lock is released', async (t) => {
  const { commits, other, time } = lockedFile(t);
  const jobs = [commits.run(say('one')), commits.run(say('two'))];
  await time.pass(300);
  t.is(time.pending(), 1, 'the commit waits for its next attempt');
  other.exec('ROLLBACK');
  await time.pass(200);
  t.deepEqual(await Promise.all(jobs), [1, 1]);
});

test('group commit: given a file that stays locked, then all jobs that wait reject together, and later jobs run', async (t) => {
  const { commits, other, time } = lockedFile(t);
  const jobs = Promise.allSettled([commits.run(say('one')), commits.run(say('two'))]);
  await time.pass(10_000);
  for (const job of await jobs) {
    t.is(job.status, 'rejected');
    if (job.status === 'rejected') t.true(job.reason instanceof HistoryUnavailableError);
  }
  other.exec('ROLLBACK');
  t.is(await commits.run(say('three')), 1);
});

test('group commit: given a full disk, then the job rejects with that reason, and the next one is tried', async (t) => {
  const connection = new Libsql(':memory:');
  connection.exec('CREATE TABLE said (text)');
  const commits = createGroupCommit(
    connection,
    sqlOn(connection),
    { synced: async () => undefined },
    systemSchedule,
  );
  connection.pragma('max_page_count = 2');
  const jobs = await Promise.allSettled([commits.run(say('x'.repeat(20_000))), commits.run(say('short'))]);
  t.is(jobs[0].status, 'rejected');
  if (jobs[0].status === 'rejected') t.regex(String(jobs[0].reason), /The disk is full/);
  t.is(jobs[1].status, 'fulfilled');
});

/** A file whose lock is held by another connection. */
function lockedFile(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-commit-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [connection, other] = [new Libsql(join(folder, 'a.db')), new Libsql(join(folder, 'a.db'))];
  connection.exec('CREATE TABLE said (text)');
  const time = createTime();
  const commits = createGroupCommit(
    connection,
    sqlOn(connection),
    { synced: async () => undefined },
    time.schedule,
  );
  t.teardown(() => {
    connection.close();
    other.close();
  });
  other.exec('BEGIN IMMEDIATE');
  return { commits, other, time };
}
