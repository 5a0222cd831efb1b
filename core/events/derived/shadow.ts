// Shadow tables: empty copies of the derived tables in a temporary database. They can be filled, compared with the
// tables in use, and copied over them. Everything here is specific to SQLite.
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { z } from 'zod';
import { invariant } from '../../errors.js';
import { keepAliveSchedule, type Schedule } from '../../time/clock.js';
import { decoded } from '../verification/log-reader.js';
import type { Row, WriteConnection } from '../sql/sql.js';
import { sqliteWriter } from '../sql/sqlite.js';
import { untouched } from '../sql/untouched.js';

export interface ShadowOptions {
  /** The database in use. Other processes may write at the same time. */
  readonly file: string;
  /** The derived tables. */
  readonly tables: readonly string[];
  /** Whether `replace` will be called. Otherwise no file of the database in use is changed. */
  readonly forWriting: boolean;
  /** The schedule of retries while another process holds the lock; system timers by default. */
  readonly schedule?: Schedule;
}

/** A row of a table in use that differs from the derived one. `column` is null if the whole row differs. */
export interface Difference {
  readonly table: string;
  readonly key: string;
  readonly column: string | null;
  /** Null if the table in use has no such row. */
  readonly inUse: string | null;
  readonly derived: string | null;
}

export interface Shadow {
  /**
   * The name of a derived table refers to its shadow; any other name refers to the database in use. `begin` blocks
   * other writers of that database; a plain `BEGIN` does not.
   */
  readonly sql: WriteConnection;
  /** Creates the empty shadow tables. Rejects if the database in use does not have all of the tables. */
  prepare(): Promise<void>;
  /** The first difference between the tables in use and their shadows; null if they are equal. */
  difference(): Promise<Difference | null>;
  /**
   * Makes the tables in use equal to their shadows, inside an open transaction. Returns the number of rows deleted and
   * inserted.
   *
   * @param only replaces only these tables
   */
  replace(only?: readonly string[]): Promise<number>;
  /** Whether everything read so far is consistent; see `UntouchedFile`. */
  isCurrent(): boolean;
  close(): void;
}

// The shadow pages kept in memory. The rest is on disk.
const CACHE_KIB = 65_536;
const LOCK_PATIENCE_MS = 5_000;

/**
 * The temporary database has no file name, so nothing of it remains after the process, even if it is killed. It is attached
 * before the database in use: for an unqualified table name, SQLite finds the shadow first.
 */
export function openShadow(options: ShadowOptions): Shadow {
  const { file, tables, forWriting, schedule = keepAliveSchedule } = options;
  const connection = new Libsql(':memory:');
  connection.pragma('temp_store = FILE');
  connection.exec("ATTACH '' AS shadow");
  connection.pragma('shadow.journal_mode = MEMORY');
  connection.pragma('shadow.synchronous = OFF');
  connection.pragma(`shadow.cache_size = -${CACHE_KIB}`);
  connection.pragma(`busy_timeout = ${LOCK_PATIENCE_MS}`);
  const sql = sqliteWriter(connection, schedule);
  const inUse = forWriting ? null : untouched(file);
  const address = inUse?.address ?? `${pathToFileURL(file).href}?mode=rw`;
  connection.prepare('ATTACH ? AS live').run([address]);
  connection.pragma('live.synchronous = FULL');
  let shapes: readonly Shape[] = [];

  return {
    sql,
    async prepare() {
      const schema = z.array(z.object({ sql: z.string(), tbl_name: z.string() }));
      const select = `SELECT sql, tbl_name FROM live.sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'index'`;
      for (const entry of schema.parse(await sql.all(select))) {
        if (!tables.includes(entry.tbl_name)) continue;
        connection.exec(entry.sql.replace(/^CREATE (UNIQUE )?(TABLE|INDEX) /, '$&shadow.'));
      }
      shapes = await Promise.all(tables.map((table) => shapeOf(sql, table)));
    },
    async difference() {
      for (const shape of shapes) {
        const found = await firstDifference(sql, shape);
        if (found !== null) return found;
      }
      return null;
    },
    async replace(only) {
      let rows = 0;
      for (const shape of shapes) {
        const { table, columns } = shape;
        if (only?.includes(table) === false) continue;
        const names = columns.join(', ');
        // Correct rows stay, which saves writes and shortens the time in which other writers wait.
        const isSame = columns.map((column) => `s.${column} IS l.${column}`).join(' AND ');
        rows += await sql.run(
          `DELETE FROM live.${table} AS l WHERE NOT EXISTS
             (SELECT 1 FROM shadow.${table} AS s WHERE ${sameKey(shape)} AND ${isSame})`,
        );
        rows += await sql.run(
          `INSERT INTO live.${table} (${names}) SELECT ${names} FROM shadow.${table} AS s WHERE NOT EXISTS
             (SELECT 1 FROM live.${table} AS l WHERE ${sameKey(shape)})`,
        );
      }
      return rows;
    },
    isCurrent: () => inUse?.isCurrent() ?? true,
    close: () => void connection.close(),
  };
}

interface Shape {
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

async function shapeOf(sql: WriteConnection, table: string): Promise<Shape> {
  const rows = await sql.all("SELECT name, pk FROM pragma_table_info(?, 'shadow')", [table]);
  const columns = z.array(z.object({ name: z.string(), pk: z.number() })).parse(rows);
  const key = columns.filter(({ pk }) => pk > 0);
  invariant(key.length > 0, `the database has no table ${table} with a primary key`);
  return { table, columns: columns.map(({ name }) => name), key: key.map(({ name }) => name) };
}

function sameKey({ key }: Shape): string {
  return key.map((column) => `s.${column} = l.${column}`).join(' AND ');
}

async function firstDifference(sql: WriteConnection, shape: Shape): Promise<Difference | null> {
  const { table, columns, key } = shape;
  const [first = ''] = key;
  const values = (alias: string): string =>
    columns.map((column) => `${shown(`${alias}.${column}`)} AS ${alias}_${column}`).join(', ');
  const differs = columns.map((column) => `s.${column} IS NOT l.${column}`);
  const which = columns.map((column, place) => `WHEN ${differs[place]} THEN '${column}'`).join(' ');
  const order = (alias: string): string => key.map((column) => `${alias}.${column}`).join(', ');
  const [inUse] = await sql.all(
    `SELECT ${values('l')}, ${values('s')}, s.${first} IS NULL AS is_extra, CASE ${which} END AS differing
     FROM live.${table} AS l LEFT JOIN shadow.${table} AS s ON ${sameKey(shape)}
     WHERE ${differs.join(' OR ')} ORDER BY ${order('l')} LIMIT 1`,
  );
  if (inUse !== undefined) return describe(shape, decoded(inUse));
  const [missing] = await sql.all(
    `SELECT ${values('s')} FROM shadow.${table} AS s
     WHERE NOT EXISTS (SELECT 1 FROM live.${table} AS l WHERE ${sameKey(shape)})
     ORDER BY ${order('s')} LIMIT 1`,
  );
  if (missing === undefined) return null;
  return { table, key: keyOf(shape, 's', decoded(missing)), column: null, inUse: null, derived: 'a row' };
}

function describe(shape: Shape, row: Row): Difference {
  const { table } = shape;
  const place = { table, key: keyOf(shape, 'l', row) };
  if (row['is_extra'] === 1) return { ...place, column: null, inUse: 'a row', derived: null };
  const column = String(row['differing']);
  return { ...place, column, inUse: spell(row[`l_${column}`]), derived: spell(row[`s_${column}`]) };
}

function keyOf({ key }: Shape, alias: 'l' | 's', row: Row): string {
  return key.map((column) => `${column} ${spell(row[`${alias}_${column}`])}`).join(', ');
}

// Returns text as bytes and other values as SQL literals.
function shown(column: string): string {
  return `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) ELSE quote(${column}) END`;
}

function spell(value: unknown): string {
  return value instanceof ArrayBuffer ? 'bytes that are not text' : String(value);
}
