import { EventEmitter, once } from 'node:events';
import test, { type ExecutionContext } from 'ava';
import { originOf } from '../../../core/origin.js';
import type { Hasher } from '../../../actors/passwords/hasher.js';
import type { DeviceId } from '../../../core/ids.js';
import { makeRequest } from '../../../core/protocol/envelope.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { sealCredentials } from '../../../core/protocol/signed/sealed.js';
import { newDeviceId } from '../../support/identities.js';
import { until } from '../../support/until.js';
import { generous } from '../limits.js';
import {
  newCommandId,
  type TrackerFixture,
  type TrackerFixtureOptions,
  openTrackerFixture,
} from '../tracker-fixture.js';

const right = 'correct-horse-battery';
const wrong = 'wrong-horse-battery';
const MINUTE = 60_000;

/** A hasher without bcrypt that counts its password checks. After `hold`, checks wait until the spec lets them finish. */
function countingHasher() {
  let checked = 0;
  let gate: Promise<unknown> = Promise.resolve();
  const hasher: Hasher = {
    hash: async (password) => `hash of ${password}`,
    async matches(password, hash) {
      checked += 1;
      await gate;
      return hash === `hash of ${password}`;
    },
    isOutdated: () => false,
    close: async () => {},
  };
  return {
    hasher,
    checked: () => checked,
    hold: (): (() => void) => {
      const lock = new EventEmitter();
      gate = once(lock, 'open');
      return () => void lock.emit('open');
    },
  };
}

interface Try {
  readonly username?: string;
  readonly password?: string;
  readonly device?: DeviceId;
  readonly ip?: string;
}

function attempt(fixture: TrackerFixture, title: 'Registration' | 'Login', options: Try) {
  const { username = 'Ann', password = wrong, device = newDeviceId(), ip = '192.0.2.1' } = options;
  fixture.from.set(device, originOf(ip));
  const id = newCommandId();
  const fields = { id, device, at: fixture.clock.now(), username, password };
  const sealed = sealCredentials(fields, fixture.sealing.publicKey);
  const request = makeRequest({ id, title, data: { sealed } });
  return title === 'Login'
    ? fixture.authentication.login(device, request)
    : fixture.authentication.register(device, request);
}

const login = (fixture: TrackerFixture, options: Try = {}) => attempt(fixture, 'Login', options);
const register = (fixture: TrackerFixture, options: Try = {}) =>
  attempt(fixture, 'Registration', { password: right, ...options });

async function scene(t: ExecutionContext, options: Omit<TrackerFixtureOptions, 'hasher'> = {}) {
  const counting = countingHasher();
  return { ...counting, fixture: await openTrackerFixture(t, { hasher: counting.hasher, ...options }) };
}

/** The throttle events in the log, in order. */
async function throttles({ store, admission }: TrackerFixture) {
  await admission.record.idle();
  const events = await store.readAll({ fromPosition: 1, limit: 1_000 });
  return events.filter(({ type }) => type.includes('throttled') || type.includes('Throttled'));
}

const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

test('guessing: given five free failures and a sixth, then the next login must wait for a stated time, and no password is checked', async (t) => {
  const { fixture, checked } = await scene(t);
  await register(fixture);
  for (let failure = 0; failure < 6; failure++) t.is((await login(fixture)).phrase, 'LOGIN_FAILED');
  t.is(checked(), 6);
  const answer = await login(fixture);
  t.deepEqual(answer, {
    phrase: 'TOO_MANY_ATTEMPTS',
    message: 'Too many attempts with this name have failed from your address lately. Try again in 2 seconds.',
    data: { retryAfterMs: 2_000 },
  });
  t.is((await login(fixture, { password: right })).phrase, 'TOO_MANY_ATTEMPTS', 'the right one, too');
  t.is(checked(), 6);
  fixture.clock.advance(1_999);
  t.like(await login(fixture), { data: { retryAfterMs: 1 } }, 'who does not wait makes it no longer');
  fixture.clock.advance(1);
  t.is((await login(fixture)).phrase, 'LOGIN_FAILED');
  t.like(await login(fixture), { data: { retryAfterMs: 4_000 } });
});

test('guessing: given an unknown name, then every answer is the same as for a known name', async (t) => {
  const { fixture, checked } = await scene(t);
  await register(fixture);
  for (const advanceMs of [0, 0, 0, 0, 0, 0, 0, 500, 1_500, 0, 4_000, 0, 8_000, 0, 0]) {
    fixture.clock.advance(advanceMs);
    const before = checked();
    const known = await login(fixture, { username: 'aNN' });
    const work = checked() - before;
    t.deepEqual(await login(fixture, { username: 'Nobody' }), known);
    t.is(checked() - before, 2 * work);
  }
  t.is((await throttles(fixture)).length, 1, 'but only what exists has a history');
});

test('guessing: given an origin that guesses, then other names, other origins and enrolled devices do not wait', async (t) => {
  const { fixture } = await scene(t);
  const device = newDeviceId();
  await register(fixture, { device });
  await register(fixture, { username: 'Ben' });
  for (let failure = 0; failure < 7; failure++) await login(fixture);
  t.is((await login(fixture)).phrase, 'TOO_MANY_ATTEMPTS');
  t.is((await login(fixture, { username: 'Ben', password: right })).phrase, 'LOGIN_SUCCESSFUL');
  t.is((await login(fixture, { password: right, ip: '192.0.2.2' })).phrase, 'LOGIN_SUCCESSFUL');
  fixture.from.set(device, originOf('192.0.2.1'));
  t.is((await fixture.authentication.renew(device)).phrase, 'RENEWAL_SUCCESSFUL', 'even from there');
  t.is((await login(fixture)).phrase, 'TOO_MANY_ATTEMPTS', 'and who guesses still waits');
});

test('guessing: given IPv6, then a whole /64 counts as one', async (t) => {
  const { fixture } = await scene(t);
  for (let failure = 0; failure < 6; failure++) await login(fixture, { ip: `2001:db8::${failure}` });
  t.is((await login(fixture, { ip: '2001:db8::9:9' })).phrase, 'TOO_MANY_ATTEMPTS');
  t.is((await login(fixture, { ip: '2001:db8:0:1::' })).phrase, 'LOGIN_FAILED');
});

test('guessing: given parallel guesses, then no more are checked than in sequence', async (t) => {
  const { fixture, checked, hold } = await scene(t);
  await register(fixture);
  const open = hold();
  const answers = Promise.all(Array.from({ length: 30 }, () => login(fixture)));
  await until(() => checked() === 5, 'as many are checked as are free');
  open();
  const phrases = (await answers).map(({ phrase }) => phrase);
  t.is(checked(), 6);
  t.is(phrases.filter((phrase) => phrase === 'LOGIN_FAILED').length, 6);
  t.is(phrases.filter((phrase) => phrase === 'TOO_MANY_ATTEMPTS').length, 24);
});

test('guessing: given more parallel logins than may wait, then the others are answered busy with a retry time', async (t) => {
  const { fixture, hold } = await scene(t);
  const open = hold();
  const busy: unknown[] = [];
  const one = async (): Promise<void> => {
    const answer = await login(fixture);
    if (answer.phrase === 'BUSY') busy.push(answer.data);
  };
  const answers = Promise.all(Array.from({ length: 60 }, one));
  await until(() => busy.length === 60 - 5 - 32, 'those beyond are told so at once');
  open();
  await answers;
  for (const data of busy) t.deepEqual(data, { retryAfterMs: 1_000 });
});

test('guessing: given parallel logins with the right password, then all succeed', async (t) => {
  const { fixture } = await scene(t);
  await register(fixture);
  const answers = await Promise.all(Array.from({ length: 20 }, () => login(fixture, { password: right })));
  for (const { phrase } of answers) t.is(phrase, 'LOGIN_SUCCESSFUL');
});

test('guessing: given failures, when the right password is used, then the failures of that origin are cleared', async (t) => {
  const { fixture } = await scene(t);
  await register(fixture);
  for (let failure = 0; failure < 6; failure++) {
    await login(fixture);
    await login(fixture, { ip: '192.0.2.2' });
  }
  fixture.clock.advance(2_000);
  t.is((await login(fixture, { password: right })).phrase, 'LOGIN_SUCCESSFUL');
  for (let failure = 0; failure < 6; failure++) t.is((await login(fixture)).phrase, 'LOGIN_FAILED');
  t.is((await login(fixture, { ip: '192.0.2.2' })).phrase, 'LOGIN_FAILED');
  t.like(await login(fixture, { ip: '192.0.2.2' }), { data: { retryAfterMs: 4_000 } });
});

test('guessing: given invalid names, then they count as one name, and none is stored', async (t) => {
  const { fixture, checked } = await scene(t);
  for (const username of ['', '1st', 'my secret passphrase', 'Ann\u0000', 'ａｎｎ', 'x'.repeat(200)]) {
    t.is((await login(fixture, { username })).phrase, 'LOGIN_FAILED');
  }
  t.is((await login(fixture, { username: '2nd' })).phrase, 'TOO_MANY_ATTEMPTS');
  t.is(checked(), 6);
  const rows: unknown = await fixture.database.reads.all('SELECT name, failures FROM login_failures');
  t.like(rows, [{ name: '', failures: 6 }]);
});

test('guessing: given a restart of the tracker, then waits continue', async (t) => {
  const before = await scene(t);
  await register(before.fixture);
  for (let failure = 0; failure < 7; failure++) await login(before.fixture);
  const { fixture } = await scene(t, { file: before.fixture.file });
  t.is((await login(fixture)).phrase, 'TOO_MANY_ATTEMPTS');
  t.is((await login(fixture, { username: 'Nobody' })).phrase, 'LOGIN_FAILED');
});

test('guessing: given a throttled account, then the log records the start once, and the end when no origin has to wait', async (t) => {
  const { fixture } = await scene(t);
  const { account } = grantSchema.parse((await register(fixture)).data);
  const start = fixture.clock.now();
  for (let failure = 0; failure < 6; failure++) await login(fixture);
  const [began] = await throttles(fixture);
  t.like(began, {
    type: 'LoginThrottled',
    stream: `account-${account}`,
    payload: { account, until: start + 2_000 },
    personal: null,
  });
  t.like(began?.metadata, { account: null, device: null, command: { type: 'ThrottleLogin' } });

  fixture.clock.advance(1_500);
  for (let failure = 0; failure < 6; failure++) await login(fixture, { ip: '192.0.2.2' });
  fixture.clock.advance(1_000);
  fixture.admission.record.review();
  t.deepEqual(typesOf(await throttles(fixture)), ['LoginThrottled'], 'the second origin waits');
  fixture.clock.advance(1_000);
  fixture.admission.record.review();
  fixture.admission.record.review();
  t.deepEqual(typesOf(await throttles(fixture)), ['LoginThrottled', 'LoginUnthrottled']);
  fixture.admission.record.review();
  await login(fixture);
  t.deepEqual(typesOf(await throttles(fixture)), ['LoginThrottled', 'LoginUnthrottled', 'LoginThrottled']);
});

test('guessing: given a throttle that is over, when the owner logs in, then the log records its end', async (t) => {
  const { fixture } = await scene(t);
  await register(fixture);
  for (let failure = 0; failure < 6; failure++) await login(fixture);
  fixture.clock.advance(2_000);
  await login(fixture, { password: right });
  t.deepEqual(typesOf(await throttles(fixture)), ['LoginThrottled', 'LoginUnthrottled']);
});

test('guessing: given failures that no longer count, then they are deleted', async (t) => {
  const { fixture } = await scene(t);
  await register(fixture);
  for (let failure = 0; failure < 6; failure++) await login(fixture);
  await login(fixture, { username: 'Nobody' });
  const kept = async (): Promise<unknown> => {
    fixture.admission.record.review();
    await fixture.admission.record.idle();
    return fixture.database.reads.all('SELECT name, failures FROM login_failures ORDER BY name');
  };
  t.like(await kept(), [
    { name: 'ann', failures: 6 },
    { name: 'nobody', failures: 1 },
  ]);
  fixture.clock.advance(15 * MINUTE);
  t.like(await kept(), [{ name: 'ann', failures: 6 }]);
  fixture.clock.advance(5 * 15 * MINUTE);
  t.deepEqual(await kept(), []);
});

test('registering: given an origin at its hourly limit, then it must wait, other origins do not, and taken names do not count', async (t) => {
  const { fixture } = await scene(t, { limits: { ...generous, registrationsPerHour: 3 } });
  for (const username of ['Ann', 'Ben', 'Cat']) {
    t.is((await register(fixture, { username })).phrase, 'REGISTRATION_SUCCESSFUL');
    t.is((await register(fixture, { username: 'Ann' })).phrase, 'USERNAME_TAKEN');
  }
  t.deepEqual(await register(fixture, { username: 'Dan' }), {
    phrase: 'TOO_MANY_ATTEMPTS',
    message: 'Too many accounts have been made from your address lately. Try again in 20 minutes.',
    data: { retryAfterMs: 20 * MINUTE },
  });
  t.is((await register(fixture, { username: 'Dan', ip: '192.0.2.2' })).phrase, 'REGISTRATION_SUCCESSFUL');
  fixture.clock.advance(20 * MINUTE);
  t.is((await register(fixture, { username: 'Eve' })).phrase, 'REGISTRATION_SUCCESSFUL');
  t.is((await register(fixture, { username: 'Fay' })).phrase, 'TOO_MANY_ATTEMPTS');
});

test('registering: given a loopback origin, then it counts only if that is configured', async (t) => {
  const limits = { ...generous, registrationsPerHour: 1 };
  const two = async (isLoopbackThrottled: boolean) => {
    const { fixture } = await scene(t, { limits: { ...limits, isLoopbackThrottled } });
    await register(fixture, { username: 'Ann', ip: '127.0.0.1' });
    return (await register(fixture, { username: 'Ben', ip: '127.0.0.1' })).phrase;
  };
  t.is(await two(false), 'REGISTRATION_SUCCESSFUL');
  t.is(await two(true), 'TOO_MANY_ATTEMPTS');
});
