// The check of stored snapshots: each must be sealed by the tracker, belong to an event of this log, and equal the state
// that a replay of its stream gives. It changes nothing.
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { JsonObject } from '../../json.js';
import { reasonOf } from '../../reason.js';
import { StoreUnavailableError } from '../errors.js';
import { type EventRow, parseEventRow, type RecordedEvent, readEvent } from '../event.js';
import type { Quarantines } from '../quarantine/quarantines.js';
import type { SnapshotSeal } from '../snapshot-seal.js';
import type { Row, Sql } from '../sql/sql.js';
import type { RowOf } from '../sql/table.js';
import { snapshots } from '../sql/tables.js';
import { decoded, readLogRows, uncheckedColumnsOf } from './log-reader.js';

/** The replay of one stream from its first event. Its methods throw if this version cannot apply an event. */
export interface Replay {
  next(event: RecordedEvent): void;
  /** The state after the events so far, as a snapshot stores it. */
  state(): JsonObject;
}

export interface SnapshotCheck {
  readonly seals: SnapshotSeal;
  /** Starts a replay; null if this version has no machine of that version for the stream. */
  readonly startReplay: (stream: string, machineVersion: number) => Replay | null;
}

export interface WrongSnapshot {
  /** The row in the table of snapshots. */
  readonly rowId: number;
  readonly stream: string;
  /** Completes "the snapshot of a stream …". */
  readonly problem: string;
  /** The correct row to replace it; null if the log gives no correct row. */
  readonly right: SnapshotRow | null;
}

const SLICE_SNAPSHOTS = 50;
const SLICE_EVENTS = 500;

const SELECT = `SELECT rowid AS "rowId", ${uncheckedColumnsOf(snapshots)}
  FROM snapshots WHERE rowid > ? ORDER BY rowid LIMIT ?`;

const place = z.number().int().positive();
const identified = z.object({ rowId: z.number().int(), stream: z.string().catch('unknown') });
const snapshotRow = snapshots.row.extend({ machineVersion: place, version: place, position: place });
type SnapshotRow = RowOf<typeof snapshots>;

/**
 * Yields every wrong snapshot. Reads slice by slice, without a transaction of its own.
 *
 * @param quarantines the events that a replay passes over
 */
export async function* wrongSnapshots(
  sql: Pick<Sql, 'all'>,
  { seals, startReplay }: SnapshotCheck,
  quarantines: Quarantines,
): AsyncGenerator<WrongSnapshot> {
  for (let after = Number.NEGATIVE_INFINITY; ; ) {
    const rows = (await sql.all(SELECT, [after, SLICE_SNAPSHOTS])).map(decoded);
    for (const row of rows) {
      const { rowId, stream } = identified.parse(row);
      after = rowId;
      const wrong = await wrongIn(row);
      if (wrong !== null) yield { rowId, stream, ...wrong };
    }
    if (rows.length < SLICE_SNAPSHOTS) return;
  }

  async function wrongIn(row: Row): Promise<Pick<WrongSnapshot, 'problem' | 'right'> | null> {
    const parsed = snapshotRow.safeParse(row);
    if (!parsed.success) return { problem: 'cannot be read', right: null };
    const found = parsed.data;
    const { stream, machineVersion, version, position, hash, state } = found;
    const at = { position, hash };
    const isSealed = seals.isSealed({ stream, machineVersion, version, at, state }, found.seal);
    const replay = startReplay(stream, machineVersion);
    let last: EventRow | null;
    try {
      last = await replayed(stream, version, replay);
    } catch (thrown) {
      if (thrown instanceof StoreUnavailableError) throw thrown;
      return { problem: `has events that this version cannot replay (${reasonOf(thrown)})`, right: null };
    }
    if (last === null) return { problem: 'reflects events that the log does not have', right: null };
    const right = rightFor(found, last, replay);
    if (!isSealed) return { problem: 'is not sealed by the key of this tracker', right };
    if (last.position !== position || last.hash !== hash) {
      return { problem: 'belongs to another log', right };
    }
    if (replay === null || isDeepStrictEqual(parsedState(state), plain(replay.state()))) return null;
    return { problem: 'differs from the state that its events give', right };
  }

  function rightFor(
    { stream, machineVersion, version }: SnapshotRow,
    last: EventRow,
    replay: Replay | null,
  ): SnapshotRow | null {
    if (replay === null) return null;
    const at = { position: last.position, hash: last.hash };
    const state = JSON.stringify(replay.state());
    const seal = seals.seal({ stream, machineVersion, version, at, state });
    return { stream, machineVersion, version, ...at, state, seal };
  }

  /** Applies the events up to `version`. Returns the last of these events; null if the stream is shorter. */
  async function replayed(stream: string, version: number, replay: Replay | null): Promise<EventRow | null> {
    let last: EventRow | null = null;
    for (;;) {
      const where = [
        ['stream = ?', stream],
        ['version <= ?', version],
      ] as const;
      const after: number = last?.position ?? Number.NEGATIVE_INFINITY;
      const rows = await readLogRows(sql, { after, limit: SLICE_EVENTS, where });
      for (const row of rows) {
        last = parseEventRow(row);
        if (!quarantines.has(last.position)) replay?.next(readEvent(last));
      }
      if (rows.length < SLICE_EVENTS) return last?.version === version ? last : null;
    }
  }
}

const plain = (state: JsonObject): unknown => JSON.parse(JSON.stringify(state));

function parsedState(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
