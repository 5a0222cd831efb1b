import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { limits } from '../../../core/protocol/limits.js';
import { syncedSchema } from '../../../core/protocol/operations.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';
import { readNotice, readRoster, rosterIn } from '../statements.js';

async function scene(t: Parameters<typeof openTrackerFixture>[0]) {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  const { data } = await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  return { fixture, ann, ben, lobby: rosterIn(fixture.signing, data).conversation };
}

const move = (
  { ask }: TrackerFixture,
  caller: Caller,
  operation: 'CREATE' | 'JOIN' | 'QUIT',
  name = 'lobby',
) => ask.rooms(caller, { operation, name });

const nothing = { notices: [], rosters: [], more: false };

/**
 * The contents of a sync: notices as `room version type subject`, with `own` in place of the room for a notice about the account
 * itself; rosters as `room version: members`.
 */
async function sync(
  fixture: TrackerFixture,
  caller: Caller,
  versions: Readonly<Record<string, number>> = {},
) {
  const answer = await fixture.ask.sync(caller, { versions });
  const { notices, rosters, more } = syncedSchema.parse(answer.data);
  return {
    notices: notices.map((signed) => {
      const { room, version, type, subject } = readNotice(fixture.signing, signed);
      return `${room?.name ?? 'own'} ${version} ${type} ${subject.username}`;
    }),
    rosters: rosters.map((signed) => {
      const { name, version, members } = readRoster(fixture.signing, signed);
      return `${name} ${version}: ${members.map(({ username }) => username).join(' ')}`;
    }),
    more,
  };
}

test('sync: given no known versions, then it returns the account’s notices, and those of each room since the current membership began', async (t) => {
  const { fixture, ben } = await scene(t);
  await move(fixture, ben, 'JOIN');
  t.deepEqual(await sync(fixture, ben), {
    notices: ['own 2 DeviceEnrolled Ben', 'lobby 2 MemberJoined Ben'],
    rosters: ['lobby 2: Ann Ben'],
    more: false,
  });
});

test('sync: given a gap, then it returns the missing notices in order with the current roster', async (t) => {
  const { fixture, ann, ben, lobby } = await scene(t);
  const cat = await fixture.enrolled('Cat');
  await move(fixture, ben, 'JOIN');
  await move(fixture, cat, 'JOIN');
  await move(fixture, ben, 'QUIT');
  const own = { [`account-${ann.account}`]: 2 };
  t.deepEqual(await sync(fixture, ann, { ...own, [lobby]: 2 }), {
    notices: ['lobby 3 MemberJoined Cat', 'lobby 4 MemberLeft Ben'],
    rosters: ['lobby 4: Ann Cat'],
    more: false,
  });
});

test('sync: given current versions, then it returns nothing', async (t) => {
  const { fixture, ann, lobby } = await scene(t);
  const known = { [`account-${ann.account}`]: 2, [lobby]: 1 };
  t.deepEqual(await sync(fixture, ann, known), nothing);
  const ahead = { [`account-${ann.account}`]: 99, [lobby]: 99 };
  t.deepEqual(await sync(fixture, ann, ahead), nothing);
});

test('sync: given the stream of another account, then it returns nothing of it', async (t) => {
  const { fixture, ann, ben, lobby } = await scene(t);
  const known = { [`account-${ben.account}`]: 2 };
  t.deepEqual(await sync(fixture, ben, { ...known, [lobby]: 0, [`account-${ann.account}`]: 0 }), nothing);
  t.deepEqual(
    await sync(fixture, ben, { ...known, 'room-x': 0, nonsense: 0, __proto__: 0, constructor: 3 }),
    nothing,
  );
});

test('sync: given ended memberships, then it returns the events during each, and none in between', async (t) => {
  const { fixture, ann, ben, lobby } = await scene(t);
  const cat = await fixture.enrolled('Cat');
  const dan = await fixture.enrolled('Dan');
  await move(fixture, ben, 'JOIN');
  await move(fixture, ben, 'QUIT');
  await move(fixture, cat, 'JOIN');
  await move(fixture, ben, 'JOIN');
  await move(fixture, ann, 'QUIT');
  await move(fixture, ben, 'QUIT');
  await move(fixture, dan, 'JOIN');
  const known = { [`account-${ben.account}`]: 2 };
  t.deepEqual(await sync(fixture, ben, { ...known, [lobby]: 0 }), {
    notices: [
      'lobby 2 MemberJoined Ben',
      'lobby 3 MemberLeft Ben',
      'lobby 5 MemberJoined Ben',
      'lobby 6 MemberLeft Ann',
      'lobby 7 AdminSucceeded Cat',
      'lobby 8 MemberLeft Ben',
    ],
    rosters: [],
    more: false,
  });
  t.deepEqual((await sync(fixture, ben, { ...known, [lobby]: 8 })).notices, []);
});

test('sync: given the last member who left, then they learn that the room closed', async (t) => {
  const { fixture, ann, lobby } = await scene(t);
  await move(fixture, ann, 'QUIT');
  const known = { [`account-${ann.account}`]: 2 };
  const closing = ['lobby 2 MemberLeft Ann', 'lobby 3 RoomClosed Ann'];
  t.deepEqual(await sync(fixture, ann, { ...known, [lobby]: 1 }), {
    notices: closing,
    rosters: [],
    more: false,
  });
  t.deepEqual((await sync(fixture, ann, { ...known, [lobby]: 2 })).notices, closing.slice(1));
  t.deepEqual((await sync(fixture, ann, { ...known, [lobby]: 3 })).notices, []);
});

test('sync: given unchanged rooms and one with news, then it returns only that one', async (t) => {
  const { fixture, ann, ben, lobby } = await scene(t);
  const attic = rosterIn(fixture.signing, (await move(fixture, ann, 'CREATE', 'attic')).data).conversation;
  await move(fixture, ben, 'JOIN', 'attic');
  const known = { [`account-${ann.account}`]: 2, [lobby]: 1, [attic]: 1 };
  t.deepEqual((await sync(fixture, ann, known)).rosters, ['attic 2: Ann Ben']);
});

test('sync: given more notices than one answer holds, then repeated syncs return all of them once', async (t) => {
  const { fixture, ann, lobby } = await scene(t);
  const crowd = await Promise.all(Array.from({ length: 60 }, (_, n) => fixture.enrolled(`guest-${n}`)));
  for (let round = 0; round < 12; round++) {
    for (const operation of ['JOIN', 'QUIT'] as const) {
      await Promise.all(crowd.map((caller) => move(fixture, caller, operation)));
    }
  }
  const versions: Record<string, number> = { [lobby]: 1, [`account-${ann.account}`]: 2 };
  const seenVersions: number[] = [];
  let answers = 0;
  for (let more = true; more; answers++) {
    const { data } = await fixture.ask.sync(ann, { versions });
    t.true(JSON.stringify(data).length < 1.25 * limits.syncMaxBytes, 'fits into one message of the broker');
    const synced = syncedSchema.parse(data);
    for (const signed of synced.notices) {
      const { stream, version } = readNotice(fixture.signing, signed);
      versions[stream] = version;
      seenVersions.push(version);
    }
    if (!synced.more) t.is(synced.rosters.length, 1);
    more = synced.more;
  }
  t.true(answers > 1);
  t.deepEqual(
    seenVersions,
    Array.from({ length: 2 * 12 * 60 }, (_, n) => n + 2),
  );
});

test('sync: given malformed versions, then the answer says what is invalid', async (t) => {
  const { fixture, ann } = await scene(t);
  const tooMany = Object.fromEntries(
    Array.from({ length: limits.streamsPerSync + 1 }, (_, n) => [`room-${n}`, 0]),
  );
  const all = [
    null,
    {},
    { versions: null },
    { versions: [] },
    { versions: { a: -1 } },
    { versions: { a: 1.5 } },
  ];
  const others = [{ versions: { a: 'x' } }, { versions: { ['a'.repeat(65)]: 1 } }, { versions: tooMany }];
  for (const data of [...all, ...others]) t.is((await fixture.ask.sync(ann, data)).phrase, 'INVALID_COMMAND');
});
