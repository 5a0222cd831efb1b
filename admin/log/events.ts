// Single events of the log by their positions.
import type { LoggedEvent } from '../../core/events/event.js';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { readLogRows } from '../../core/events/verification/log-reader.js';
import { loggedEventOfRow } from './event-row.js';

/** The events at some positions, by position. A position without an event is absent. */
export async function readEventsAt(
  sql: Pick<Sql, 'all'>,
  positions: readonly number[],
): Promise<ReadonlyMap<number, LoggedEvent>> {
  const events = new Map<number, LoggedEvent>();
  const quarantines = await readQuarantines(sql);
  for (const position of new Set(positions)) {
    const where = [['position = ?', position]] as const;
    const [row] = await readLogRows(sql, { after: position - 1, limit: 1, where });
    if (row !== undefined) events.set(position, loggedEventOfRow(row, quarantines));
  }
  return events;
}
