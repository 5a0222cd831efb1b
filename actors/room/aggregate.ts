// The room aggregate: its commands, events and versions, and the name it reserves while it is open.
import { defineAggregate } from '../../core/actor/aggregate.js';
import type { Upcaster } from '../../core/actor/upcast.js';
import { foldName } from '../../core/protocol/names.js';
import { roomMachine } from './machine.js';

const ROOM_NAMES = 'room';

/** In version 1 every room was public, and a succession had one cause: the last admin left. */
const upcasters: readonly Upcaster[] = [
  { type: 'RoomCreated', from: 1, upcast: (payload) => ({ ...payload, isPrivate: false }) },
  { type: 'AdminSucceeded', from: 1, upcast: (payload) => ({ ...payload, because: 'left' }) },
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
  ],
  events: {
    RoomCreated: 2,
    MemberJoined: 1,
    MemberLeft: 1,
    MemberRemoved: 1,
    MemberBanned: 1,
    MemberUnbanned: 1,
    MemberInvited: 1,
    AdminPromoted: 1,
    AdminDemoted: 1,
    AdminSucceeded: 2,
    SuccessorNamed: 1,
    TopicChanged: 1,
    RoomUnattended: 1,
    RoomAttended: 1,
    RoomClosed: 1,
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
