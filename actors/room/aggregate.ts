// The room aggregate: its commands, events and versions, and the name it reserves while it is open.
import { defineAggregate } from '../../core/actor/aggregate.js';
import type { Upcaster } from '../../core/actor/upcast.js';
import { foldName } from '../../core/protocol/names.js';
import type { OperatorRoomCommand } from './commands.js';
import { roomMachine } from './machine.js';

const ROOM_NAMES = 'room';

/** The commands that only the operator sends. */
export const operatorRoomCommands = [
  'RemoveAsOperator',
  'BanAsOperator',
  'UnbanAsOperator',
  'PromoteAsOperator',
  'DemoteAsOperator',
  'TransferRoom',
  'CloseRoom',
] as const satisfies readonly OperatorRoomCommand['type'][];

const unchanged: Upcaster['upcast'] = (payload) => payload;

/**
 * In version 1 every room was public, and a succession had one cause: the last admin left. The latest version of each of the other
 * events, and of the succession, adds what the operator's commands need.
 */
const upcasters: readonly Upcaster[] = [
  { type: 'RoomCreated', from: 1, upcast: (payload) => ({ ...payload, isPrivate: false }) },
  { type: 'AdminSucceeded', from: 1, upcast: (payload) => ({ ...payload, because: 'left' }) },
  { type: 'AdminSucceeded', from: 2, upcast: unchanged },
  { type: 'MemberUnbanned', from: 1, upcast: unchanged },
  { type: 'AdminPromoted', from: 1, upcast: unchanged },
  { type: 'AdminDemoted', from: 1, upcast: unchanged },
  { type: 'RoomClosed', from: 1, upcast: unchanged },
];

export const roomAggregate = defineAggregate({
  kind: 'room',
  machine: roomMachine,
  commands: [
    'CreateRoom',
    'JoinRoom',
    'LeaveRoom',
    'RemoveMember',
    'BanMember',
    'UnbanMember',
    'InviteMember',
    'PromoteMember',
    'DemoteAdmin',
    'NameSuccessor',
    'ChangeTopic',
    'AdminsAbsent',
    'AdminReturned',
    'Tick',
    ...operatorRoomCommands,
  ],
  events: {
    RoomCreated: 2,
    MemberJoined: 1,
    MemberLeft: 1,
    MemberRemoved: 1,
    MemberBanned: 1,
    MemberUnbanned: 2,
    MemberInvited: 1,
    AdminPromoted: 2,
    AdminDemoted: 2,
    AdminSucceeded: 3,
    SuccessorNamed: 1,
    TopicChanged: 1,
    RoomUnattended: 1,
    RoomAttended: 1,
    RoomClosed: 2,
  },
  upcasters,
  machineVersion: 2,
  reservations(event, owner) {
    if (event.type === 'RoomCreated') {
      return [{ action: 'claim', kind: ROOM_NAMES, name: foldName(event.personal.name), owner }];
    }
    return event.type === 'RoomClosed' ? [{ action: 'release', kind: ROOM_NAMES, name: null, owner }] : [];
  },
  reserved: () => ({ reason: 'ROOM_NAME_TAKEN', detail: {} }),
});
