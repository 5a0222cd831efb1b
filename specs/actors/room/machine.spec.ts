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

test(
  'room: given no room, when it is created, then the creation is recorded with the name as personal data',
  story,
  {
    given: [],
    when: create(ann),
    expect: [created],
  },
);

test('room: given no room, when an account joins, then the refusal is ROOM_NOT_FOUND', story, {
  given: [],
  when: join(ben),
  expect: { refused: 'ROOM_NOT_FOUND' },
});

test('room: given no room, when an account leaves, then the refusal is ROOM_NOT_FOUND', story, {
  given: [],
  when: leave(ben),
  expect: { refused: 'ROOM_NOT_FOUND' },
});

test(
  'room: given an account in the maximum number of rooms, when it creates one more, then the refusal is TOO_MANY_ROOMS',
  story,
  {
    given: [],
    when: create(ann, limits.roomsPerAccount),
    expect: { refused: 'TOO_MANY_ROOMS' },
  },
);

test(
  'room: given an account in one room less than the maximum, when it creates one, then the creation is recorded',
  story,
  {
    given: [],
    when: create(ann, limits.roomsPerAccount - 1),
    expect: [created],
  },
);

test('room: given an open room, when it is created again, then the name is taken', story, {
  given: [created],
  when: create(ben),
  expect: { refused: 'ROOM_NAME_TAKEN' },
});

test('room: given an open room, when a stranger joins, then they become a member', story, {
  given: [created],
  when: join(ben),
  expect: [joined(ben)],
});

test('room: given the creator, when they join, then the refusal is ALREADY_MEMBER', story, {
  given: [created],
  when: join(ann),
  expect: { refused: 'ALREADY_MEMBER' },
});

test(
  'room: given a member in the maximum number of rooms, when they join again, then the refusal is ALREADY_MEMBER',
  story,
  {
    given: [created, joined(ben)],
    when: join(ben, limits.roomsPerAccount),
    expect: { refused: 'ALREADY_MEMBER' },
  },
);

test(
  'room: given a stranger in the maximum number of rooms, when they join, then the refusal is TOO_MANY_ROOMS',
  story,
  {
    given: [created],
    when: join(ben, limits.roomsPerAccount),
    expect: { refused: 'TOO_MANY_ROOMS' },
  },
);

test('room: given a full room, when a stranger joins, then the refusal is ROOM_FULL', story, {
  given: [created, ...manyAccounts(limits.membersPerRoom - 1).map(joined)],
  when: join(ben),
  expect: { refused: 'ROOM_FULL' },
});

test(
  'room: given a full room that a member has left, when a stranger joins, then they become a member',
  story,
  {
    given: [created, ...manyAccounts(limits.membersPerRoom - 1).map(joined), left(manyAccounts(1)[0] ?? ann)],
    when: join(ben),
    expect: [joined(ben)],
  },
);

test('room: given a stranger, when they leave, then the refusal is NOT_A_MEMBER', story, {
  given: [created],
  when: leave(ben),
  expect: { refused: 'NOT_A_MEMBER' },
});

test('room: given a former member, when they leave again, then the refusal is NOT_A_MEMBER', story, {
  given: [created, joined(ben), left(ben)],
  when: leave(ben),
  expect: { refused: 'NOT_A_MEMBER' },
});

test('room: given a former member, when they join again, then they are a member again', story, {
  given: [created, joined(ben), left(ben)],
  when: join(ben),
  expect: [joined(ben)],
});

test('room: given an admin and a member, when the member leaves, then nobody is promoted', story, {
  given: [created, joined(ben)],
  when: leave(ben),
  expect: [left(ben)],
});

test(
  'room: given two members, when the last admin leaves, then the longest-standing one becomes admin',
  story,
  {
    given: [created, joined(ben), joined(cat)],
    when: leave(ann),
    expect: [left(ann), succeeded(ben, ann)],
  },
);

test(
  'room: given a member who left and came back, when the last admin leaves, then the member who stayed becomes admin',
  story,
  {
    given: [created, joined(ben), joined(cat), left(ben), joined(ben)],
    when: leave(ann),
    expect: [left(ann), succeeded(cat, ann)],
  },
);

test(
  'room: given a successor who became admin, when they leave too, then the next member in join order becomes admin',
  story,
  {
    given: [created, joined(ben), joined(cat), joined(dan), left(ann), succeeded(ben, ann)],
    when: leave(ben),
    expect: [left(ben), succeeded(cat, ben)],
  },
);

test(
  'room: given the creator who came back after a succession, when they leave again, then nobody is promoted',
  story,
  {
    given: [created, joined(ben), left(ann), succeeded(ben, ann), joined(ann)],
    when: leave(ann),
    expect: [left(ann)],
  },
);

test('room: given two admins, when one leaves, then nobody is promoted', story, {
  given: [created, joined(ben), joined(cat), succeeded(cat, ann)],
  when: leave(ann),
  expect: [left(ann)],
});

test('room: given a single member, when they leave, then the room closes', story, {
  given: [created],
  when: leave(ann),
  expect: [left(ann), closed(ann)],
});

test(
  'room: given a successor as the single member, when they leave, then the room closes and nobody is promoted',
  story,
  {
    given: [created, joined(ben), left(ann), succeeded(ben, ann)],
    when: leave(ben),
    expect: [left(ben), closed(ben)],
  },
);

test('room: given a closed room, when an account joins, then the refusal is ROOM_NOT_FOUND', story, {
  given: finished,
  when: join(ben),
  expect: { refused: 'ROOM_NOT_FOUND' },
});

test(
  'room: given a closed room, when its last member leaves again, then the refusal is NOT_A_MEMBER',
  story,
  {
    given: finished,
    when: leave(ann),
    expect: { refused: 'NOT_A_MEMBER' },
  },
);

test(
  'room: given a closed room, when it is created again under the same id, then the refusal is ROOM_NAME_TAKEN',
  story,
  {
    given: finished,
    when: create(ann),
    expect: { refused: 'ROOM_NAME_TAKEN' },
  },
);

test('room: the name is reserved without regard to case on creation and released on closing', (t) => {
  const owner = 'r1';
  const claim = { action: 'claim', kind: 'room', name: 'lobby', owner };
  t.deepEqual(roomAggregate.reservations(created, owner), [claim]);
  const release = { action: 'release', kind: 'room', name: null, owner };
  t.deepEqual(roomAggregate.reservations(closed(ann), owner), [release]);
  for (const event of [joined(ben), left(ben), succeeded(ben, ann)]) {
    t.deepEqual(roomAggregate.reservations(event, owner), []);
  }
});
