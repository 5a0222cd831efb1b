import test from 'ava';
import Libsql from 'libsql';
import { type Sql, sqlOn } from '../../../../client/history/database/sql.js';
import { createTurns, type Turns } from '../../../../client/history/database/group-commit.js';

function turnsOn(synced: () => Promise<void>): Turns {
  const connection = new Libsql(':memory:');
  connection.exec('CREATE TABLE said (text)');
  return createTurns(connection, sqlOn(connection), { synced });
}

const say =
  (text: string) =>
  (sql: Sql): number =>
    sql.run('INSERT INTO said VALUES (?)', text);

test('turns: nothing is answered before the disk has it', async (t) => {
  const order: string[] = [];
  const turns = turnsOn(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('on the disk');
  });
  await turns.share(say('one'));
  order.push('answered');
  t.deepEqual(order, ['on the disk', 'answered']);
});

test('turns: given a disk that fails once, then nothing is taken for kept any more', async (t) => {
  let count = 0;
  const turns = turnsOn(async () => {
    count += 1;
    if (count === 2) throw new Error('EIO');
  });
  t.is(await turns.share(say('one')), 1);
  const failed = [turns.share(say('two')), turns.share(say('three'))];
  for (const one of failed) await t.throwsAsync(one, { message: /does not get to the disk/ });
  await t.throwsAsync(turns.share(say('four')), { message: /does not get to the disk/ });
});
