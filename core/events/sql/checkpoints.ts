// Checkpoints: the log position that each reader has reached.
import { z } from 'zod';
import type { ReadSql } from './sql.js';
import type { Writer } from './writer.js';

export interface Checkpoints {
  /** The position up to which `name` has handled the log; 0 initially. */
  load(name: string): Promise<number>;
  save(name: string, position: number): Promise<void>;
}

const row = z.object({ position: z.coerce.number().int().nonnegative() });

export function createSqlCheckpoints(reads: ReadSql, writer: Writer): Checkpoints {
  const upsert = `INSERT INTO checkpoints (name, position) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position`;
  return {
    async load(name) {
      const [found] = await reads.all('SELECT position FROM checkpoints WHERE name = ?', [name]);
      return found === undefined ? 0 : row.parse(found).position;
    },
    save: (name, position) => writer.write(async (sql) => void (await sql.run(upsert, [name, position]))),
  };
}
