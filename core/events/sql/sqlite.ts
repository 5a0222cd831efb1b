// All that is particular to SQLite: opening a connection, its pragmas, its transactions, its error codes.
import Libsql from 'libsql';
import { z } from 'zod';
import { invariant, messageOf } from '../../errors.js';
import { monotonicNow, type Schedule } from '../../time/clock.js';
import { delay } from '../../time/wait.js';
import { StoreUnavailableError } from '../errors.js';
import type { ReadConnection, ReadSql, Row, SqlValue, WriteConnection } from './sql.js';

type Connection = Libsql.Database;

// The loop stands still while SQLite itself waits for a lock, so it waits briefly and we wait between tries.
const LOCK_WAIT_MS = 25;
const LOCK_PATIENCE_MS = 5_000;
// One commit of many commands changes hundreds of pages, and the next one changes most of them again: a write-ahead log of
// 16 MiB brings each of them home once for many commits.
const CHECKPOINT_PAGES = 4_000;
const CACHE_KIB = 16_384;

/** Sets what a writing connection must have; called before anything else uses it. */
export function prepareWriter(connection: Connection): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  connection.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
}

/** A reader cannot write, whatever it is asked. */
export function prepareReader(connection: Connection): void {
  connection.pragma(`busy_timeout = ${LOCK_PATIENCE_MS}`);
  connection.pragma('query_only = ON');
}

/** Whether a commit on this connection is on the disk: builds and file systems may refuse the settings silently. */
export function isDurable(connection: Connection): boolean {
  const [journal] = z.array(z.object({ journal_mode: z.string() })).parse(connection.pragma('journal_mode'));
  const [sync] = z.array(z.object({ synchronous: z.number() })).parse(connection.pragma('synchronous'));
  const FULL = 2;
  return journal?.journal_mode === 'wal' && sync?.synchronous === FULL;
}

/** Reads over the driver's own handle, with the statements kept prepared. */
export function sqliteReads(connection: Connection): ReadSql {
  const statement = statementsOf(connection);
  return {
    // The driver types rows as unknown; it gives one object of columns a row.
    all: async (text, values = []) => attempt(() => statement(text).all(bindable(values)) as Row[]),
    first: async (text, values = []) =>
      attempt(() => statement(text).get(bindable(values)) as Row | undefined),
  };
}

/** A connection of its own that only reads an existing file, whoever writes to it meanwhile. */
export function openSqliteReader(file: string): ReadConnection {
  const connection = new Libsql(file);
  prepareReader(connection);
  return { ...sqliteReads(connection), close: () => void connection.close() };
}

function statementsOf(connection: Connection): (text: string) => Libsql.Statement {
  const prepared = new Map<string, Libsql.Statement>();

  return (text) => {
    let found = prepared.get(text);
    if (found === undefined) {
      found = connection.prepare(text);
      prepared.set(text, found);
    }
    return found;
  };
}

/** The engine's write connection over the driver's own handle. */
export function sqliteWriter(connection: Connection, schedule: Schedule): WriteConnection {
  const statement = statementsOf(connection);
  return {
    ...sqliteReads(connection),
    run: async (text, values = []) => attempt(() => statement(text).run(bindable(values)).changes),
    async begin() {
      if (connection.inTransaction) attempt(() => connection.exec('ROLLBACK'));
      for (const end = monotonicNow() + LOCK_PATIENCE_MS; ; ) {
        try {
          connection.exec('BEGIN IMMEDIATE');
          return;
        } catch (thrown) {
          if (codeOf(thrown) !== 'SQLITE_BUSY' || monotonicNow() > end) throw translate(thrown);
        }
        await delay(schedule, LOCK_WAIT_MS);
      }
    },
    commit: async () => attempt(() => void connection.exec('COMMIT')),
    rollback: async () => attempt(() => void (connection.inTransaction && connection.exec('ROLLBACK'))),
  };
}

// The driver cuts text at a NUL without a word; JSON never has one, and no other text of ours may.
function bindable(values: readonly SqlValue[]): readonly SqlValue[] {
  for (const value of values) {
    invariant(
      typeof value !== 'string' || !value.includes('\0'),
      'a text with a NUL character cannot be stored',
    );
  }
  return values;
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    throw translate(thrown);
  }
}

const UNAVAILABLE =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|NOMEM|READONLY|CANTOPEN|CORRUPT|NOTADB|PROTOCOL|INTERRUPT)(_|$)/;

function translate(thrown: unknown): unknown {
  if (!UNAVAILABLE.test(codeOf(thrown))) return thrown;
  return new StoreUnavailableError(messageOf(thrown), { cause: thrown });
}

const sqliteError = z.object({ code: z.string() });

/** SQLite's name of what went wrong, such as `SQLITE_NOTADB`; empty if it is no error of SQLite. */
export function codeOf(thrown: unknown): string {
  return sqliteError.safeParse(thrown).data?.code ?? '';
}
