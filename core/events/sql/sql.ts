// SQL as a port: the little that the engine asks of a database, so that a dialect lives in one file.
import { invariant } from '../../errors.js';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/**
 * Statements have `?` placeholders and must stay within what SQLite and PostgreSQL share; each is prepared once and kept, so
 * the values belong into the placeholders. All reject with `StoreUnavailableError` where the database failed.
 */
export interface ReadSql {
  all(statement: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** The first row alone, in half the time: for what has one at most. A driver may add to the columns that were asked for. */
  first(statement: string, values?: readonly SqlValue[]): Promise<Row | undefined>;
}

export interface Sql extends ReadSql {
  /** Runs a statement; gives the number of rows it changed. */
  run(statement: string, values?: readonly SqlValue[]): Promise<number>;
}

/**
 * Placeholders for `IN` and values to fill them: the last is repeated up to a power of two, so that lists of all lengths
 * share a few prepared statements. An empty list has none: do not ask.
 */
export function inList(values: readonly string[]): {
  readonly marks: string;
  readonly values: readonly string[];
} {
  const last = values.at(-1);
  invariant(last !== undefined, 'an empty list is in nothing');
  const length = 2 ** Math.ceil(Math.log2(values.length));
  const filling = Array<string>(length - values.length).fill(last);
  return { marks: Array(length).fill('?').join(', '), values: [...values, ...filling] };
}

/** A connection of its own that cannot write. */
export interface ReadConnection extends ReadSql {
  close(): void;
}

/** The one connection that writes. Only the writer holds it. */
export interface WriteConnection extends Sql {
  /** Begins a transaction that owns the log's head until it ends; abandons what an earlier failure left open. */
  begin(): Promise<void>;
  /** Resolves once all of the transaction is on the disk. */
  commit(): Promise<void>;
  /** Undoes the open transaction; nothing happens if there is none. */
  rollback(): Promise<void>;
}
