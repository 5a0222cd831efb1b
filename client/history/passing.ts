// What can be passed on to others, in SQL: messages with a proof. Each function is part of a transaction of its caller.
import { z } from 'zod';
import type { AccountId, DeviceId } from '../../core/ids.js';
import { compareMessages, type ConversationId, messageId } from '../../core/protocol/message.js';
import { type DeviceRuns, type Run, runsFrom } from '../../core/protocol/runs.js';
import { sumOf } from '../../core/protocol/sums.js';
import { held } from './held.js';
import { COLUMNS, storedMessage } from './messages.js';
import type { StoredMessage } from './port.js';
import type { Sql } from './sql.js';

const seqSchema = z.array(z.object({ seq: z.int() }));

/** What is held and still there, of what was said at version `fromRoster` of the room or later. */
export function offered(sql: Sql, conversation: ConversationId, fromRoster: number): readonly DeviceRuns[] {
  return held(sql, conversation).flatMap(({ device, runs }) => {
    // Who says more later knows the room no worse: the first by version has the lowest number.
    const rows = sql.all(
      `SELECT seq FROM messages WHERE conversation = ? AND device = ? AND roster >= ? AND proof IS NOT NULL
       ORDER BY roster, seq LIMIT 1`,
      conversation,
      device,
      fromRoster,
    );
    const [lowest] = seqSchema.parse(rows);
    return lowest === undefined ? [] : [{ device, runs: runsFrom(runs, lowest.seq) }];
  });
}

/** Runs that are looked up for one request. */
const MAX_RUNS = 256;

/** Those of `wanted` that can be passed on, the latest first; without what was taken back from `to`. */
export function pick(
  sql: Sql,
  conversation: ConversationId,
  wanted: readonly DeviceRuns[],
  fromRoster: number,
  limit: number,
  to: AccountId | null,
): readonly StoredMessage[] {
  const pairs = wanted.flatMap(({ device, runs }) => runs.toReversed().map((run) => ({ device, run })));
  return pairs
    .slice(0, MAX_RUNS)
    .flatMap(({ device, run: [first, last] }) =>
      sql.all(
        `SELECT ${COLUMNS} FROM messages message
         WHERE conversation = ? AND device = ? AND seq BETWEEN ? AND ? AND roster >= ? AND proof IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM outbox entry
             WHERE entry.message_id = message.id AND entry.account = ? AND entry.state = 'withdrawn')
         ORDER BY seq DESC LIMIT ?`,
        conversation,
        device,
        first,
        last,
        fromRoster,
        to,
        limit,
      ),
    )
    .map(storedMessage)
    .toSorted((one, other) => compareMessages(other.message, one.message))
    .slice(0, limit);
}

/** The sum of the messages of a run; null unless all of them are there. */
export function sum(
  sql: Sql,
  conversation: ConversationId,
  device: DeviceId,
  [first, last]: Run,
): string | null {
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const rows = numbers.flatMap((seq) =>
    sql.all(
      `SELECT ${COLUMNS} FROM messages message WHERE message.id = ?`,
      messageId({ conversation, device, seq }),
    ),
  );
  if (rows.length < numbers.length) return null;
  return sumOf(rows.map((row) => storedMessage(row).message));
}
