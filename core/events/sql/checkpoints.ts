// Checkpoints: the log position that each reader has reached.
import type { ReadSql } from './sql.js';
import { upsertInto } from './table.js';
import { checkpoints } from './tables.js';
import type { Writer } from './writer.js';

export interface Checkpoints {
  /** The position up to which `name` has handled the log; 0 initially. */
  load(name: string): Promise<number>;
  save(name: string, position: number): Promise<void>;
}

const row = checkpoints.row.pick({ position: true });

export function createSqlCheckpoints(reads: ReadSql, writer: Writer): Checkpoints {
  return {
    async load(name) {
      const [found] = await reads.all('SELECT position FROM checkpoints WHERE name = ?', [name]);
      return found === undefined ? 0 : row.parse(found).position;
    },
    save: (name, position) =>
      writer.write(async (sql) => void (await sql.run(...upsertInto(checkpoints, { name, position })))),
  };
}
