// The moderation history of a room as the tracker sends it to a member: the recorded events, and the proof that the log has each.
import { z } from 'zod';
import { accountIdSchema } from '../ids.js';
import { conversationIdSchema } from './message/message.js';
import { limits } from './limits.js';
import { treeProofSchema } from './operations.js';

/** The events of a room that show who decided what. Joins and leaves of members are not among them. */
export const moderationEvents = [
  'RoomCreated',
  'MemberRemoved',
  'MemberBanned',
  'MemberUnbanned',
  'MemberInvited',
  'AdminPromoted',
  'AdminDemoted',
  'AdminSucceeded',
  'SuccessorNamed',
  'TopicChanged',
  'RoomUnattended',
  'RoomAttended',
  'RoomClosed',
] as const;

const loggedEventSchema = z.object({
  /** The hash of the event before it in the log. */
  previous: z.string().max(64),
  /** The event's row without its hash, which follows from the other columns. Personal text that the member may not see is null. */
  event: z.record(z.string().max(64), z.union([z.string().max(limits.frameMaxBytes), z.number(), z.null()])),
  /** The inclusion proof of the event in the log of the size in the request. */
  path: treeProofSchema,
});
export type LoggedEvent = z.infer<typeof loggedEventSchema>;

/** The answer to `LOG`. */
export const roomLogSchema = z.object({
  conversation: conversationIdSchema,
  /** The latest first. */
  events: z.array(loggedEventSchema).max(limits.eventsPerRoomLog),
  /** The present names of the accounts in the events. The log does not prove them. */
  people: z.array(z.object({ account: accountIdSchema, username: z.string() })).max(limits.peoplePerRoomLog),
  /** The version to ask before for earlier events; null if there are none. */
  before: z.int().min(1).nullable(),
});
export type RoomLogAnswer = z.infer<typeof roomLogSchema>;
