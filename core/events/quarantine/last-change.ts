// The last change of a quarantine in a stream, from the derived table.
import type { ReadSql } from '../sql/sql.js';
import { quarantinedEvents } from '../sql/tables.js';

const SELECT = 'SELECT COALESCE(MAX(changed_by), 0) AS "changedBy" FROM quarantined_events WHERE stream = ?';
const row = quarantinedEvents.row.pick({ changedBy: true });

/** See `EventStore.quarantineChange`. */
export async function lastQuarantineChange(sql: Pick<ReadSql, 'first'>, stream: string): Promise<number> {
  return row.parse(await sql.first(SELECT, [stream])).changedBy;
}
