// Everything specific to SQLite: opening a connection, pragmas, transactions and error codes.
import Libsql from 'libsql';
import { z } from 'zod';
import { invariant, messageOf } from '../../errors.js';
import { monotonicNow, type Schedule } from '../../time/clock.js';
import { delay } from '../../time/wait.js';
import { StoreUnavailableError } from '../errors.js';
import {
  LOCK_PATIENCE_MS,
  type ReadConnection,
  type ReadSql,
  type Row,
  type SqlValue,
  type WriteConnection,
} from './sql.js';

type Connection = Libsql.Database;

// SQLite blocks the event loop while it waits for a lock. SQLite therefore waits only briefly in each attempt, and this code
// waits between attempts.
const LOCK_WAIT_MS = 25;
// A commit of many commands changes hundreds of pages, and the next commit changes most of them again. With a write-ahead log of
// 16 MiB, a checkpoint copies each changed page to the database once for many commits.
const CHECKPOINT_PAGES = 4_000;
const LOG_BYTES = 16 * 1024 * 1024;
const CACHE_KIB = 16_384;

/** Applies the settings of a writing connection. Call it before any other use. */
export function prepareWriter(connection: Connection): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  // A write-ahead log that grew larger is cut to this size after a checkpoint, when SQLite starts it again.
  connection.pragma(`journal_size_limit = ${LOG_BYTES}`);
  connection.pragma(`cache_size = -${CACHE_KIB}`);
  connection.pragma(`busy_timeout = ${LOCK_WAIT_MS}`);
}

/** Applies the settings of a reading connection, which then cannot write. */
export function prepareReader(connection: Connection): void {
  connection.pragma(`busy_timeout = ${LOCK_PATIENCE_MS}`);
  connection.pragma('query_only = ON');
}

/**
 * Whether commits on this connection reach the disk. Some SQLite builds and file systems ignore the settings without an
 * error.
 */
export function isDurable(connection: Connection): boolean {
  const [journal] = z.array(z.object({ journal_mode: z.string() })).parse(connection.pragma('journal_mode'));
  const [sync] = z.array(z.object({ synchronous: z.number() })).parse(connection.pragma('synchronous'));
  const FULL = 2;
  return journal?.journal_mode === 'wal' && sync?.synchronous === FULL;
}

/** Reads through the driver's own handle and keeps the statements prepared. */
export function sqliteReads(connection: Connection): ReadSql {
  const statement = statementsOf(connection);
  return {
    // The driver types rows as unknown; it returns one object of columns per row.
    all: async (text, values = []) => attempt(() => statement(text).all(bindable(values)) as Row[]),
    first: async (text, values = []) =>
      attempt(() => statement(text).get(bindable(values)) as Row | undefined),
  };
}

/** Opens a separate connection that only reads an existing file. Other connections may write at the same time. */
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

/** The event store's write connection through the driver's own handle. */
export function sqliteWriter(connection: Connection, schedule: Schedule): WriteConnection {
  const statement = statementsOf(connection);
  let isLockedOut = false;
  return {
    ...sqliteReads(connection),
    get isLockedOut() {
      return isLockedOut;
    },
    run: async (text, values = []) => attempt(() => statement(text).run(bindable(values)).changes),
    async begin(untilMs = monotonicNow() + LOCK_PATIENCE_MS) {
      if (connection.inTransaction) attempt(() => connection.exec('ROLLBACK'));
      for (;;) {
        try {
          connection.exec('BEGIN IMMEDIATE');
          isLockedOut = false;
          return;
        } catch (thrown) {
          isLockedOut = codeOf(thrown) === 'SQLITE_BUSY';
          if (!isLockedOut) throw translate(thrown);
          if (monotonicNow() > untilMs) throw new StoreUnavailableError(LOCKED, { cause: thrown });
        }
        await delay(schedule, LOCK_WAIT_MS);
      }
    },
    commit: async () => attempt(() => void connection.exec('COMMIT')),
    rollback: async () => attempt(() => void (connection.inTransaction && connection.exec('ROLLBACK'))),
  };
}

const LOCKED = 'another program holds the lock of the database';

// The driver silently cuts text at a NUL. JSON never contains one, and other text is checked here.
function bindable(values: readonly SqlValue[]): readonly SqlValue[] {
  for (const value of values) {
    invariant(
      typeof value !== 'string' || !value.includes('\0'),
      'text with a NUL character cannot be stored',
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

/** SQLite's error code, such as `SQLITE_NOTADB`; empty if SQLite did not raise the error. */
export function codeOf(thrown: unknown): string {
  return sqliteError.safeParse(thrown).data?.code ?? '';
}
