import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { limits } from '../../../core/protocol/limits.js';
import { memberListSchema, quitSchema, roomListSchema } from '../../../core/protocol/operations.js';
import { newCommandId, type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { rosterIn } from '../statements.js';

const create = (name: string) => ({ operation: 'CREATE', name });
const join = (name: string) => ({ operation: 'JOIN', name });
const quit = (name: string) => ({ operation: 'QUIT', name });

async function scene(t: Parameters<typeof openTrackerFixture>[0]) {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  const cat = await fixture.enrolled('Cat');
  return { fixture, ann, ben, cat, rooms: fixture.ask.rooms };
}

const members = ({ signing }: TrackerFixture, data: unknown) =>
  rosterIn(signing, data).members.map(({ username, isAdmin }) => `${username}${isAdmin ? '*' : ''}`);

test('rooms: given a free name, when a room is created, then its creator leads it, and the roster says so', async (t) => {
  const { fixture, ann, rooms } = await scene(t);
  const answer = await rooms(ann, create('Lobby'));
  t.like(answer, { phrase: 'CREATION_S', message: 'You now lead #Lobby.' });
  t.like(rosterIn(fixture.signing, answer.data), { name: 'Lobby', version: 1 });
  t.deepEqual(members(fixture, answer.data), ['Ann*']);
});

test('rooms: given a name in use, when a room is created under it in any case, then that is the reason', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  await rooms(ann, create('Lobby'));
  for (const name of ['Lobby', 'LOBBY']) {
    const answer = await rooms(ben, create(name));
    t.like(answer, { phrase: 'CREATION_FAILURE', data: { reason: 'ROOM_NAME_TAKEN' } });
    t.regex(answer.message ?? '', /An open room has this name/);
  }
});

test('rooms: given a room, when others join, then the roster has them in join order', async (t) => {
  const { fixture, ann, ben, cat, rooms } = await scene(t);
  await rooms(ann, create('Lobby'));
  await rooms(cat, join('lobby'));
  const answer = await rooms(ben, join('LOBBY'));
  t.like(answer, { phrase: 'JOIN_S' });
  t.deepEqual(members(fixture, answer.data), ['Ann*', 'Cat', 'Ben']);
});

test('rooms: given a reason to refuse a join, then the failure carries that reason', async (t) => {
  const { ann, rooms } = await scene(t);
  t.like(await rooms(ann, join('lobby')), { phrase: 'JOIN_FAILURE', data: { reason: 'ROOM_NOT_FOUND' } });
  await rooms(ann, create('lobby'));
  t.like(await rooms(ann, join('lobby')), { phrase: 'JOIN_FAILURE', data: { reason: 'ALREADY_MEMBER' } });
});

test('rooms: given an account at its limit of rooms, then it cannot create or join another', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  await rooms(ben, create('lobby'));
  for (let n = 0; n < limits.roomsPerAccount; n++) await rooms(ann, create(`room-${n}`));
  const reason = 'TOO_MANY_ROOMS';
  t.like(await rooms(ann, create('one-more')), { phrase: 'CREATION_FAILURE', data: { reason } });
  t.like(await rooms(ann, join('lobby')), { phrase: 'JOIN_FAILURE', data: { reason } });
  await rooms(ann, quit('room-7'));
  t.like(await rooms(ann, join('lobby')), { phrase: 'JOIN_S' });
});

test('rooms: given a member, when they leave, then the answer names the room, and they are no longer a member', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  t.is((await rooms(ben, quit('lobby'))).phrase, 'ROOM_NOT_FOUND');
  await rooms(ann, create('Lobby'));
  t.is((await rooms(ben, quit('lobby'))).phrase, 'NOT_A_MEMBER');
  await rooms(ben, join('lobby'));
  const answer = await rooms(ben, quit('lobby'));
  t.like(answer, { phrase: 'QUIT_S', message: 'You have left #Lobby.' });
  t.is(quitSchema.parse(answer.data).name, 'Lobby');
  t.is((await rooms(ben, quit('lobby'))).phrase, 'NOT_A_MEMBER');
});

test('rooms: given the last member, when they leave, then the name is free for another room', async (t) => {
  const { fixture, ann, ben, rooms } = await scene(t);
  const first = rosterIn(fixture.signing, (await rooms(ann, create('lobby'))).data);
  await rooms(ann, quit('lobby'));
  const second = rosterIn(fixture.signing, (await rooms(ben, create('lobby'))).data);
  t.not(second.conversation, first.conversation);
});

test('rooms: given no rooms, then the list is empty; given some, then they are listed by name', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  t.is((await rooms(ann, { operation: 'SEE' })).phrase, 'NO_AVAILABLE_CHAT_ROOM');
  await rooms(ann, create('cellar'));
  await rooms(ann, create('Attic'));
  await rooms(ben, join('attic'));
  const answer = await rooms(ben, { operation: 'SEE' });
  t.is(answer.phrase, 'ROOM_LISTED_S');
  t.deepEqual(roomListSchema.parse(answer.data).rooms, [
    { name: 'Attic', members: 2, topic: '', private: false, joined: true },
    { name: 'cellar', members: 1, topic: '', private: false, joined: false },
  ]);
});

test('rooms: members are listed in join order, with who is online and who would lead next', async (t) => {
  const { fixture, ann, ben, cat, rooms } = await scene(t);
  const list = async (caller: Caller) =>
    memberListSchema.parse((await rooms(caller, { operation: 'MEMBERS', name: 'LOBBY' })).data);
  t.is((await rooms(ann, { operation: 'MEMBERS', name: 'lobby' })).phrase, 'ROOM_NOT_FOUND');
  await rooms(ann, create('lobby'));
  t.is((await list(ann)).next, null);
  await rooms(cat, join('lobby'));
  await rooms(ben, join('lobby'));
  fixture.presence.connected({ id: 'a', ...cat });
  const joined = new Date(fixture.clock.now()).toISOString();
  const leads = { event: 'RoomCreated', because: null, by: null, since: joined };
  t.deepEqual(await list(ben), {
    members: [
      { username: 'Ann', admin: true, joined, online: false, leads },
      { username: 'Cat', admin: false, joined, online: true, leads: null },
      { username: 'Ben', admin: false, joined, online: false, leads: null },
    ],
    next: 'Cat',
  });
});

test('rooms: given a room created, when the request is repeated, then it gets the first outcome and changes nothing', async (t) => {
  const { fixture, ann, rooms } = await scene(t);
  const id = newCommandId();
  const first = await rooms(ann, create('lobby'), id);
  t.deepEqual(await rooms(ann, create('lobby'), id), first);
  const both = await Promise.all([
    rooms(ann, create('attic'), newCommandId()),
    rooms(ann, create('lobby'), id),
  ]);
  t.deepEqual(both[1], first);
  t.is((await fixture.directory.roomsFor(ann.account, 10)).length, 2);
});

test('rooms: given a join, when the request is repeated, then it gets the first outcome', async (t) => {
  const { fixture, ann, ben, rooms } = await scene(t);
  await rooms(ann, create('lobby'));
  const id = newCommandId();
  const first = await rooms(ben, join('lobby'), id);
  t.deepEqual(await rooms(ben, join('lobby'), id), first);
  t.is(rosterIn(fixture.signing, first.data).version, 2);
});

test('rooms: given a leaving that closed the room, when the request is repeated, then it gets the first outcome', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  await rooms(ann, create('lobby'));
  const id = newCommandId();
  const first = await rooms(ann, quit('lobby'), id);
  t.deepEqual(await rooms(ann, quit('lobby'), id), first);
  await rooms(ben, create('lobby'));
  const again = await rooms(ann, quit('lobby'), id);
  t.deepEqual(again, first, 'also when another room has the name by now');
});

test('rooms: given a join, when the request is repeated after the room has closed, then it gets the first outcome', async (t) => {
  const { fixture, ann, rooms } = await scene(t);
  await rooms(ann, create('lobby'));
  const ben = await fixture.enrolled('Bea');
  const id = newCommandId();
  await rooms(ben, join('lobby'), id);
  await rooms(ann, quit('lobby'));
  await rooms(await fixture.another(ben), quit('lobby'));
  const again = await rooms(ben, join('lobby'), id);
  t.is(again.phrase, 'JOIN_S');
  t.deepEqual(members(fixture, again.data), [], 'with the room as it is now');
});

test('rooms: given an id of another request, then the request is refused, and nothing changes', async (t) => {
  const { fixture, ann, ben, rooms } = await scene(t);
  await rooms(ben, create('cellar'));
  const id = newCommandId();
  await rooms(ann, create('lobby'), id);
  const reused = { phrase: 'CREATION_FAILURE', data: { reason: 'INVALID_COMMAND' } };
  const answer = await rooms(ann, create('attic'), id);
  t.like(answer, reused);
  t.regex(answer.message ?? '', /already used for another request/);
  t.like(await rooms(ann, join('cellar'), id), {
    phrase: 'JOIN_FAILURE',
    data: { reason: 'INVALID_COMMAND' },
  });
  t.is((await rooms(ann, quit('lobby'), id)).phrase, 'INVALID_COMMAND');
  t.is((await rooms(ann, quit('nowhere'), id)).phrase, 'ROOM_NOT_FOUND');
  t.deepEqual(
    (await fixture.directory.roomsFor(ann.account, 10)).map(({ name }) => name),
    ['cellar', 'lobby'],
  );
});

test('rooms: an id belongs to the device that used it', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  const id = newCommandId();
  await rooms(ann, create('lobby'), id);
  t.is((await rooms(ben, create('attic'), id)).phrase, 'CREATION_S');
});

test('rooms: ignored fields do not make a request different, at any depth', async (t) => {
  const { ann, rooms } = await scene(t);
  const id = newCommandId();
  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
  const first = await rooms(ann, create('lobby'), id);
  t.deepEqual(await rooms(ann, { ...create('lobby'), ignored: deep }, id), first);
});

test('rooms: given a malformed operation, then the answer says what is invalid', async (t) => {
  const { ann, rooms } = await scene(t);
  const all = [
    null,
    7,
    'SEE',
    [],
    {},
    { operation: 'DROP' },
    create(''),
    create('a b'),
    create('x'.repeat(33)),
    { operation: 'JOIN' },
  ];
  for (const data of all) t.is((await rooms(ann, data)).phrase, 'INVALID_COMMAND', JSON.stringify(data));
});

test('rooms: given parallel joins, then each account is a member once', async (t) => {
  const { fixture, ann, rooms } = await scene(t);
  await rooms(ann, create('lobby'));
  const callers = await Promise.all(Array.from({ length: 40 }, (_, n) => fixture.enrolled(`guest-${n}`)));
  const answers = await Promise.all(
    callers.flatMap((caller) => [rooms(caller, join('lobby')), rooms(caller, join('lobby'))]),
  );
  t.is(answers.filter(({ phrase }) => phrase === 'JOIN_S').length, 40);
  const list = memberListSchema.parse((await rooms(ann, { operation: 'MEMBERS', name: 'lobby' })).data);
  t.is(list.members.length, 41);
});

test('rooms: given a tracker that is stopping, then the answer is busy with a retry time', async (t) => {
  const { fixture, ann, rooms } = await scene(t);
  await rooms(ann, create('lobby'));
  await fixture.host.drain();
  for (const operation of [create('attic'), quit('lobby')]) {
    t.like(await rooms(ann, operation), { phrase: 'BUSY', data: { retryAfterMs: 250 } });
  }
});
