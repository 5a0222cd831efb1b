// The replacement of a message that recipients refused because of its timestamp: it is sent again with a new number. It runs
// inside its caller's transaction.
import { z } from 'zod';
import { invariant } from '../../../core/errors.js';
import { type AccountId, accountIdSchema } from '../../../core/ids.js';
import { hopsOf } from '../../../core/protocol/message/hops.js';
import type { Message } from '../../../core/protocol/message/message.js';
import type { Sign } from '../../../core/protocol/message/proof.js';
import type { AckCount, Redated, RenewedMessage } from '../port.js';
import type { Sql } from '../database/sql.js';
import { deleteMessage } from './delete.js';
import { accept } from './messages.js';
import { COLUMNS, type StorageTime, storedMessage } from './row.js';

const accountsSchema = z.array(z.object({ account: accountIdSchema }));
const countSchema = z.object({ acked: z.int(), of: z.int(), refused: z.int() });

/**
 * Replaces a queued message by a new one. `not-queued`: the message at `position` is queued for no account. `left`: nothing was
 * changed, because `renewed` returned null, or because an account already has the message and would get it twice.
 */
export function redate(
  sql: Sql,
  position: number,
  renewed: (former: Message) => RenewedMessage | null,
  sign: Sign,
  time: StorageTime,
): Redated | 'not-queued' | 'left' {
  const row = sql.get(`SELECT ${COLUMNS} FROM messages message WHERE position = ?`, position);
  const waiting = accountsSchema
    .parse(sql.all('SELECT account FROM outbox WHERE position = ?', position))
    .map(({ account }) => account);
  if (row === undefined || waiting.length === 0) return 'not-queued';
  const { id, message, proof } = storedMessage(row);
  const next = renewed(message);
  if (next === null || isReceived(sql, position)) return 'left';
  const { conversation } = message;
  const count = withdrawAll(sql, position, waiting);
  if (count.of === 0) deleteMessage(sql, { position, conversation });
  const recipients = waiting.filter((account) => next.to.includes(account));
  const renewedMessage = { draft: next.draft, recipients, sign, isProvisional: false, hops: hopsOf(proof) };
  const [stored] = accept(sql, [renewedMessage], time);
  invariant(stored !== undefined, 'a message is accepted');
  return { stored, recipients, former: { id, position, conversation, ...count } };
}

function isReceived(sql: Sql, position: number): boolean {
  return sql.get('SELECT position FROM posts WHERE position = ? AND acked > 0', position) !== undefined;
}

/**
 * Withdraws the message from `accounts`, so that other terminals do not relay it to these accounts. Returns the progress of the
 * message.
 */
function withdrawAll(sql: Sql, position: number, accounts: readonly AccountId[]): AckCount {
  sql.run('DELETE FROM outbox WHERE position = ?', position);
  for (const account of accounts) {
    sql.run('INSERT INTO withdrawn (position, account) VALUES (?, ?)', position, account);
  }
  return countSchema.parse(
    sql.get(
      'UPDATE posts SET "of" = "of" - ? WHERE position = ? RETURNING acked, "of", refused',
      accounts.length,
      position,
    ),
  );
}
