import test from 'ava';
import Libsql from 'libsql';
import { type Sql, sqlOn } from '../../../../client/history/database/sql.js';
import { createGroupCommit, type GroupCommit } from '../../../../client/history/database/group-commit.js';

function groupCommitOn(synced: () => Promise<void>): GroupCommit {
  const connection = new Libsql(':memory:');
  connection.exec('CREATE TABLE said (text)');
  return createGroupCommit(connection, sqlOn(connection), { synced });
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
