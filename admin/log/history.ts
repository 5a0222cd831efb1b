// The events of the log that match a query, in order, read from a file that a tracker may be writing to.
import type { LoggedEvent } from '../../core/events/event.js';
import { type LogQuery, readLogRows } from '../../core/events/verification/log-reader.js';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import type { Sql } from '../../core/events/sql/sql.js';
import type { Schedule } from '../../core/time/clock.js';
import { delay } from '../../core/time/wait.js';
import { lastPosition, type Span } from '../moment.js';
import { loggedEventOfRow } from './event-row.js';

export interface HistoryQuery {
  readonly stream?: string | undefined;
  readonly type?: string | undefined;
  /** Only events that involve every one of these accounts: the account caused the event, or the event names it. */
  readonly accounts?: readonly string[];
  readonly span: Span;
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
): AsyncGenerator<LoggedEvent, void> {
  const { accounts = [], span, limit = Number.POSITIVE_INFINITY, follow, signal, schedule } = query;
  const where = conditions(query);
  let given = 0;
  for (let { after } = span; !signal.aborted && after < span.upTo; ) {
    // The head is read before the rows, so that later commits have later positions.
    const head = await lastPosition(sql);
    const rows = await readLogRows(sql, { after, limit: SLICE_EVENTS, where });
    const quarantines = await readQuarantines(sql);
    for (const row of rows) {
      const event = loggedEventOfRow(row, quarantines);
      after = event.position;
      if (!accounts.every((account) => concerns(event, account))) continue;
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

function conditions({ stream, type, span: { upTo } }: HistoryQuery): NonNullable<LogQuery['where']> {
  const all = [
    ['stream = ?', stream],
    ['type = ?', type],
    ['position <= ?', Number.isFinite(upTo) ? upTo : undefined],
  ] as const;
  return all.flatMap(([condition, value]) => (value === undefined ? [] : [[condition, value] as const]));
}

function concerns(event: LoggedEvent, account: string): boolean {
  return event.metadata.account === account || Object.values(event.payload).includes(account);
}
