// A temporary database for one spec, deleted when the spec ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { MigrationInterface } from 'typeorm';
import type { Clock } from '../../../core/time/clock.js';
import { type Database, openDatabase } from '../../../core/events/sql/database.js';
import type { Projection } from '../../../core/events/derived/projector.js';
import type { WriteConnection } from '../../../core/events/sql/sql.js';
import type { TableDefinition } from '../../../core/events/sql/table.js';
import { createSqlStore } from '../../../core/events/sql/store.js';
import { createWriter } from '../../../core/events/sql/writer.js';
import { trackerMigrations } from '../../../migrations/tracker/all.js';
import { copyTrackerTemplate } from '../../support/tracker-template.js';
import { countedSalts, handClock, signHead } from './samples.js';

export function temporaryFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-spec-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

interface EngineOptions {
  readonly file?: string;
  readonly clock?: Clock;
  readonly migrations?: readonly (new () => MigrationInterface)[];
  readonly tables?: readonly TableDefinition[];
  readonly projections?: readonly Projection[];
  readonly lockPatienceMs?: number;
  /** Wraps the writer's connection to the database, to make it fail. */
  readonly between?: (connection: WriteConnection) => WriteConnection;
}

export interface Engine extends ReturnType<typeof engineOn> {
  readonly file: string;
  readonly database: Database;
}

export async function openEngine(t: ExecutionContext, options: EngineOptions = {}): Promise<Engine> {
  const file = options.file ?? join(temporaryFolder(t), 'tracker.db');
  if (options.file === undefined) await copyTrackerTemplate(file);
  const migrations = [...trackerMigrations, ...(options.migrations ?? [])];
  const database = await openDatabase({ file, migrations, tables: options.tables ?? [] });
  t.teardown(() => database.close());
  return { file, database, ...engineOn(database, options) };
}

function engineOn(database: Database, options: EngineOptions) {
  const { clock = handClock(), projections = [], between = (connection) => connection } = options;
  const { lockPatienceMs } = options;
  const writer = createWriter({
    connection: between(database.writeConnection),
    signHead,
    ...(lockPatienceMs !== undefined && { lockPatienceMs }),
  });
  const { reads } = database;
  const store = createSqlStore({ reads, writer, clock, newSalt: countedSalts(), projections });
  return { writer, store, clock };
}
