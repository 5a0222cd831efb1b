// A reader of the log's rows as bytes, slice by slice. It works even if the file was tampered with. It does not judge
// the rows.
import { isAscii } from 'node:buffer';
import type { Row, Sql, SqlValue } from '../sql/sql.js';
import { type Columns, inSql, sqlTypeOf, type Table } from '../sql/table.js';
import { events, logHead } from '../sql/tables.js';

/** The part of the log to read. */
export interface LogQuery {
  /** Only rows after this position; -Infinity for all. */
  readonly after: number;
  readonly limit: number;
  /** Further conditions on the columns, such as `type = ?`. All of them must hold. */
  readonly where?: readonly (readonly [condition: string, value: SqlValue])[];
}

/** The value of `after` that selects all rows. */
export const BEFORE_ALL = Number.NEGATIVE_INFINITY;

const COLUMNS = uncheckedColumnsOf(events);
const HEAD_COLUMNS = uncheckedColumnsOf(logHead, ['position', 'hash', 'signature']);

/**
 * Returns unchecked rows in the order of positions, with the column names of `EventRow`. The caller must parse them.
 */
export async function readLogRows(
  sql: Pick<Sql, 'all'>,
  { after, limit, where = [] }: LogQuery,
): Promise<readonly Row[]> {
  const conditions = ['position > ?', ...where.map(([condition]) => condition)].join(' AND ');
  const values = [after, ...where.map(([, value]) => value), limit];
  const select = `SELECT ${COLUMNS} FROM events WHERE ${conditions} ORDER BY events.position LIMIT ?`;
  return (await sql.all(select, values)).map(decoded);
}

/** Returns the unchecked row of the head; undefined if it is missing. */
export async function readLogHead(sql: Pick<Sql, 'all'>): Promise<Row | undefined> {
  const [row] = await sql.all(`SELECT ${HEAD_COLUMNS} FROM log_head WHERE id = 1`);
  return row && decoded(row);
}

/**
 * Selects a text column as bytes: the driver aborts the process on text that is not UTF-8 and cuts text at a NUL. A
 * value that is neither text nor null becomes a number, which no reader accepts as text.
 */
export function bytes(column: string): string {
  return `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) WHEN 'null' THEN NULL ELSE 0 END`;
}

/** Like `columnsOf`, for rows that may have been tampered with: read texts as bytes, and decode them with `decoded`. */
export function uncheckedColumnsOf<C extends Columns>(
  { columns }: Table<C>,
  only: readonly (keyof C & string)[] = Object.keys(columns),
): string {
  const selected = only.map((column) => {
    const { type } = sqlTypeOf(columns[column]);
    const read = type === 'bigint' || type === 'integer' ? whole : bytes;
    return `${read(inSql(column))} AS "${column}"`;
  });
  return selected.join(', ');
}

// Selects a column of whole numbers. In a file that was tampered with, it may also contain text.
function whole(column: string): string {
  return `CASE typeof(${column}) WHEN 'integer' THEN ${column} END`;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Returns the row with its bytes decoded to text. Bytes that are not UTF-8 stay bytes. */
export function decoded(row: Row): Row {
  const texts: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    texts[column] = value instanceof ArrayBuffer ? textOf(value) : value;
  }
  return texts;
}

function textOf(value: ArrayBuffer): string | ArrayBuffer {
  // Most texts are ASCII, which is decoded in a fraction of the time.
  const view = Buffer.from(value);
  if (isAscii(view)) return view.toString('latin1');
  try {
    return utf8.decode(value);
  } catch (thrown) {
    if (thrown instanceof TypeError) return value;
    throw thrown;
  }
}
