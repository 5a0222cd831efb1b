// The migration of histories that older versions have written.
import { join } from 'node:path';
import test from 'ava';
import Libsql from 'libsql';
import { DataSource } from 'typeorm';
import { openHistory } from '../../../client/history/history.js';
import type { StoredMessage } from '../../../client/history/port.js';
import { systemClock, systemSchedule } from '../../../core/time/clock.js';
import { accountIdSchema, deviceIdSchema, systemIds } from '../../../core/ids.js';
import {
  conversationIdSchema,
  messageId,
  privateConversation,
} from '../../../core/protocol/message/message.js';
import type { DeviceRanges } from '../../../core/protocol/backfill/ranges.js';
import { clientMigrations } from '../../../migrations/client/all.js';
import { migrationNames } from '../../../migrations/client/schema/schema.js';
import { temporaryFolder } from '../../support/folder.js';

const newAccount = () => accountIdSchema.parse(systemIds.next());
const [alice, bob] = [newAccount(), newAccount()];
const withBob = privateConversation(alice, bob);
const device = deviceIdSchema.parse(`U${'A'.repeat(55)}`);
const room = 'room-01J00000000000000000000001';

const texts = (stored: readonly StoredMessage[]) => stored.map(({ message }) => message.text);

/** Creates a history with the schema of the first `count` migrations and with data of that version. */
async function oldFile(folder: string, count: number): Promise<string> {
  const database = join(folder, 'history.db');
  const migrations = clientMigrations.slice(0, count);
  const old = new DataSource({ type: 'better-sqlite3', driver: Libsql, database, migrations });
  await old.initialize();
  await old.runMigrations({ transaction: 'all' });
  await old.query('INSERT INTO people (account, username, is_vouched) VALUES (?, ?, 1)', [bob, 'bob']);
  await old.query('INSERT INTO rooms (conversation, name, version) VALUES (?, ?, 3)', [room, 'lobby']);
  await old.query(
    'INSERT INTO memberships (conversation, account, joined_version, is_admin) VALUES (?, ?, 1, 1)',
    [room, bob],
  );
  await old.query('INSERT INTO privates (conversation) VALUES (?)', [withBob]);
  await old.destroy();
  return database;
}

for (const [index, { name }] of clientMigrations.slice(1).entries()) {
  test(`migration: given a history from before ${name}, when it opens, then no data is lost`, async (t) => {
    const file = await oldFile(await temporaryFolder(t), index + 1);
    const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
    t.teardown(() => history.close());
    const facts = await history.knownState();
    t.deepEqual(facts.people, [{ account: bob, username: 'bob', isVouched: true, namedAt: 0 }]);
    t.like(facts.rooms[0], { conversation: room, name: 'lobby', version: 3, topic: '', isPrivate: false });
    t.like(facts.rooms[0]?.memberships[0], {
      account: bob,
      joinedVersion: 1,
      leftVersion: null,
      isAdmin: true,
    });
    t.deepEqual(facts.privates, [withBob]);
    t.deepEqual(await history.drafts(), []);
    t.deepEqual(await history.notificationState(), { readStates: [], mutes: [], isDnd: false });
    await history.saveKnownState({
      people: [{ account: bob, username: 'robert', isVouched: true, namedAt: 7 }],
    });
    t.deepEqual((await history.knownState()).people, [
      { account: bob, username: 'robert', isVouched: true, namedAt: 7 },
    ]);
  });
}

test('migration: given queued, delivered, withdrawn and unread messages, then they keep these states', async (t) => {
  const before = clientMigrations.findIndex(({ name }) => name === 'Places1767225700000');
  const file = await oldFile(await temporaryFolder(t), before);
  const said = ['waits', 'delivered', 'refused', 'withdrawn', 'read here'].map((text, index) => ({
    text,
    id: messageId({ conversation: withBob, device, seq: index + 1 }),
    seq: index + 1,
  }));
  const old = new Libsql(file);
  for (const { text, id, seq } of said) {
    old
      .prepare(
        `INSERT INTO messages (id, conversation, account, device, seq, hlc, roster, text, spans, proof, at, received_at)
         VALUES (?, ?, ?, ?, ?, ?, 0, ?, '[]', 'AAAA', 1, 1)`,
      )
      .run(id, withBob, alice, device, seq, `0123456789ab000${seq}`, text);
    if (text === 'read here') continue;
    const state = text === 'waits' ? 'queued' : text;
    const queue = old.prepare('INSERT INTO outbox (message_id, account, state) VALUES (?, ?, ?)');
    queue.run(id, bob, state);
    queue.run(id, alice, 'delivered');
  }
  const unread = old.prepare('INSERT INTO unread (message_id, conversation, is_mention) VALUES (?, ?, ?)');
  unread.run(said[4]?.id, withBob, 1);
  old.close();

  const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
  t.teardown(() => history.close());
  const page = await history.messagesBefore(withBob, null, 10);
  t.deepEqual(
    page.map(({ message }) => message.text),
    said.map(({ text }) => text),
  );
  t.deepEqual(await Promise.all(page.map(({ position }) => history.progress(position))), [
    { acked: 1, of: 2, refused: 0 },
    { acked: 2, of: 2, refused: 0 },
    { acked: 1, of: 2, refused: 1 },
    { acked: 1, of: 1, refused: 0 },
    null,
  ]);
  t.deepEqual(texts(await history.pending(device, bob, 10)), ['waits']);
  t.deepEqual(await history.recordVerdict(page[0]?.position ?? 0, bob, 'delivered'), {
    acked: 2,
    of: 2,
    refused: 0,
  });
  const wanted: readonly DeviceRanges[] = [{ device, ranges: [[1, 4]] }];
  t.deepEqual(texts(await history.relayableMessages(withBob, wanted, { fromRoster: 0, account: bob }, 10)), [
    'refused',
    'delivered',
    'waits',
  ]);
  t.like((await history.notificationState()).readStates, [{ conversation: withBob, unread: 1, mentions: 1 }]);
  for (const { id, seq } of said) t.like(await history.sortKeyOf(id), { device, seq });
});

test('migration: given a message that was sent to nobody, then it is complete', async (t) => {
  const before = clientMigrations.findIndex(({ name }) => name === 'Refusals1767225720000');
  const file = await oldFile(await temporaryFolder(t), before);
  const old = new Libsql(file);
  const insert = old.prepare(
    `INSERT INTO messages (id, conversation, account, device, seq, hlc, roster, text, spans, at, received_at)
     VALUES (?, ?, ?, ?, ?, '0123456789ab0000', 1, 'hi', '[]', 1, 1)`,
  );
  const ofAnother = `U${'B'.repeat(55)}`;
  insert.run('mine', room, alice, device, 1);
  insert.run('theirs', room, bob, ofAnother, 1);
  old.prepare('INSERT INTO counters (device, conversation, last) VALUES (?, ?, 1)').run(device, room);
  old.close();
  const history = await openHistory({ file, clock: systemClock, schedule: systemSchedule });
  t.teardown(() => history.close());
  const page = await history.messagesBefore(conversationIdSchema.parse(room), null, 10);
  const counts = await Promise.all(page.map(({ position }) => history.progress(position)));
  t.deepEqual(counts, [{ acked: 0, of: 0, refused: 0 }, null]);
});

test('migration: given a new file, then its schema equals the result of all migrations', async (t) => {
  const migrated = await oldFile(await temporaryFolder(t), clientMigrations.length);
  const fresh = join(await temporaryFolder(t), 'history.db');
  await (await openHistory({ file: fresh, clock: systemClock, schedule: systemSchedule })).close();
  for (const what of [
    'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name',
    'SELECT id, timestamp, name FROM migrations ORDER BY id',
    'SELECT id, position FROM indexed',
  ]) {
    t.deepEqual(rowsOf(fresh, what), rowsOf(migrated, what));
  }
  const names = clientMigrations.map((migration) => new migration().name);
  t.deepEqual([...migrationNames], names);
});

function rowsOf(file: string, what: string): readonly unknown[] {
  const connection = new Libsql(file, { readonly: true });
  const rows = connection.prepare(what).all();
  connection.close();
  return rows;
}
