import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { memberListSchema, roomListSchema } from '../../../core/protocol/operations.js';
import { newCommandId, openTrackerFixture } from '../tracker-fixture.js';

async function scene(t: Parameters<typeof openTrackerFixture>[0], isPrivate = false) {
  const fixture = await openTrackerFixture(t);
  const [ann, ben, cat, dan] = [
    await fixture.enrolled('Ann'),
    await fixture.enrolled('Ben'),
    await fixture.enrolled('Cat'),
    await fixture.enrolled('Dan'),
  ];
  const { rooms } = fixture.ask;
  await rooms(ann, { operation: 'CREATE', name: 'Lobby', isPrivate });
  for (const guest of [ben, cat]) {
    await rooms(ann, { operation: 'INVITE', name: 'Lobby', username: guest === ben ? 'Ben' : 'Cat' });
    await rooms(guest, { operation: 'JOIN', name: 'lobby' });
  }
  const list = async (caller: Caller) =>
    memberListSchema.parse((await rooms(caller, { operation: 'MEMBERS', name: 'lobby' })).data);
  return { fixture, ann, ben, cat, dan, rooms, list };
}

const topic = (text: string) => ({ operation: 'TOPIC', name: 'lobby', topic: text });
const of = (operation: string, username: string) => ({ operation, name: 'LOBBY', username });

test('moderation: a success is answered with a sentence that spells the names as registered', async (t) => {
  const { ann, rooms } = await scene(t);
  const steps = [
    ['INVITE', 'dan', 'MEMBER_INVITED_S', 'Dan is invited to #Lobby.'],
    ['SUCCESSOR', 'cat', 'SUCCESSOR_NAMED_S', 'Cat will lead #Lobby when its last admin leaves.'],
    ['PROMOTE', 'ben', 'ADMIN_PROMOTED_S', 'Ben is now an admin of #Lobby.'],
    ['DEMOTE', 'ben', 'ADMIN_DEMOTED_S', 'Ben is no longer an admin of #Lobby.'],
    ['REMOVE', 'ben', 'MEMBER_REMOVED_S', 'Ben is no longer in #Lobby.'],
    ['UNBAN', 'cat', 'NOT_BANNED', undefined],
  ] as const;
  for (const [operation, username, phrase, message] of steps) {
    const answer = await rooms(ann, of(operation, username));
    t.is(answer.phrase, phrase);
    t.is(answer.message, message);
  }
  t.deepEqual((await rooms(ann, of('BAN', 'cat'))).data, { username: 'Cat', name: 'Lobby' });
  t.is((await rooms(ann, of('UNBAN', 'CAT'))).message, 'Cat may join #Lobby again.');
});

test('moderation: a topic is set, and removed by an empty one', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  const setTopic = (text: string) => rooms(ann, topic(text));
  t.deepEqual(await setTopic('  the weather '), {
    phrase: 'TOPIC_CHANGED_S',
    message: 'The topic of #Lobby is now: the weather',
    data: { name: 'Lobby', topic: 'the weather' },
  });
  const seen = async () =>
    roomListSchema.parse((await rooms(ben, { operation: 'SEE' })).data).rooms[0]?.topic;
  t.is(await seen(), 'the weather');
  t.is((await setTopic('')).message, '#Lobby no longer has a topic.');
  t.is(await seen(), '');
});

test('moderation: given a room that is already as requested, then the answer is a success and the log gets no event', async (t) => {
  const { fixture, ann, rooms } = await scene(t);
  await rooms(ann, topic('tea'));
  const repeated = [
    [topic('tea'), 'The topic of #Lobby is already: tea'],
    [topic('  tea\u200b '), 'The topic of #Lobby is already: tea'],
    [of('PROMOTE', 'ann'), 'Ann is already an admin of #Lobby.'],
    [of('INVITE', 'dan'), 'Dan is already invited to #Lobby.'],
    [of('SUCCESSOR', 'cat'), 'Cat is already the next admin of #Lobby.'],
    [of('BAN', 'ben'), 'Ben is already banned from #Lobby.'],
  ] as const;
  for (const [data] of repeated) await rooms(ann, data);
  const { position } = await fixture.store.head();
  for (const [data, message] of repeated) {
    const id = newCommandId();
    const answer = await rooms(ann, data, id);
    t.like(answer, { phrase: 'UNCHANGED_S', message });
    t.deepEqual(await rooms(ann, data, id), answer, 'a retry gets the same answer');
  }
  t.is((await fixture.store.head()).position, position);
  await rooms(ann, topic(''));
  t.like(await rooms(ann, topic('')), { phrase: 'UNCHANGED_S', message: '#Lobby has no topic.' });
});

test('moderation: given something that is not there, when it is removed, then the refusal says so', async (t) => {
  const { ann, rooms } = await scene(t);
  t.is((await rooms(ann, of('UNBAN', 'ben'))).phrase, 'NOT_BANNED');
  t.is((await rooms(ann, of('DEMOTE', 'ben'))).phrase, 'USER_NOT_ADMIN');
  t.is((await rooms(ann, of('REMOVE', 'dan'))).phrase, 'USER_NOT_A_MEMBER');
});

test('moderation: given an unknown name, then each operation is refused with its own reason', async (t) => {
  const { ann, rooms } = await scene(t);
  const answers = ['REMOVE', 'BAN', 'UNBAN', 'INVITE', 'PROMOTE', 'DEMOTE', 'SUCCESSOR'].map(
    async (operation) => `${operation} ${(await rooms(ann, of(operation, 'nobody'))).phrase}`,
  );
  t.deepEqual(await Promise.all(answers), [
    'REMOVE USER_NOT_A_MEMBER',
    'BAN USER_NOT_A_MEMBER',
    'UNBAN NOT_BANNED',
    'INVITE USERNAME_NOT_FOUND',
    'PROMOTE USER_NOT_A_MEMBER',
    'DEMOTE USER_NOT_A_MEMBER',
    'SUCCESSOR USER_NOT_A_MEMBER',
  ]);
});

test('moderation: given an unknown room, then every operation is refused', async (t) => {
  const { ann, rooms } = await scene(t);
  for (const operation of ['REMOVE', 'BAN', 'UNBAN', 'INVITE', 'PROMOTE', 'DEMOTE', 'SUCCESSOR']) {
    t.is((await rooms(ann, { operation, name: 'attic', username: 'Ben' })).phrase, 'ROOM_NOT_FOUND');
  }
  t.is((await rooms(ann, { operation: 'TOPIC', name: 'attic', topic: 'x' })).phrase, 'ROOM_NOT_FOUND');
});

test('moderation: given an admin who removes or bans themself, then the message names /leave', async (t) => {
  const { ann, rooms } = await scene(t);
  for (const verb of ['remove', 'ban']) {
    t.deepEqual(await rooms(ann, of(verb.toUpperCase(), 'ann')), {
      phrase: 'INVALID_COMMAND',
      message: `You cannot ${verb} yourself. Use /leave to leave the room.`,
    });
  }
});

test('moderation: given a malformed operation, then the answer says what is invalid', async (t) => {
  const { ann, rooms } = await scene(t);
  const all = [
    { operation: 'REMOVE', name: 'lobby' },
    { operation: 'TOPIC', name: 'lobby' },
    { operation: 'TOPIC', name: 'lobby', topic: 'x'.repeat(201) },
    { ...of('BAN', 'ben'), reason: 'x'.repeat(201) },
    { ...of('BAN', 'ben'), reason: null },
    of('PROMOTE', ''),
  ];
  for (const data of all) t.is((await rooms(ann, data)).phrase, 'INVALID_COMMAND', JSON.stringify(data));
});

test('moderation: given any operation, when the request is repeated, then it gets the first answer and changes nothing', async (t) => {
  const { fixture, ann, rooms } = await scene(t);
  const all = [
    of('INVITE', 'dan'),
    { operation: 'TOPIC', name: 'lobby', topic: 'weather' },
    of('SUCCESSOR', 'cat'),
    { ...of('REMOVE', 'ben'), reason: 'noise' },
    of('PROMOTE', 'cat'),
    of('DEMOTE', 'cat'),
    { ...of('BAN', 'cat'), reason: 'noise' },
    of('UNBAN', 'cat'),
  ];
  for (const data of all) {
    const id = newCommandId();
    const first = await rooms(ann, data, id);
    t.regex(first.phrase, /_S$/);
    const { position } = await fixture.store.head();
    t.deepEqual(await rooms(ann, data, id), first);
    t.is((await fixture.store.head()).position, position);
  }
});

test('moderation: given a demotion or leave with a succession, when the request is repeated, then the answer names the new admin again', async (t) => {
  const { ann, ben, rooms } = await scene(t);
  const [down, out] = [newCommandId(), newCommandId()];
  const first = await rooms(ann, of('DEMOTE', 'ann'), down);
  t.is(first.message, 'Ann is no longer an admin of #Lobby. Ben now leads it.');
  t.deepEqual(await rooms(ann, of('DEMOTE', 'ann'), down), first);
  const left = await rooms(ben, { operation: 'QUIT', name: 'lobby' }, out);
  t.like(left, { message: 'You have left #Lobby. Ann now leads it.', data: { next: 'Ann' } });
  t.deepEqual(await rooms(ben, { operation: 'QUIT', name: 'lobby' }, out), left);
});

test('moderation: given a room that has closed since, when a request comes again, then it gets the first answer', async (t) => {
  const { ann, ben, cat, dan, rooms } = await scene(t);
  const id = newCommandId();
  const first = await rooms(ann, of('DEMOTE', 'ann'), id);
  for (const caller of [ben, cat, ann]) await rooms(caller, { operation: 'QUIT', name: 'lobby' });
  t.deepEqual(await rooms(ann, of('DEMOTE', 'ann'), id), first);
  await rooms(dan, { operation: 'CREATE', name: 'lobby' });
  t.deepEqual(await rooms(ann, of('DEMOTE', 'ann'), id), first, 'also when another room has the name');
  t.is((await rooms(ann, of('DEMOTE', 'ben'), id)).phrase, 'INVALID_COMMAND', 'the id is used up');
});

test('rooms: given a receipt of the first version, when its request is repeated, then the receipt is still read', async (t) => {
  const { fixture, ben, rooms } = await scene(t);
  const id = newCommandId();
  const first = await rooms(ben, { operation: 'QUIT', name: 'lobby' }, id);
  await fixture.writer.write((sql) =>
    sql.run(`UPDATE receipts SET outcome = (SELECT json_quote(id) FROM rooms) WHERE command_id = ?`, [id]),
  );
  t.deepEqual(await rooms(ben, { operation: 'QUIT', name: 'lobby' }, id), first);
});

test('members: the list names the admins, the start and the reason of their role, and the successor', async (t) => {
  const { fixture, ann, ben, cat, rooms, list } = await scene(t);
  const createdAt = new Date(fixture.clock.now()).toISOString();
  t.is((await list(ann)).next, 'Ben');
  await rooms(ann, of('SUCCESSOR', 'cat'));
  t.is((await list(ann)).next, 'Cat');
  fixture.clock.advance(60_000);
  const later = new Date(fixture.clock.now()).toISOString();
  await rooms(ann, of('PROMOTE', 'ben'));
  const leadership = (await list(ann)).members.map(({ leads }) => leads);
  t.deepEqual(leadership, [
    { event: 'RoomCreated', because: null, by: null, since: createdAt },
    { event: 'AdminPromoted', because: null, by: 'Ann', since: later },
    null,
  ]);
  await rooms(ben, of('DEMOTE', 'ben'));
  await rooms(ann, of('DEMOTE', 'ann'));
  t.deepEqual(
    (await list(ann)).members.map(({ username, leads }) => `${username} ${leads?.event} ${leads?.because}`),
    ['Ann undefined undefined', 'Ben undefined undefined', 'Cat AdminSucceeded steppedDown'],
  );
  t.is((await list(ann)).next, 'Ann');
  await rooms(cat, { operation: 'QUIT', name: 'lobby' });
  t.is((await list(ann)).members[0]?.leads?.because, 'left');
});

test('members: given a private room, then only members get the list, and banned accounts are refused as banned', async (t) => {
  const { ann, ben, dan, rooms, list } = await scene(t, true);
  const phrase = async (caller: Caller) =>
    (await rooms(caller, { operation: 'MEMBERS', name: 'lobby' })).phrase;
  t.is((await list(ben)).members.length, 3);
  t.is(await phrase(dan), 'NOT_A_MEMBER');
  await rooms(ann, of('INVITE', 'dan'));
  t.is(await phrase(dan), 'NOT_A_MEMBER');
  await rooms(ann, of('BAN', 'ben'));
  t.is(await phrase(ben), 'BANNED');
});

test('rooms: given a private room, then only members and invited accounts see it', async (t) => {
  const { ann, ben, dan, rooms } = await scene(t, true);
  const seen = async (caller: Caller) => {
    const { phrase, data } = await rooms(caller, { operation: 'SEE' });
    return phrase === 'ROOM_LISTED_S' ? roomListSchema.parse(data).rooms : [];
  };
  t.like(await seen(ben), [{ name: 'Lobby', private: true, joined: true, members: 3 }]);
  t.deepEqual(await seen(dan), []);
  await rooms(ann, of('INVITE', 'dan'));
  t.like(await seen(dan), [{ name: 'Lobby', private: true, joined: false }]);
  await rooms(ann, of('REMOVE', 'ben'));
  t.deepEqual(await seen(ben), []);
});
