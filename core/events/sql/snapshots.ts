// Stored snapshots of aggregates, which make waking an aggregate faster. They are a cache: a missing, outdated or
// unreadable snapshot is replaced by a replay of the log. All of them may be deleted at any time.
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import type { Log } from '../../log.js';
import type { ReadSql } from './sql.js';
import type { Writer } from './writer.js';

export interface Snapshot {
  /** The version of the machine that made the snapshot. Other versions cannot read it. */
  readonly machineVersion: number;
  /** The stream version that the snapshot reflects. */
  readonly version: number;
  readonly state: JsonObject;
}

export interface Snapshots {
  /**
   * Returns the stored snapshot for that machine version; null if there is none. Rejects with `StoreUnavailableError`.
   */
  load(stream: string, machineVersion: number): Promise<Snapshot | null>;
  /** Replaces the stored snapshot later. A failure is logged and only makes the next wake slower. */
  keep(stream: string, snapshot: Snapshot): void;
}

const row = z.object({
  version: z.coerce.number().int().positive(),
  state: z.string().transform(parseJson).pipe(z.record(z.string(), z.json())),
});

// Returns `undefined`, which is not a valid state, for text that is not JSON.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

export function createSqlSnapshots(reads: ReadSql, writer: Writer, log: Log): Snapshots {
  const select = 'SELECT version, state FROM snapshots WHERE stream = ? AND machine_version = ?';
  const upsert = `INSERT INTO snapshots (stream, machine_version, version, state) VALUES (?, ?, ?, ?)
    ON CONFLICT (stream) DO UPDATE SET machine_version = excluded.machine_version,
      version = excluded.version, state = excluded.state`;
  return {
    async load(stream, machineVersion) {
      const [found] = await reads.all(select, [stream, machineVersion]);
      if (found === undefined) return null;
      const parsed = row.safeParse(found);
      if (parsed.success) return { machineVersion, ...parsed.data };
      log.warn(
        { stream, issues: parsed.error.issues },
        'a snapshot cannot be read; the log is replayed instead',
      );
      return null;
    },
    keep(stream, { machineVersion, version, state }) {
      const values = [stream, machineVersion, version, JSON.stringify(state)];
      writer
        .write((sql) => sql.run(upsert, values))
        .catch((thrown: unknown) => {
          log.warn({ err: thrown, stream }, `a snapshot could not be stored: ${messageOf(thrown)}`);
        });
    },
  };
}
