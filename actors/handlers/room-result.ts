// The result of a room command, as its receipt stores it for a retry: the room, and the admin that a succession made.
import { z } from 'zod';
import type { RecordedEvent } from '../../core/events/event.js';
import type { Receipt } from '../../core/events/store.js';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import { subjectOf } from '../notices/notices.js';

export interface RoomResult {
  readonly room: ConversationId;
  /** Null if there was no succession. */
  readonly leader: AccountId | null;
}

export function roomResult(room: ConversationId, events: readonly RecordedEvent[]): RoomResult {
  const succession = events.find(({ type }) => type === 'AdminSucceeded');
  return { room, leader: succession === undefined ? null : subjectOf(succession) };
}

const schema: z.ZodType<RoomResult> = z.union([
  z.object({ room: conversationIdSchema, leader: accountIdSchema.nullable() }),
  // Older receipts hold only the room.
  conversationIdSchema.transform((room) => ({ room, leader: null })),
]);

export const readRoomResult = ({ outcome }: Pick<Receipt, 'outcome'>): RoomResult => schema.parse(outcome);
