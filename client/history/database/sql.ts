// SQL on the driver's own handle, synchronous, each statement prepared once and kept. Knows no table.
import type Libsql from 'libsql';

type SqlValue = string | number | null;

/** Values belong into the placeholders `?`. Throws the database's error. */
export interface Sql {
  /** Gives the number of rows it changed. */
  run(statement: string, ...values: readonly SqlValue[]): number;
  /** Gives the number of the row it added. */
  insert(statement: string, ...values: readonly SqlValue[]): number;
  /** One object of columns a row. */
  all(statement: string, ...values: readonly SqlValue[]): readonly unknown[];
  /** The first row, undefined without one; takes a third of the time of `all`. */
  get(statement: string, ...values: readonly SqlValue[]): unknown;
}

export function sqlOn(connection: Libsql.Database): Sql {
  const prepared = new Map<string, Libsql.Statement>();
  const statement = (text: string): Libsql.Statement => {
    const found = prepared.get(text) ?? connection.prepare(text);
    prepared.set(text, found);
    return found;
  };
  return {
    // Given as one array, which the driver takes as it is.
    run: (text, ...values) => statement(text).run(values).changes,
    insert: (text, ...values) => Number(statement(text).run(values).lastInsertRowid),
    all: (text, ...values) => statement(text).all(values),
    get: (text, ...values) => statement(text).get(values),
  };
}
