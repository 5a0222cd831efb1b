// The event store in SQL. It appends through the writer and reads committed data through the reader.
import type { Clock } from '../../time/clock.js';
import { invariant } from '../../errors.js';
import { type EventRow, type LoggedEvent, parseEventRow, quarantinedEvent, readEvent } from '../event.js';
import type { Projection } from '../derived/projector.js';
import { lastQuarantineChange } from '../quarantine/last-change.js';
import { createRecent } from '../recent.js';
import type { ReadSql, Row } from './sql.js';
import { appendInTransaction } from './append.js';
import type { EventStore, Slice } from '../store.js';
import { columnsOf, selectFrom } from './table.js';
import { credentials, events, logHead, receipts, reservations } from './tables.js';
import type { Writer } from './writer.js';

export interface SqlStoreParts {
  readonly reads: ReadSql;
  readonly writer: Writer;
  readonly clock: Clock;
  /** Returns random text of at least 128 bits for the digest of an event's personal part. */
  readonly newSalt: () => string;
  /** Applied in this order with each append. */
  readonly projections: readonly Projection[];
}

/** Covers the events that followers have yet to handle under a heavy write load. */
const RECENT_EVENTS = 2_000;

const EVENTS = selectFrom(events);
const LOGGED = `SELECT ${columnsOf(events, 'e')}, q.changed_by AS "quarantinedBy", q.reason AS "quarantineReason"
  FROM events e LEFT JOIN quarantined_events q ON q.position = e.position AND q.is_quarantined = TRUE`;
const headRow = logHead.row.omit({ id: true });
const positionRow = events.row.pick({ position: true });
const placeRow = events.row.pick({ stream: true, version: true });
const receiptRow = receipts.row.pick({ digest: true, outcome: true });
const reservationRow = reservations.row.pick({ owner: true, until: true });
const secretRow = credentials.row.pick({ secret: true });

export function createSqlStore(parts: SqlStoreParts): EventStore {
  const { reads, writer, clock, newSalt, projections } = parts;
  const recent = createRecent(RECENT_EVENTS);

  async function readRows({ fromPosition, limit }: Slice): Promise<readonly EventRow[]> {
    const rows = await reads.all(`${EVENTS} WHERE position >= ? ORDER BY position LIMIT ?`, [
      fromPosition,
      limit,
    ]);
    return rows.map(parseEventRow);
  }

  return {
    async append(append) {
      const appended = await writer.extend((sql, head) =>
        appendInTransaction(sql, head, append, { projections, newSalt, now: clock.now() }),
      );
      if (appended.kind === 'appended') recent.add(appended.events);
      return appended;
    },
    async readStream(stream, { fromVersion, limit }) {
      const rows = await reads.all(
        `${LOGGED} WHERE e.stream = ? AND e.version >= ? ORDER BY e.version LIMIT ?`,
        [stream, fromVersion, limit],
      );
      return rows.map(loggedEvent);
    },
    async readAll({ fromPosition, limit }) {
      const rows = await reads.all(`${LOGGED} WHERE e.position >= ? ORDER BY e.position LIMIT ?`, [
        fromPosition,
        limit,
      ]);
      return rows.map(loggedEvent);
    },
    quarantineChange: (stream) => lastQuarantineChange(reads, stream),
    recent: (slice) => recent.read(slice),
    readRows,
    async placeOf(position) {
      const row = await reads.first('SELECT stream, version FROM events WHERE position = ?', [position]);
      return row === undefined ? null : placeRow.parse(row);
    },
    async positionOf(stream, version) {
      const select = 'SELECT position FROM events WHERE stream = ? AND version = ?';
      const row = await reads.first(select, [stream, version]);
      return row === undefined ? null : positionRow.parse(row).position;
    },
    async head() {
      const row = await reads.first('SELECT position, hash, signature FROM log_head WHERE id = 1');
      invariant(row !== undefined, 'the database has no log head');
      return headRow.parse(row);
    },
    async receipt(scope, commandId) {
      const select = 'SELECT digest, outcome FROM receipts WHERE scope = ? AND command_id = ?';
      const row = await reads.first(select, [scope, commandId]);
      if (row === undefined) return null;
      const { digest, outcome } = receiptRow.parse(row);
      return { scope, commandId, digest, outcome: JSON.parse(outcome) };
    },
    async reservation(kind, name) {
      const select = 'SELECT owner, until FROM reservations WHERE kind = ? AND name = ?';
      const row = await reads.first(select, [kind, name]);
      if (row === undefined) return null;
      const reservation = reservationRow.parse(row);
      return reservation.until !== null && reservation.until <= clock.now() ? null : reservation;
    },
    async secret(owner) {
      const row = await reads.first('SELECT secret FROM credentials WHERE owner = ?', [owner]);
      return row === undefined ? null : secretRow.parse(row).secret;
    },
    pruneReceipts: (before) =>
      writer.write((sql) => sql.run('DELETE FROM receipts WHERE recorded_at < ?', [before])),
    onAppended: (listener) => writer.onExtended(listener),
  };
}

/** The event of a row of `LOGGED`. Throws as `readEvent` does, unless the event is quarantined. */
function loggedEvent({ quarantinedBy, quarantineReason, ...columns }: Row): LoggedEvent {
  const row = parseEventRow(columns);
  return quarantinedBy === null
    ? readEvent(row)
    : quarantinedEvent(row, { by: Number(quarantinedBy), reason: String(quarantineReason) });
}
