import test from 'ava';
import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { z } from 'zod';
import { GENESIS, verifyChain } from '../../../../core/events/chain.js';
import type { Projection } from '../../../../core/events/derived/projector.js';
import { defineTable, integer, primary, selectFrom, text } from '../../../../core/events/sql/table.js';
import { append, event, receipt } from '../samples.js';
import { specifyStore } from '../store-contract.js';
import { type Engine, openEngine } from '../temporary.js';

specifyStore('SQL store', async (t, clock) => (await openEngine(t, { clock })).store);

const all = { fromPosition: 1, limit: 100 };
const check = async ({ store }: Engine) => verifyChain(GENESIS, await store.readRows(all));

async function filled(engine: Engine): Promise<Engine> {
  const events = [event('One'), event('Two', { personal: { name: 'Ann' } }), event('Three')];
  await engine.store.append(append('a', 0, { events }));
  return engine;
}

test('SQL store: given a redacted event, then the chain is intact and the event has no personal part', async (t) => {
  const engine = await filled(await openEngine(t));
  const { signature: _, ...head } = await engine.store.head();
  await engine.writer.write((sql) =>
    sql.run('UPDATE events SET personal = NULL, salt = NULL WHERE position = 2'),
  );
  t.deepEqual(await check(engine), { kind: 'intact', head, redacted: 1 });
  t.is((await engine.store.readAll(all))[1]?.personal, null);
  t.is((await engine.store.append(append('a', 3))).kind, 'appended');
  t.is((await check(engine)).kind, 'intact');
});

const flips = [
  'stream = stream || $',
  'version = version + 10',
  'type = type || $',
  'schema_version = schema_version + 1',
  'payload = payload || $',
  `personal = '{"name":"Eve"}'`,
  'personal = NULL',
  'salt = salt || $',
  'salt = NULL',
  'personal_digest = NULL',
  'personal_digest = personal_digest || $',
  'metadata = metadata || $',
  'recorded_at = recorded_at + 1',
  'hash = hash || $',
  'position = 9',
].map((change) => change.replace('$', `' '`));

for (const change of flips) {
  test(`SQL store: given a row changed by ${change}, then the chain is broken there`, async (t) => {
    const engine = await filled(await openEngine(t));
    await engine.store.append(append('b', 0));
    await engine.writer.write((sql) => sql.run(`UPDATE events SET ${change} WHERE position = 2`));
    t.like(await check(engine), { kind: 'broken', position: 2 });
  });
}

test('SQL store: given a deleted row, then the chain is broken there', async (t) => {
  const engine = await filled(await openEngine(t));
  await engine.writer.write((sql) => sql.run('DELETE FROM events WHERE position = 2'));
  t.like(await check(engine), { kind: 'broken', position: 2 });
});

test('SQL store: given a row that is not an event, when it is read, then it throws', async (t) => {
  const engine = await filled(await openEngine(t));
  await engine.writer.write((sql) => sql.run(`UPDATE events SET payload = '[]' WHERE position = 2`));
  await t.throwsAsync(engine.store.readAll(all), { message: /not a JSON object/ });
});

test('SQL store: a text with a NUL character is never truncated silently', async (t) => {
  const { store } = await openEngine(t);
  const reservations = [{ action: 'claim', kind: 'name', name: 'lamp\0oil', owner: 'ann' }] as const;
  await t.throwsAsync(store.append(append('a', 0, { reservations })), { message: /NUL/ });
  t.is(await store.reservation('name', 'lamp'), null);
});

const tally = defineTable('tally', { type: primary(text(100, z.string())), count: integer() });
const TALLY = `${selectFrom(tally)} ORDER BY type`;

class Tally1800000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const columns = [
      { name: 'type', type: 'varchar', length: '100', isPrimary: true },
      { name: 'count', type: 'integer' },
    ];
    await runner.createTable(new Table({ name: 'tally', columns }));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('tally');
  }
}

const counting: Projection = {
  name: 'tally',
  async apply({ type }, sql) {
    if (type === 'Unbearable') throw new Error('cannot count that');
    const upsert = `INSERT INTO tally (type, count) VALUES (?, 1)
      ON CONFLICT (type) DO UPDATE SET count = tally.count + 1`;
    await sql.run(upsert, [type]);
  },
};

const withTally = { migrations: [Tally1800000000000], tables: [tally], projections: [counting] };

test('SQL store: a projection changes with its event, and the caller reads the change at once', async (t) => {
  const { store, database } = await openEngine(t, withTally);
  await store.append(append('a', 0, { events: [event('Rung'), event('Rung'), event('Answered')] }));
  await store.append(append('a', 0, { events: [event('Rung')] }));
  t.deepEqual(await database.reads.all(TALLY), [
    { type: 'Answered', count: 1 },
    { type: 'Rung', count: 2 },
  ]);
  t.deepEqual(await database.drift(), []);
});

test('SQL store: given a projection that throws, then only its append fails, and it leaves nothing', async (t) => {
  const { store, database } = await openEngine(t, withTally);
  const [fine, failing, alsoFine] = await Promise.allSettled([
    store.append(append('a', 0, { events: [event('Rung')] })),
    store.append(append('b', 0, { events: [event('Rung'), event('Unbearable')], receipts: [receipt('r')] })),
    store.append(append('c', 0, { events: [event('Rung')] })),
  ]);
  t.deepEqual([fine?.status, failing?.status, alsoFine?.status], ['fulfilled', 'rejected', 'fulfilled']);
  t.deepEqual(await database.reads.all(TALLY), [{ type: 'Rung', count: 2 }]);
  t.is((await store.head()).position, 2);
  t.is(await store.receipt('ann-1', 'r'), null);
});

test('SQL store: a reader sees nothing of an open transaction and cannot write', async (t) => {
  const { writer, store, database } = await openEngine(t);
  await writer.write(async (sql) => {
    await sql.run(`INSERT INTO credentials (owner, secret) VALUES ('ann', 'hush')`);
    t.is(await store.secret('ann'), null);
  });
  t.is(await store.secret('ann'), 'hush');
  await t.throwsAsync(database.reads.all(`DELETE FROM credentials`), { message: /readonly/ });
});

test('SQL store: given a second process on the database, then both append to one chain', async (t) => {
  const first = await openEngine(t);
  const second = await openEngine(t, { file: first.file });
  for (let version = 0; version < 6; version += 2) {
    t.is((await first.store.append(append('a', version))).kind, 'appended');
    t.is((await second.store.append(append('a', version))).kind, 'conflict');
    t.is((await second.store.append(append('a', version + 1))).kind, 'appended');
  }
  t.like(await check(second), { kind: 'intact', head: { position: 6 } });
});

test('SQL store: given that it is opened again, then it continues where it stopped', async (t) => {
  const before = await filled(await openEngine(t));
  const head = await before.store.head();
  const after = await openEngine(t, { file: before.file });
  t.deepEqual(await after.store.head(), head);
  t.is((await after.store.append(append('a', 3))).kind, 'appended');
  t.is((await check(after)).kind, 'intact');
  const journal = z.array(z.object({ journal_mode: z.string() }));
  t.is(
    journal.parse(await after.database.writeConnection.all('PRAGMA journal_mode'))[0]?.journal_mode,
    'wal',
  );
});
