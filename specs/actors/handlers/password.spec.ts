import test from 'ava';
import type { Caller } from '../../../actors/caller.js';
import { MIN_COST } from '../../../actors/passwords/hasher.js';
import { makeRequest } from '../../../core/protocol/envelope.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { sealCredentials, sealPasswordChange } from '../../../core/protocol/signed/sealed.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, type TrackerFixture, openTrackerFixture, testHasher } from '../tracker-fixture.js';

const OLD = 'correct-horse-battery';
const NEW = 'a longer pass phrase';

async function registered(fixture: TrackerFixture): Promise<Caller> {
  const answer = await enter(fixture, 'register', OLD);
  return grantSchema.parse(answer.data);
}

function enter(
  { authentication, clock, sealing }: TrackerFixture,
  operation: 'register' | 'login',
  password: string,
) {
  const [id, device] = [newCommandId(), newDeviceId()];
  const fields = { id, device, at: clock.now(), username: 'Ann', password };
  const title = operation === 'login' ? 'Login' : 'Registration';
  const data = { sealed: sealCredentials(fields, sealing.publicKey) };
  return authentication[operation](device, makeRequest({ id, title, data }));
}

function change(fixture: TrackerFixture, caller: Caller, current: string, next: string, id = newCommandId()) {
  const fields = { id, device: caller.device, at: fixture.clock.now(), current, next };
  const sealed = sealPasswordChange(fields, fixture.sealing.publicKey);
  return fixture.ask.account(caller, { operation: 'PASSWORD', sealed }, id);
}

test('password: given the current password, then the new one replaces it, and every device stays enrolled', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await registered(fixture);
  const phone = await fixture.another(ann);
  const answer = await change(fixture, ann, OLD, NEW);
  t.is(answer.phrase, 'PASSWORD_CHANGED');
  t.regex(answer.message ?? '', /stay logged in\. Use \/devices/);
  t.is((await enter(fixture, 'login', OLD)).phrase, 'LOGIN_FAILED');
  t.is((await enter(fixture, 'login', NEW)).phrase, 'LOGIN_SUCCESSFUL');
  t.is((await fixture.authentication.renew(phone.device)).phrase, 'RENEWAL_SUCCESSFUL');
});

test('password: the log records the change without the passwords', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await registered(fixture);
  await change(fixture, ann, OLD, NEW);
  const events = await fixture.store.readAll({ fromPosition: 1, limit: 100 });
  t.like(events.at(-1), { type: 'PasswordChanged', payload: { account: ann.account }, personal: null });
  const text = JSON.stringify(events);
  const hash = (await fixture.passwords.hashOf(ann.account)) ?? '';
  for (const secret of [OLD, NEW, hash]) t.false(text.includes(secret));
});

test('password: given a wrong current password, then nothing changes, and it counts as a failed login', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await registered(fixture);
  const phrases: string[] = [];
  for (let n = 0; n < 4; n += 1) phrases.push((await change(fixture, ann, `${OLD}${n}`, NEW)).phrase);
  t.deepEqual(phrases, [...Array(3).fill('WRONG_PASSWORD'), 'TOO_MANY_ATTEMPTS']);
  t.is((await change(fixture, ann, OLD, NEW)).phrase, 'TOO_MANY_ATTEMPTS');
  t.is((await enter(fixture, 'login', OLD)).phrase, 'TOO_MANY_ATTEMPTS');
  fixture.clock.advance(60_000);
  t.is((await enter(fixture, 'login', OLD)).phrase, 'LOGIN_SUCCESSFUL');
});

test('password: given requests whose current and new password are both guesses, then no more passwords are tested than failures are allowed', async (t) => {
  const hasher = testHasher(t);
  let tests = 0;
  const fixture = await openTrackerFixture(t, {
    hasher: {
      ...hasher,
      matches(...all) {
        tests += 1;
        return hasher.matches(...all);
      },
    },
  });
  const ann = await registered(fixture);
  let phrase = '';
  for (let n = 0; phrase !== 'TOO_MANY_ATTEMPTS' && n < 20; n += 1) {
    ({ phrase } = await change(fixture, ann, `first guess ${n}`, `second guess ${n}`));
  }
  t.is(phrase, 'TOO_MANY_ATTEMPTS');
  t.is(tests, 6, 'five free failures, and the one that begins the wait');
  fixture.clock.advance(60_000);
  tests = 0;
  t.is((await change(fixture, ann, 'first guess', 'second guess')).phrase, 'WRONG_PASSWORD');
  t.is(tests, 1, 'the failure of the first guess begins the next wait');
});

test('password: given a new password that is invalid or equals the old one, then the answer says why, and nothing changes', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await registered(fixture);
  const { position } = await fixture.store.head();
  t.regex((await change(fixture, ann, OLD, 'short')).message ?? '', /at least 8 characters/);
  t.regex((await change(fixture, ann, OLD, OLD)).message ?? '', /is the same as the old one/);
  for (const next of ['password1', 'x'.repeat(73)]) {
    t.is((await change(fixture, ann, OLD, next)).phrase, 'PASSWORD_REFUSED');
  }
  t.is((await fixture.store.head()).position, position);
});

test('password: given a change whose answer was lost, when it is sent again, then it succeeds and is applied once', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await registered(fixture);
  const id = newCommandId();
  const fields = { id, device: ann.device, at: fixture.clock.now(), current: OLD, next: NEW };
  const sealed = sealPasswordChange(fields, fixture.sealing.publicKey);
  const ask = () => fixture.ask.account(ann, { operation: 'PASSWORD', sealed }, id);
  const first = await ask();
  const { position } = await fixture.store.head();
  t.deepEqual(await ask(), first);
  t.is((await fixture.store.head()).position, position);
  t.is((await change(fixture, ann, NEW, 'yet another phrase', id)).phrase, 'INVALID_COMMAND');
});

test('password: given data sealed for another request or device, or sealed long ago, then it is refused', async (t) => {
  const fixture = await openTrackerFixture(t);
  const ann = await registered(fixture);
  const phone = await fixture.another(ann);
  const fields = { id: newCommandId(), device: ann.device, at: fixture.clock.now(), current: OLD, next: NEW };
  const sealed = sealPasswordChange(fields, fixture.sealing.publicKey);
  const ask = (caller: Caller, id = fields.id) =>
    fixture.ask.account(caller, { operation: 'PASSWORD', sealed }, id);
  t.is((await ask(phone)).phrase, 'INVALID_COMMAND');
  t.is((await ask(ann, newCommandId())).phrase, 'INVALID_COMMAND');
  fixture.clock.advance(120_001);
  t.is((await ask(ann)).phrase, 'REQUEST_EXPIRED');
});

test('password: given a full password queue, then the answer is busy, and nothing changes', async (t) => {
  const hasher = testHasher(t, MIN_COST, 0);
  const fixture = await openTrackerFixture(t);
  const ann = await registered(fixture);
  const full = await openTrackerFixture(t, { file: fixture.file, hasher });
  const work = Array.from({ length: 8 }, () => change(full, ann, OLD, NEW));
  const phrases = (await Promise.all(work)).map(({ phrase }) => phrase);
  t.true(phrases.includes('BUSY'));
});
