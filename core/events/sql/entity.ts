// TypeORM's entity of a table, by which it compares the tables with the migrations.
import { EntitySchema } from 'typeorm';
import { inSql, sqlTypeOf, type TableDefinition } from './table.js';

export function entityOf({ name, columns, indices }: TableDefinition): EntitySchema {
  const options = Object.entries(columns).map(
    ([column, schema]) => [column, { ...sqlTypeOf(schema), name: inSql(column) }] as const,
  );
  return new EntitySchema({
    name,
    tableName: name,
    columns: Object.fromEntries(options),
    indices: [...indices],
  });
}
