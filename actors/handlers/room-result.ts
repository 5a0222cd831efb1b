// The result of a room command, in the form that its receipt stores for a retry: the room, the admin that a succession made, and
// whether anything changed.
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
  /** Whether the room was already as requested. */
  readonly isUnchanged: boolean;
}

export function roomResult(room: ConversationId, events: readonly RecordedEvent[]): RoomResult {
  const succession = events.find(({ type }) => type === 'AdminSucceeded');
  const leader = succession === undefined ? null : subjectOf(succession);
  return { room, leader, isUnchanged: events.length === 0 };
}

const schema: z.ZodType<RoomResult> = z.union([
  z.object({
    room: conversationIdSchema,
    leader: accountIdSchema.nullable(),
    // Older receipts do not have it.
    isUnchanged: z.boolean().default(false),
  }),
  // The oldest receipts hold only the room.
  conversationIdSchema.transform((room) => ({ room, leader: null, isUnchanged: false })),
]);

export const readRoomResult = ({ outcome }: Pick<Receipt, 'outcome'>): RoomResult => schema.parse(outcome);
