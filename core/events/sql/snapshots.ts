// States of aggregates kept so that waking one need not read all of its events. A cache: what is missing, old or unreadable
// is replayed from the log, and everything here may be deleted at any time.
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import type { Log } from '../../log.js';
import type { ReadSql } from './sql.js';
import type { Writer } from './writer.js';

export interface Snapshot {
  /** Of the machine that made it; another one cannot read it. */
  readonly machineVersion: number;
  /** The stream's version that it reflects. */
  readonly version: number;
  readonly state: JsonObject;
}

export interface Snapshots {
  /** The last one kept for that machine version; null if there is none. Rejects with `StoreUnavailableError`. */
  load(stream: string, machineVersion: number): Promise<Snapshot | null>;
  /** Keeps it in place of the one before, some time later; what fails is logged, and costs only time. */
  keep(stream: string, snapshot: Snapshot): void;
}

const row = z.object({
  version: z.coerce.number().int().positive(),
  state: z.string().transform(parseJson).pipe(z.record(z.string(), z.json())),
});

// `undefined`, which is no state, for what is no JSON.
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
      log.warn({ stream, issues: parsed.error.issues }, 'a snapshot cannot be read: the log is read instead');
      return null;
    },
    keep(stream, { machineVersion, version, state }) {
      const values = [stream, machineVersion, version, JSON.stringify(state)];
      writer
        .write((sql) => sql.run(upsert, values))
        .catch((thrown: unknown) => {
          log.warn({ err: thrown, stream }, `a snapshot could not be kept: ${messageOf(thrown)}`);
        });
    },
  };
}
