// Stored snapshots of aggregates, which make waking an aggregate faster. They are a cache: a snapshot that is missing,
// outdated, unreadable or not the tracker's own is replaced by a replay of the log. All of them may be deleted at any time.
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import type { JsonObject } from '../../json.js';
import type { Log } from '../../log.js';
import type { Head } from '../chain.js';
import { lastQuarantineChange } from '../quarantine/last-change.js';
import type { SnapshotSeal } from '../snapshot-seal.js';
import type { ReadSql } from './sql.js';
import { upsertInto } from './table.js';
import { snapshots } from './tables.js';
import type { Writer } from './writer.js';

export interface Snapshot {
  /** The version of the machine that made the snapshot. Other versions cannot read it. */
  readonly machineVersion: number;
  /** The stream version that the snapshot reflects. */
  readonly version: number;
  /** The position and the chain's hash of the event with that version. */
  readonly at: Head;
  readonly state: JsonObject;
}

/** A snapshot to store. */
export interface NewSnapshot extends Snapshot {
  /** The last change of a quarantine in the stream that the state reflects; see `EventStore.quarantineChange`. */
  readonly quarantineChange: number;
}

export interface Snapshots {
  /**
   * Returns the stored snapshot for that machine version; null if no such snapshot is stored. A snapshot that this tracker did
   * not seal, or that does not belong to this log, is logged and deleted. Rejects with `StoreUnavailableError`.
   */
  load(stream: string, machineVersion: number): Promise<Snapshot | null>;
  /**
   * Replaces the stored snapshot later, unless a quarantine in the stream has changed since: every such change deletes the
   * snapshots of the stream. A failure is logged and only makes the next wake slower.
   */
  keep(stream: string, snapshot: NewSnapshot): void;
}

const row = z.object({
  version: z.coerce.number().int().positive(),
  position: z.coerce.number().int().positive(),
  hash: z.string(),
  text: z.string(),
  seal: z.string(),
  /** The hash of the event in the log; null if the log has no such event. */
  logged: z.string().nullable(),
});

const stateSchema = z.string().transform(parseJson).pipe(z.record(z.string(), z.json()));

// Returns `undefined`, which is not a valid state, for text that is not JSON.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

const SELECT = `SELECT s.version, s.position, s.hash, s.state AS text, s.seal, e.hash AS logged
  FROM snapshots s LEFT JOIN events e ON e.stream = s.stream AND e.version = s.version AND e.position = s.position
  WHERE s.stream = ? AND s.machine_version = ?`;
// Deletes only the row that was read: a newer snapshot may have replaced it.
const DROP = 'DELETE FROM snapshots WHERE stream = ? AND machine_version = ? AND seal = ?';

export function createSqlSnapshots(reads: ReadSql, writer: Writer, seals: SnapshotSeal, log: Log): Snapshots {
  function drop(stream: string, machineVersion: number, seal: unknown, problem: string): null {
    log.warn({ stream, problem }, 'a snapshot was dropped; the log is replayed instead');
    if (typeof seal !== 'string') return null;
    writer
      .write((sql) => sql.run(DROP, [stream, machineVersion, seal]))
      .catch((thrown: unknown) => {
        log.warn({ err: thrown, stream }, `a snapshot could not be deleted: ${messageOf(thrown)}`);
      });
    return null;
  }

  return {
    async load(stream, machineVersion) {
      const [found] = await reads.all(SELECT, [stream, machineVersion]);
      if (found === undefined) return null;
      const wrong = (problem: string): null => drop(stream, machineVersion, found['seal'], problem);
      const parsed = row.safeParse(found);
      if (!parsed.success) return wrong('its row cannot be read');
      const { version, position, hash, text, seal, logged } = parsed.data;
      const at = { position, hash };
      if (!seals.isSealed({ stream, machineVersion, version, at, state: text }, seal)) {
        return wrong('its seal is not by this tracker');
      }
      if (logged !== hash) return wrong('its event is not in this log');
      const state = stateSchema.safeParse(text);
      return state.success ? { machineVersion, version, at, state: state.data } : wrong('it is not a state');
    },
    keep(stream, { machineVersion, version, at, state, quarantineChange }) {
      const text = JSON.stringify(state);
      const seal = seals.seal({ stream, machineVersion, version, at, state: text });
      const kept = { stream, machineVersion, version, ...at, state: text, seal };
      writer
        .write(async (sql) => {
          const last = await lastQuarantineChange(sql, stream);
          if (last === quarantineChange) await sql.run(...upsertInto(snapshots, kept));
        })
        .catch((thrown: unknown) => {
          log.warn({ err: thrown, stream }, `a snapshot could not be stored: ${messageOf(thrown)}`);
        });
    },
  };
}
