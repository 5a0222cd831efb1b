// The tables of a terminal's history, as TypeORM sees them; the migrations make them.
import { EntitySchema } from 'typeorm';
import type { Span } from '../../core/protocol/spans.js';

export interface MessageRow {
  /** The order in which this terminal got to know them. */
  readonly position?: number;
  readonly id: string;
  readonly conversation: string;
  readonly account: string;
  readonly device: string;
  readonly seq: number;
  readonly hlc: string;
  readonly roster: number;
  readonly text: string;
  readonly spans: readonly Span[];
  /** That its author's device said it; null for what came from an older terminal. */
  readonly proof?: string | null;
  /** When it was said and when it was stored here, milliseconds since the epoch. */
  readonly at: number;
  readonly receivedAt: number;
}

export const messageTable = new EntitySchema<MessageRow>({
  name: 'message',
  tableName: 'messages',
  columns: {
    position: { type: 'integer', primary: true, generated: 'increment' },
    id: { type: 'text' },
    conversation: { type: 'text' },
    account: { type: 'text' },
    device: { type: 'text' },
    seq: { type: 'integer' },
    hlc: { type: 'text' },
    roster: { type: 'integer' },
    text: { type: 'text' },
    spans: { type: 'simple-json' },
    proof: { type: 'text', nullable: true },
    at: { type: 'integer' },
    receivedAt: { name: 'received_at', type: 'integer' },
  },
  indices: [
    { name: 'messages_id', columns: ['id'], unique: true },
    { name: 'messages_order', columns: ['conversation', 'hlc', 'device', 'seq'] },
    { name: 'messages_device', columns: ['conversation', 'device', 'roster', 'seq'] },
  ],
});

export interface OutboxRow {
  readonly messageId: string;
  readonly account: string;
  /** `refused` by the recipient; `withdrawn` when it is none any more. */
  readonly state: 'queued' | 'delivered' | 'refused' | 'withdrawn';
}

const outboxTable = new EntitySchema<OutboxRow>({
  name: 'outbox',
  tableName: 'outbox',
  columns: {
    messageId: { name: 'message_id', type: 'text', primary: true },
    account: { type: 'text', primary: true },
    state: { type: 'text' },
  },
  indices: [{ name: 'outbox_account_state', columns: ['account', 'state'] }],
});

/** The number of a device's last message in a conversation: kept apart, so that none is used twice when messages go. */
const counterTable = new EntitySchema<{
  readonly device: string;
  readonly conversation: string;
  readonly last: number;
}>({
  name: 'counter',
  tableName: 'counters',
  columns: {
    device: { type: 'text', primary: true },
    conversation: { type: 'text', primary: true },
    last: { type: 'integer' },
  },
});

export const personTable = new EntitySchema<{
  readonly account: string;
  readonly username: string;
  readonly isVouched: boolean;
  readonly namedAt: number;
}>({
  name: 'person',
  tableName: 'people',
  columns: {
    account: { type: 'text', primary: true },
    username: { type: 'text' },
    isVouched: { name: 'is_vouched', type: 'boolean' },
    namedAt: { name: 'named_at', type: 'integer', default: 0 },
  },
});

export const deviceTable = new EntitySchema<{
  readonly device: string;
  readonly account: string;
  readonly isIntroduced: boolean;
  readonly introducedAt: number;
  readonly introducedBy: string;
  readonly verifiedAt: number | null;
  /** The tracker's statement of whose it is, as JSON. */
  readonly enrolment: string | null;
}>({
  name: 'device',
  tableName: 'devices',
  columns: {
    device: { type: 'text', primary: true },
    account: { type: 'text' },
    isIntroduced: { name: 'is_introduced', type: 'boolean', default: () => 'TRUE' },
    introducedAt: { name: 'introduced_at', type: 'integer', default: 0 },
    introducedBy: { name: 'introduced_by', type: 'text', default: '' },
    verifiedAt: { name: 'verified_at', type: 'integer', nullable: true },
    enrolment: { type: 'text', nullable: true },
  },
});

/** Messages of a device that this terminal has, or has had: all from `first` to `last`. Two runs never touch. */
const heldTable = new EntitySchema<{
  readonly conversation: string;
  readonly device: string;
  readonly first: number;
  readonly last: number;
}>({
  name: 'held',
  tableName: 'held',
  columns: {
    conversation: { type: 'text', primary: true },
    device: { type: 'text', primary: true },
    first: { type: 'integer', primary: true },
    last: { type: 'integer' },
  },
});

export const roomTable = new EntitySchema<{
  readonly conversation: string;
  readonly name: string;
  readonly version: number;
  readonly topic: string;
  readonly isPrivate: boolean;
}>({
  name: 'room',
  tableName: 'rooms',
  columns: {
    conversation: { type: 'text', primary: true },
    name: { type: 'text' },
    version: { type: 'integer' },
    topic: { type: 'text', default: '' },
    isPrivate: { name: 'is_private', type: 'boolean', default: () => 'FALSE' },
  },
});

export interface MembershipRow {
  readonly conversation: string;
  readonly account: string;
  readonly joinedVersion: number;
  readonly leftVersion: number | null;
  readonly isAdmin: boolean;
  readonly end: 'left' | 'removed' | 'closed' | 'unseen' | null;
}

export const membershipTable = new EntitySchema<MembershipRow>({
  name: 'membership',
  tableName: 'memberships',
  columns: {
    conversation: { type: 'text', primary: true },
    account: { type: 'text', primary: true },
    joinedVersion: { name: 'joined_version', type: 'integer', primary: true },
    leftVersion: { name: 'left_version', type: 'integer', nullable: true },
    isAdmin: { name: 'is_admin', type: 'boolean' },
    end: { type: 'text', nullable: true },
  },
});

export const toldTable = new EntitySchema<{ readonly stream: string; readonly version: number }>({
  name: 'told',
  tableName: 'told',
  columns: { stream: { type: 'text', primary: true }, version: { type: 'integer' } },
});

export const privateTable = new EntitySchema<{ readonly conversation: string }>({
  name: 'private',
  tableName: 'privates',
  columns: { conversation: { type: 'text', primary: true } },
});

/** A message that counts until its conversation is read. */
export const unreadTable = new EntitySchema<{
  readonly messageId: string;
  readonly conversation: string;
  readonly isMention: boolean;
}>({
  name: 'unread',
  tableName: 'unread',
  columns: {
    messageId: { name: 'message_id', type: 'text', primary: true },
    conversation: { type: 'text' },
    isMention: { name: 'is_mention', type: 'boolean' },
  },
  indices: [{ name: 'unread_conversation', columns: ['conversation'] }],
});

/** The latest timestamp of what was read of a conversation. */
export const readTable = new EntitySchema<{ readonly conversation: string; readonly hlc: string }>({
  name: 'read',
  tableName: 'reads',
  columns: { conversation: { type: 'text', primary: true }, hlc: { type: 'text' } },
});

export const muteTable = new EntitySchema<{
  readonly conversation: string;
  /** Empty for the whole conversation. */
  readonly account: string;
  readonly level: 'all' | 'mentions';
  /** Milliseconds since the epoch; null for good. */
  readonly until: number | null;
}>({
  name: 'mute',
  tableName: 'mutes',
  columns: {
    conversation: { type: 'text', primary: true },
    account: { type: 'text', primary: true },
    level: { type: 'text' },
    until: { type: 'integer', nullable: true },
  },
});

export const preferenceTable = new EntitySchema<{ readonly name: string; readonly isOn: boolean }>({
  name: 'preference',
  tableName: 'preferences',
  columns: { name: { type: 'text', primary: true }, isOn: { name: 'is_on', type: 'boolean' } },
});

export const linkChoiceTable = new EntitySchema<{
  readonly conversation: string;
  readonly choice: string;
  readonly at: number;
}>({
  name: 'link_choice',
  tableName: 'link_choices',
  columns: {
    conversation: { type: 'text', primary: true },
    choice: { type: 'text' },
    at: { type: 'integer' },
  },
});

/** How far the index of words has come, in positions of messages: one row. */
const indexedTable = new EntitySchema<{ readonly id: number; readonly position: number }>({
  name: 'indexed',
  tableName: 'indexed',
  columns: { id: { type: 'integer', primary: true }, position: { type: 'integer' } },
});

export const historyTables = [
  messageTable,
  outboxTable,
  counterTable,
  heldTable,
  indexedTable,
  personTable,
  deviceTable,
  roomTable,
  membershipTable,
  toldTable,
  privateTable,
  unreadTable,
  readTable,
  muteTable,
  preferenceTable,
  linkChoiceTable,
];
