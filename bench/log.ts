// A tracker's home with a log of any length: accounts, and rooms that members join and leave. The event store writes the log with
// its hash chain, signed head and derived tables; no actors run.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { trackerProjections } from '../actors/projections/derived.js';
import { trackerTables } from '../actors/projections/tables.js';
import { openKeyring } from '../core/bus/credentials/keyring.js';
import { publicNKey } from '../core/bus/credentials/nkey.js';
import { systemClock } from '../core/time/clock.js';
import { headText } from '../core/events/chain.js';
import { type Database, openDatabase } from '../core/events/sql/database.js';
import type { NewEvent } from '../core/events/event.js';
import { createSqlStore } from '../core/events/sql/store.js';
import type { EventStore } from '../core/events/store.js';
import { createWriter, type Writer } from '../core/events/sql/writer.js';
import { systemIds } from '../core/ids.js';
import type { JsonObject } from '../core/json.js';
import { trackerMigrations } from '../migrations/tracker/all.js';

export interface OpenLog {
  readonly database: Database;
  readonly store: EventStore;
  readonly writer: Writer;
}

/** Opens the database of a home as the tracker does; creates both if they do not exist. */
export async function openLog(home: string): Promise<OpenLog> {
  const { signing } = await openKeyring(home);
  const file = join(home, 'tracker.db');
  const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
  const writer = createWriter({
    connection: database.writeConnection,
    signHead: (head) => signing.sign(headText(head)).toString('base64url'),
  });
  const store = createSqlStore({
    reads: database.reads,
    writer,
    clock: systemClock,
    newSalt: () => randomBytes(16).toString('base64url'),
    projections: trackerProjections,
  });
  return { database, store, writer };
}

const ROOM_EVENTS = 1_000;
const APPEND_EVENTS = 250;

/** Appends about `count` events. Each thousand is one new account, and one room that the accounts join and leave in turn. */
export async function fillLog({ store }: OpenLog, count: number): Promise<void> {
  const accounts: string[] = [];
  for (let done = 0; done < count; done += ROOM_EVENTS) {
    const account = systemIds.next();
    accounts.push(account);
    const device = publicNKey('user', randomBytes(32));
    await store.append({
      ...appendTo(`account-${account}`, 0),
      events: [
        eventOf(account, 'AccountRegistered', 'RegisterAccount', account, {}, { username: `user-${done}` }),
        eventOf(account, 'DeviceEnrolled', 'RegisterAccount', account, { device }),
      ],
    });
    await fillRoom(store, `room-${systemIds.next()}`, accounts, ROOM_EVENTS - 2);
  }
}

/**
 * Appends `count` events to the empty stream of a room: the first of `accounts` creates it, the other accounts join and leave.
 */
export async function fillRoom(
  store: EventStore,
  stream: string,
  accounts: readonly string[],
  count: number,
): Promise<void> {
  const [owner = systemIds.next()] = accounts;
  let version = 0;
  while (version < count) {
    const events: NewEvent[] = [];
    const id = systemIds.next();
    while (events.length < APPEND_EVENTS && version + events.length < count) {
      const number = version + events.length;
      if (number === 0) events.push(eventOf(id, 'RoomCreated', 'CreateRoom', owner, {}, { name: stream }));
      else {
        // Each visitor joins and then leaves; the owner stays.
        const visitor =
          accounts[1 + (Math.floor((number - 1) / 2) % Math.max(1, accounts.length - 1))] ?? VISITOR;
        const isJoining = number % 2 === 1;
        events.push(
          isJoining
            ? eventOf(id, 'MemberJoined', 'JoinRoom', visitor)
            : eventOf(id, 'MemberLeft', 'LeaveRoom', visitor),
        );
      }
    }
    const appended = await store.append({ ...appendTo(stream, version), events });
    if (appended.kind !== 'appended') throw new Error(`appending to the log failed: ${appended.kind}`);
    version += events.length;
  }
}

const VISITOR = systemIds.next();

const appendTo = (stream: string, expectedVersion: number) => ({
  stream,
  expectedVersion,
  expectedQuarantineChange: 0,
  reservations: [],
  secrets: [],
  receipts: [],
});

function eventOf(
  id: string,
  type: string,
  command: string,
  account: string,
  more: JsonObject = {},
  personal: JsonObject | null = null,
): NewEvent {
  const metadata = {
    account,
    device: DEVICE,
    command: { type: command, account, roomsOfAccount: 3 },
    commandId: id,
    correlationId: id,
    causationId: null,
    traceparent: null,
  };
  return { type, schemaVersion: 1, payload: { account, ...more }, personal, metadata };
}

const DEVICE = publicNKey('user', randomBytes(32));
