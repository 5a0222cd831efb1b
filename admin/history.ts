// The events of the log that somebody asks for, in order, from a file that a tracker may be writing to.
import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../core/errors.js';
import { parseEventRow, type RecordedEvent, readEvent } from '../core/events/event.js';
import { type LogQuery, readLogHead, readLogRows } from '../core/events/verification/log-reader.js';
import type { Row, Sql } from '../core/events/sql/sql.js';
import type { AccountId } from '../core/ids.js';

export interface HistoryQuery {
  readonly stream?: string | undefined;
  readonly type?: string | undefined;
  /** Events that the account caused or that tell of it. */
  readonly account?: AccountId | undefined;
  /** Milliseconds since the epoch, both included. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** The first position. */
  readonly from?: number | undefined;
  /** At most so many events. */
  readonly limit?: number | undefined;
  /** Whether to wait at the end for what comes, until `signal` aborts. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

const SLICE_EVENTS = 500;
// Commits of another process cannot be heard.
const POLL_MS = 200;

/** Throws an `OperatorError` at a row that is not that of an event. */
export async function* readHistory(
  sql: Pick<Sql, 'all'>,
  query: HistoryQuery,
): AsyncGenerator<RecordedEvent, void> {
  const { account, limit = Number.POSITIVE_INFINITY, follow, signal } = query;
  const where = conditions(query);
  let given = 0;
  for (let after = (query.from ?? 1) - 1; !signal.aborted; ) {
    // Asked before: what is committed in between stands behind it.
    const head = await headPosition(sql);
    const rows = await readLogRows(sql, { after, limit: SLICE_EVENTS, where });
    for (const row of rows) {
      const event = eventOf(row);
      after = event.position;
      if (account !== undefined && !concerns(event, account)) continue;
      yield event;
      given += 1;
      if (given >= limit || signal.aborted) return;
    }
    if (rows.length === SLICE_EVENTS) continue;
    if (!follow) return;
    after = Math.max(after, head);
    await pause(signal);
  }
}

function conditions({ stream, type, since, until }: HistoryQuery): NonNullable<LogQuery['where']> {
  const all = [
    ['stream = ?', stream],
    ['type = ?', type],
    ['recorded_at >= ?', since],
    ['recorded_at <= ?', until],
  ] as const;
  return all.flatMap(([condition, value]) => (value === undefined ? [] : [[condition, value] as const]));
}

function concerns(event: RecordedEvent, account: AccountId): boolean {
  return event.metadata.account === account || Object.values(event.payload).includes(account);
}

function eventOf(row: Row): RecordedEvent {
  try {
    return readEvent(parseEventRow(row));
  } catch (cause) {
    throw new OperatorError(
      `the row at position ${String(row['position'])} of the log is not that of an event`,
      'Run `partyline admin verify`, which says where the damage begins.',
      { cause },
    );
  }
}

async function headPosition(sql: Pick<Sql, 'all'>): Promise<number> {
  const position = (await readLogHead(sql))?.['position'];
  return typeof position === 'number' ? position : 0;
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await delay(POLL_MS, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
