// The SQL port: the few operations that the event store needs, so that each dialect is one file.
import { invariant } from '../../errors.js';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/**
 * Statements have `?` placeholders and must use only what SQLite and PostgreSQL share. Each statement is prepared once
 * and kept, so values must be passed through the placeholders. All methods reject with `StoreUnavailableError` if the
 * database fails.
 */
export interface ReadSql {
  all(statement: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /**
   * Returns only the first row, in half the time of `all`. Use it where at most one row exists. A driver may add
   * columns that were not requested.
   */
  first(statement: string, values?: readonly SqlValue[]): Promise<Row | undefined>;
}

export interface Sql extends ReadSql {
  /** Runs a statement and returns the number of changed rows. */
  run(statement: string, values?: readonly SqlValue[]): Promise<number>;
}

/**
 * Placeholders and values for `IN`. The last value is repeated up to a power of two, so that lists of different lengths
 * share a few prepared statements. The list must not be empty.
 */
export function inList(values: readonly string[]): {
  readonly marks: string;
  readonly values: readonly string[];
} {
  const last = values.at(-1);
  invariant(last !== undefined, 'an IN list must not be empty');
  const length = 2 ** Math.ceil(Math.log2(values.length));
  const filling = Array<string>(length - values.length).fill(last);
  return { marks: Array(length).fill('?').join(', '), values: [...values, ...filling] };
}

/** A separate connection that cannot write. */
export interface ReadConnection extends ReadSql {
  close(): void;
}

/** How long work waits for a lock of the database that another program holds. */
export const LOCK_PATIENCE_MS = 5_000;

/** The only connection that writes. Only the writer uses it. */
export interface WriteConnection extends Sql {
  /**
   * Begins a transaction that owns the log's head until it ends. Rolls back a transaction that an earlier failure left open.
   * Rejects if another program still holds the lock at `untilMs`, a time of the steady clock; default: `LOCK_PATIENCE_MS` from
   * now.
   */
  begin(untilMs?: number): Promise<void>;
  /** Whether the last attempt to begin found the lock held by another program. */
  readonly isLockedOut: boolean;
  /** Resolves when the whole transaction is on disk. */
  commit(): Promise<void>;
  /** Rolls back the open transaction; does nothing if no transaction is open. */
  rollback(): Promise<void>;
}
