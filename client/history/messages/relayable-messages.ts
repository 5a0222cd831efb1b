// The queries on messages that can be relayed. A message can be relayed if it has a proof. Each function runs inside its caller's
// transaction.
import { z } from 'zod';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { compareMessages, type ConversationId } from '../../../core/protocol/message/message.js';
import { messageDigest } from '../../../core/protocol/message/proof.js';
import { type DeviceRanges, type Range, rangesFrom } from '../../../core/protocol/backfill/ranges.js';
import { receivedRanges } from './received-ranges.js';
import { COLUMNS, storedMessage } from './row.js';
import type { StoredMessage } from '../port.js';
import type { Sql } from '../database/sql.js';

const numberedSchema = z.object({ seq: z.int(), roster: z.int() }).optional();

/** The numbers of the stored messages that were sent at version `fromRoster` of the room or later. */
export function relayableRanges(
  sql: Sql,
  conversation: ConversationId,
  fromRoster: number,
): readonly DeviceRanges[] {
  return receivedRanges(sql, conversation).flatMap(({ device, ranges }) => {
    const recent = firstAtVersion(sql, conversation, device, ranges, fromRoster);
    const proven = sql.get(
      `SELECT seq, roster FROM messages
       WHERE conversation = ? AND device = ? AND seq >= ? AND proof IS NOT NULL ORDER BY seq LIMIT 1`,
      conversation,
      device,
      recent,
    );
    const lowest = numberedSchema.parse(proven);
    return lowest === undefined ? [] : [{ device, ranges: rangesFrom(ranges, lowest.seq) }];
  });
}

/**
 * The number of the first message that the device sent at version `fromRoster` of the room or later. If there is none, the number
 * after the last range. Versions never decrease along the numbers of a device, which allows a binary search.
 */
function firstAtVersion(
  sql: Sql,
  conversation: ConversationId,
  device: DeviceId,
  ranges: readonly Range[],
  fromRoster: number,
): number {
  let low = ranges.at(0)?.[0] ?? 0;
  let high = (ranges.at(-1)?.[1] ?? 0) + 1;
  // Test the lowest number first, because it is usually the answer. The middle is computed without the sum of two numbers, which
  // could exceed the safe integers.
  for (let middle = low; low < high; middle = low + Math.floor((high - low) / 2)) {
    const found = numberedSchema.parse(
      sql.get(
        `SELECT seq, roster FROM messages WHERE conversation = ? AND device = ? AND seq >= ?
         ORDER BY seq LIMIT 1`,
        conversation,
        device,
        middle,
      ),
    );
    if (found === undefined || found.roster >= fromRoster) high = middle;
    else low = found.seq + 1;
  }
  return low;
}

/** The most ranges that are looked up for one request. */
const MAX_RANGES = 256;

/** The latest `limit` relayable messages of `wanted`, latest first. Messages withdrawn from the account `to` are omitted. */
export function relayableMessages(
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
    .slice(0, MAX_RANGES)
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

/** The digests of the messages of a range, in order, up to the first message that is not stored. */
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
