// The storage of messages: own messages are numbered, signed and queued; received messages are stored once. Each function runs inside
// its caller's transaction.
import { z } from 'zod';
import { invariant } from '../../../core/errors.js';
import type { AccountId } from '../../../core/ids.js';
import { type Hlc, hlcSchema } from '../../../core/protocol/message/hlc.js';
import { type Message, messageId } from '../../../core/protocol/message/message.js';
import {
  leavesOf,
  messageDigest,
  type Proof,
  proveTurn,
  type Sign,
  TURN_MAX_LEAVES,
} from '../../../core/protocol/message/proof.js';
import { recordNextRange, recordReceived } from './received-ranges.js';
import { applyMarks } from '../reading/marks.js';
import { queueAll } from './outbox.js';
import type { UnnumberedMessage, StoreResult, StoredMessage } from '../port.js';
import type { ReadMark } from '../reading/read-state.js';
import { COLUMNS, insert, type StorageTime, storedMessage } from './row.js';
import type { Sql } from '../database/sql.js';

/** A message of this device that is to be accepted. */
export interface OwnMessage {
  readonly draft: UnnumberedMessage;
  readonly recipients: readonly AccountId[];
  /** Signs the message; null for an unsigned message. Other terminals cannot relay an unsigned message. */
  readonly sign: Sign | null;
  /** Whether the timestamp was made without the time of the tracker. The message gets its final timestamp before it is sent. */
  readonly isProvisional: boolean;
  /** The hop count, 0 to `HOPS_MAX`. */
  readonly hops: number;
}

/** Numbers, signs, stores and queues messages, in order. */
export function accept(sql: Sql, own: readonly OwnMessage[], time: StorageTime): readonly StoredMessage[] {
  const next = numbers(sql, own);
  const numbered = own.map(({ draft, recipients, sign, isProvisional, hops }) => {
    const { conversation, account, device, hlc, roster, text, spans } = draft;
    const message = { conversation, account, device, seq: next(draft), hlc, roster, text, spans };
    return { message, recipients, sign: isProvisional ? null : sign, isProvisional, hops };
  });
  const proofs = proofsOf(numbered);
  const stored = numbered.map(({ message }) => {
    const id = messageId(message);
    const proof = proofs.get(message) ?? null;
    return { id, position: insert(sql, { id, message, proof }, time), message, proof };
  });
  for (const [index, { position }] of stored.entries()) {
    const { isProvisional = false, hops = 0 } = numbered[index] ?? {};
    if (isProvisional) sql.run('INSERT INTO provisional (position, hops) VALUES (?, ?)', position, hops);
  }
  queueAll(
    sql,
    stored.map(({ position }, index) => ({ position, recipients: numbered[index]?.recipients ?? [] })),
  );
  return stored;
}

const lastSchema = z.object({ last: z.int() });

/** Whether two messages share one sequence of numbers. */
const shareSequence = (one: UnnumberedMessage, other: UnnumberedMessage): boolean =>
  one.conversation === other.conversation && one.device === other.device;

/**
 * Returns a function that numbers each draft, in order. The numbers of a device in a conversation are reserved together and recorded
 * as received.
 */
function numbers(sql: Sql, own: readonly OwnMessage[]): (draft: UnnumberedMessage) => number {
  const counts: { readonly draft: UnnumberedMessage; count: number }[] = [];
  for (const { draft } of own) {
    const known = counts.find((one) => shareSequence(one.draft, draft));
    if (known === undefined) counts.push({ draft, count: 1 });
    else known.count += 1;
  }
  const reserved = counts.map(({ draft, count }) => {
    const last = lastSeq(sql, draft, count);
    const first = last - count + 1;
    if (!recordNextRange(sql, draft, [first, last])) {
      for (let seq = first; seq <= last; seq += 1) {
        invariant(recordReceived(sql, { ...draft, seq }), 'a number is assigned once');
      }
    }
    return { draft, next: first };
  });
  return (draft) => {
    const sequence = reserved.find((one) => shareSequence(one.draft, draft));
    invariant(sequence !== undefined, 'numbers are reserved for every draft');
    sequence.next += 1;
    return sequence.next - 1;
  };
}

/**
 * Reserves the next `count` numbers and returns the last of them. The numbers also follow those of own messages that this
 * terminal had lost and has received back from others. Thus no number is assigned twice.
 */
function lastSeq(sql: Sql, { device, conversation }: UnnumberedMessage, count: number): number {
  const row = sql.get(
    `INSERT INTO counters (device, conversation, last)
     VALUES (?1, ?2, ?3 + IFNULL((SELECT MAX(last) FROM held WHERE device = ?1 AND conversation = ?2), 0))
     ON CONFLICT (device, conversation) DO UPDATE SET last = MAX(counters.last + ?3, excluded.last)
     RETURNING last`,
    device,
    conversation,
    count,
  );
  return lastSchema.parse(row).last;
}

interface SignableMessage {
  readonly message: Message;
  readonly sign: Sign | null;
  readonly hops: number;
}

interface SignedGroup {
  readonly sign: Sign;
  readonly members: SignableMessage[];
  leaves: number;
}

/**
 * Signs the messages in groups. The messages of a group share device, conversation and room version. Therefore anyone who may
 * read one of them may read all of them.
 */
export function proofsOf(signable: readonly SignableMessage[]): ReadonlyMap<Message, Proof> {
  const groups: SignedGroup[] = [];
  for (const one of signable) {
    if (one.sign === null) continue;
    const leaves = leavesOf(one.hops);
    const group = groups.find(
      ({ members: [first], leaves: taken }) =>
        first !== undefined &&
        shareSequence(first.message, one.message) &&
        first.message.roster === one.message.roster &&
        taken + leaves <= TURN_MAX_LEAVES,
    );
    if (group === undefined) groups.push({ sign: one.sign, members: [one], leaves });
    else {
      group.members.push(one);
      group.leaves += leaves;
    }
  }
  const proofs = new Map<Message, Proof>();
  for (const { members, sign } of groups) {
    const turn = proveTurn(
      members.map(({ message }) => message),
      sign,
      (index) => members[index]?.hops ?? 0,
    );
    for (const [index, { message }] of members.entries()) {
      const proof = turn[index];
      if (proof !== undefined) proofs.set(message, proof);
    }
  }
  return proofs;
}

/** A message of another device that is to be stored. */
export interface ReceivedMessage {
  readonly message: Message;
  readonly mark: ReadMark;
  readonly proof: Proof | null;
}

/** Stores messages whose numbers were not received before, and records these numbers as received. */
export function store(
  sql: Sql,
  received: readonly ReceivedMessage[],
  time: StorageTime,
): readonly StoreResult[] {
  return inRuns(received).flatMap((run) => storeRun(sql, run, time));
}

/** Groups successive messages with consecutive numbers of one device. */
function inRuns(
  received: readonly ReceivedMessage[],
): readonly (readonly [ReceivedMessage, ...ReceivedMessage[]])[] {
  const runs: [ReceivedMessage, ...ReceivedMessage[]][] = [];
  for (const one of received) {
    const run = runs.at(-1);
    const before = run?.at(-1)?.message;
    if (run !== undefined && before !== undefined && follows(before, one.message)) run.push(one);
    else runs.push([one]);
  }
  return runs;
}

const follows = (before: Message, { conversation, device, seq }: Message): boolean =>
  before.conversation === conversation && before.device === device && before.seq + 1 === seq;

function storeRun(
  sql: Sql,
  run: readonly [ReceivedMessage, ...ReceivedMessage[]],
  time: StorageTime,
): readonly StoreResult[] {
  const [{ message: first }] = run;
  const isNew = recordNextRange(sql, first, [first.seq, first.seq + run.length - 1]);
  const fresh: (ReceivedMessage & Pick<StoredMessage, 'position'>)[] = [];
  const outcomes = run.map((one): StoreResult => {
    if (!isNew && !recordReceived(sql, one.message)) {
      return contradicts(sql, one.message) ? 'contradicted' : 'known';
    }
    fresh.push({ ...one, position: insert(sql, { id: messageId(one.message), ...one }, time) });
    return 'stored';
  });
  applyMarks(sql, fresh);
  return outcomes;
}

/** Whether a different message with the same number is stored. False if the stored message was deleted. */
function contradicts(sql: Sql, message: Message): boolean {
  const row = sql.get(
    `SELECT ${COLUMNS} FROM messages message WHERE conversation = ? AND device = ? AND seq = ?`,
    message.conversation,
    message.device,
    message.seq,
  );
  if (row === undefined) return false;
  return !messageDigest(storedMessage(row).message).equals(messageDigest(message));
}

export function latestHlc(sql: Sql): Hlc | null {
  const row = z.tuple([z.object({ hlc: hlcSchema.nullable() })]);
  return row.parse(
    sql.all(
      `SELECT MAX((SELECT substr(MAX(sort), 1, 16) FROM messages WHERE conversation = one.conversation)) AS hlc
       FROM (SELECT DISTINCT conversation FROM held) one`,
    ),
  )[0].hlc;
}
