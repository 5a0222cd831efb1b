// Requests whose answer was lost. The terminal is started again and repeats the request, with the same device and another request
// id.
import test from 'ava';
import { sealPasswordChange } from '../../../core/protocol/signed/sealed.js';
import { newDeviceId } from '../../support/identities.js';
import { newCommandId, openTrackerFixture } from '../tracker-fixture.js';
import { login, password, register } from './attempts.js';

const NEXT = 'a longer pass phrase';

test('lost answers: given a terminal that is registered, when it registers again with the same password, then it has the same account', async (t) => {
  const fixture = await openTrackerFixture(t);
  const device = newDeviceId();
  const first = await register(fixture, { device });
  const { position } = await fixture.store.head();
  for (const username of ['Ann', 'ann']) {
    const again = await register(fixture, { device, username });
    t.is(again.phrase, 'REGISTRATION_SUCCESSFUL');
    t.deepEqual(again.data, first.data);
  }
  t.is((await fixture.store.head()).position, position);
});

test('lost answers: given two registrations of one terminal at once, then both have the same account', async (t) => {
  const fixture = await openTrackerFixture(t);
  const device = newDeviceId();
  const [first, second] = await Promise.all([register(fixture, { device }), register(fixture, { device })]);
  t.is(first?.phrase, 'REGISTRATION_SUCCESSFUL');
  t.deepEqual(second, first);
});

test('lost answers: given another password, another terminal, or a terminal that was logged out, then the name is taken', async (t) => {
  const fixture = await openTrackerFixture(t);
  const device = newDeviceId();
  await register(fixture, { device });
  t.is((await register(fixture, { device, password: NEXT })).phrase, 'USERNAME_TAKEN');
  t.is((await register(fixture, { device: newDeviceId() })).phrase, 'USERNAME_TAKEN');
  const account = (await fixture.directory.ownerOf(device)) ?? t.fail();
  if (typeof account !== 'string') return;
  await fixture.ask.account({ account, device }, { operation: 'LOGOUT' });
  t.is((await register(fixture, { device })).phrase, 'USERNAME_TAKEN');
});

test('lost answers: given many wrong passwords of a registered terminal, then it has to wait', async (t) => {
  const fixture = await openTrackerFixture(t);
  const device = newDeviceId();
  await register(fixture, { device });
  const phrases = new Set<string>();
  for (let count = 0; count < 12; count += 1) {
    phrases.add((await register(fixture, { device, password: `${NEXT} ${count}` })).phrase);
  }
  t.true(phrases.has('TOO_MANY_ATTEMPTS'));
});

test('lost answers: given a login, a rename or a new password, when it is asked again, then it succeeds and changes nothing', async (t) => {
  const fixture = await openTrackerFixture(t);
  const device = newDeviceId();
  await register(fixture);
  const account = (await fixture.directory.accountNamed('Ann'))?.id;
  if (account === undefined) return t.fail('Ann has no account');
  const caller = { account, device };
  const seal = () => {
    const id = newCommandId();
    const fields = { id, device, at: fixture.clock.now(), current: password, next: NEXT };
    return { id, sealed: sealPasswordChange(fields, fixture.sealing.publicKey) };
  };
  const requests = [
    ['LOGIN_SUCCESSFUL', () => login(fixture, { device })],
    ['USERNAME_CHANGED', () => fixture.ask.account(caller, { operation: 'RENAME', username: 'Annie' })],
    [
      'PASSWORD_CHANGED',
      () => {
        const { id, sealed } = seal();
        return fixture.ask.account(caller, { operation: 'PASSWORD', sealed }, id);
      },
    ],
  ] as const;
  for (const [phrase, ask] of requests) {
    t.is((await ask()).phrase, phrase);
    const { position } = await fixture.store.head();
    t.is((await ask()).phrase, phrase, 'again');
    t.is((await fixture.store.head()).position, position, phrase);
  }
});
