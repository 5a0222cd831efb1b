// The event store in SQL: appends through the one writer, reads what is committed through the reader.
import { type DataSource, MoreThanOrEqual } from 'typeorm';
import type { Clock } from '../clock.js';
import { invariant } from '../errors.js';
import { type EventRow, parseEventRow, readEvent } from './event.js';
import type { Projection } from './projector.js';
import { appendInTransaction } from './sql-append.js';
import type { EventStore, Slice } from './store.js';
import { credentialTable, eventTable, headTable, receiptTable, reservationTable } from './tables.js';
import type { Writer } from './writer.js';

export interface SqlStoreParts {
  readonly reader: DataSource;
  readonly writer: Writer;
  readonly clock: Clock;
  /** Random text for the digest of an event's personal part; 128 bits or more. */
  readonly newSalt: () => string;
  /** Applied in this order with each append. */
  readonly projections: readonly Projection[];
}

export function createSqlStore(parts: SqlStoreParts): EventStore {
  const { reader, writer, clock, newSalt, projections } = parts;
  const events = reader.getRepository(eventTable);

  async function readRows({ fromPosition, limit }: Slice): Promise<readonly EventRow[]> {
    const where = { position: MoreThanOrEqual(fromPosition) };
    return (await events.find({ where, order: { position: 'ASC' }, take: limit })).map(parseEventRow);
  }

  return {
    append: (append) =>
      writer.extend((sql, head) =>
        appendInTransaction(sql, head, append, { projections, newSalt, now: clock.now() }),
      ),
    async readStream(stream, { fromVersion }) {
      const where = { stream, version: MoreThanOrEqual(fromVersion) };
      const rows = await events.find({ where, order: { version: 'ASC' } });
      return rows.map((row) => readEvent(parseEventRow(row)));
    },
    readAll: async (slice) => (await readRows(slice)).map(readEvent),
    readRows,
    async head() {
      const row = await reader.getRepository(headTable).findOneBy({ id: 1 });
      invariant(row !== null, 'the database has no log head');
      return { position: row.position, hash: row.hash, signature: row.signature };
    },
    async receipt(scope, commandId) {
      const row = await reader.getRepository(receiptTable).findOneBy({ scope, commandId });
      return row && { scope, commandId, digest: row.digest, outcome: JSON.parse(row.outcome) };
    },
    async reservation(kind, name) {
      const row = await reader.getRepository(reservationTable).findOneBy({ kind, name });
      if (row === null || (row.until !== null && row.until <= clock.now())) return null;
      return { owner: row.owner, until: row.until };
    },
    async secret(owner) {
      return (await reader.getRepository(credentialTable).findOneBy({ owner }))?.secret ?? null;
    },
    pruneReceipts: (before) =>
      writer.write((sql) => sql.run('DELETE FROM receipts WHERE recorded_at < ?', [before])),
    onAppended: (listener) => writer.onExtended(listener),
  };
}
