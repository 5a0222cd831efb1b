// One append in SQL. The caller begins and commits the transaction.
import { z } from 'zod';
import { type Head, sealEvent } from '../chain.js';
import { type RecordedEvent, readEvent } from '../event.js';
import { type Projection, project } from '../derived/projector.js';
import { reserve } from './reservations.js';
import type { Sql } from './sql.js';
import { insertInto, upsertInto } from './table.js';
import { credentials, events, receipts } from './tables.js';
import type { Append, Appended, NewReceipt, Receipt, SecretChange } from '../store.js';
import type { Step } from './writer.js';

export interface AppendParts {
  readonly projections: readonly Projection[];
  readonly newSalt: () => string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Applies all of `append` after `head`, or returns the reason for not doing so. The caller must then undo the partial
 * changes.
 */
export async function appendInTransaction(
  sql: Sql,
  head: Head,
  append: Append,
  { projections, newSalt, now }: AppendParts,
): Promise<Step<Appended>> {
  const { length, change, receipt } = await found(sql, append);
  if (receipt !== null) return { kind: 'nothing', value: { kind: 'duplicate', receipt } };
  const isExpected = length === append.expectedVersion && change === append.expectedQuarantineChange;
  if (!isExpected) return { kind: 'nothing', value: { kind: 'conflict' } };
  for (const [index, change] of append.reservations.entries()) {
    const taken = await reserve(sql, change, now);
    if (taken === null) continue;
    const reservation = { kind: change.kind, name: taken };
    return { kind: index === 0 ? 'nothing' : 'undo', value: { kind: 'reserved', reservation } };
  }
  const recorded: RecordedEvent[] = [];
  let end = head;
  for (const event of append.events) {
    const version = append.expectedVersion + recorded.length + 1;
    const row = sealEvent(end, { stream: append.stream, version, recordedAt: now, newSalt }, event);
    await sql.run(...insertInto(events, row));
    recorded.push(readEvent(row));
    end = { position: row.position, hash: row.hash };
  }
  for (const change of append.secrets) await changeSecret(sql, change);
  await project(projections, recorded, sql);
  for (const made of append.receipts) await insertReceipt(sql, made, recorded, now);
  return { kind: 'keep', value: { kind: 'appended', events: recorded }, head: end };
}

// One statement checks most appends, because few have several receipts and few requests are repeated.
const FOUND = `SELECT (SELECT COALESCE(MAX(version), 0) FROM events WHERE stream = ?) AS length,
  (SELECT COALESCE(MAX(changed_by), 0) FROM quarantined_events WHERE stream = ?) AS change,
  EXISTS (SELECT 1 FROM receipts WHERE scope = ? AND command_id = ?) AS seen`;
const foundRow = z.object({ length: z.coerce.number(), change: z.coerce.number(), seen: z.coerce.boolean() });

interface Found {
  readonly length: number;
  /** The last change of a quarantine in the stream. */
  readonly change: number;
  /** The first receipt of the append that is already stored. */
  readonly receipt: Receipt | null;
}

async function found(sql: Sql, { stream, receipts }: Append): Promise<Found> {
  const [first, ...others] = receipts;
  const row = await sql.first(FOUND, [stream, stream, first?.scope ?? '', first?.commandId ?? '']);
  const { length, change, seen } = foundRow.parse(row);
  return { length, change, receipt: seen || others.length > 0 ? await firstReceipt(sql, receipts) : null };
}

async function changeSecret(sql: Sql, { owner, value }: SecretChange): Promise<void> {
  if (value === null) {
    await sql.run('DELETE FROM credentials WHERE owner = ?', [owner]);
    return;
  }
  await sql.run(...upsertInto(credentials, { owner, secret: value }));
}

const receiptRow = receipts.row.pick({ digest: true, outcome: true });

async function firstReceipt(sql: Sql, receipts: readonly NewReceipt[]): Promise<Receipt | null> {
  const select = 'SELECT digest, outcome FROM receipts WHERE scope = ? AND command_id = ?';
  for (const { scope, commandId } of receipts) {
    const row = await sql.first(select, [scope, commandId]);
    if (row === undefined) continue;
    const { digest, outcome } = receiptRow.parse(row);
    return { scope, commandId, digest, outcome: JSON.parse(outcome) };
  }
  return null;
}

async function insertReceipt(
  sql: Sql,
  receipt: NewReceipt,
  recorded: readonly RecordedEvent[],
  now: number,
): Promise<void> {
  const outcome = JSON.stringify(receipt.outcome(recorded));
  const { scope, commandId, digest } = receipt;
  await sql.run(...insertInto(receipts, { scope, commandId, digest, outcome, recordedAt: now }));
}
