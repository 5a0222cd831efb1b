import test from 'ava';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import { decide, evolve, initial, type StoredEvent } from '../../../core/actor/machine.js';
import { InvariantError } from '../../../core/errors.js';
import { ann, ben, dan } from '../people.js';
import { asked } from './decider.js';
import { roomStateOf } from './room-state.js';

const stored = (type: string, payload: StoredEvent['payload'], schemaVersion = 1): StoredEvent => ({
  type,
  schemaVersion,
  payload,
});

const after = (...events: readonly StoredEvent[]) =>
  events.reduce((state, event) => evolve(roomAggregate, state, event), initial(roomAggregate, 'r1'));

const history = [
  stored('RoomCreated', { account: ann }),
  stored('MemberJoined', { account: ben }),
  stored('MemberLeft', { account: ann }),
  stored('AdminSucceeded', { account: ben, after: ann }),
];

test('room: given events of the first schema version, then the room is public and attended, and its successor is admin', (t) => {
  t.deepEqual(roomStateOf(after(...history)), {
    phase: 'attended',
    members: [ben],
    admins: [ben],
    successor: null,
    isPrivate: false,
    invited: [],
    banned: [],
    deadline: null,
  });
});

test('room: given events of the first schema version, when a stranger joins, then they become a member', (t) => {
  const decision = decide(roomAggregate, after(...history), asked.join(dan));
  t.like(decision, { kind: 'recorded', events: [{ type: 'MemberJoined', account: dan }] });
});

test('room: given events of the first schema version, then the state is the same as from current events', (t) => {
  const today = [
    stored('RoomCreated', { account: ann, isPrivate: false }, 2),
    ...history.slice(1, 3),
    stored('AdminSucceeded', { account: ben, after: ann, because: 'left' }, 2),
  ];
  t.deepEqual(roomStateOf(after(...history)), roomStateOf(after(...today)));
});

test('room: given an event of an unknown schema version, then replaying it fails', (t) => {
  t.throws(() => after(stored('RoomCreated', { account: ann, isPrivate: false }, 3)), {
    instanceOf: InvariantError,
    message: /version 3/,
  });
});
