// SQL as a port: the little that the engine asks of a database, so that a dialect lives in one file.
export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

/**
 * Statements have `?` placeholders and must stay within what SQLite and PostgreSQL share; each is prepared once and kept, so
 * the values belong into the placeholders. All reject with `StoreUnavailableError` where the database failed.
 */
export interface ReadSql {
  all(statement: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
}

export interface Sql extends ReadSql {
  /** Runs a statement; gives the number of rows it changed. */
  run(statement: string, values?: readonly SqlValue[]): Promise<number>;
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
