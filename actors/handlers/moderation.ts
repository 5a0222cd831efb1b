// The moderation of a room: remove, ban, invite, promote, demote, name a successor, set the topic. The room machine decides who
// may do it.
import type { z } from 'zod';
import type { AccountId } from '../../core/ids.js';
import type { Answer } from '../../core/protocol/envelope.js';
import type { roomOperationSchema } from '../../core/protocol/operations.js';
import type { PhraseOf } from '../../core/protocol/status.js';
import type { Caller } from '../caller.js';
import type { RoomCommand } from '../room/commands.js';

type RoomOperation = z.infer<typeof roomOperationSchema>;
export type AboutMember = Extract<RoomOperation, { readonly username: string }>;
export type Moderation = AboutMember | Extract<RoomOperation, { readonly operation: 'TOPIC' }>;

/** The room command of an operation. @param topic the present topic of the room */
export function moderationCommand(
  { account }: Caller,
  operation: Moderation,
  target: AccountId | null,
  topic: string,
): RoomCommand {
  switch (operation.operation) {
    case 'REMOVE':
      return { type: 'RemoveMember', account, target, personal: { reason: operation.reason } };
    case 'BAN':
      return { type: 'BanMember', account, target, personal: { reason: operation.reason } };
    case 'UNBAN':
      return { type: 'UnbanMember', account, target };
    case 'INVITE':
      return { type: 'InviteMember', account, target };
    case 'PROMOTE':
      return { type: 'PromoteMember', account, target };
    case 'DEMOTE':
      return { type: 'DemoteAdmin', account, target };
    case 'SUCCESSOR':
      return { type: 'NameSuccessor', account, target };
    case 'TOPIC':
      return {
        type: 'ChangeTopic',
        account,
        isSame: operation.topic === topic,
        personal: { topic: operation.topic },
      };
  }
}

type Confirmation = (username: string, room: string) => Answer<2>;

const confirmation =
  (phrase: PhraseOf<2>, sentence: (username: string, room: string) => string): Confirmation =>
  (username, room) => ({ phrase, message: sentence(username, `#${room}`), data: { username, name: room } });

const CONFIRMATIONS: { readonly [O in AboutMember['operation']]: Confirmation } = {
  REMOVE: confirmation('MEMBER_REMOVED_S', (user, room) => `${user} is no longer in ${room}.`),
  BAN: confirmation('MEMBER_BANNED_S', (user, room) => `${user} is banned from ${room}.`),
  UNBAN: confirmation('MEMBER_UNBANNED_S', (user, room) => `${user} may join ${room} again.`),
  INVITE: confirmation('MEMBER_INVITED_S', (user, room) => `${user} is invited to ${room}.`),
  PROMOTE: confirmation('ADMIN_PROMOTED_S', (user, room) => `${user} is now an admin of ${room}.`),
  DEMOTE: confirmation('ADMIN_DEMOTED_S', (user, room) => `${user} is no longer an admin of ${room}.`),
  SUCCESSOR: confirmation(
    'SUCCESSOR_NAMED_S',
    (user, room) => `${user} will lead ${room} when its last admin leaves.`,
  ),
};

/** The operations that succeed without a change if the person is already as requested. */
const UNCHANGED: { readonly [O in AboutMember['operation']]?: Confirmation } = {
  BAN: confirmation('UNCHANGED_S', (user, room) => `${user} is already banned from ${room}.`),
  INVITE: confirmation('UNCHANGED_S', (user, room) => `${user} is already invited to ${room}.`),
  PROMOTE: confirmation('UNCHANGED_S', (user, room) => `${user} is already an admin of ${room}.`),
  SUCCESSOR: confirmation('UNCHANGED_S', (user, room) => `${user} is already the next admin of ${room}.`),
};

/** The answer to a successful operation in the room named `room`. @param isUnchanged whether the room was already as requested */
export function moderationAnswer(
  operation: Moderation,
  username: string,
  room: string,
  isUnchanged: boolean,
): Answer<2> {
  if (operation.operation !== 'TOPIC') {
    const unchanged = isUnchanged ? UNCHANGED[operation.operation] : undefined;
    return (unchanged ?? CONFIRMATIONS[operation.operation])(username, room);
  }
  const { topic } = operation;
  if (isUnchanged) {
    const message = topic === '' ? `#${room} has no topic.` : `The topic of #${room} is already: ${topic}`;
    return { phrase: 'UNCHANGED_S', message, data: { name: room, topic } };
  }
  const message = topic === '' ? `#${room} no longer has a topic.` : `The topic of #${room} is now: ${topic}`;
  return { phrase: 'TOPIC_CHANGED_S', message, data: { name: room, topic } };
}

/** The message of a refusal whose phrase alone is not clear enough; undefined for other refusals. */
export function moderationRefusal(operation: Moderation, reason: string): string | undefined {
  if (reason !== 'INVALID_COMMAND') return undefined;
  const verb = operation.operation === 'BAN' ? 'ban' : 'remove';
  return `You cannot ${verb} yourself. Use /leave to leave the room.`;
}
