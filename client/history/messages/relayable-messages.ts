// The queries on messages that can be relayed. A message can be relayed if it has a proof. Each function runs inside its caller's
// transaction.
import { z } from 'zod';
import type { DeviceId } from '../../../core/ids.js';
import { compareMessages, type ConversationId } from '../../../core/protocol/message/message.js';
import { messageDigest } from '../../../core/protocol/message/proof.js';
import { type DeviceRanges, type Range, rangesFrom } from '../../../core/protocol/backfill/ranges.js';
import { receivedRanges } from './received-ranges.js';
import { COLUMNS, storedMessage } from './row.js';
import type { StoredMessage } from '../port.js';
import type { Reader } from './reader.js';
import type { Sql } from '../database/sql.js';

const numberedSchema = z.object({ seq: z.int(), roster: z.int() }).optional();
const rangesSchema = z.array(z.object({ first: z.int(), last: z.int() }));

/**
 * Whether the reader was a member when a message of a former log was written. The memberships in the present log do not show it,
 * because versions of different logs cannot be compared. Parameters: the account and the conversation.
 */
const WAS_MEMBER = (account: string, conversation: string): string => `
  (former_log IS NULL OR ${account} IS NULL OR EXISTS (SELECT 1 FROM former_memberships stay
    WHERE stay.log = former_log AND stay.conversation = ${conversation} AND stay.account = ${account}
      AND stay.joined_version <= roster AND roster < stay.left_version))`;

/** The numbers of the stored messages that can be relayed to the reader. */
export function relayableRanges(
  sql: Sql,
  conversation: ConversationId,
  reader: Reader,
): readonly DeviceRanges[] {
  return receivedRanges(sql, conversation).flatMap(({ device, ranges }) => {
    const former = formerRanges(sql, conversation, device, reader);
    const present = rangesFrom(ranges, former.next);
    const recent = firstAtVersion(sql, conversation, device, present, reader.fromRoster);
    const proven = sql.get(
      `SELECT seq, roster FROM messages
       WHERE conversation = ? AND device = ? AND seq >= ? AND proof IS NOT NULL ORDER BY seq LIMIT 1`,
      conversation,
      device,
      recent,
    );
    const lowest = numberedSchema.parse(proven);
    const offered = [...former.ranges, ...(lowest === undefined ? [] : rangesFrom(present, lowest.seq))];
    return offered.length === 0 ? [] : [{ device, ranges: joined(offered) }];
  });
}

/**
 * The numbers of the relayable messages of former logs, and the number after the last such message of the device. Versions can
 * decrease from one log to the next.
 */
function formerRanges(
  sql: Sql,
  conversation: ConversationId,
  device: DeviceId,
  { account, fromRoster }: Reader,
): { readonly ranges: readonly Range[]; readonly next: number } {
  const last = numberedSchema.parse(
    sql.get(
      `SELECT seq, roster FROM messages
       WHERE conversation = ? AND device = ? AND former_log IS NOT NULL AND proof IS NOT NULL
       ORDER BY seq DESC LIMIT 1`,
      conversation,
      device,
    ),
  );
  if (last === undefined) return { ranges: [], next: 0 };
  const found = sql.all(
    `SELECT MIN(seq) AS first, MAX(seq) AS last FROM (
       SELECT seq, seq - ROW_NUMBER() OVER (ORDER BY seq) AS island FROM messages
       WHERE conversation = ?1 AND device = ?2 AND former_log IS NOT NULL AND proof IS NOT NULL AND roster >= ?3
         AND ${WAS_MEMBER('?4', '?1')}
     ) GROUP BY island ORDER BY first`,
    conversation,
    device,
    fromRoster,
    account,
  );
  const ranges = rangesSchema.parse(found).map(({ first, last: end }): Range => [first, end]);
  return { ranges, next: last.seq + 1 };
}

/** The ascending ranges, with touching ranges joined. */
function joined(ranges: readonly Range[]): readonly Range[] {
  const result: Range[] = [];
  for (const [first, last] of ranges) {
    const [start, end] = result.at(-1) ?? [first, first];
    if (end + 1 === first) result.splice(-1, 1, [start, last]);
    else result.push([first, last]);
  }
  return result;
}

/**
 * The number of the first message that the device sent at version `fromRoster` of the room or later. If the device sent no such
 * message, the number after the last range. Versions never decrease along the numbers of a device, which allows a binary search.
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

/** The latest `limit` messages of `wanted` that can be relayed to the reader, latest first. Withdrawn messages are omitted. */
export function relayableMessages(
  sql: Sql,
  conversation: ConversationId,
  wanted: readonly DeviceRanges[],
  { fromRoster, account }: Reader,
  limit: number,
): readonly StoredMessage[] {
  const pairs = wanted.flatMap(({ device, ranges }) =>
    ranges.toReversed().map((range) => ({ device, range })),
  );
  return pairs
    .slice(0, MAX_RANGES)
    .flatMap(({ device, range: [first, last] }) =>
      sql.all(
        `SELECT ${COLUMNS} FROM messages message
         WHERE conversation = ?1 AND device = ?2 AND seq BETWEEN ?3 AND ?4 AND roster >= ?5 AND proof IS NOT NULL
           AND ${WAS_MEMBER('?6', '?1')}
           AND NOT EXISTS (SELECT 1 FROM withdrawn entry
             WHERE entry.position = message.position AND entry.account = ?6)
         ORDER BY seq DESC LIMIT ?7`,
        conversation,
        device,
        first,
        last,
        fromRoster,
        account,
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
