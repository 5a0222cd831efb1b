// Messages in SQL: accepted and signed, or stored once. Each function is part of a transaction that its caller holds.
import { z } from 'zod';
import { invariant } from '../../core/errors.js';
import type { AccountId } from '../../core/ids.js';
import { type Hlc, hlcSchema, millisecondsOf } from '../../core/protocol/hlc.js';
import { type Message, messageId, messageSchema } from '../../core/protocol/message.js';
import {
  messageDigest,
  type Proof,
  proofSchema,
  proveTurn,
  type Sign,
  TURN_MAX_MESSAGES,
} from '../../core/protocol/proof.js';
import { hold, holdNext } from './held.js';
import { markAll } from './marks.js';
import type { Draft, Mark, Stored, StoredMessage } from './port.js';
import type { Sql } from './sql.js';

/** The columns of a message, of the table under the name `message`. */
export const COLUMNS = [
  'id',
  'conversation',
  'account',
  'device',
  'seq',
  'hlc',
  'roster',
  'text',
  'spans',
  'proof',
]
  .map((column) => `message.${column}`)
  .join(', ');

const rowSchema = z.looseObject({
  id: z.string(),
  spans: z.string().transform((text): unknown => JSON.parse(text)),
  proof: proofSchema.nullable(),
});

/** The message in a row of `COLUMNS`. */
export function storedMessage(row: unknown): StoredMessage {
  const columns = rowSchema.parse(row);
  return { id: columns.id, message: messageSchema.parse(columns), proof: columns.proof };
}

/** One's own message to be accepted. */
export interface Post {
  readonly draft: Draft;
  readonly recipients: readonly AccountId[];
  /** Null: nobody else can pass it on. */
  readonly sign: Sign | null;
}

/** Numbers, signs, stores and queues what was said in one turn, in order. */
export function accept(sql: Sql, posts: readonly Post[], nowMs: number): readonly StoredMessage[] {
  const next = numbers(sql, posts);
  const turn = posts.map(({ draft, ...post }) => ({ message: { ...draft, seq: next(draft) }, ...post }));
  const proofs = new Map<Message, Proof>();
  for (const { messages, sign } of signedTogether(turn)) {
    const made = proveTurn(messages, sign);
    for (const [index, message] of messages.entries()) {
      const proof = made[index];
      if (proof !== undefined) proofs.set(message, proof);
    }
  }
  const stored = turn.map(({ message }) => {
    const one = { id: messageId(message), message, proof: proofs.get(message) ?? null };
    insert(sql, one, nowMs);
    return one;
  });
  queue(
    sql,
    stored.map(({ id }) => id),
    turn,
  );
  return stored;
}

/** Puts each into the outbox for its recipients, in order: together those in a row that are for the same. */
function queue(sql: Sql, ids: readonly string[], turn: readonly Pick<Post, 'recipients'>[]): void {
  const groups: { readonly recipients: string; readonly ids: string[] }[] = [];
  for (const [index, id] of ids.entries()) {
    const recipients = JSON.stringify(turn[index]?.recipients);
    const last = groups.at(-1);
    if (last?.recipients === recipients) last.ids.push(id);
    else groups.push({ recipients, ids: [id] });
  }
  for (const group of groups) {
    sql.run(
      `INSERT INTO outbox (message_id, account, state)
       SELECT message.value, recipient.value, 'queued' FROM json_each(?) message CROSS JOIN json_each(?) recipient`,
      JSON.stringify(group.ids),
      group.recipients,
    );
  }
}

const lastSchema = z.object({ last: z.int() });

/** Within what a device counts. */
const keyOf = ({ device, conversation }: Draft): string => `${device} ${conversation}`;

/** Gives each draft its number, in order, and takes note of it; all that are needed of a device in a conversation are taken at once. */
function numbers(sql: Sql, posts: readonly Post[]): (draft: Draft) => number {
  const counts = new Map<string, { readonly draft: Draft; count: number }>();
  for (const { draft } of posts) {
    const known = counts.get(keyOf(draft));
    if (known === undefined) counts.set(keyOf(draft), { draft, count: 1 });
    else known.count += 1;
  }
  const next = new Map<string, number>();
  for (const [key, { draft, count }] of counts) {
    const last = lastSeq(sql, draft, count);
    const first = last - count + 1;
    next.set(key, first);
    if (holdNext(sql, draft, [first, last])) continue;
    for (let seq = first; seq <= last; seq += 1) {
      invariant(hold(sql, { ...draft, seq }), 'a number is given once');
    }
  }
  return (draft) => {
    const seq = next.get(keyOf(draft));
    invariant(seq !== undefined, 'numbers are taken for all that is said');
    next.set(keyOf(draft), seq + 1);
    return seq;
  };
}

/** The last of the next `count`. Also after what others have given back to a terminal that had lost it: no number is given twice. */
function lastSeq(sql: Sql, { device, conversation }: Draft, count: number): number {
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

/** Who may read one may read all: of the same device, conversation and version of the room, and not too many. */
function signedTogether(turn: readonly (Omit<Post, 'draft'> & { readonly message: Message })[]) {
  const groups = new Map<string, { readonly messages: Message[]; readonly sign: Sign }>();
  for (const { message, sign } of turn) {
    if (sign === null) continue;
    const { device, conversation, roster } = message;
    const key = `${device} ${conversation} ${roster}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { messages: [message], sign });
    else group.messages.push(message);
  }
  return [...groups.values()].flatMap(({ messages, sign }) =>
    Array.from({ length: Math.ceil(messages.length / TURN_MAX_MESSAGES) }, (_, part) => ({
      messages: messages.slice(part * TURN_MAX_MESSAGES, (part + 1) * TURN_MAX_MESSAGES),
      sign,
    })),
  );
}

/** Another's message to be stored. */
export interface Arrived {
  readonly message: Message;
  readonly mark: Mark;
  readonly proof: Proof | null;
}

/** Stores and marks messages of others unless their ids are there. */
export function store(sql: Sql, arrived: readonly Arrived[], nowMs: number): readonly Stored[] {
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

function storeRow(sql: Sql, row: readonly [Arrived, ...Arrived[]], nowMs: number): readonly Stored[] {
  const [{ message: first }] = row;
  const isNew = holdNext(sql, first, [first.seq, first.seq + row.length - 1]);
  const fresh: (Arrived & { readonly id: string })[] = [];
  const outcomes = row.map((one): Stored => {
    const id = messageId(one.message);
    if (!isNew && !hold(sql, one.message)) {
      return isAnother(sql, id, one.message) ? 'contradicted' : 'known';
    }
    insert(sql, { id, ...one }, nowMs);
    fresh.push({ id, ...one });
    return 'stored';
  });
  markAll(sql, fresh);
  return outcomes;
}

/** Whether what is there under this id says anything else. Of what was let go of nobody can tell. */
function isAnother(sql: Sql, id: string, message: Message): boolean {
  const [row] = sql.all(`SELECT ${COLUMNS} FROM messages message WHERE message.id = ?`, id);
  if (row === undefined) return false;
  return !messageDigest(storedMessage(row).message).equals(messageDigest(message));
}

function insert(sql: Sql, { id, message, proof }: StoredMessage, nowMs: number): void {
  const { conversation, account, device, seq, hlc, roster, text, spans } = message;
  sql.run(
    `INSERT INTO messages (id, conversation, account, device, seq, hlc, roster, text, spans, proof, at, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    conversation,
    account,
    device,
    seq,
    hlc,
    roster,
    text,
    JSON.stringify(spans),
    proof,
    millisecondsOf(hlc),
    nowMs,
  );
}

export function latestHlc(sql: Sql): Hlc | null {
  const row = z.tuple([z.object({ hlc: hlcSchema.nullable() })]);
  return row.parse(sql.all('SELECT MAX(hlc) AS hlc FROM messages'))[0].hlc;
}
