// The vocabulary of the room specs: events, commands and people. Ann created the room and leads it, Ben and Cat joined after her,
// and Dan is a stranger.
import { roomAggregate } from '../../../actors/room/aggregate.js';
import type { OperatorRoomCommand, RoomCommand } from '../../../actors/room/commands.js';
import type { RoomEvent, SuccessionCause } from '../../../actors/room/events.js';
import type { AccountId } from '../../../core/ids.js';
import { accountIdSchema } from '../../../core/ids.js';
import { stories } from '../../support/decider.js';
import { ann, ben, cat } from '../people.js';

export const story = stories(roomAggregate);

const reason = { personal: { reason: 'noise' } };

export const happened = {
  created: { type: 'RoomCreated', account: ann, isPrivate: false, personal: { name: 'Lobby' } },
  createdPrivate: { type: 'RoomCreated', account: ann, isPrivate: true, personal: { name: 'Lobby' } },
  joined: (account: AccountId): RoomEvent => ({ type: 'MemberJoined', account }),
  left: (account: AccountId): RoomEvent => ({ type: 'MemberLeft', account }),
  removed: (account: AccountId): RoomEvent => ({ type: 'MemberRemoved', account, ...reason }),
  banned: (account: AccountId): RoomEvent => ({ type: 'MemberBanned', account, ...reason }),
  unbanned: (account: AccountId): RoomEvent => ({ type: 'MemberUnbanned', account }),
  invited: (account: AccountId): RoomEvent => ({ type: 'MemberInvited', account }),
  promoted: (account: AccountId): RoomEvent => ({ type: 'AdminPromoted', account }),
  demoted: (account: AccountId): RoomEvent => ({ type: 'AdminDemoted', account }),
  succeeded: (account: AccountId, after: AccountId, because: SuccessionCause): RoomEvent => ({
    type: 'AdminSucceeded',
    account,
    after,
    because,
  }),
  named: (account: AccountId): RoomEvent => ({ type: 'SuccessorNamed', account }),
  retitled: (account: AccountId): RoomEvent => ({
    type: 'TopicChanged',
    account,
    personal: { topic: 'weather' },
  }),
  unattended: (account: AccountId, deadline: number | null): RoomEvent => ({
    type: 'RoomUnattended',
    account,
    deadline,
  }),
  attended: (account: AccountId): RoomEvent => ({ type: 'RoomAttended', account }),
  closed: (account: AccountId): RoomEvent => ({ type: 'RoomClosed', account }),
  unbannedByOperator: (account: AccountId): RoomEvent => ({ type: 'MemberUnbanned', account, ...reason }),
  promotedByOperator: (account: AccountId): RoomEvent => ({ type: 'AdminPromoted', account, ...reason }),
  demotedByOperator: (account: AccountId): RoomEvent => ({ type: 'AdminDemoted', account, ...reason }),
  closedByOperator: (account: AccountId): RoomEvent => ({
    type: 'RoomClosed',
    account,
    because: 'operator',
    ...reason,
  }),
} as const satisfies Record<string, RoomEvent | ((...args: never[]) => RoomEvent)>;

type Whom = AccountId | null;
export const asked = {
  create: (account: AccountId): RoomCommand => ({
    type: 'CreateRoom',
    account,
    roomsOfAccount: 0,
    isPrivate: false,
    personal: { name: 'Lobby' },
  }),
  join: (account: AccountId): RoomCommand => ({ type: 'JoinRoom', account, roomsOfAccount: 0 }),
  leave: (account: AccountId): RoomCommand => ({ type: 'LeaveRoom', account }),
  remove: (account: AccountId, target: Whom): RoomCommand => ({
    type: 'RemoveMember',
    account,
    target,
    ...reason,
  }),
  ban: (account: AccountId, target: Whom): RoomCommand => ({ type: 'BanMember', account, target, ...reason }),
  unban: (account: AccountId, target: Whom): RoomCommand => ({ type: 'UnbanMember', account, target }),
  invite: (account: AccountId, target: Whom): RoomCommand => ({ type: 'InviteMember', account, target }),
  promote: (account: AccountId, target: Whom): RoomCommand => ({ type: 'PromoteMember', account, target }),
  demote: (account: AccountId, target: Whom): RoomCommand => ({ type: 'DemoteAdmin', account, target }),
  name: (account: AccountId, target: Whom): RoomCommand => ({ type: 'NameSuccessor', account, target }),
  retitle: (account: AccountId, isSame = false): RoomCommand => ({
    type: 'ChangeTopic',
    account,
    isSame,
    personal: { topic: 'weather' },
  }),
  miss: (deadline: number | null): RoomCommand => ({ type: 'AdminsAbsent', deadline }),
  greet: (account: AccountId): RoomCommand => ({ type: 'AdminReturned', account }),
  operator: (
    type: Exclude<OperatorRoomCommand['type'], 'CloseRoom'>,
    target: AccountId,
  ): OperatorRoomCommand => ({ type, target, ...reason }),
  close: (): RoomCommand => ({ type: 'CloseRoom', ...reason }),
  tick: (now: number, ...online: readonly AccountId[]): RoomCommand => ({ type: 'Tick', now, online }),
} as const satisfies Record<string, (...args: never[]) => RoomCommand>;

/** Ann is admin; Ben and Cat are members. */
export const open: readonly RoomEvent[] = [happened.created, happened.joined(ben), happened.joined(cat)];
export const DEADLINE = 1_000;
/** The room while Ann is absent. */
export const deserted: readonly RoomEvent[] = [...open, happened.unattended(ann, DEADLINE)];
export const finished: readonly RoomEvent[] = [happened.created, happened.left(ann), happened.closed(ann)];

export const manyAccounts = (count: number): readonly AccountId[] =>
  Array.from({ length: count }, (_, n) => accountIdSchema.parse(String(n).padStart(26, '0')));
