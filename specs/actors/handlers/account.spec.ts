import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, type TrackerFixture, openTrackerFixture } from '../tracker-fixture.js';

test('account: given an enrolled device, when it renews, then it needs no password; any other is not enrolled', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const answer = await fixture.authentication.renew(ann.device);
  t.is(answer.phrase, 'RENEWAL_SUCCESSFUL');
  t.like(grantSchema.parse(answer.data), { account: ann.account, username: 'Ann', device: ann.device });
  t.is((await fixture.authentication.renew(newDeviceId())).phrase, 'NOT_ENROLLED');
  t.is((await fixture.ask.account(ann, { operation: 'RENEW' })).phrase, 'RENEWAL_SUCCESSFUL');
});

test('account: given a device, when it logs out, then it is revoked and the others stay', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const phone = await fixture.another(ann);
  t.is((await fixture.ask.account(phone, { operation: 'LOGOUT' })).phrase, 'LOGOUT_SUCCESSFUL');
  t.is((await fixture.authentication.renew(phone.device)).phrase, 'NOT_ENROLLED');
  t.is((await fixture.authentication.renew(ann.device)).phrase, 'RENEWAL_SUCCESSFUL');
  t.is((await fixture.ask.account(phone, { operation: 'LOGOUT' })).phrase, 'NOT_ENROLLED');
});

test('account: given an id of another request, when a device logs out with it, then that is refused', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const id = newCommandId();
  await fixture.ask.rooms(ann, { operation: 'CREATE', name: 'lobby' }, id);
  t.is((await fixture.ask.account(ann, { operation: 'LOGOUT' }, id)).phrase, 'INVALID_COMMAND');
  t.is(await fixture.directory.ownerOf(ann.device), ann.account);
});

test('account: given a malformed operation, then the answer says what is invalid', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  for (const data of [null, 'RENEW', {}, { operation: 'DELETE' }, { operation: 7 }] as const) {
    t.is((await fixture.ask.account(ann, data)).phrase, 'INVALID_COMMAND');
  }
});

const rename = (fixture: TrackerFixture, caller: Caller, username: string) =>
  fixture.ask.account(caller, { operation: 'RENAME', username });

test('account: given a free name, when an account is renamed, then it has that name and only that', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const answer = await rename(fixture, ann, 'Carol');
  t.like(answer, { phrase: 'USERNAME_CHANGED', data: { username: 'Carol' } });
  t.regex(answer.message ?? '', /Nobody else can take the name Ann for 30 days/);
  t.is((await fixture.directory.accountNamed('carol'))?.id, ann.account);
  t.is(await fixture.directory.accountNamed('ann'), null);
  t.deepEqual(
    await fixture.directory.namesHeld([ann.account], fixture.clock.now()),
    new Map([[ann.account, ['ann']]]),
  );
});

test('account: given a former name, then it is reserved for its former owner for 30 days', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const ben = await fixture.enrolled('Ben');
  await rename(fixture, ann, 'Carol');
  t.is((await rename(fixture, ben, 'ann')).phrase, 'USERNAME_TAKEN');
  t.is((await rename(fixture, ben, 'CAROL')).phrase, 'USERNAME_TAKEN');
  t.is((await rename(fixture, ann, 'Ann')).phrase, 'USERNAME_CHANGED');
  t.is((await rename(fixture, ann, 'Dora')).phrase, 'USERNAME_CHANGED');
  fixture.clock.advance(30 * 86_400_000);
  t.is((await fixture.directory.namesHeld([ann.account], fixture.clock.now())).size, 0);
  t.is((await rename(fixture, ben, 'ann')).phrase, 'USERNAME_CHANGED');
  t.is((await rename(fixture, ann, 'Ann')).phrase, 'USERNAME_TAKEN');
});

test('account: given a rename that changes only the case, then no name is held', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const answer = await rename(fixture, ann, 'ANN');
  t.is(answer.message, 'Your name is now ANN.');
  t.is((await fixture.directory.account(ann.account))?.username, 'ANN');
  t.is((await fixture.directory.namesHeld([ann.account], fixture.clock.now())).size, 0);
  const { position } = await fixture.store.head();
  t.is((await rename(fixture, ann, 'ANN')).phrase, 'USERNAME_CHANGED');
  t.is((await fixture.store.head()).position, position, 'the name it has already is nothing new');
});

test('account: given a rename whose answer was lost, when it is sent again, then it is applied once', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  const id = newCommandId();
  const first = await fixture.ask.account(ann, { operation: 'RENAME', username: 'Carol' }, id);
  await rename(fixture, ann, 'Dora');
  const { position } = await fixture.store.head();
  t.deepEqual(await fixture.ask.account(ann, { operation: 'RENAME', username: 'Carol' }, id), {
    ...first,
    message: 'Your name is now Dora.',
    data: { username: 'Dora' },
  });
  t.is((await fixture.store.head()).position, position);
});

test('account: given an account at its limit of renames, then the answer says when the next is allowed', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  for (let n = 0; n < 10; n += 1) t.is((await rename(fixture, ann, `Ann${n}`)).phrase, 'USERNAME_CHANGED');
  const answer = await rename(fixture, ann, 'Carol');
  t.is(answer.phrase, 'TOO_MANY_RENAMES');
  t.regex(answer.message ?? '', /Try again in 30 days/);
});

test('account: given an invalid name, then the rename is refused', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await fixture.enrolled('Ann');
  for (const username of ['', 'x', '1st', 'a b', 'ann\u202e', 'a'.repeat(25)]) {
    t.is((await rename(fixture, ann, username)).phrase, 'INVALID_COMMAND');
  }
});
