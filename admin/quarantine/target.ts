// The event that the operator quarantines or releases: its row, its present quarantine, and why this version cannot read it. It
// changes nothing.
import { aggregateOf } from '../state/aggregates.js';
import { startReplay, whyUnknown } from '../../actors/host.js';
import { derivedTables, trackerProjections } from '../../actors/projections/derived.js';
import { OperatorError } from '../../core/errors.js';
import { faultOf, GENESIS } from '../../core/events/chain.js';
import { openShadow, type Shadow } from '../../core/events/derived/shadow.js';
import { StoreUnavailableError } from '../../core/events/errors.js';
import { type EventRow, parseEventRow, type RecordedEvent, readEvent } from '../../core/events/event.js';
import {
  type QuarantinedPlace,
  type Quarantines,
  readQuarantines,
} from '../../core/events/quarantine/quarantines.js';
import { rowReason } from '../../core/events/reading.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { isOfEvent } from '../../core/events/unhandled.js';
import { readLogRows } from '../../core/events/verification/log-reader.js';
import type { Replay } from '../../core/events/verification/snapshot-check.js';
import { reasonOf } from '../../core/reason.js';
import type { AdminHome } from '../home.js';
import { lastPosition } from '../moment.js';
import { brokenLog } from '../verify.js';

export interface Target {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  /** Null if the event is not quarantined. */
  readonly quarantine: QuarantinedPlace | null;
  /** Why this version cannot read the event; null if it can. */
  readonly problem: string | null;
  /** An earlier event of the same stream that cannot be read and is not quarantined; null if no such event exists. */
  readonly earlier: number | null;
  /** The number of later events in the same stream. */
  readonly later: number;
}

const SLICE_EVENTS = 500;

/**
 * Throws an `OperatorError` if the log has no event at the position, or if the event is not as it was written.
 *
 * @param forWriting see `ShadowOptions`
 */
export async function findTarget(
  { file, reader }: Pick<AdminHome, 'file' | 'reader'>,
  position: number,
  forWriting: boolean,
): Promise<Target> {
  const row = await rowAt(reader, position);
  const { stream, version, type } = row;
  const quarantines = await readQuarantines(reader);
  const shadow = openShadow({ file, tables: derivedTables, forWriting });
  try {
    await shadow.prepare();
    const found = await problemOf({ reader, shadow, quarantines }, row);
    const later = await laterThan(reader, row);
    return {
      position,
      stream,
      version,
      type,
      quarantine: quarantines.get(position) ?? null,
      ...found,
      later,
    };
  } finally {
    shadow.close();
  }
}

async function rowAt(reader: AdminHome['reader'], position: number): Promise<EventRow> {
  const rows = await readLogRows(reader, { after: position - 2, limit: 2 });
  const [before, found] = position === 1 ? [undefined, rows[0]] : rows;
  if (found === undefined || found['position'] !== position) {
    throw new OperatorError(
      `the log has no event at position ${position}: it ends at position ${await lastPosition(reader)}`,
      'Run `partyline admin verify`, which names the event that cannot be read.',
    );
  }
  try {
    const row = parseEventRow(found);
    const { hash } = before === undefined ? GENESIS : parseEventRow(before);
    const fault = faultOf({ position: position - 1, hash }, row);
    if (fault !== null) throw brokenLog(position, fault);
    return row;
  } catch (thrown) {
    throw thrown instanceof OperatorError ? thrown : brokenLog(position, reasonOf(thrown));
  }
}

interface Reading {
  readonly reader: Pick<Sql, 'all'>;
  readonly shadow: Shadow;
  readonly quarantines: Quarantines;
}

type Problem = Pick<Target, 'problem' | 'earlier'>;

/** Reads the stream of the event up to the event, with the machine and into the shadow tables. */
async function problemOf({ reader, shadow, quarantines }: Reading, target: EventRow): Promise<Problem> {
  const apart = whyNotEvent(target);
  const aggregate = aggregateOf(target.stream);
  const replay = aggregate && startReplay(target.stream, aggregate.machineVersion);
  if (apart !== null || replay === null) return { problem: apart, earlier: null };
  for await (const row of rowsUpTo(reader, target)) {
    const isTarget = row.position === target.position;
    if (quarantines.has(row.position) && !isTarget) continue;
    const problem = whyNotEvent(row) ?? (await whyNotApplied(readEvent(row), replay, shadow));
    if (isTarget) return { problem, earlier: null };
    if (problem !== null) return { problem: null, earlier: row.position };
  }
  return { problem: null, earlier: null };
}

/** Why the row alone is not an event that this version knows; null if it is. */
function whyNotEvent(row: EventRow): string | null {
  try {
    return whyUnknown(readEvent(row));
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    return rowReason(reasonOf(thrown));
  }
}

async function whyNotApplied(event: RecordedEvent, replay: Replay, { sql }: Shadow): Promise<string | null> {
  try {
    replay.next(event);
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    return reasonOf(thrown);
  }
  for (const projection of trackerProjections) {
    try {
      await projection.apply(event, sql);
    } catch (thrown) {
      if (thrown instanceof StoreUnavailableError || !isOfEvent(thrown)) throw thrown;
      return `the tables of ${projection.name} cannot apply it (${reasonOf(thrown)})`;
    }
  }
  return null;
}

async function* rowsUpTo(
  reader: Pick<Sql, 'all'>,
  { stream, version }: EventRow,
): AsyncGenerator<EventRow, void> {
  for (let from = 1; from <= version; from += SLICE_EVENTS) {
    const to = Math.min(version, from + SLICE_EVENTS - 1);
    const where = [
      ['stream = ?', stream],
      ['version >= ?', from],
      ['version <= ?', to],
    ] as const;
    for (const row of await readLogRows(reader, { after: 0, limit: SLICE_EVENTS, where })) {
      yield parseEventRow(row);
    }
  }
}

async function laterThan(reader: Pick<Sql, 'all'>, { stream, version }: EventRow): Promise<number> {
  const [row] = await reader.all('SELECT MAX(version) AS last FROM events WHERE stream = ?', [stream]);
  return Number(row?.['last']) - version;
}
