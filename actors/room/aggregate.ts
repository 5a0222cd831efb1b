// The room as a kind of aggregate: its words, and the name it reserves while it is open.
import { defineAggregate } from '../../core/actor/aggregate.js';
import { foldName } from '../../core/protocol/names.js';
import { roomMachine } from './machine.js';

const ROOM_NAMES = 'room';

export const roomAggregate = defineAggregate({
  kind: 'room',
  machine: roomMachine,
  commands: ['CreateRoom', 'JoinRoom', 'LeaveRoom'],
  events: { RoomCreated: 1, MemberJoined: 1, MemberLeft: 1, AdminSucceeded: 1, RoomClosed: 1 },
  machineVersion: 1,
  reservations(event, owner) {
    switch (event.type) {
      case 'RoomCreated':
        return [{ action: 'claim', kind: ROOM_NAMES, name: foldName(event.personal.name), owner }];
      case 'RoomClosed':
        return [{ action: 'release', kind: ROOM_NAMES, name: null, owner }];
      case 'MemberJoined':
      case 'MemberLeft':
      case 'AdminSucceeded':
        return [];
    }
  },
  reserved: () => ({ reason: 'ROOM_NAME_TAKEN', detail: {} }),
});
