// Messages in SQL: accepted and signed, or stored once. Each function is part of a transaction that its caller holds.
import { z } from 'zod';
import { invariant } from '../../../core/errors.js';
import type { AccountId } from '../../../core/ids.js';
import { type Hlc, hlcSchema } from '../../../core/protocol/message/hlc.js';
import { type Message, messageId } from '../../../core/protocol/message/message.js';
import {
  messageDigest,
  type Proof,
  proveTurn,
  type Sign,
  TURN_MAX_MESSAGES,
} from '../../../core/protocol/message/proof.js';
import { hold, holdNext } from './received-ranges.js';
import { markAll } from '../reading/marks.js';
import { queueAll } from './outbox.js';
import type { UnnumberedMessage, ReadMark, StoreResult, StoredMessage } from '../port.js';
import { COLUMNS, insert, storedMessage } from './row.js';
import type { Sql } from '../database/sql.js';

/** One's own message to be accepted. */
export interface Post {
  readonly draft: UnnumberedMessage;
  readonly recipients: readonly AccountId[];
  /** Null: nobody else can pass it on. */
  readonly sign: Sign | null;
}

/** Numbers, signs, stores and queues what was said in one turn, in order. */
export function accept(sql: Sql, posts: readonly Post[], nowMs: number): readonly StoredMessage[] {
  const next = numbers(sql, posts);
  const turn = posts.map(({ draft, recipients, sign }) => {
    const { conversation, account, device, hlc, roster, text, spans } = draft;
    const message = { conversation, account, device, seq: next(draft), hlc, roster, text, spans };
    return { message, recipients, sign };
  });
  const proofs = proofsOf(turn);
  const stored = turn.map(({ message }) => {
    const id = messageId(message);
    const proof = proofs.get(message) ?? null;
    return { id, position: insert(sql, { id, message, proof }, nowMs), message, proof };
  });
  queueAll(
    sql,
    stored.map(({ position }, index) => ({ position, recipients: turn[index]?.recipients ?? [] })),
  );
  return stored;
}

const lastSchema = z.object({ last: z.int() });

/** Within what a device counts. */
const areCountedAlike = (one: UnnumberedMessage, other: UnnumberedMessage): boolean =>
  one.conversation === other.conversation && one.device === other.device;

/** Gives each draft its number, in order, and takes note of it; all that are needed of a device in a conversation are taken at once. */
function numbers(sql: Sql, posts: readonly Post[]): (draft: UnnumberedMessage) => number {
  const counts: { readonly draft: UnnumberedMessage; count: number }[] = [];
  for (const { draft } of posts) {
    const known = counts.find((one) => areCountedAlike(one.draft, draft));
    if (known === undefined) counts.push({ draft, count: 1 });
    else known.count += 1;
  }
  const taken = counts.map(({ draft, count }) => {
    const last = lastSeq(sql, draft, count);
    const first = last - count + 1;
    if (!holdNext(sql, draft, [first, last])) {
      for (let seq = first; seq <= last; seq += 1) {
        invariant(hold(sql, { ...draft, seq }), 'a number is given once');
      }
    }
    return { draft, next: first };
  });
  return (draft) => {
    const own = taken.find((one) => areCountedAlike(one.draft, draft));
    invariant(own !== undefined, 'numbers are taken for all that is said');
    own.next += 1;
    return own.next - 1;
  };
}

/** The last of the next `count`. Also after what others have given back to a terminal that had lost it: no number is given twice. */
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

interface Said {
  readonly message: Message;
  readonly sign: Sign | null;
}

/** Who may read one may read all: of the same device, conversation and version of the room, and not too many. */
function proofsOf(turn: readonly Said[]): ReadonlyMap<Message, Proof> {
  const groups: { readonly first: Message; readonly sign: Sign; readonly messages: Message[] }[] = [];
  for (const { message, sign } of turn) {
    if (sign === null) continue;
    const group = groups.find(
      ({ first, messages }) =>
        areCountedAlike(first, message) &&
        first.roster === message.roster &&
        messages.length < TURN_MAX_MESSAGES,
    );
    if (group === undefined) groups.push({ first: message, sign, messages: [message] });
    else group.messages.push(message);
  }
  const proofs = new Map<Message, Proof>();
  for (const { messages, sign } of groups) {
    for (const [index, proof] of proveTurn(messages, sign).entries()) {
      const message = messages[index];
      if (message !== undefined) proofs.set(message, proof);
    }
  }
  return proofs;
}

/** Another's message to be stored. */
export interface Arrived {
  readonly message: Message;
  readonly mark: ReadMark;
  readonly proof: Proof | null;
}

/** Stores and marks messages of others unless their ids are there. */
export function store(sql: Sql, arrived: readonly Arrived[], nowMs: number): readonly StoreResult[] {
  return inRows(arrived).flatMap((row) => storeRow(sql, row, nowMs));
}

/** In their order, those together that have consecutive numbers of one device. */
function inRows(arrived: readonly Arrived[]): readonly (readonly [Arrived, ...Arrived[]])[] {
  const rows: [Arrived, ...Arrived[]][] = [];
  for (const one of arrived) {
    const row = rows.at(-1);
    const before = row?.at(-1)?.message;
    if (row !== undefined && before !== undefined && follows(before, one.message)) row.push(one);
    else rows.push([one]);
  }
  return rows;
}

const follows = (before: Message, { conversation, device, seq }: Message): boolean =>
  before.conversation === conversation && before.device === device && before.seq + 1 === seq;

function storeRow(sql: Sql, row: readonly [Arrived, ...Arrived[]], nowMs: number): readonly StoreResult[] {
  const [{ message: first }] = row;
  const isNew = holdNext(sql, first, [first.seq, first.seq + row.length - 1]);
  const fresh: (Arrived & Pick<StoredMessage, 'position'>)[] = [];
  const outcomes = row.map((one): StoreResult => {
    if (!isNew && !hold(sql, one.message)) {
      return isAnother(sql, one.message) ? 'contradicted' : 'known';
    }
    fresh.push({ ...one, position: insert(sql, { id: messageId(one.message), ...one }, nowMs) });
    return 'stored';
  });
  markAll(sql, fresh);
  return outcomes;
}

/** Whether what is there under this number says anything else. Of what was let go of nobody can tell. */
function isAnother(sql: Sql, message: Message): boolean {
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
  return row.parse(sql.all('SELECT MAX(hlc) AS hlc FROM messages'))[0].hlc;
}
