import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { limits } from '../../../core/protocol/limits.js';
import { syncedSchema } from '../../../core/protocol/operations.js';
import { type Office, openOffice } from '../tracker-fixture.js';
import { readNotice, readRoster, rosterIn } from '../statements.js';

async function scene(t: Parameters<typeof openOffice>[0]) {
  const office = await openOffice(t);
  const ann = await office.enrolled('Ann');
  const ben = await office.enrolled('Ben');
  const { data } = await office.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  return { office, ann, ben, lobby: rosterIn(office.signing, data).conversation };
}

const move = ({ ask }: Office, caller: Caller, operation: 'CREATE' | 'JOIN' | 'QUIT', name = 'lobby') =>
  ask.rooms(caller, { operation, name });

const nothing = { notices: [], rosters: [], more: false };

/** What a sync tells: notices as `stream's kind version type subject`, rosters as `name version: members`. */
async function sync(office: Office, caller: Caller, versions: Readonly<Record<string, number>> = {}) {
  const answer = await office.ask.sync(caller, { versions });
  const { notices, rosters, more } = syncedSchema.parse(answer.data);
  return {
    notices: notices.map((signed) => {
      const { room, version, type, subject } = readNotice(office.signing, signed);
      return `${room?.name ?? 'own'} ${version} ${type} ${subject.username}`;
    }),
    rosters: rosters.map((signed) => {
      const { name, version, members } = readRoster(office.signing, signed);
      return `${name} ${version}: ${members.map(({ username }) => username).join(' ')}`;
    }),
    more,
  };
}

test('sync: given nothing known, then it tells the account, and each room since the present membership began', async (t) => {
  const { office, ben } = await scene(t);
  await move(office, ben, 'JOIN');
  t.deepEqual(await sync(office, ben), {
    notices: ['own 2 DeviceEnrolled Ben', 'lobby 2 MemberJoined Ben'],
    rosters: ['lobby 2: Ann Ben'],
    more: false,
  });
});

test('sync: given a gap, then it tells what is missing, in order, with the room as it stands', async (t) => {
  const { office, ann, ben, lobby } = await scene(t);
  const cat = await office.enrolled('Cat');
  await move(office, ben, 'JOIN');
  await move(office, cat, 'JOIN');
  await move(office, ben, 'QUIT');
  const own = { [`account-${ann.account}`]: 2 };
  t.deepEqual(await sync(office, ann, { ...own, [lobby]: 2 }), {
    notices: ['lobby 3 MemberJoined Cat', 'lobby 4 MemberLeft Ben'],
    rosters: ['lobby 4: Ann Cat'],
    more: false,
  });
});

test('sync: given all is known, then there is nothing to tell', async (t) => {
  const { office, ann, lobby } = await scene(t);
  const known = { [`account-${ann.account}`]: 2, [lobby]: 1 };
  t.deepEqual(await sync(office, ann, known), nothing);
  const ahead = { [`account-${ann.account}`]: 99, [lobby]: 99 };
  t.deepEqual(await sync(office, ann, ahead), nothing);
});

test('sync: given a stranger’s stream, then it tells nothing of it', async (t) => {
  const { office, ann, ben, lobby } = await scene(t);
  const known = { [`account-${ben.account}`]: 2 };
  t.deepEqual(await sync(office, ben, { ...known, [lobby]: 0, [`account-${ann.account}`]: 0 }), nothing);
  t.deepEqual(
    await sync(office, ben, { ...known, 'room-x': 0, nonsense: 0, __proto__: 0, constructor: 3 }),
    nothing,
  );
});

test('sync: given stays that have ended, then it tells of each what happened in it, and nothing of the time between', async (t) => {
  const { office, ann, ben, lobby } = await scene(t);
  const cat = await office.enrolled('Cat');
  const dan = await office.enrolled('Dan');
  await move(office, ben, 'JOIN');
  await move(office, ben, 'QUIT');
  await move(office, cat, 'JOIN');
  await move(office, ben, 'JOIN');
  await move(office, ann, 'QUIT');
  await move(office, ben, 'QUIT');
  await move(office, dan, 'JOIN');
  const known = { [`account-${ben.account}`]: 2 };
  t.deepEqual(await sync(office, ben, { ...known, [lobby]: 0 }), {
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
  t.deepEqual((await sync(office, ben, { ...known, [lobby]: 8 })).notices, []);
});

test('sync: given the last one to leave, then they are told that the room closed', async (t) => {
  const { office, ann, lobby } = await scene(t);
  await move(office, ann, 'QUIT');
  const known = { [`account-${ann.account}`]: 2 };
  const closing = ['lobby 2 MemberLeft Ann', 'lobby 3 RoomClosed Ann'];
  t.deepEqual(await sync(office, ann, { ...known, [lobby]: 1 }), {
    notices: closing,
    rosters: [],
    more: false,
  });
  t.deepEqual((await sync(office, ann, { ...known, [lobby]: 2 })).notices, closing.slice(1));
  t.deepEqual((await sync(office, ann, { ...known, [lobby]: 3 })).notices, []);
});

test('sync: given rooms that are unchanged and one with news, then only that one is told', async (t) => {
  const { office, ann, ben, lobby } = await scene(t);
  const attic = rosterIn(office.signing, (await move(office, ann, 'CREATE', 'attic')).data).conversation;
  await move(office, ben, 'JOIN', 'attic');
  const known = { [`account-${ann.account}`]: 2, [lobby]: 1, [attic]: 1 };
  t.deepEqual((await sync(office, ann, known)).rosters, ['attic 2: Ann Ben']);
});

test('sync: given more than one answer holds, then asking on from what is known tells all of it, once', async (t) => {
  const { office, ann, lobby } = await scene(t);
  const crowd = await Promise.all(Array.from({ length: 60 }, (_, n) => office.enrolled(`guest-${n}`)));
  for (let round = 0; round < 12; round++) {
    for (const operation of ['JOIN', 'QUIT'] as const) {
      await Promise.all(crowd.map((caller) => move(office, caller, operation)));
    }
  }
  const versions: Record<string, number> = { [lobby]: 1, [`account-${ann.account}`]: 2 };
  const told: number[] = [];
  let answers = 0;
  for (let more = true; more; answers++) {
    const { data } = await office.ask.sync(ann, { versions });
    t.true(JSON.stringify(data).length < 1.25 * limits.syncMaxBytes, 'fits into one message of the broker');
    const synced = syncedSchema.parse(data);
    for (const signed of synced.notices) {
      const { stream, version } = readNotice(office.signing, signed);
      versions[stream] = version;
      told.push(version);
    }
    if (!synced.more) t.is(synced.rosters.length, 1);
    more = synced.more;
  }
  t.true(answers > 1);
  t.deepEqual(
    told,
    Array.from({ length: 2 * 12 * 60 }, (_, n) => n + 2),
  );
});

test('sync: given malformed versions, then it says what does not fit', async (t) => {
  const { office, ann } = await scene(t);
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
  for (const data of [...all, ...others]) t.is((await office.ask.sync(ann, data)).phrase, 'INVALID_COMMAND');
});
