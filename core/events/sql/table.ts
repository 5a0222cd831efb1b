// The definition of an SQL table, from which everything about its columns derives: the parser of its rows, the column lists of
// SELECT and INSERT, and TypeORM's entity (see entity.ts). A column is a zod schema of its value with an SQL type.
import type { EntitySchemaColumnOptions, EntitySchemaIndexOptions } from 'typeorm';
import { z } from 'zod';
import { invariant } from '../../errors.js';
import type { SqlValue } from './sql.js';

/** The columns of a table by their names in the program, in the order of the table. */
export type Columns = Readonly<Record<string, z.ZodType<SqlValue | boolean>>>;

export interface TableDefinition {
  /** The table's name in SQL. */
  readonly name: string;
  readonly columns: Columns;
  /** The indices. Columns have their names in the program, not in SQL. */
  readonly indices: readonly EntitySchemaIndexOptions[];
}

export interface Table<C extends Columns> extends TableDefinition {
  readonly columns: C;
  /** Parses a row that was read with the column list of this table. */
  readonly row: z.ZodObject<C>;
}

/** A row of the table, for example `RowOf<typeof rooms>`. */
export type RowOf<T extends TableDefinition> = {
  readonly [K in keyof T['columns']]: z.output<T['columns'][K]>;
};

const sqlTypes = new WeakMap<z.ZodType, EntitySchemaColumnOptions>();

/** Text of at most `length` characters. */
export const text = <T extends z.ZodType>(length: number, schema: T): T =>
  typed(schema, { type: 'varchar', length });

/** Text of any length. */
export const longText = <T extends z.ZodType>(schema: T): T => typed(schema, { type: 'text' });

/** A 64-bit integer: a position, a version, or a time in milliseconds. PostgreSQL returns it as text. */
export const bigint = () => typed(z.coerce.number().int(), { type: 'bigint' });

export const integer = () => typed(z.coerce.number().int(), { type: 'integer' });

/** A boolean, which SQLite returns as a number. */
export const flag = (byDefault?: 'TRUE' | 'FALSE') =>
  typed(z.coerce.boolean(), {
    type: 'boolean',
    ...(byDefault === undefined ? {} : { default: () => byDefault }),
  });

export const nullable = <T extends z.ZodType>(schema: T): z.ZodNullable<T> =>
  typed(z.nullable(schema), { ...sqlTypeOf(schema), nullable: true });

export const primary = <T extends z.ZodType>(schema: T): T =>
  typed(schema, { ...sqlTypeOf(schema), primary: true });

export const defineTable = <const C extends Columns>(
  name: string,
  columns: C,
  indices: readonly EntitySchemaIndexOptions[] = [],
): Table<C> => ({ name, columns, indices, row: z.object(columns) });

/**
 * The list of columns for a SELECT, with the column names of the program.
 * @param alias the table's name in the query
 * @param only the columns to read; by default all
 */
export function columnsOf<C extends Columns>(
  { columns }: Table<C>,
  alias?: string,
  only: readonly (keyof C & string)[] = columnNames(columns),
): string {
  const from = alias === undefined ? '' : `${alias}.`;
  return only.map((column) => `${from}${inSql(column)} AS "${column}"`).join(', ');
}

/** A SELECT of all columns of the table, to be continued with WHERE. */
export const selectFrom = <C extends Columns>(table: Table<C>): string =>
  `SELECT ${columnsOf(table)} FROM ${table.name}`;

type Statement = readonly [statement: string, values: readonly SqlValue[]];

/**
 * The INSERT of one row and its values. Columns without a value get their default. Booleans are part of the statement, because
 * SQLite's driver accepts no boolean value.
 */
export function insertInto<C extends Columns>(table: Table<C>, row: Partial<RowOf<Table<C>>>): Statement {
  const values: SqlValue[] = [];
  const given = givenColumns(table, row);
  const marks = given.map((column) => {
    const value: SqlValue | boolean | undefined = row[column];
    if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
    values.push(value ?? null);
    return '?';
  });
  const statement = `INSERT INTO ${table.name} (${given.map(inSql).join(', ')}) VALUES (${marks.join(', ')})`;
  return [statement, values];
}

/** Like `insertInto`, but does nothing if the table has a row with the same key. */
export function insertIfAbsent<C extends Columns>(table: Table<C>, row: Partial<RowOf<Table<C>>>): Statement {
  const [insert, values] = insertInto(table, row);
  return [`${insert} ON CONFLICT DO NOTHING`, values];
}

/** Like `insertInto`, but replaces the given columns of a row with the same primary key. */
export function upsertInto<C extends Columns>(table: Table<C>, row: Partial<RowOf<Table<C>>>): Statement {
  const [insert, values] = insertInto(table, row);
  const isKey = (column: keyof C): boolean => sqlTypeOf(table.columns[column]).primary === true;
  const given = givenColumns(table, row);
  const key = given.filter(isKey).map(inSql).join(', ');
  const changes = given
    .filter((column) => !isKey(column))
    .map((column) => `${inSql(column)} = excluded.${inSql(column)}`);
  return [`${insert} ON CONFLICT (${key}) DO UPDATE SET ${changes.join(', ')}`, values];
}

/** The columns of the table that the row has a value for, in the order of the table. */
const givenColumns = <C extends Columns>({ columns }: Table<C>, row: Partial<RowOf<Table<C>>>) =>
  columnNames(columns).filter((column) => column in row);

const namesInSql = new Map<string, string>();

/** A column's name in SQL: `registeredAt` is `registered_at`. */
export function inSql(column: string): string {
  let name = namesInSql.get(column);
  if (name === undefined) {
    name = column.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    namesInSql.set(column, name);
  }
  return name;
}

/** `Object.keys` with the type of the keys. */
const columnNames = <C extends Columns>(columns: C): readonly (keyof C & string)[] => Object.keys(columns);

/** A copy of the schema with its SQL type: one schema may serve several columns. */
function typed<T extends z.ZodType>(schema: T, options: EntitySchemaColumnOptions): T {
  const copy = schema.clone();
  sqlTypes.set(copy, options);
  return copy;
}

export function sqlTypeOf(schema: z.ZodType | undefined): EntitySchemaColumnOptions {
  const options = schema && sqlTypes.get(schema);
  invariant(options !== undefined, 'a column has an SQL type');
  return options;
}
