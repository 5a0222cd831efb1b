import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { limits } from '../../../core/protocol/limits.js';
import { introducedSchema } from '../../../core/protocol/operations.js';
import { parseJson, type Signed } from '../../../core/protocol/signed/signed.js';
import { introductionSchema } from '../../../core/protocol/signed/statements.js';
import { newAccountId } from '../../support/identities.js';
import { type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';

let connections = 0;

async function arrive(fixture: TrackerFixture, caller: Caller): Promise<void> {
  fixture.presence.connected({ id: `server/${connections++}`, ...caller });
  const addresses = [{ ip: '192.0.2.9', port: 4_000 }];
  await fixture.ask.people(caller, { operation: 'ANNOUNCE', addresses });
}

async function scene(t: Parameters<typeof openTrackerFixture>[0]) {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  await arrive(fixture, ann);
  await arrive(fixture, ben);
  return { fixture, ann, ben };
}

const peerIn = ({ body }: Signed) => introductionSchema.parse(parseJson(body)).peer;

const guard = (fixture: TrackerFixture, caller: Caller) =>
  fixture.ask.people(caller, { operation: 'PRIVACY', choice: 'contacts' });

const accept = (fixture: TrackerFixture, caller: Caller, ...others: readonly Caller[]) =>
  fixture.ask.people(caller, { operation: 'ACCEPT', accounts: others.map(({ account }) => account) });

/** How many addresses of each other the two people get when `asking` asks for an introduction to `other`. */
async function addressCounts(
  fixture: TrackerFixture,
  asking: Caller,
  other: Caller,
): Promise<readonly (number | undefined)[]> {
  fixture.pushed.length = 0;
  const { data } = await fixture.ask.private(asking, { accounts: [other.account] });
  const { introductions } = introducedSchema.parse(data);
  const both = [...introductions, ...fixture.pushed.map(({ statement }) => statement)].map(peerIn);
  for (const peer of both) if (peer.isStranger === true && peer.addresses.length > 0) return [];
  return both.map(({ addresses }) => addresses.length);
}

test('privacy: given an open account, then everyone who asks gets its addresses', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  t.like(await fixture.ask.people(ann, { operation: 'PRIVACY' }), {
    phrase: 'PRIVACY_TOLD',
    data: { privacy: 'open', since: null },
  });
  t.deepEqual(await addressCounts(fixture, ben, ann), [1, 1]);
});

test('privacy: given an account for contacts only, then it and a stranger are introduced without addresses', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  t.like(await guard(fixture, ann), { phrase: 'PRIVACY_CHOSEN', data: { privacy: 'contacts' } });
  t.deepEqual(await addressCounts(fixture, ben, ann), [0, 0]);
  t.deepEqual(await addressCounts(fixture, ann, ben), [0, 0]);
  const answer = await fixture.ask.private(ben, { username: 'Ann' });
  t.is(answer.phrase, 'PRIVATE_SESSION_INITIATED');
  t.regex(answer.message ?? '', /^Ann shares addresses only with people .* through the broker\.$/);
  t.deepEqual(
    introducedSchema
      .parse(answer.data)
      .introductions.map(peerIn)
      .map(({ isStranger }) => isStranger),
    [true],
  );
});

test('privacy: given an account for contacts only, when it writes to a stranger, then both get addresses', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  await guard(fixture, ann);
  t.like(await accept(fixture, ann, ben), { phrase: 'CONTACTS_NOTED', data: { accepted: [ben.account] } });
  t.like(await accept(fixture, ann, ben, ann), { data: { accepted: [] } });
  t.deepEqual(await addressCounts(fixture, ben, ann), [1, 1]);
  const answer = await fixture.ask.private(ben, { username: 'Ann' });
  t.is(answer.message, undefined);
});

test('privacy: given an account for contacts only, then no other account can make itself a contact', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  await guard(fixture, ann);
  await accept(fixture, ben, ann);
  await fixture.ask.private(ben, { username: 'Ann' });
  t.deepEqual(await addressCounts(fixture, ben, ann), [0, 0]);
});

test('privacy: given two accounts for contacts only, then both must write before they get addresses', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  await guard(fixture, ann);
  await guard(fixture, ben);
  await fixture.ask.private(ann, { username: 'Ben' });
  t.deepEqual(await addressCounts(fixture, ann, ben), [0, 0]);
  await fixture.ask.private(ben, { username: 'Ann' });
  t.deepEqual(await addressCounts(fixture, ann, ben), [1, 1]);
});

test('privacy: given a shared room, then its members get addresses while they share it', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  await guard(fixture, ann);
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'JOIN', name: 'lobby' });
  t.deepEqual(await addressCounts(fixture, ben, ann), [1, 1]);
  await fixture.ask.rooms(ben, { operation: 'QUIT', name: 'lobby' });
  t.deepEqual(await addressCounts(fixture, ben, ann), [0, 0]);
});

test('privacy: given another device of the account, then it gets the addresses', async (t) => {
  const { fixture, ann } = await scene(t);
  await guard(fixture, ann);
  const second = await fixture.another(ann);
  await arrive(fixture, second);
  t.deepEqual(await addressCounts(fixture, second, ann), [1, 1]);
});

test('privacy: given a stranger who waits, when the account arrives, then both are introduced without addresses', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [ann, ben] = [await fixture.enrolled('Ann'), await fixture.enrolled('Ben')];
  await arrive(fixture, ben);
  await guard(fixture, ann);
  const answer = await fixture.ask.private(ben, { username: 'Ann' });
  t.is(answer.phrase, 'USERNAME_OFFLINE');
  t.is(answer.message, undefined, 'who is away keeps it to themselves');
  await arrive(fixture, ann);
  t.deepEqual(
    fixture.pushed.map(({ statement }) => peerIn(statement).addresses.length),
    [0, 0],
  );
});

test('privacy: open accounts store no contacts', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  t.like(await accept(fixture, ann, ben), { phrase: 'CONTACTS_NOTED', data: { accepted: [] } });
  await guard(fixture, ann);
  t.deepEqual(await addressCounts(fixture, ben, ann), [0, 0]);
  await fixture.ask.private(ann, { username: 'Ben' });
  t.deepEqual(await addressCounts(fixture, ben, ann), [1, 1]);
  await fixture.ask.people(ann, { operation: 'PRIVACY', choice: 'open' });
  await guard(fixture, ann);
  t.deepEqual(await addressCounts(fixture, ben, ann), [0, 0]);
});

test('privacy: the choice survives a restart, is in no event, and can be reverted', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  const lastOf = async () =>
    (await fixture.store.readAll({ fromPosition: 1, limit: 1_000 })).at(-1)?.position;
  const before = await lastOf();
  await guard(fixture, ann);
  await guard(fixture, ann);
  t.is(await lastOf(), before);
  const next = await openTrackerFixture(t, { file: fixture.file });
  for (const one of [ann, ben]) await arrive(next, one);
  t.like(await next.ask.people(ann, { operation: 'PRIVACY' }), { data: { privacy: 'contacts' } });
  t.deepEqual(await addressCounts(next, ben, ann), [0, 0]);
  await next.ask.people(ann, { operation: 'PRIVACY', choice: 'open' });
  t.deepEqual(await addressCounts(next, ben, ann), [1, 1]);
});

test('privacy: given more contacts than the limit, then the oldest one is a stranger again', async (t) => {
  const { fixture, ann, ben } = await scene(t);
  await guard(fixture, ann);
  await accept(fixture, ann, ben);
  fixture.clock.advance(1);
  const others = Array.from({ length: limits.contactsPerAccount }, () => newAccountId());
  for (let from = 0; from < others.length; from += limits.accountsPerIntroduction) {
    const accounts = others.slice(from, from + limits.accountsPerIntroduction);
    t.is((await fixture.ask.people(ann, { operation: 'ACCEPT', accounts })).phrase, 'CONTACTS_NOTED');
  }
  t.deepEqual(await addressCounts(fixture, ben, ann), [0, 0]);
});

test('privacy: given an unknown choice or an empty list, then the request is malformed', async (t) => {
  const { fixture, ann } = await scene(t);
  for (const data of [
    { operation: 'PRIVACY', choice: 'friends' },
    { operation: 'ACCEPT', accounts: [] },
    { operation: 'ACCEPT', accounts: ['nobody'] },
    { operation: 'ACCEPT' },
  ])
    t.is((await fixture.ask.people(ann, data)).phrase, 'INVALID_COMMAND');
});
