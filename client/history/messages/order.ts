// Repairs of the order: messages whose timestamp lies in the future, which older versions stored, get the place at which they
// arrived, and own messages that were written before the tracker told its time get their final timestamp. Each function
// runs inside its caller's transaction.
import { z } from 'zod';
import type { DeviceId } from '../../../core/ids.js';
import { type Hlc, hlcAt, millisecondsOf } from '../../../core/protocol/message/hlc.js';
import type { Sign } from '../../../core/protocol/message/proof.js';
import type { StoredMessage } from '../port.js';
import type { Sql } from '../database/sql.js';
import { proofsOf } from './messages.js';
import { COLUMNS, storedMessage } from './row.js';

const aheadSchema = z.array(z.object({ position: z.int(), conversation: z.string(), hlc: z.string() }));
const sortSchema = z.object({ sort: z.string() }).optional();

const FIRST = hlcAt(0);

/**
 * Places up to `limit` messages that are dated after `latestMs` behind the messages that were here before them; false if there
 * was none. Such messages keep the order of their timestamps among themselves, so that every terminal places a series alike.
 * The newest are placed first: the message before each of them is never one of its own series, but may be one that was placed
 * earlier, when the time moved before.
 */
export function placeFutureMessages(sql: Sql, latestMs: number, limit: number): boolean {
  const latest = hlcAt(latestMs);
  const ahead = aheadSchema.parse(
    sql.all(
      `SELECT position, message.conversation, hlc FROM (SELECT DISTINCT conversation FROM held) one
       CROSS JOIN messages message ON message.conversation = one.conversation AND message.sort > ?
       ORDER BY position DESC LIMIT ?`,
      latest,
      limit,
    ),
  );
  for (const { position, conversation, hlc } of ahead) {
    const before = sortSchema.parse(
      sql.get(
        `SELECT sort FROM messages WHERE conversation = ? AND sort < ? AND position < ?
         ORDER BY sort DESC LIMIT 1`,
        conversation,
        latest,
        position,
      ),
    );
    const sort = `${before?.sort ?? FIRST}~${hlc}`;
    sql.run('UPDATE messages SET sort = ? WHERE position = ?', sort, position);
  }
  sql.run('UPDATE reads SET hlc = ?1 WHERE hlc > ?1', latest);
  return ahead.length > 0;
}

/**
 * Gives the messages of `device` that were written before the tracker told its time their final timestamps, and signs them.
 * Returns them in order.
 */
export function settleProvisional(
  sql: Sql,
  device: DeviceId,
  finalHlc: (provisional: Hlc) => Hlc,
  sign: Sign,
): readonly StoredMessage[] {
  const settled = sql
    .all(
      `SELECT ${COLUMNS} FROM provisional entry JOIN messages message ON message.position = entry.position
       ORDER BY entry.position`,
    )
    .map(storedMessage)
    // Messages of a device that was logged out are not sent any more.
    .filter(({ message }) => message.device === device)
    .map((stored) => ({ ...stored, message: { ...stored.message, hlc: finalHlc(stored.message.hlc) } }));
  const proofs = proofsOf(settled.map(({ message }) => ({ message, sign })));
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
  return settled.map((stored) => ({ ...stored, proof: proofs.get(stored.message) ?? null }));
}
