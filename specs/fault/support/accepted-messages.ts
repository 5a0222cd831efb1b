// The checks that a tracker's database must pass after any crash, regardless of which process wrote it.
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { derivedTables, trackerProjections } from '../../../actors/projections/derived.js';
import { trackerTables } from '../../../actors/projections/tables.js';
import { openKeyring } from '../../../core/bus/credentials/keyring.js';
import { GENESIS, type Head, headText, verifyChain } from '../../../core/events/chain.js';
import { type Database, openDatabase } from '../../../core/events/sql/database.js';
import { isApplicable, type RecordedEvent } from '../../../core/events/event.js';
import { project } from '../../../core/events/derived/projector.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { createWriter } from '../../../core/events/sql/writer.js';
import { isSignedBy } from '../../../core/keys.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { temporaryFolder } from '../../support/folder.js';

const ALL = { fromPosition: 1, limit: 10_000_000 };

/** Checks the chain, signed head, versions and derived tables of the tracker at `home`. Returns its events. */
export async function auditLedger(t: ExecutionContext, home: string): Promise<readonly RecordedEvent[]> {
  const { signing } = await openKeyring(home);
  return auditDatabase(t, join(home, 'tracker.db'), (head, signature) =>
    isSignedBy(signing.publicKey, headText(head), Buffer.from(signature, 'base64url')),
  );
}

/** Makes the same checks on the database in `file`, whose head is signed by another key. */
export async function auditDatabase(
  t: ExecutionContext,
  file: string,
  isHeadSigned: (head: Head, signature: string) => boolean,
): Promise<readonly RecordedEvent[]> {
  const database = await open(file);
  t.teardown(() => database.close());
  const store = storeOf(database);
  const rows = await store.readRows(ALL);
  const head = await store.head();
  const check = verifyChain(GENESIS, rows);
  t.like(check, { kind: 'intact', head: { position: head.position, hash: head.hash } });
  t.true(isHeadSigned(head, head.signature), 'the signed head');

  const events = (await store.readAll(ALL)).filter(isApplicable);
  const versions = new Map<string, number>();
  for (const { stream, version, position } of events) {
    t.is(version, (versions.get(stream) ?? 0) + 1, `position ${position}`);
    versions.set(stream, version);
  }

  const rebuilt = await open(join(await temporaryFolder(t), 'rebuilt.db'));
  t.teardown(() => rebuilt.close());
  const writer = createWriter({ connection: rebuilt.writeConnection, signHead: () => '' });
  await writer.write((sql) => project(trackerProjections, events, sql));
  for (const table of derivedTables)
    t.deepEqual(await rowsOf(database, table), await rowsOf(rebuilt, table), table);
  return events;
}

const open = (file: string): Promise<Database> =>
  openDatabase({ file, migrations: trackerMigrations, tables: trackerTables });

function storeOf({ reads, writeConnection }: Database) {
  const writer = createWriter({ connection: writeConnection, signHead: () => '' });
  return createSqlStore({ reads, writer, clock: { now: Date.now }, newSalt: () => '', projections: [] });
}

const rowsOf = ({ reads }: Database, table: string): Promise<unknown> =>
  reads.all(`SELECT * FROM ${table} ORDER BY 1, 2`);
