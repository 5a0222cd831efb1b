// The conversion between a message and a row of its table. `insert` runs inside its caller's transaction.
import { z } from 'zod';
import { millisecondsOf } from '../../../core/protocol/message/hlc.js';
import { messageSchema } from '../../../core/protocol/message/message.js';
import { proofSchema } from '../../../core/protocol/message/proof.js';
import type { StoredMessage } from '../port.js';
import type { Sql } from '../database/sql.js';

/** The columns of a message. Queries must give the table the alias `message`. */
export const COLUMNS = [
  'id',
  'position',
  'conversation',
  'account',
  'device',
  'seq',
  'hlc',
  'roster',
  'text',
  'spans',
  'proof',
]
  .map((column) => `message.${column}`)
  .join(', ');

const rowSchema = z.looseObject({
  id: z.string(),
  position: z.int(),
  spans: z.string().transform((text): unknown => JSON.parse(text)),
  proof: proofSchema.nullable(),
});

/** Reads a message from a row with the columns `COLUMNS`. */
export function storedMessage(row: unknown): StoredMessage {
  const columns = rowSchema.parse(row);
  const { id, position, proof } = columns;
  return { id, position, message: messageSchema.parse(columns), proof };
}

/** When messages are stored, in milliseconds. */
export interface StorageTime {
  /** The time shown to users, since the epoch. */
  readonly nowMs: number;
  /** The time on the arrival clock, from which the age of the message is counted. */
  readonly arrivalMs: number;
}

/**
 * The former log of the tracker to which the room version in a message belongs; null for the present log. A message belongs to a
 * former log if it is older than the present log, or if the present log has no such version of the room. Its log is then the
 * one before the present log, or unknown (0) if this terminal has known no other log.
 */
const FORMER_LOG = `(SELECT number - 1 FROM tracker_log WHERE ?8 > 0
  AND (?12 < since OR ?8 > (SELECT version FROM rooms WHERE conversation = ?2)))`;

/** Inserts a message. Returns the position of the new message. */
export function insert(
  sql: Sql,
  { id, message, proof }: Omit<StoredMessage, 'position'>,
  { nowMs, arrivalMs }: StorageTime,
): number {
  const { conversation, account, device, seq, hlc, roster, text, spans } = message;
  return sql.insert(
    `INSERT INTO messages
       (id, conversation, account, device, seq, hlc, sort, roster, text, spans, proof, at, received_at, arrival, former_log)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ${FORMER_LOG})`,
    id,
    conversation,
    account,
    device,
    seq,
    hlc,
    hlc,
    roster,
    text,
    JSON.stringify(spans),
    proof,
    millisecondsOf(hlc),
    nowMs,
    arrivalMs,
  );
}
