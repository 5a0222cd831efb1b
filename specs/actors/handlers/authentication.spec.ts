import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { MIN_COST, type Hasher } from '../../../actors/passwords/hasher.js';
import { HasherBusyError } from '../../../actors/passwords/queue.js';
import type { Json } from '../../../core/json.js';
import { grantSchema } from '../../../core/protocol/operations.js';
import { sealCredentials } from '../../../core/protocol/signed/sealed.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, type TrackerFixture, openTrackerFixture, testHasher } from '../tracker-fixture.js';
import { attempt, login, password, register, send } from './attempts.js';

const busy = async (): Promise<never> => {
  throw new HasherBusyError('too many', 700);
};

const positions = async (fixture: TrackerFixture) => (await fixture.store.head()).position;

test('authentication: given a new name, when it is registered, then the device has credentials for an hour', async (t) => {
  const fixture = await openTrackerFixture(t);
  const device = newDeviceId();
  const answer = await register(fixture, { device });
  t.is(answer.phrase, 'REGISTRATION_SUCCESSFUL');
  const grant = grantSchema.parse(answer.data);
  t.like(grant, { username: 'Ann', device, expiresAt: fixture.clock.now() + 3_600_000 });
  t.is(await fixture.directory.ownerOf(device), grant.account);
});

test('authentication: given a registered name, when it is registered again in any case, then it is taken', async (t) => {
  const fixture = await openTrackerFixture(t);
  await register(fixture);
  for (const username of ['Ann', 'ANN', 'ann']) {
    t.is((await register(fixture, { username })).phrase, 'USERNAME_TAKEN');
  }
});

test('authentication: given parallel registrations of one name, then one succeeds', async (t) => {
  const fixture = await openTrackerFixture(t);
  const answers = await Promise.all(Array.from({ length: 6 }, () => register(fixture)));
  const phrases = answers.map(({ phrase }) => phrase).sort();
  t.deepEqual(phrases, ['REGISTRATION_SUCCESSFUL', ...Array(5).fill('USERNAME_TAKEN')]);
  t.is(await positions(fixture), 2);
});

test('authentication: given a registration whose answer was lost, when it is sent again, then the answer has the same account', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [device, id] = [newDeviceId(), newCommandId()];
  const fields = { id, device, at: fixture.clock.now(), username: 'Ann', password };
  const sealed = sealCredentials(fields, fixture.sealing.publicKey);
  const ask = () => send(fixture, 'Registration', device, id, { sealed });
  const first = await ask();
  const second = await ask();
  t.is(second.phrase, 'REGISTRATION_SUCCESSFUL');
  t.deepEqual(second, first);
  t.is(await positions(fixture), 2);
});

test('authentication: given the same registration twice at once, then both answers have the same account', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [device, id] = [newDeviceId(), newCommandId()];
  const fields = { id, device, at: fixture.clock.now(), username: 'Ann', password };
  const sealed = sealCredentials(fields, fixture.sealing.publicKey);
  const ask = () => send(fixture, 'Registration', device, id, { sealed });
  const [first, second] = await Promise.all([ask(), ask()]);
  t.is(first?.phrase, 'REGISTRATION_SUCCESSFUL');
  t.deepEqual(second, first);
  t.is(await positions(fixture), 2);
});

test('authentication: given a registration sent again after its device was revoked, then it grants nothing', async (t) => {
  const fixture = await openTrackerFixture(t);
  const [device, id] = [newDeviceId(), newCommandId()];
  const fields = { id, device, at: fixture.clock.now(), username: 'Ann', password };
  const sealed = sealCredentials(fields, fixture.sealing.publicKey);
  const ask = () => send(fixture, 'Registration', device, id, { sealed });
  const { account } = grantSchema.parse((await ask()).data);
  await fixture.ask.account({ account, device }, { operation: 'LOGOUT' });
  const again = await ask();
  t.is(again.phrase, 'NOT_ENROLLED');
  t.is(again.data, undefined);
});

test('authentication: given a name or a password that is not allowed, then the answer names the reason and nothing is stored', async (t) => {
  const fixture = await openTrackerFixture(t);
  t.like(await register(fixture, { username: '1st' }), { phrase: 'INVALID_COMMAND' });
  t.like(await register(fixture, { username: 'an' }), { phrase: 'INVALID_COMMAND' });
  const short = await register(fixture, { password: 'k7#pQz1' });
  t.is(short.phrase, 'PASSWORD_REFUSED');
  t.regex(short.message ?? '', /at least 8 characters/);
  t.is((await register(fixture, { password: 'password1' })).phrase, 'PASSWORD_REFUSED');
  t.is((await register(fixture, { password: 'x'.repeat(1_000) })).phrase, 'PASSWORD_REFUSED');
  t.is(await positions(fixture), 0);
});

test('authentication: given a device of another account, when it registers or logs in, then the refusal says that it is already logged in', async (t) => {
  const fixture = await openTrackerFixture(t);
  const device = newDeviceId();
  await register(fixture, { device });
  t.is((await register(fixture, { device, username: 'Ben' })).phrase, 'ALREADY_LOGGED_IN');
  t.is(await fixture.directory.accountNamed('Ben'), null);
  await register(fixture, { username: 'Ben' });
  t.is((await login(fixture, { device, username: 'Ben' })).phrase, 'ALREADY_LOGGED_IN');
});

test('authentication: given an account, when a new device logs in with its password, then the device is enrolled once', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { account } = grantSchema.parse((await register(fixture)).data);
  const device = newDeviceId();
  const answer = await login(fixture, { device, username: 'aNN' });
  t.is(answer.phrase, 'LOGIN_SUCCESSFUL');
  t.like(grantSchema.parse(answer.data), { account, username: 'Ann', device });
  t.is((await login(fixture, { device })).phrase, 'LOGIN_SUCCESSFUL');
  t.is(await positions(fixture), 3);
});

test('authentication: given an unknown name, then the answer is that of a wrong password', async (t) => {
  const fixture = await openTrackerFixture(t);
  await register(fixture);
  const wrong = await login(fixture, { password: `${password}!` });
  t.is(wrong.phrase, 'LOGIN_FAILED');
  t.deepEqual(await login(fixture, { username: 'Ben' }), wrong);
  t.deepEqual(await login(fixture, { username: 'Ann\u0000' }), wrong);
  t.deepEqual(await login(fixture, { username: 'ａｎｎ' }), wrong);
  t.deepEqual(await login(fixture, { username: '' }), wrong);
});

for (const title of ['Registration', 'Login'] as const) {
  const doing = title.toLowerCase();

  test(`authentication: given a ${doing} sealed for another device, then it is refused`, async (t) => {
    const fixture = await openTrackerFixture(t);
    const answer = await attempt(fixture, title, { sentAs: { device: newDeviceId() } });
    t.is(answer.phrase, 'INVALID_COMMAND');
    t.regex(answer.message ?? '', /another request or device/);
  });

  test(`authentication: given a ${doing} sealed for another request, then it is refused`, async (t) => {
    const fixture = await openTrackerFixture(t);
    const answer = await attempt(fixture, title, { sentAs: { id: newCommandId() } });
    t.is(answer.phrase, 'INVALID_COMMAND');
    t.regex(answer.message ?? '', /another request or device/);
  });

  test(`authentication: given a ${doing} sealed more than two minutes before or after, then it has expired`, async (t) => {
    const fixture = await openTrackerFixture(t);
    for (const offset of [-120_001, 120_001]) {
      t.is((await attempt(fixture, title, { at: fixture.clock.now() + offset })).phrase, 'REQUEST_EXPIRED');
    }
  });

  test(`authentication: given a ${doing} that is sealed to another key, garbage, or of a wrong type, then it is refused`, async (t) => {
    const fixture = await openTrackerFixture(t);
    const { sealing } = await openTrackerFixture(t);
    const device = newDeviceId();
    const id = newCommandId();
    const credentials = { id, device, at: fixture.clock.now(), username: 'Ann', password };
    const foreign = sealCredentials(credentials, sealing.publicKey);
    const data: readonly Json[] = [
      { sealed: foreign },
      { sealed: 'AAAA' },
      { sealed: '' },
      { sealed: '!!!' },
      { sealed: 'A'.repeat(20_000) },
      { sealed: 7 },
      { sealed: null },
      {},
      null,
      [],
      'sealed',
    ];
    for (const one of data) {
      t.is(
        (await send(fixture, title, device, id, one)).phrase,
        'INVALID_COMMAND',
        JSON.stringify(one)?.slice(0, 40),
      );
    }
    t.is(await positions(fixture), 0);
  });

  test(`authentication: given a full password queue, then a ${doing} is answered busy`, async (t) => {
    const hasher: Hasher = { hash: busy, matches: busy, isOutdated: () => false, close: async () => {} };
    const fixture = await openTrackerFixture(t, { hasher });
    const answer = await attempt(fixture, title);
    t.like(answer, { phrase: 'BUSY', data: { retryAfterMs: 700 } });
    t.regex(answer.message ?? '', /again in 1 second\./);
  });
}

test('authentication: given a hash of a lower cost, when its password is used, then the hash is replaced', async (t) => {
  const before = await openTrackerFixture(t);
  const { account } = grantSchema.parse((await register(before)).data);
  const fixture = await openTrackerFixture(t, { file: before.file, hasher: testHasher(t, MIN_COST + 1) });
  const old = await fixture.passwords.hashOf(account);
  t.is((await login(fixture, { password: `${password}!` })).phrase, 'LOGIN_FAILED');
  t.is(await fixture.passwords.hashOf(account), old, 'not by a wrong password');
  t.is((await login(fixture)).phrase, 'LOGIN_SUCCESSFUL');
  const renewed = await fixture.passwords.hashOf(account);
  t.regex(renewed ?? '', /^\$2[aby]\$11\$/);
  t.is((await login(fixture)).phrase, 'LOGIN_SUCCESSFUL');
  t.is(await fixture.passwords.hashOf(account), renewed, 'and once is enough');
});

test('authentication: given a full password queue when a hash is renewed, then the login still succeeds', async (t) => {
  const before = await openTrackerFixture(t);
  const { account } = grantSchema.parse((await register(before)).data);
  const real = testHasher(t);
  const hasher: Hasher = {
    ...real,
    isOutdated: () => true,
    hash: busy,
  };
  const fixture = await openTrackerFixture(t, { file: before.file, hasher });
  const old = await fixture.passwords.hashOf(account);
  t.is((await login(fixture)).phrase, 'LOGIN_SUCCESSFUL');
  t.is(await fixture.passwords.hashOf(account), old);
});

test('authentication: given a hash that was changed during the check, then the renewal does not overwrite it', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { account } = grantSchema.parse((await register(fixture)).data);
  const old = (await fixture.passwords.hashOf(account)) ?? '';
  await fixture.passwords.replace(account, old, 'changed');
  await fixture.passwords.replace(account, old, 'renewed');
  t.is(await fixture.passwords.hashOf(account), 'changed');
});

test('authentication: the database contains no plain passwords, and the log no secrets', async (t) => {
  const fixture = await openTrackerFixture(t);
  const { account } = grantSchema.parse((await register(fixture)).data);
  await login(fixture);
  await login(fixture, { password: 'wrong-horse-battery' });
  const hash = await fixture.passwords.hashOf(account);
  const log = JSON.stringify(await fixture.store.readRows({ fromPosition: 1, limit: 100 }));
  t.false(log.includes(password));
  t.false(log.includes(hash ?? ''));
  t.regex(log, /RegisterAccount/);
  const folder = dirname(fixture.file);
  for (const file of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, file));
    t.false(bytes.includes(password), file);
    t.false(bytes.includes('wrong-horse-battery'), file);
  }
});
