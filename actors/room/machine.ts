// The life of one room: unopened, open with its members in join order and its admins, closed for good.
import { assign, setup } from 'xstate';
import { machineTypes, record, refuse } from '../../core/actor/record.js';
import type { AccountId } from '../../core/ids.js';
import { limits } from '../../core/protocol/limits.js';
import type { RoomCommand } from './commands.js';
import type { RoomEvent } from './events.js';
import { type Standing, successorOf } from './succession.js';

type RoomRefusal =
  | 'ROOM_NAME_TAKEN'
  | 'ROOM_NOT_FOUND'
  | 'ALREADY_MEMBER'
  | 'NOT_A_MEMBER'
  | 'ROOM_FULL'
  | 'TOO_MANY_ROOMS';

const without = (accounts: readonly AccountId[], gone: AccountId): readonly AccountId[] =>
  accounts.filter((account) => account !== gone);

export const roomMachine = setup({
  types: machineTypes<Standing, RoomCommand, RoomEvent, RoomRefusal>(),
}).createMachine({
  id: 'room',
  context: { members: [], admins: [] },
  initial: 'unopened',
  states: {
    unopened: {
      on: {
        CreateRoom: [
          {
            guard: ({ event }) => event.roomsOfAccount >= limits.roomsPerAccount,
            actions: refuse('TOO_MANY_ROOMS'),
          },
          {
            actions: record(({ event: { account, personal } }) => [
              { type: 'RoomCreated', account, personal },
            ]),
          },
        ],
        JoinRoom: { actions: refuse('ROOM_NOT_FOUND') },
        LeaveRoom: { actions: refuse('ROOM_NOT_FOUND') },
        RoomCreated: {
          target: 'open',
          actions: assign(({ event }) => ({ members: [event.account], admins: [event.account] })),
        },
      },
    },
    open: {
      on: {
        CreateRoom: { actions: refuse('ROOM_NAME_TAKEN') },
        JoinRoom: [
          {
            guard: ({ context, event }) => context.members.includes(event.account),
            actions: refuse('ALREADY_MEMBER'),
          },
          {
            guard: ({ context }) => context.members.length >= limits.membersPerRoom,
            actions: refuse('ROOM_FULL'),
          },
          {
            guard: ({ event }) => event.roomsOfAccount >= limits.roomsPerAccount,
            actions: refuse('TOO_MANY_ROOMS'),
          },
          {
            actions: record(({ event: { account } }) => [{ type: 'MemberJoined', account }]),
          },
        ],
        LeaveRoom: [
          {
            guard: ({ context, event }) => context.members.includes(event.account),
            actions: record(({ context, event }) => afterLeaving(context, event.account)),
          },
          { actions: refuse('NOT_A_MEMBER') },
        ],
        MemberJoined: {
          actions: assign({ members: ({ context, event }) => [...context.members, event.account] }),
        },
        MemberLeft: {
          actions: assign(({ context, event }) => ({
            members: without(context.members, event.account),
            admins: without(context.admins, event.account),
          })),
        },
        AdminSucceeded: {
          actions: assign({ admins: ({ context, event }) => [...context.admins, event.account] }),
        },
        RoomClosed: 'closed',
      },
    },
    closed: {
      on: {
        CreateRoom: { actions: refuse('ROOM_NAME_TAKEN') },
        JoinRoom: { actions: refuse('ROOM_NOT_FOUND') },
        LeaveRoom: { actions: refuse('NOT_A_MEMBER') },
      },
    },
  },
});

/** A member's leaving with all that follows from it: somebody else leads, or the room closes. */
function afterLeaving(room: Standing, account: AccountId): readonly RoomEvent[] {
  const left: RoomEvent = { type: 'MemberLeft', account };
  if (room.members.length === 1) return [left, { type: 'RoomClosed', account }];
  const successor = successorOf(room, account);
  if (successor === null) return [left];
  return [left, { type: 'AdminSucceeded', account: successor, after: account }];
}
