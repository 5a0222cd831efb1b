import test from 'ava';
import { roomAggregate } from '../../../actors/room/aggregate.js';
import type { RoomCommand } from '../../../actors/room/commands.js';
import type { RoomEvent } from '../../../actors/room/events.js';
import { limits } from '../../../core/protocol/limits.js';
import { type AccountId, accountIdSchema } from '../../../core/ids.js';
import { stories } from '../../support/decider.js';
import { ann, ben, cat, dan } from '../people.js';

const story = stories(roomAggregate);

const personal = { name: 'Lobby' };
const created: RoomEvent = { type: 'RoomCreated', account: ann, isPrivate: false, personal };
const joined = (account: AccountId): RoomEvent => ({ type: 'MemberJoined', account });
const left = (account: AccountId): RoomEvent => ({ type: 'MemberLeft', account });
const succeeded = (account: AccountId, after: AccountId): RoomEvent => ({
  type: 'AdminSucceeded',
  account,
  after,
  because: 'left',
});
const closed = (account: AccountId): RoomEvent => ({ type: 'RoomClosed', account });
const finished = [created, left(ann), closed(ann)];

const create = (account: AccountId, roomsOfAccount = 0): RoomCommand => ({
  type: 'CreateRoom',
  account,
  roomsOfAccount,
  isPrivate: false,
  personal,
});
const join = (account: AccountId, roomsOfAccount = 0): RoomCommand => ({
  type: 'JoinRoom',
  account,
  roomsOfAccount,
});
const leave = (account: AccountId): RoomCommand => ({ type: 'LeaveRoom', account });

const manyAccounts = (count: number): readonly AccountId[] =>
  Array.from({ length: count }, (_, n) => accountIdSchema.parse(String(n).padStart(26, '0')));

test('room: given nothing, when it is created, then its creator is there, and its name is personal', story, {
  given: [],
  when: create(ann),
  expect: [created],
});

test('room: given nothing, when somebody joins, then there is no such room', story, {
  given: [],
  when: join(ben),
  expect: { refused: 'ROOM_NOT_FOUND' },
});

test('room: given nothing, when somebody leaves, then there is no such room', story, {
  given: [],
  when: leave(ben),
  expect: { refused: 'ROOM_NOT_FOUND' },
});

test(
  'room: given an account in as many rooms as allowed, when it creates one more, then that is too many',
  story,
  {
    given: [],
    when: create(ann, limits.roomsPerAccount),
    expect: { refused: 'TOO_MANY_ROOMS' },
  },
);

test('room: given an account in one room less than allowed, when it creates one, then it may', story, {
  given: [],
  when: create(ann, limits.roomsPerAccount - 1),
  expect: [created],
});

test('room: given an open room, when it is created again, then the name is taken', story, {
  given: [created],
  when: create(ben),
  expect: { refused: 'ROOM_NAME_TAKEN' },
});

test('room: given an open room, when a stranger joins, then they are a member', story, {
  given: [created],
  when: join(ben),
  expect: [joined(ben)],
});

test('room: given the creator, when they join, then they are a member already', story, {
  given: [created],
  when: join(ann),
  expect: { refused: 'ALREADY_MEMBER' },
});

test(
  'room: given a member in as many rooms as allowed, when they join once more, then they hear that they are in it',
  story,
  {
    given: [created, joined(ben)],
    when: join(ben, limits.roomsPerAccount),
    expect: { refused: 'ALREADY_MEMBER' },
  },
);

test('room: given a stranger in as many rooms as allowed, when they join, then that is too many', story, {
  given: [created],
  when: join(ben, limits.roomsPerAccount),
  expect: { refused: 'TOO_MANY_ROOMS' },
});

test('room: given a full room, when a stranger joins, then it is full', story, {
  given: [created, ...manyAccounts(limits.membersPerRoom - 1).map(joined)],
  when: join(ben),
  expect: { refused: 'ROOM_FULL' },
});

test(
  'room: given a room that was full, when one has left and a stranger joins, then there is a place',
  story,
  {
    given: [created, ...manyAccounts(limits.membersPerRoom - 1).map(joined), left(manyAccounts(1)[0] ?? ann)],
    when: join(ben),
    expect: [joined(ben)],
  },
);

test('room: given a stranger, when they leave, then they are not in it', story, {
  given: [created],
  when: leave(ben),
  expect: { refused: 'NOT_A_MEMBER' },
});

test('room: given a member who has left, when they leave again, then they are not in it', story, {
  given: [created, joined(ben), left(ben)],
  when: leave(ben),
  expect: { refused: 'NOT_A_MEMBER' },
});

test('room: given a member who has left, when they join again, then they are in it again', story, {
  given: [created, joined(ben), left(ben)],
  when: join(ben),
  expect: [joined(ben)],
});

test('room: given an admin and a member, when the member leaves, then nobody is promoted', story, {
  given: [created, joined(ben)],
  when: leave(ben),
  expect: [left(ben)],
});

test('room: given two members, when the last admin leaves, then the longest-standing member leads', story, {
  given: [created, joined(ben), joined(cat)],
  when: leave(ann),
  expect: [left(ann), succeeded(ben, ann)],
});

test(
  'room: given a member who left and came back, when the last admin leaves, then the one who stayed leads',
  story,
  {
    given: [created, joined(ben), joined(cat), left(ben), joined(ben)],
    when: leave(ann),
    expect: [left(ann), succeeded(cat, ann)],
  },
);

test('room: given a successor, when they leave too, then the next in join order leads', story, {
  given: [created, joined(ben), joined(cat), joined(dan), left(ann), succeeded(ben, ann)],
  when: leave(ben),
  expect: [left(ben), succeeded(cat, ben)],
});

test(
  'room: given the creator who came back after a succession, when they leave, then nobody is promoted',
  story,
  {
    given: [created, joined(ben), left(ann), succeeded(ben, ann), joined(ann)],
    when: leave(ann),
    expect: [left(ann)],
  },
);

test('room: given a second admin, when the first leaves, then nobody is promoted', story, {
  given: [created, joined(ben), joined(cat), succeeded(cat, ann)],
  when: leave(ann),
  expect: [left(ann)],
});

test('room: given one member, when they leave, then the room closes', story, {
  given: [created],
  when: leave(ann),
  expect: [left(ann), closed(ann)],
});

test('room: given a successor alone, when they leave, then the room closes and nobody is promoted', story, {
  given: [created, joined(ben), left(ann), succeeded(ben, ann)],
  when: leave(ben),
  expect: [left(ben), closed(ben)],
});

test('room: given a closed room, when somebody joins, then there is no such room', story, {
  given: finished,
  when: join(ben),
  expect: { refused: 'ROOM_NOT_FOUND' },
});

test('room: given a closed room, when its last member leaves again, then they are not in it', story, {
  given: finished,
  when: leave(ann),
  expect: { refused: 'NOT_A_MEMBER' },
});

test('room: given a closed room, when it is created again, then that id is used up', story, {
  given: finished,
  when: create(ann),
  expect: { refused: 'ROOM_NAME_TAKEN' },
});

test('room: it reserves its name without regard to case when created, and gives it back when closed', (t) => {
  const owner = 'r1';
  const claim = { action: 'claim', kind: 'room', name: 'lobby', owner };
  t.deepEqual(roomAggregate.reservations(created, owner), [claim]);
  const release = { action: 'release', kind: 'room', name: null, owner };
  t.deepEqual(roomAggregate.reservations(closed(ann), owner), [release]);
  for (const event of [joined(ben), left(ben), succeeded(ben, ann)]) {
    t.deepEqual(roomAggregate.reservations(event, owner), []);
  }
});
