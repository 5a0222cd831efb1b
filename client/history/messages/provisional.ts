// The final timestamps of own messages that were written before the tracker reported its time. The function runs inside its
// caller's transaction.
import { z } from 'zod';
import type { DeviceId } from '../../../core/ids.js';
import { type Hlc, millisecondsOf } from '../../../core/protocol/message/hlc.js';
import type { Sign } from '../../../core/protocol/message/proof.js';
import type { StoredMessage } from '../port.js';
import type { Sql } from '../database/sql.js';
import { proofsOf } from './messages.js';
import { COLUMNS, storedMessage } from './row.js';

const hopsSchema = z.object({ hops: z.int() });

/**
 * Gives the provisional messages of `device` their final timestamps and signs them. Returns these messages in order. Provisional
 * messages were written before the tracker reported its time.
 */
export function settleProvisional(
  sql: Sql,
  device: DeviceId,
  finalHlc: (provisional: Hlc) => Hlc,
  sign: Sign,
): readonly StoredMessage[] {
  const settled = sql
    .all(
      `SELECT ${COLUMNS}, entry.hops FROM provisional entry JOIN messages message ON message.position = entry.position
       ORDER BY entry.position`,
    )
    .map((row) => ({ ...storedMessage(row), ...hopsSchema.parse(row) }))
    // Leave out messages of a device that was logged out: they are never sent.
    .filter(({ message }) => message.device === device)
    .map((stored) => ({ ...stored, message: { ...stored.message, hlc: finalHlc(stored.message.hlc) } }));
  const proofs = proofsOf(settled.map(({ message, hops }) => ({ message, sign, hops })));
  for (const { position, message } of settled) {
    sql.run(
      'UPDATE messages SET hlc = ?1, sort = ?1, at = ?2, received_at = MAX(received_at, ?2), proof = ?3 WHERE position = ?4',
      message.hlc,
      millisecondsOf(message.hlc),
      proofs.get(message) ?? null,
      position,
    );
  }
  sql.run('DELETE FROM provisional');
  return settled.map(({ id, position, message }) => ({
    id,
    position,
    message,
    proof: proofs.get(message) ?? null,
  }));
}
