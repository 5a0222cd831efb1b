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
import { newCommandId, type Office, type OfficeOptions, openOffice } from '../tracker-fixture.js';

const right = 'correct-horse-battery';
const wrong = 'wrong-horse-battery';
const MINUTE = 60_000;

/** Passwords that are their own hashes: what is checked is counted, and at work as long as the spec likes. */
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

function attempt(office: Office, title: 'Registration' | 'Login', options: Try) {
  const { username = 'Ann', password = wrong, device = newDeviceId(), ip = '192.0.2.1' } = options;
  office.from.set(device, originOf(ip));
  const id = newCommandId();
  const fields = { id, device, at: office.clock.now(), username, password };
  const sealed = sealCredentials(fields, office.sealing.publicKey);
  const request = makeRequest({ id, title, data: { sealed } });
  return title === 'Login'
    ? office.authentication.login(device, request)
    : office.authentication.register(device, request);
}

const login = (office: Office, options: Try = {}) => attempt(office, 'Login', options);
const register = (office: Office, options: Try = {}) =>
  attempt(office, 'Registration', { password: right, ...options });

async function scene(t: ExecutionContext, options: Omit<OfficeOptions, 'hasher'> = {}) {
  const counting = countingHasher();
  return { ...counting, office: await openOffice(t, { hasher: counting.hasher, ...options }) };
}

/** The events about throttles of the log, in order. */
async function throttles({ store, admission }: Office) {
  await admission.record.idle();
  const events = await store.readAll({ fromPosition: 1, limit: 1_000 });
  return events.filter(({ type }) => type.includes('throttled') || type.includes('Throttled'));
}

const typesOf = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type);

test('guessing: given five failures that are free and a sixth, then it waits, says how long, and nothing is checked', async (t) => {
  const { office, checked } = await scene(t);
  await register(office);
  for (let failure = 0; failure < 6; failure++) t.is((await login(office)).phrase, 'LOGIN_FAILED');
  t.is(checked(), 6);
  const answer = await login(office);
  t.deepEqual(answer, {
    phrase: 'TOO_MANY_ATTEMPTS',
    message: 'Too many attempts with this name have failed from your address lately. Try again in 2 seconds.',
    data: { retryAfterMs: 2_000 },
  });
  t.is((await login(office, { password: right })).phrase, 'TOO_MANY_ATTEMPTS', 'the right one, too');
  t.is(checked(), 6);
  office.clock.advance(1_999);
  t.like(await login(office), { data: { retryAfterMs: 1 } }, 'who does not wait makes it no longer');
  office.clock.advance(1);
  t.is((await login(office)).phrase, 'LOGIN_FAILED');
  t.like(await login(office), { data: { retryAfterMs: 4_000 } });
});

test('guessing: given a name that nobody has, then the answers are the same, one by one', async (t) => {
  const { office, checked } = await scene(t);
  await register(office);
  for (const advanceMs of [0, 0, 0, 0, 0, 0, 0, 500, 1_500, 0, 4_000, 0, 8_000, 0, 0]) {
    office.clock.advance(advanceMs);
    const before = checked();
    const known = await login(office, { username: 'aNN' });
    const work = checked() - before;
    t.deepEqual(await login(office, { username: 'Nobody' }), known);
    t.is(checked() - before, 2 * work);
  }
  t.is((await throttles(office)).length, 1, 'but only what exists has a history');
});

test('guessing: given somebody who guesses, then neither another name, nor another origin, nor an enrolled device waits', async (t) => {
  const { office } = await scene(t);
  const device = newDeviceId();
  await register(office, { device });
  await register(office, { username: 'Ben' });
  for (let failure = 0; failure < 7; failure++) await login(office);
  t.is((await login(office)).phrase, 'TOO_MANY_ATTEMPTS');
  t.is((await login(office, { username: 'Ben', password: right })).phrase, 'LOGIN_SUCCESSFUL');
  t.is((await login(office, { password: right, ip: '192.0.2.2' })).phrase, 'LOGIN_SUCCESSFUL');
  office.from.set(device, originOf('192.0.2.1'));
  t.is((await office.authentication.renew(device)).phrase, 'RENEWAL_SUCCESSFUL', 'even from there');
  t.is((await login(office)).phrase, 'TOO_MANY_ATTEMPTS', 'and who guesses still waits');
});

test('guessing: given IPv6, then a whole /64 counts as one', async (t) => {
  const { office } = await scene(t);
  for (let failure = 0; failure < 6; failure++) await login(office, { ip: `2001:db8::${failure}` });
  t.is((await login(office, { ip: '2001:db8::9:9' })).phrase, 'TOO_MANY_ATTEMPTS');
  t.is((await login(office, { ip: '2001:db8:0:1::' })).phrase, 'LOGIN_FAILED');
});

test('guessing: given guesses all at once, then no more are checked than one by one', async (t) => {
  const { office, checked, hold } = await scene(t);
  await register(office);
  const open = hold();
  const answers = Promise.all(Array.from({ length: 30 }, () => login(office)));
  await until(() => checked() === 5, 'as many are checked as are free');
  open();
  const phrases = (await answers).map(({ phrase }) => phrase);
  t.is(checked(), 6);
  t.is(phrases.filter((phrase) => phrase === 'LOGIN_FAILED').length, 6);
  t.is(phrases.filter((phrase) => phrase === 'TOO_MANY_ATTEMPTS').length, 24);
});

test('guessing: given more at once than may wait for each other, then the rest is busy, with a time', async (t) => {
  const { office, hold } = await scene(t);
  const open = hold();
  const busy: unknown[] = [];
  const one = async (): Promise<void> => {
    const answer = await login(office);
    if (answer.phrase === 'BUSY') busy.push(answer.data);
  };
  const answers = Promise.all(Array.from({ length: 60 }, one));
  await until(() => busy.length === 60 - 5 - 32, 'those beyond are told so at once');
  open();
  await answers;
  for (const data of busy) t.deepEqual(data, { retryAfterMs: 1_000 });
});

test('guessing: given right passwords all at once, then all are let in', async (t) => {
  const { office } = await scene(t);
  await register(office);
  const answers = await Promise.all(Array.from({ length: 20 }, () => login(office, { password: right })));
  for (const { phrase } of answers) t.is(phrase, 'LOGIN_SUCCESSFUL');
});

test('guessing: given failures, when the right password comes, then they are forgotten for that origin', async (t) => {
  const { office } = await scene(t);
  await register(office);
  for (let failure = 0; failure < 6; failure++) {
    await login(office);
    await login(office, { ip: '192.0.2.2' });
  }
  office.clock.advance(2_000);
  t.is((await login(office, { password: right })).phrase, 'LOGIN_SUCCESSFUL');
  for (let failure = 0; failure < 6; failure++) t.is((await login(office)).phrase, 'LOGIN_FAILED');
  t.is((await login(office, { ip: '192.0.2.2' })).phrase, 'LOGIN_FAILED');
  t.like(await login(office, { ip: '192.0.2.2' }), { data: { retryAfterMs: 4_000 } });
});

test('guessing: given names that can be nobody’s, then they count as one, and no word of them is kept', async (t) => {
  const { office, checked } = await scene(t);
  for (const username of ['', '1st', 'my secret passphrase', 'Ann\u0000', 'ａｎｎ', 'x'.repeat(200)]) {
    t.is((await login(office, { username })).phrase, 'LOGIN_FAILED');
  }
  t.is((await login(office, { username: '2nd' })).phrase, 'TOO_MANY_ATTEMPTS');
  t.is(checked(), 6);
  const rows: unknown = await office.database.reader.query('SELECT name, failures FROM login_failures');
  t.like(rows, [{ name: '', failures: 6 }]);
});

test('guessing: given a tracker that is started again, then who has to wait still has to', async (t) => {
  const before = await scene(t);
  await register(before.office);
  for (let failure = 0; failure < 7; failure++) await login(before.office);
  const { office } = await scene(t, { file: before.office.file });
  t.is((await login(office)).phrase, 'TOO_MANY_ATTEMPTS');
  t.is((await login(office, { username: 'Nobody' })).phrase, 'LOGIN_FAILED');
});

test('guessing: given an account whose logins wait, then the log has the beginning once, and the end when no origin waits any more', async (t) => {
  const { office } = await scene(t);
  const { account } = grantSchema.parse((await register(office)).data);
  const start = office.clock.now();
  for (let failure = 0; failure < 6; failure++) await login(office);
  const [began] = await throttles(office);
  t.like(began, {
    type: 'LoginThrottled',
    stream: `account-${account}`,
    payload: { account, until: start + 2_000 },
    personal: null,
  });
  t.like(began?.metadata, { account: null, device: null, command: { type: 'ThrottleLogin' } });

  office.clock.advance(1_500);
  for (let failure = 0; failure < 6; failure++) await login(office, { ip: '192.0.2.2' });
  office.clock.advance(1_000);
  office.admission.record.review();
  t.deepEqual(typesOf(await throttles(office)), ['LoginThrottled'], 'the second origin waits');
  office.clock.advance(1_000);
  office.admission.record.review();
  office.admission.record.review();
  t.deepEqual(typesOf(await throttles(office)), ['LoginThrottled', 'LoginUnthrottled']);
  office.admission.record.review();
  await login(office);
  t.deepEqual(typesOf(await throttles(office)), ['LoginThrottled', 'LoginUnthrottled', 'LoginThrottled']);
});

test('guessing: given a throttle that is over, when the owner logs in, then the log has its end', async (t) => {
  const { office } = await scene(t);
  await register(office);
  for (let failure = 0; failure < 6; failure++) await login(office);
  office.clock.advance(2_000);
  await login(office, { password: right });
  t.deepEqual(typesOf(await throttles(office)), ['LoginThrottled', 'LoginUnthrottled']);
});

test('guessing: given failures that no longer count, then nothing is kept of them', async (t) => {
  const { office } = await scene(t);
  await register(office);
  for (let failure = 0; failure < 6; failure++) await login(office);
  await login(office, { username: 'Nobody' });
  const kept = async (): Promise<unknown> => {
    office.admission.record.review();
    await office.admission.record.idle();
    return office.database.reader.query('SELECT name, failures FROM login_failures ORDER BY name');
  };
  t.like(await kept(), [
    { name: 'ann', failures: 6 },
    { name: 'nobody', failures: 1 },
  ]);
  office.clock.advance(15 * MINUTE);
  t.like(await kept(), [{ name: 'ann', failures: 6 }]);
  office.clock.advance(5 * 15 * MINUTE);
  t.deepEqual(await kept(), []);
});

test('registering: given as many accounts as an origin may make in an hour, then more wait, others do not, and taken names cost nothing', async (t) => {
  const { office } = await scene(t, { limits: { ...generous, registrationsPerHour: 3 } });
  for (const username of ['Ann', 'Ben', 'Cat']) {
    t.is((await register(office, { username })).phrase, 'REGISTRATION_SUCCESSFUL');
    t.is((await register(office, { username: 'Ann' })).phrase, 'USERNAME_TAKEN');
  }
  t.deepEqual(await register(office, { username: 'Dan' }), {
    phrase: 'TOO_MANY_ATTEMPTS',
    message: 'Too many accounts have been made from your address lately. Try again in 20 minutes.',
    data: { retryAfterMs: 20 * MINUTE },
  });
  t.is((await register(office, { username: 'Dan', ip: '192.0.2.2' })).phrase, 'REGISTRATION_SUCCESSFUL');
  office.clock.advance(20 * MINUTE);
  t.is((await register(office, { username: 'Eve' })).phrase, 'REGISTRATION_SUCCESSFUL');
  t.is((await register(office, { username: 'Fay' })).phrase, 'TOO_MANY_ATTEMPTS');
});

test('registering: given this machine itself, then it is counted only if that is wanted', async (t) => {
  const limits = { ...generous, registrationsPerHour: 1 };
  const two = async (isLoopbackThrottled: boolean) => {
    const { office } = await scene(t, { limits: { ...limits, isLoopbackThrottled } });
    await register(office, { username: 'Ann', ip: '127.0.0.1' });
    return (await register(office, { username: 'Ben', ip: '127.0.0.1' })).phrase;
  };
  t.is(await two(false), 'REGISTRATION_SUCCESSFUL');
  t.is(await two(true), 'TOO_MANY_ATTEMPTS');
});
