// Which numbers of each device are here or have been, in SQL: so that nothing is fetched twice, nor what
// was let go of. Knows no message.
import { z } from 'zod';
import { deviceIdSchema } from '../../../core/ids.js';
import type { ConversationId, Message } from '../../../core/protocol/message/message.js';
import type { DeviceRanges, Range } from '../../../core/protocol/backfill/ranges.js';
import type { Sql } from '../database/sql.js';

const runSchema = z.object({ first: z.int(), last: z.int() });
const runsSchema = z.array(runSchema.extend({ device: deviceIdSchema }));

type Counted = Pick<Message, 'conversation' | 'device'>;

/** Takes note of the numbers of a run if they are the next, with nothing above them; if not, of none. */
export function holdNext(sql: Sql, { conversation, device }: Counted, [first, last]: Range): boolean {
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

/** Takes note of a number; false if it has been noted before. */
export function hold(sql: Sql, { conversation, device, seq }: Counted & Pick<Message, 'seq'>): boolean {
  // Mostly it is the next one.
  if (holdNext(sql, { conversation, device }, [seq, seq])) return true;
  const key = [conversation, device] as const;
  const neighbours = z.array(runSchema).parse(
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

export function held(sql: Sql, conversation: ConversationId): readonly DeviceRanges[] {
  const rows = sql.all(
    'SELECT device, first, last FROM held WHERE conversation = ? ORDER BY device, first',
    conversation,
  );
  const devices = new Map<DeviceRanges['device'], Range[]>();
  for (const { device, first, last } of runsSchema.parse(rows)) {
    const ranges = devices.get(device) ?? [];
    ranges.push([first, last]);
    devices.set(device, ranges);
  }
  return [...devices].map(([device, ranges]) => ({ device, ranges }));
}
