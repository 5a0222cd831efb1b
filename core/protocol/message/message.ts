// A message: the text of one author in one conversation. Its format is final; all terminals sort messages in the same
// order.
import { hash } from 'node:crypto';
import { z } from 'zod';
import { type AccountId, accountIdSchema, deviceIdSchema } from '../../ids.js';
import { type Hlc, hlcSchema } from './hlc.js';
import { limits } from '../limits.js';
import { type Span, spanSchema } from './spans.js';

const ROOM = /^room-[0-9A-HJKMNP-TV-Z]{26}$/;
const PRIVATE = /^private-[0-9A-HJKMNP-TV-Z]{26}-[0-9A-HJKMNP-TV-Z]{26}$/;

/** `room-<id>` (also the name of the room's stream) or `private-<account>-<account>` with the accounts in order. */
export const conversationIdSchema = z
  .string()
  .regex(new RegExp(`${ROOM.source}|${PRIVATE.source}`))
  .refine(areAccountsInOrder, 'The accounts of a private conversation must be in order.')
  .brand<'ConversationId'>();
export type ConversationId = z.infer<typeof conversationIdSchema>;

function areAccountsInOrder(conversation: string): boolean {
  const [kind, one = '', other = ''] = conversation.split('-');
  return kind === 'room' || one <= other;
}

/** The private conversation of two accounts. The order of the arguments does not matter. */
export function privateConversation(one: AccountId, other: AccountId): ConversationId {
  return conversationIdSchema.parse(`private-${[one, other].sort().join('-')}`);
}

/** The two accounts of a private conversation, in order; `null` for a room. */
export function partiesOf(conversation: ConversationId): readonly [AccountId, AccountId] | null {
  if (!isPrivate(conversation)) return null;
  const [, one, other] = conversation.split('-');
  return [accountIdSchema.parse(one), accountIdSchema.parse(other)];
}

const textSchema = z
  .string()
  .min(1, 'A message needs some text.')
  .refine(
    (text) => Buffer.byteLength(text) <= limits.messageMaxBytes,
    `A message must have at most ${limits.messageMaxBytes} bytes.`,
  )
  // Text that is not well-formed Unicode differs between JSON, CBOR and the disk.
  .refine((text) => text.isWellFormed(), 'A message must be well-formed Unicode.');

const spansSchema = z
  .array(spanSchema)
  .max(limits.spansPerMessage, `A message must have at most ${limits.spansPerMessage} formatted parts.`)
  .refine(
    (spans) => addressBytes(spans) <= limits.linkAddressesMaxBytes,
    `The links of a message must have at most ${limits.linkAddressesMaxBytes} bytes together.`,
  );

const content = {
  text: textSchema,
  /** In order of their start. */
  spans: spansSchema,
};
const fitting = { path: ['spans'], error: 'The formatting does not fit the text.' };

/** The content of a message, without its author and conversation. */
export const contentSchema = z.object(content).refine(({ text, spans }) => doSpansFit(text, spans), fitting);

/** 15 digits. A larger number would fit no range and could break the ranges of all messages. */
export const SEQ_MAX = 999_999_999_999_999;

/** A message that fails this schema is answered with `INVALID_FORMAT`. */
export const messageSchema = z
  .object({
    conversation: conversationIdSchema,
    account: accountIdSchema,
    device: deviceIdSchema,
    /** Counts 1, 2, 3… per device and conversation. */
    seq: z.int().min(1).max(SEQ_MAX),
    hlc: hlcSchema,
    /** The latest version of the room that the message's author had; 0 in a private conversation. */
    roster: z.int().min(0),
    ...content,
  })
  .refine(({ conversation, roster }) => isPrivate(conversation) === (roster === 0), {
    path: ['roster'],
    error: "A message in a room must name the room's version; a private message must not.",
  })
  .refine(({ text, spans }) => doSpansFit(text, spans), fitting);
export type Message = z.infer<typeof messageSchema>;

/** The id of a message on every terminal: 22 characters derived from conversation, device and number. */
export function messageId(message: Pick<Message, 'conversation' | 'device' | 'seq'>): string {
  const name = JSON.stringify([message.conversation, message.device, message.seq]);
  return hash('sha256', name, 'buffer').subarray(0, 16).toString('base64url');
}

/** Negative if `one` comes before `other` in their conversation: by clock, then device, then number. */
export function compareMessages(one: Placed, other: Placed): number {
  return compare(one.hlc, other.hlc) || compare(one.device, other.device) || one.seq - other.seq;
}

interface Placed {
  readonly hlc: Hlc;
  readonly device: string;
  readonly seq: number;
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

const isPrivate = (conversation: string): boolean => PRIVATE.test(conversation);

/** Whether every span lies within the text, splits no character, and does not start before the previous one. */
function doSpansFit(text: string, spans: readonly Span[]): boolean {
  return spans.every(({ start, end }, index) => {
    const before = spans[index - 1];
    const isInOrder = before === undefined || before.start <= start;
    return isInOrder && end <= text.length && text.slice(start, end).isWellFormed();
  });
}

function addressBytes(spans: readonly Span[]): number {
  return spans
    .map((span) => (span.style === 'HYPERLINK' ? Buffer.byteLength(span.url) : 0))
    .reduce((sum, bytes) => sum + bytes, 0);
}
