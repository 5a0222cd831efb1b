// The numbers of all messages of each device that were ever stored. They prevent fetching a message again, even a deleted one. It
// reads no messages. Each function runs inside its caller's transaction.
import { z } from 'zod';
import { deviceIdSchema } from '../../../core/ids.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import type { DeviceRanges, Range } from '../../../core/protocol/backfill/ranges.js';
import type { Sql } from '../database/sql.js';

const rangeSchema = z.object({ first: z.int(), last: z.int() });
const rangesSchema = z.array(rangeSchema.extend({ device: deviceIdSchema }));

type Sequence = Pick<Message, 'conversation' | 'device'>;

/** Records a range if it directly follows the highest recorded number. Otherwise records nothing and returns false. */
export function recordNextRange(sql: Sql, { conversation, device }: Sequence, [first, last]: Range): boolean {
  const changed = sql.run(
    `UPDATE held SET last = ?4 WHERE conversation = ?1 AND device = ?2 AND last = ?3 - 1
     AND first = (SELECT MAX(first) FROM held WHERE conversation = ?1 AND device = ?2)`,
    conversation,
    device,
    first,
    last,
  );
  return changed > 0;
}

/** Records a number; false if it was recorded before. */
export function recordReceived(
  sql: Sql,
  { conversation, device, seq }: Sequence & Pick<Message, 'seq'>,
): boolean {
  // In the usual case the number directly follows the highest recorded number.
  if (recordNextRange(sql, { conversation, device }, [seq, seq])) return true;
  const key = [conversation, device] as const;
  const neighbours = z.array(rangeSchema).parse(
    sql.all(
      `SELECT first, last FROM held WHERE conversation = ? AND device = ? AND first <= ?
       ORDER BY first DESC LIMIT 2`,
      ...key,
      seq + 1,
    ),
  );
  if (neighbours.some(({ first, last }) => first <= seq && seq <= last)) return false;
  const below = neighbours.find(({ last }) => last === seq - 1);
  const above = neighbours.find(({ first }) => first === seq + 1);
  const last = above?.last ?? seq;
  const where = 'WHERE conversation = ? AND device = ? AND first = ?';
  if (above !== undefined) sql.run(`DELETE FROM held ${where}`, ...key, above.first);
  if (below !== undefined) sql.run(`UPDATE held SET last = ? ${where}`, last, ...key, below.first);
  else sql.run('INSERT INTO held (conversation, device, first, last) VALUES (?, ?, ?, ?)', ...key, seq, last);
  return true;
}

export function receivedRanges(sql: Sql, conversation: ConversationId): readonly DeviceRanges[] {
  const rows = sql.all(
    'SELECT device, first, last FROM held WHERE conversation = ? ORDER BY device, first',
    conversation,
  );
  const devices = new Map<DeviceRanges['device'], Range[]>();
  for (const { device, first, last } of rangesSchema.parse(rows)) {
    const ranges = devices.get(device) ?? [];
    ranges.push([first, last]);
    devices.set(device, ranges);
  }
  return [...devices].map(([device, ranges]) => ({ device, ranges }));
}
