// The state machine of one room: unopened, open (attended, or unattended while no admin is online), or closed. This file has the
// order of the guards; the rules that the guards test are in context.ts and succession.ts.
import { assign, setup } from 'xstate';
import { machineTypes, nothingToDo, record, refuse } from '../../core/actor/record.js';
import { invariant } from '../../core/errors.js';
import type { AccountId } from '../../core/ids.js';
import type { RoomCommand } from './commands.js';
import type { RoomEvent } from './events.js';
import {
  hasTooManyBans,
  hasTooManyInvitations,
  isAdmin,
  isBanned,
  isFull,
  isInTooManyRooms,
  isMember,
  isNotAdmin,
  isTargetAdmin,
  isTargetBanned,
  isTargetInvited,
  isTargetLastMember,
  isTargetMember,
  isTargetNotAdmin,
  isTargetUnknown,
  isTargetNotBanned,
  isTargetSelf,
  isTargetNotMember,
  isTargetSuccessor,
  isTopicSame,
  isNotMember,
  isNotInvited,
  emptied,
  emptyRoom,
  type RoomContext,
  withAdmin,
  without,
  withoutMember,
} from './context.js';
import { operatorTransitions } from './operator.js';
import {
  afterDemotion,
  afterLeaving,
  hasAdminReturned,
  isStandInDue,
  returnedAdmin,
  standInFor,
} from './succession.js';

type RoomRefusal =
  | 'ROOM_NAME_TAKEN'
  | 'ROOM_NOT_FOUND'
  | 'ALREADY_MEMBER'
  | 'NOT_A_MEMBER'
  | 'NOT_INVITED'
  | 'BANNED'
  | 'NOT_ADMIN'
  | 'IS_ADMIN'
  | 'ALREADY_ADMIN'
  | 'USER_NOT_ADMIN'
  | 'USER_NOT_A_MEMBER'
  | 'USER_IS_MEMBER'
  | 'USER_IS_BANNED'
  | 'USERNAME_NOT_FOUND'
  | 'NOT_BANNED'
  | 'LAST_MEMBER'
  | 'INVALID_COMMAND'
  | 'ROOM_FULL'
  | 'TOO_MANY_ROOMS'
  | 'TOO_MANY_BANS'
  | 'TOO_MANY_INVITATIONS';

/** The target of a command. The guards have already refused a command without a target. */
function targetOf({ target }: { readonly target: AccountId | null }): AccountId {
  invariant(target !== null, 'a command without a target was not refused');
  return target;
}

export const roomMachine = setup({
  types: machineTypes<RoomContext, RoomCommand, RoomEvent, RoomRefusal>(),
}).createMachine({
  id: 'room',
  context: emptyRoom,
  initial: 'unopened',
  states: {
    unopened: {
      on: {
        CreateRoom: [
          { guard: isInTooManyRooms, actions: refuse('TOO_MANY_ROOMS') },
          {
            actions: record(({ event: { account, isPrivate, personal } }) => [
              { type: 'RoomCreated', account, isPrivate, personal },
            ]),
          },
        ],
        RoomCreated: {
          target: 'open',
          actions: assign(({ event: { account, isPrivate } }) => ({
            members: [account],
            admins: [account],
            isPrivate,
          })),
        },
        '*': { actions: refuse('ROOM_NOT_FOUND') },
      },
    },
    open: {
      initial: 'attended',
      states: {
        attended: {
          on: {
            AdminsAbsent: {
              actions: record(({ context, event: { deadline } }) => {
                const [account] = context.admins;
                invariant(account !== undefined, 'an open room has no admin');
                return [{ type: 'RoomUnattended', account, deadline }];
              }),
            },
            AdminReturned: { actions: nothingToDo() },
            Tick: { actions: nothingToDo() },
            RoomUnattended: {
              target: 'unattended',
              actions: assign(({ event: { deadline } }) => ({ deadline })),
            },
          },
        },
        unattended: {
          on: {
            AdminsAbsent: { actions: nothingToDo() },
            AdminReturned: [
              {
                guard: isAdmin,
                actions: record(({ event: { account } }) => [{ type: 'RoomAttended', account }]),
              },
              { actions: nothingToDo() },
            ],
            Tick: [
              {
                guard: hasAdminReturned,
                actions: record(({ context, event: { online } }) => {
                  const account = returnedAdmin(context, online);
                  invariant(account !== null, 'no admin is back');
                  return [{ type: 'RoomAttended', account }];
                }),
              },
              {
                guard: isStandInDue,
                actions: record(({ context, event: { online } }) => {
                  const account = standInFor(context, online);
                  const [after] = context.admins;
                  invariant(account !== null && after !== undefined, 'nobody can stand in');
                  return [
                    { type: 'AdminSucceeded', account, after, because: 'absent' },
                    { type: 'RoomAttended', account },
                  ];
                }),
              },
              { actions: nothingToDo() },
            ],
            RoomAttended: { target: 'attended', actions: assign({ deadline: null }) },
          },
        },
      },
      on: {
        CreateRoom: { actions: refuse('ROOM_NAME_TAKEN') },
        JoinRoom: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isMember, actions: refuse('ALREADY_MEMBER') },
          { guard: isNotInvited, actions: refuse('NOT_INVITED') },
          { guard: isFull, actions: refuse('ROOM_FULL') },
          { guard: isInTooManyRooms, actions: refuse('TOO_MANY_ROOMS') },
          { actions: record(({ event: { account } }) => [{ type: 'MemberJoined', account }]) },
        ],
        LeaveRoom: [
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { actions: record(({ context, event }) => afterLeaving(context, event)) },
        ],
        RemoveMember: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTargetSelf, actions: refuse('INVALID_COMMAND') },
          { guard: isTargetNotMember, actions: refuse('USER_NOT_A_MEMBER') },
          { guard: isTargetAdmin, actions: refuse('IS_ADMIN') },
          {
            actions: record(({ event }) => [
              { type: 'MemberRemoved', account: targetOf(event), personal: event.personal },
            ]),
          },
        ],
        BanMember: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTargetSelf, actions: refuse('INVALID_COMMAND') },
          { guard: isTargetBanned, actions: nothingToDo() },
          { guard: isTargetNotMember, actions: refuse('USER_NOT_A_MEMBER') },
          { guard: isTargetAdmin, actions: refuse('IS_ADMIN') },
          { guard: hasTooManyBans, actions: refuse('TOO_MANY_BANS') },
          {
            actions: record(({ event }) => [
              { type: 'MemberBanned', account: targetOf(event), personal: event.personal },
            ]),
          },
        ],
        UnbanMember: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTargetNotBanned, actions: refuse('NOT_BANNED') },
          { actions: record(({ event }) => [{ type: 'MemberUnbanned', account: targetOf(event) }]) },
        ],
        InviteMember: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTargetUnknown, actions: refuse('USERNAME_NOT_FOUND') },
          { guard: isTargetMember, actions: refuse('USER_IS_MEMBER') },
          { guard: isTargetBanned, actions: refuse('USER_IS_BANNED') },
          { guard: isTargetInvited, actions: nothingToDo() },
          { guard: hasTooManyInvitations, actions: refuse('TOO_MANY_INVITATIONS') },
          { actions: record(({ event }) => [{ type: 'MemberInvited', account: targetOf(event) }]) },
        ],
        PromoteMember: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTargetNotMember, actions: refuse('USER_NOT_A_MEMBER') },
          { guard: isTargetAdmin, actions: nothingToDo() },
          { actions: record(({ event }) => [{ type: 'AdminPromoted', account: targetOf(event) }]) },
        ],
        DemoteAdmin: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTargetNotMember, actions: refuse('USER_NOT_A_MEMBER') },
          { guard: isTargetNotAdmin, actions: refuse('USER_NOT_ADMIN') },
          { guard: isTargetLastMember, actions: refuse('LAST_MEMBER') },
          { actions: record(({ context, event }) => afterDemotion(context, targetOf(event))) },
        ],
        NameSuccessor: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTargetNotMember, actions: refuse('USER_NOT_A_MEMBER') },
          { guard: isTargetAdmin, actions: refuse('ALREADY_ADMIN') },
          { guard: isTargetSuccessor, actions: nothingToDo() },
          { actions: record(({ event }) => [{ type: 'SuccessorNamed', account: targetOf(event) }]) },
        ],
        ChangeTopic: [
          { guard: isBanned, actions: refuse('BANNED') },
          { guard: isNotMember, actions: refuse('NOT_A_MEMBER') },
          { guard: isNotAdmin, actions: refuse('NOT_ADMIN') },
          { guard: isTopicSame, actions: nothingToDo() },
          {
            actions: record(({ event: { account, personal } }) => [
              { type: 'TopicChanged', account, personal },
            ]),
          },
        ],
        ...operatorTransitions,
        MemberJoined: {
          actions: assign(({ context, event: { account } }) => ({
            members: [...context.members, account],
            invited: without(context.invited, account),
          })),
        },
        MemberLeft: { actions: assign(({ context, event }) => withoutMember(context, event.account)) },
        MemberRemoved: { actions: assign(({ context, event }) => withoutMember(context, event.account)) },
        MemberBanned: {
          actions: assign(({ context, event: { account } }) => ({
            ...withoutMember(context, account),
            banned: [...context.banned, account],
          })),
        },
        MemberUnbanned: {
          actions: assign({ banned: ({ context, event }) => without(context.banned, event.account) }),
        },
        MemberInvited: {
          actions: assign({ invited: ({ context, event }) => [...context.invited, event.account] }),
        },
        AdminPromoted: { actions: assign(({ context, event }) => withAdmin(context, event.account)) },
        AdminSucceeded: { actions: assign(({ context, event }) => withAdmin(context, event.account)) },
        AdminDemoted: {
          actions: assign({ admins: ({ context, event }) => without(context.admins, event.account) }),
        },
        SuccessorNamed: { actions: assign({ successor: ({ event }) => event.account }) },
        TopicChanged: {},
        RoomClosed: { target: 'closed', actions: assign(emptied) },
      },
    },
    closed: {
      on: {
        CreateRoom: { actions: refuse('ROOM_NAME_TAKEN') },
        LeaveRoom: { actions: refuse('NOT_A_MEMBER') },
        '*': { actions: refuse('ROOM_NOT_FOUND') },
      },
    },
  },
});
