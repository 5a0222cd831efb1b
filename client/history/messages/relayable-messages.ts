// What can be passed on to others, in SQL: messages with a proof. Each function is part of a transaction of its caller.
import { z } from 'zod';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { compareMessages, type ConversationId } from '../../../core/protocol/message/message.js';
import { messageDigest } from '../../../core/protocol/message/proof.js';
import { type DeviceRanges, type Range, rangesFrom } from '../../../core/protocol/backfill/ranges.js';
import { held } from './received-ranges.js';
import { COLUMNS, storedMessage } from './row.js';
import type { StoredMessage } from '../port.js';
import type { Sql } from '../database/sql.js';

const saidSchema = z.object({ seq: z.int(), roster: z.int() }).optional();

/** What is held and still there, of what was said at version `fromRoster` of the room or later. */
export function offered(sql: Sql, conversation: ConversationId, fromRoster: number): readonly DeviceRanges[] {
  return held(sql, conversation).flatMap(({ device, ranges }) => {
    const recent = firstOf(sql, conversation, device, ranges, fromRoster);
    const proven = sql.get(
      `SELECT seq, roster FROM messages
       WHERE conversation = ? AND device = ? AND seq >= ? AND proof IS NOT NULL ORDER BY seq LIMIT 1`,
      conversation,
      device,
      recent,
    );
    const lowest = saidSchema.parse(proven);
    return lowest === undefined ? [] : [{ device, ranges: rangesFrom(ranges, lowest.seq) }];
  });
}

/**
 * From which number on the device knew version `fromRoster`, beyond its runs if it never did. Who says more later knows the room
 * no worse, so it is found by halves.
 */
function firstOf(
  sql: Sql,
  conversation: ConversationId,
  device: DeviceId,
  ranges: readonly Range[],
  fromRoster: number,
): number {
  let low = ranges.at(0)?.[0] ?? 0;
  let high = (ranges.at(-1)?.[1] ?? 0) + 1;
  // Mostly it knew from the beginning. The sum of two high numbers would be none that can be written exactly.
  for (let middle = low; low < high; middle = low + Math.floor((high - low) / 2)) {
    const said = saidSchema.parse(
      sql.get(
        `SELECT seq, roster FROM messages WHERE conversation = ? AND device = ? AND seq >= ?
         ORDER BY seq LIMIT 1`,
        conversation,
        device,
        middle,
      ),
    );
    if (said === undefined || said.roster >= fromRoster) high = middle;
    else low = said.seq + 1;
  }
  return low;
}

/** Runs that are looked up for one request. */
const MAX_RUNS = 256;

/** Those of `wanted` that can be passed on, the latest first; without what was taken back from `to`. */
export function pick(
  sql: Sql,
  conversation: ConversationId,
  wanted: readonly DeviceRanges[],
  fromRoster: number,
  limit: number,
  to: AccountId | null,
): readonly StoredMessage[] {
  const pairs = wanted.flatMap(({ device, ranges }) =>
    ranges.toReversed().map((range) => ({ device, range })),
  );
  return pairs
    .slice(0, MAX_RUNS)
    .flatMap(({ device, range: [first, last] }) =>
      sql.all(
        `SELECT ${COLUMNS} FROM messages message
         WHERE conversation = ? AND device = ? AND seq BETWEEN ? AND ? AND roster >= ? AND proof IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM withdrawn entry
             WHERE entry.position = message.position AND entry.account = ?)
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

/** The digests of the messages of a run, in order, up to the first that is not there. */
export function digests(
  sql: Sql,
  conversation: ConversationId,
  device: DeviceId,
  [first, last]: Range,
): readonly Buffer[] {
  const rows = sql.all(
    `SELECT ${COLUMNS} FROM messages message
     WHERE conversation = ? AND device = ? AND seq BETWEEN ? AND ? ORDER BY seq`,
    conversation,
    device,
    first,
    last,
  );
  return rows
    .map((row) => storedMessage(row).message)
    .filter(({ seq }, index) => seq === first + index)
    .map(messageDigest);
}
