import test from 'ava';
import { createNames } from '../../../admin/subject/names.js';
import { createResolver } from '../../../admin/subject/resolve.js';
import { OperatorError } from '../../../core/errors.js';
import { openTrackerFixture } from '../../actors/tracker-fixture.js';
import { homeOf } from '../histories.js';

/**
 * Ann, then Ben who takes her former name; a room that was closed, and another room created later; a room and an account with the
 * same name.
 */
async function renamed(t: Parameters<typeof openTrackerFixture>[0]) {
  const fixture = await openTrackerFixture(t);
  const end = async () => (await fixture.store.head()).position;
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  const asAnn = await end();
  await fixture.ask.account(ann, { operation: 'RENAME', username: 'Zoe' });
  const asZoe = await end();
  fixture.clock.advance(40 * 86_400_000);
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'ann' });
  const benAsAnn = await end();
  fixture.clock.advance(40 * 86_400_000);
  await fixture.ask.account(ben, { operation: 'RENAME', username: 'Ben' });
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'Lobby' });
  const firstLobby = await end();
  await fixture.ask.rooms(ann, { operation: 'QUIT', name: 'lobby' });
  await fixture.ask.rooms(ben, { operation: 'CREATE', name: 'attic' });
  await fixture.ask.rooms(ben, { operation: 'CREATE', name: 'ben' });
  const { reader } = homeOf(t, fixture);
  const resolver = createResolver(reader, createNames(reader));
  return { fixture, ann, ben, asAnn, asZoe, benAsAnn, firstLobby, end: await end(), resolver };
}

test('subject: a name is resolved at the moment, without regard to case, and also after it changed', async (t) => {
  const { ann, ben, asAnn, asZoe, benAsAnn, end, resolver } = await renamed(t);
  const cases: readonly (readonly [string, number, string])[] = [
    ['@Ann', asAnn, ann.account],
    ['ANN', asAnn, ann.account],
    ['@ann', benAsAnn, ben.account],
    ['@zoe', asZoe, ann.account],
    // At this position nobody has the name yet. It is resolved, because only one account ever has it.
    ['@zoe', asAnn, ann.account],
    ['@zoe', 0, ann.account],
    ['@zoe', end, ann.account],
    ['@ben', benAsAnn, ben.account],
    [ann.account, 0, ann.account],
    [`account-${ann.account}`, end, ann.account],
  ];
  for (const [text, position, id] of cases) {
    t.like(await resolver.resolve(text, position), { kind: 'account', id }, `${text} at ${position}`);
    t.like(await resolver.resolveAccount(text, position), { id });
  }
});

test('subject: given a name that several had and none at the moment, then the error lists them with their times', async (t) => {
  const { ann, ben, end, resolver } = await renamed(t);
  const error = await t.throwsAsync(resolver.resolve('@ann', end), { instanceOf: OperatorError });
  t.is(
    error?.message,
    `several rooms or accounts have the name @ann at different times, but none at position ${end}`,
  );
  const remedy = error instanceof OperatorError ? error.remedy : '';
  t.true(remedy.indexOf(`account-${ann.account} (from position 1, 2026-01-01T`) > 0);
  t.true(remedy.indexOf(`account-${ben.account} (from position`) > remedy.indexOf(ann.account));
});

test('subject: a closed room is found; given a name of a room and an account, then # or @ chooses', async (t) => {
  const { fixture, ann, ben, firstLobby, end, resolver } = await renamed(t);
  const closed = await resolver.resolve('#lobby', end);
  t.is(closed.kind, 'room');
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' });
  const now = (await fixture.store.head()).position;
  const reopened = await resolver.resolve('lobby', now);
  t.not(reopened.id, closed.id);
  t.deepEqual(await resolver.resolve('#Lobby', firstLobby), closed);
  t.deepEqual(await resolver.resolve(closed.stream, now), closed);
  t.deepEqual(await resolver.resolve(closed.id, now), closed);
  t.is((await resolver.resolve('@ben', now)).id, ben.account);
  t.is((await resolver.resolve('#ben', now)).kind, 'room');
  t.is((await resolver.resolveAccount('ben', now)).id, ben.account);
  await t.throwsAsync(resolver.resolve('ben', now), {
    message: `several rooms or accounts have the name ben at position ${now}`,
  });
});

test('subject: given an unknown name or id, then the error says how to name a subject', async (t) => {
  const { end, resolver } = await renamed(t);
  for (const text of [
    '',
    '#',
    '@',
    'nobody',
    '#zoe',
    '@attic',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    "x' OR 1=1 --",
  ]) {
    const error = await t.throwsAsync(resolver.resolve(text, end), { instanceOf: OperatorError }, text);
    t.is(error?.message, `no account or room has or had the name or id ${text}`);
  }
  await t.throwsAsync(resolver.resolveAccount('attic', end), { message: /^no account has or had / });
});
