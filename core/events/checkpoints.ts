// How far each reader of the log has come.
import type { DataSource } from 'typeorm';
import { checkpointTable } from './tables.js';
import type { Writer } from './writer.js';

export interface Checkpoints {
  /** The position up to which `name` has handled the log; 0 at first. */
  load(name: string): Promise<number>;
  save(name: string, position: number): Promise<void>;
}

export function createSqlCheckpoints(reader: DataSource, writer: Writer): Checkpoints {
  const upsert = `INSERT INTO checkpoints (name, position) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position`;
  return {
    async load(name) {
      return (await reader.getRepository(checkpointTable).findOneBy({ name }))?.position ?? 0;
    },
    save: (name, position) => writer.write(async (sql) => void (await sql.run(upsert, [name, position]))),
  };
}
