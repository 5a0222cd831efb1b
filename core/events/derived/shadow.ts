// Shadow tables: empty twins of the derived tables in a temporary database beside the real one, which can be filled anew,
// compared with those in use, and put in their place. All that is particular to SQLite about it is here.
import { pathToFileURL } from 'node:url';
import Libsql from 'libsql';
import { z } from 'zod';
import { invariant } from '../../errors.js';
import { keepAliveSchedule, type Schedule } from '../../time/clock.js';
import { decoded } from '../verification/log-reader.js';
import type { Row, WriteConnection } from '../sql/sql.js';
import { sqliteWriter } from '../sql/sqlite.js';

export interface ShadowOptions {
  /** The database in use; others may be writing to it. */
  readonly file: string;
  /** The derived tables. */
  readonly tables: readonly string[];
  /** Whether `replace` will be called; else the database in use cannot be written at all. */
  readonly forWriting: boolean;
  /** For the waits on another process's lock; the system's timers if not set. */
  readonly schedule?: Schedule;
}

/** A row of a table in use that is not as derived: `column` null where the whole row is. */
export interface Difference {
  readonly table: string;
  readonly key: string;
  readonly column: string | null;
  /** Null where there is none. */
  readonly inUse: string | null;
  readonly derived: string | null;
}

export interface Shadow {
  /**
   * The name of a derived table means its shadow, any other name what is in use. `begin` holds up whoever writes to the
   * database in use; a plain `BEGIN` does not.
   */
  readonly sql: WriteConnection;
  /** Fails if the database in use has not all of the tables. */
  prepare(): Promise<void>;
  /** The first difference between tables in use and their shadows; null if they are equal. */
  difference(): Promise<Difference | null>;
  /** Makes the tables in use equal to their shadows, inside an open transaction; gives the number of rows taken out and put in. */
  replace(): Promise<number>;
  close(): void;
}

// The shadow's pages in memory; the rest is on the disk.
const CACHE_KIB = 65_536;
const LOCK_PATIENCE_MS = 5_000;

/**
 * The temporary database has no name on the disk: however this process ends, nothing of it is left.
 * It is attached before the one in use, so that SQLite finds its tables first.
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
  const place = `${pathToFileURL(file).href}?mode=${forWriting ? 'rw' : 'ro'}`;
  connection.prepare('ATTACH ? AS live').run([place]);
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
    async replace() {
      let rows = 0;
      for (const shape of shapes) {
        const { table, columns } = shape;
        const names = columns.join(', ');
        // Rows that are right stay as they are: less to write, and less time in which nobody else can.
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

// Text as bytes, and other things as SQL writes them.
function shown(column: string): string {
  return `CASE typeof(${column}) WHEN 'text' THEN CAST(${column} AS BLOB) ELSE quote(${column}) END`;
}

function spell(value: unknown): string {
  return value instanceof ArrayBuffer ? 'bytes that are no text' : String(value);
}
