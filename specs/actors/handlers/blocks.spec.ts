import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { limits } from '../../../core/protocol/limits.js';
import {
  blockListSchema,
  introducedSchema,
  memberListSchema,
  peopleListSchema,
} from '../../../core/protocol/operations.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';

let connections = 0;
const connect = ({ presence }: TrackerFixture, { account, device }: Caller): void =>
  presence.connected({ id: `server/${connections++}`, account, device });

async function scene(t: Parameters<typeof openTrackerFixture>[0]) {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  connect(fixture, ann);
  return { fixture, ann, ben };
}

const named = (username: string) => ({ username });

test('block: given a block, then neither account is introduced to the other, and only the one that made it learns why', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  connect(fixture, ben);
  const blocked = await fixture.ask.people(ann, { operation: 'BLOCK', username: 'bEN' });
  t.is(blocked.phrase, 'USER_BLOCKED');
  t.deepEqual(blockListSchema.parse(blocked.data).blocks, [{ account: ben.account, username: 'Ben' }]);
  t.deepEqual(fixture.toldOfBlocks, [ann.account]);
  t.like(await fixture.ask.private(ann, named('Ben')), {
    phrase: 'USER_IS_BLOCKED',
    message: 'You have blocked Ben. Use /unblock Ben first.',
  });
  const answer = await fixture.ask.private(ben, named('Ann'));
  t.is(answer.phrase, 'USERNAME_OFFLINE');
  t.deepEqual(introducedSchema.parse(answer.data).introductions, []);
  for (const [asking, other] of [
    [ann, ben],
    [ben, ann],
  ] as const) {
    const { data } = await fixture.ask.private(asking, { accounts: [other.account] });
    t.deepEqual(introducedSchema.parse(data).introductions, []);
  }
  t.deepEqual(fixture.pushed, []);
});

test('block: given a block, then the account that made it appears offline to the other in every list', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  connect(fixture, ben);
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  await fixture.ask.people(ann, { operation: 'BLOCK', username: 'Ben' });
  const listedTo = async (caller: Caller) => {
    const { people } = peopleListSchema.parse((await fixture.ask.people(caller, { operation: 'LIST' })).data);
    return people.map(({ username }) => username);
  };
  const onlineTo = async (caller: Caller) => {
    const { data } = await fixture.ask.rooms(caller, { operation: 'MEMBERS', name: 'lobby' });
    const { members } = memberListSchema.parse(data);
    return members.map(({ online }) => online);
  };
  t.deepEqual(await listedTo(ben), ['Ben']);
  t.deepEqual(await onlineTo(ben), [false, true]);
  t.deepEqual(await listedTo(ann), ['Ann', 'Ben']);
  t.deepEqual(await onlineTo(ann), [true, true]);
});

test('block: given a block against a waiting account, when the awaited one arrives, then nobody is introduced', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  await fixture.ask.private(ann, named('Ben'));
  await fixture.ask.people(ben, { operation: 'BLOCK', username: 'Ann' });
  connect(fixture, ben);
  await fixture.ask.people(ben, { operation: 'ANNOUNCE', addresses: [] });
  t.deepEqual(fixture.pushed, []);
});

test('block: it survives a restart and a rename, is idempotent, and leaves nothing in the log', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const { position } = (await fixture.store.readAll({ fromPosition: 1, limit: 1_000 })).at(-1) ?? {
    position: 0,
  };
  for (const _ of [1, 2]) await fixture.ask.people(ann, { operation: 'BLOCK', username: 'Ben' });
  t.is((await fixture.store.readAll({ fromPosition: 1, limit: 1_000 })).at(-1)?.position, position);
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'Bill' });
  const next = await openTrackerFixture(t, { file: fixture.file });
  const { data } = await next.ask.people(ann, { operation: 'BLOCKS' });
  t.deepEqual(blockListSchema.parse(data).blocks, [{ account: ben.account, username: 'Bill' }]);
  for (const _ of [1, 2]) {
    const ended = await next.ask.people(ann, { operation: 'UNBLOCK', username: 'Bill' });
    t.like(ended, { phrase: 'USER_UNBLOCKED', data: { blocks: [] } });
  }
  t.is((await next.ask.people(ann, { operation: 'BLOCK', username: 'Zoe' })).phrase, 'USERNAME_NOT_FOUND');
  t.is((await next.ask.people(ann, { operation: 'BLOCK', username: 'ANN' })).phrase, 'INVALID_COMMAND');
});

test('block: given an account at its limit of blocks, then a new block is refused, and a repeated one is accepted', async (t) => {
  const { fixture, ann } = await scene(t);
  const names = Array.from(
    { length: limits.blocksPerAccount + 1 },
    (_, n) => `guest-${String(n).padStart(5, '0')}`,
  );
  await Promise.all(names.map((name) => fixture.enrolled(name)));
  const block = async (username = '') =>
    (await fixture.ask.people(ann, { operation: 'BLOCK', username })).phrase;
  const last = names.pop();
  for (const name of names) await block(name);
  t.is(await block(last), 'TOO_MANY_BLOCKS');
  t.is(await block(names[0]), 'USER_BLOCKED');
  await fixture.ask.people(ann, { operation: 'UNBLOCK', username: names[0] ?? '' });
  t.is(await block(last), 'USER_BLOCKED');
});
