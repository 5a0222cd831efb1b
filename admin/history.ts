// The events of the log that match a query, in order, read from a file that a tracker may be writing to.
import { OperatorError } from '../core/errors.js';
import { parseEventRow, type RecordedEvent, readEvent } from '../core/events/event.js';
import { type LogQuery, readLogHead, readLogRows } from '../core/events/verification/log-reader.js';
import type { Row, Sql } from '../core/events/sql/sql.js';
import type { AccountId } from '../core/ids.js';
import type { Schedule } from '../core/time/clock.js';
import { delay } from '../core/time/wait.js';

export interface HistoryQuery {
  readonly stream?: string | undefined;
  readonly type?: string | undefined;
  /** Only events that the account caused or that name it. */
  readonly account?: AccountId | undefined;
  /** Milliseconds since the epoch; both bounds are inclusive. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** The position to start at. */
  readonly from?: number | undefined;
  /** The greatest number of events. */
  readonly limit?: number | undefined;
  /** Whether to wait for new events at the end of the log, until `signal` aborts. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** The timers for the waits between polls. */
  readonly schedule: Schedule;
}

const SLICE_EVENTS = 500;
// A process is not notified of another process's commits, so it polls.
const POLL_MS = 200;

/** Throws an `OperatorError` at a row that does not hold an event. */
export async function* readHistory(
  sql: Pick<Sql, 'all'>,
  query: HistoryQuery,
): AsyncGenerator<RecordedEvent, void> {
  const { account, limit = Number.POSITIVE_INFINITY, follow, signal, schedule } = query;
  const where = conditions(query);
  let given = 0;
  for (let after = (query.from ?? 1) - 1; !signal.aborted; ) {
    // The head is read before the rows, so that later commits have later positions.
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
    await delay(schedule, POLL_MS, signal);
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
      `the row at position ${String(row['position'])} of the log does not hold an event`,
      'Run `partyline admin verify` to find where the damage begins.',
      { cause },
    );
  }
}

async function headPosition(sql: Pick<Sql, 'all'>): Promise<number> {
  const position = (await readLogHead(sql))?.['position'];
  return typeof position === 'number' ? position : 0;
}
