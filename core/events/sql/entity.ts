// The TypeORM entity of a table. TypeORM compares it with the table that the migrations made.
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
