// The cost of the Merkle tree in an append: events appended with the tree and without it, in turns, to two logs on the same disk.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trackerProjections } from '../../actors/projections/derived.js';
import { trackerTables } from '../../actors/projections/tables.js';
import { openKeyring } from '../../core/bus/credentials/keyring.js';
import { headText } from '../../core/events/chain.js';
import { openDatabase } from '../../core/events/sql/database.js';
import type { WriteConnection } from '../../core/events/sql/sql.js';
import { createSqlStore } from '../../core/events/sql/store.js';
import { createWriter } from '../../core/events/sql/writer.js';
import type { EventStore } from '../../core/events/store.js';
import { systemIds } from '../../core/ids.js';
import { systemClock } from '../../core/time/clock.js';
import { trackerMigrations } from '../../migrations/tracker/all.js';
import { type Figure, perSecond, quantile, share } from '../figures.js';

const ROUNDS = 9;
const STREAMS = 256;
const APPENDS_EACH = 8;
const SECOND_MS = 1_000;

interface Log {
  /** Appends a round of events, and returns the number for each second of CPU time. */
  round(): Promise<number>;
  close(): Promise<void>;
}

export async function appendFigure(): Promise<Figure> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-bench-'));
  const [withTree, without] = [await openLogIn(folder, true), await openLogIn(folder, false)];
  const rates: { readonly [K in 'withTree' | 'without']: number[] } = { withTree: [], without: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rates.withTree.push(await withTree.round());
    rates.without.push(await without.round());
  }
  await withTree.close();
  await without.close();
  await rm(folder, { recursive: true, force: true });
  // The first round of each also compiles the code.
  const [measured, limit] = [rates.withTree, rates.without].map((list) => quantile(list.slice(1), 0.5));
  return {
    what: `events appended, ${STREAMS} in flight, with the Merkle tree`,
    measured: `${perSecond(measured ?? Number.NaN)} of CPU`,
    limit: `${perSecond(limit ?? Number.NaN)} of CPU without it`,
    ratio: share(measured ?? Number.NaN, limit ?? Number.NaN),
  };
}

async function openLogIn(folder: string, hasTree: boolean): Promise<Log> {
  const home = join(folder, hasTree ? 'tree' : 'plain');
  const { signing } = await openKeyring(home);
  const file = join(home, 'tracker.db');
  const database = await openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });
  const { writeConnection } = database;
  const writer = createWriter({
    connection: hasTree ? writeConnection : withoutTree(writeConnection),
    signHead: (head) => signing.sign(headText(head)).toString('base64url'),
  });
  const store = createSqlStore({
    reads: database.reads,
    writer,
    clock: systemClock,
    newSalt,
    projections: trackerProjections,
  });
  const streams = Array.from({ length: STREAMS }, () => systemIds.next());
  for (const id of streams) await append(store, id, 0);
  let version = 1;
  return {
    async round() {
      const before = process.cpuUsage();
      for (let index = 0; index < APPENDS_EACH; index += 1) {
        await Promise.all(streams.map((id) => append(store, id, version)));
        version += 1;
      }
      const { user, system } = process.cpuUsage(before);
      return (STREAMS * APPENDS_EACH * SECOND_MS) / ((user + system) / SECOND_MS);
    },
    close: () => database.close(),
  };
}

const newSalt = (): string => randomBytes(16).toString('base64url');

/** The tree grows from the hashes of events. Without hashes it stays empty. */
function withoutTree(connection: WriteConnection): WriteConnection {
  return {
    all: async (statement, values) =>
      statement.startsWith('SELECT hash FROM events') ? [] : connection.all(statement, values),
    first: (statement, values) => connection.first(statement, values),
    run: (statement, values) => connection.run(statement, values),
    begin: (untilMs) => connection.begin(untilMs),
    get isLockedOut() {
      return connection.isLockedOut;
    },
    commit: () => connection.commit(),
    rollback: () => connection.rollback(),
  };
}

async function append(store: EventStore, id: string, expectedVersion: number): Promise<void> {
  const commandId = systemIds.next();
  const isFirst = expectedVersion === 0;
  const appended = await store.append({
    stream: `account-${id}`,
    expectedVersion,
    expectedQuarantineChange: 0,
    reservations: [],
    secrets: [],
    receipts: [{ scope: id, commandId, digest: commandId, outcome: () => ({}) }],
    events: [
      {
        type: isFirst ? 'AccountRegistered' : 'PasswordChanged',
        schemaVersion: 1,
        payload: { account: id },
        personal: isFirst ? { username: id } : null,
        metadata: {
          account: id,
          device: null,
          command: { type: isFirst ? 'RegisterAccount' : 'ChangePassword', account: id },
          commandId,
          correlationId: commandId,
          causationId: null,
          traceparent: null,
        },
      },
    ],
  });
  if (appended.kind !== 'appended') throw new Error(`appending to the log failed: ${appended.kind}`);
}
