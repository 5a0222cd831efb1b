// The reading of events for a capsule: one stream, or the events at some positions.
import type { RecordedEvent } from '../../core/events/event.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { events } from '../../core/events/sql/tables.js';
import { decoded, uncheckedColumnsOf } from '../../core/events/verification/log-reader.js';
import { eventOfRow } from '../log/event-row.js';

const SLICE_EVENTS = 500;
const SELECT = `SELECT ${uncheckedColumnsOf(events)} FROM events`;

/** The events of a stream up to a position. Throws an `OperatorError` if a row does not hold an event. */
export async function* eventsOfStream(
  sql: Pick<Sql, 'all'>,
  stream: string,
  upTo: number,
): AsyncGenerator<RecordedEvent, void> {
  const statement = `${SELECT} WHERE stream = ? AND version > ? ORDER BY version LIMIT ${SLICE_EVENTS}`;
  for (let version = 0; ; ) {
    const rows = await sql.all(statement, [stream, version]);
    for (const row of rows) {
      const event = eventOfRow(decoded(row));
      if (event.position > upTo) return;
      ({ version } = event);
      yield event;
    }
    if (rows.length < SLICE_EVENTS) return;
  }
}

/** The events at positions, which are in ascending order; slice by slice. */
export async function* eventsAt(
  sql: Pick<Sql, 'all'>,
  positions: readonly number[],
): AsyncGenerator<readonly RecordedEvent[], void> {
  for (let from = 0; from < positions.length; from += SLICE_EVENTS) {
    const slice = positions.slice(from, from + SLICE_EVENTS);
    const places = slice.map(() => '?').join(', ');
    const rows = await sql.all(`${SELECT} WHERE position IN (${places}) ORDER BY position`, slice);
    yield rows.map((row) => eventOfRow(decoded(row)));
  }
}
