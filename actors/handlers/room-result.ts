// What a command did to a room, as its receipt keeps it for a retry: which room it was, and whom the rules made admin.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Receipt } from '../../core/events/store.js';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import { subjectOf } from '../notices/notices.js';

export interface RoomResult {
  readonly room: ConversationId;
  /** Null for nobody. */
  readonly leader: AccountId | null;
}

export function roomResult(room: ConversationId, events: readonly RecordedEvent[]): RoomResult {
  const succession = events.find(({ type }) => type === 'AdminSucceeded');
  return { room, leader: succession === undefined ? null : subjectOf(succession) };
}

const schema: z.ZodType<RoomResult> = z.union([
  z.object({ room: conversationIdSchema, leader: accountIdSchema.nullable() }),
  // At first they only said which room it was.
  conversationIdSchema.transform((room) => ({ room, leader: null })),
]);

export const readRoomResult = ({ outcome }: Pick<Receipt, 'outcome'>): RoomResult => schema.parse(outcome);
