import test from 'ava';
import * as fc from 'fast-check';
import { accountAggregate } from '../../../actors/account/aggregate.js';
import type { AccountCommand } from '../../../actors/account/commands.js';
import type { AccountEvent } from '../../../actors/account/events.js';
import { decide, evolve, initial } from '../../../core/actor/machine.js';
import type { DeviceId } from '../../../core/ids.js';
import { limits } from '../../../core/protocol/limits.js';
import { after, stories } from '../../support/decider.js';
import { newDeviceId } from '../../support/identities.js';
import { ann } from '../people.js';

const story = stories(accountAggregate);
const laptop = newDeviceId();
const phone = newDeviceId();

const personal = { username: 'Ann' };
const registered: AccountEvent = { type: 'AccountRegistered', account: ann, personal };
const deviceName = 'desk';
const enrolled = (device: DeviceId): AccountEvent => {
  return { type: 'DeviceEnrolled', account: ann, device, personal: { name: deviceName } };
};
const revoked = (device: DeviceId): AccountEvent => ({ type: 'DeviceRevoked', account: ann, device });

const at = Date.UTC(2026, 1, 1);
const HELD_MS = limits.usernameHeldDays * 86_400_000;
const names = { username: 'Anna', formerly: 'Ann' };
const rename: AccountCommand = { type: 'RenameAccount', account: ann, at, personal: names };
const renamed = (when = at): AccountEvent => {
  return { type: 'UsernameChanged', account: ann, heldUntil: when + HELD_MS, personal: names };
};

const change: AccountCommand = { type: 'ChangePassword', account: ann };
const changed: AccountEvent = { type: 'PasswordChanged', account: ann };

const until = Date.UTC(2026, 0, 1);
const throttled: AccountEvent = { type: 'LoginThrottled', account: ann, until };
const unthrottled: AccountEvent = { type: 'LoginUnthrottled', account: ann };

const register: AccountCommand = {
  type: 'RegisterAccount',
  account: ann,
  device: laptop,
  personal: { ...personal, deviceName },
};
const enrol = (device: DeviceId): AccountCommand => {
  return { type: 'EnrolDevice', account: ann, device, personal: { deviceName } };
};
const revoke = (device: DeviceId): AccountCommand => ({ type: 'RevokeDevice', account: ann, device });
const throttle: AccountCommand = { type: 'ThrottleLogin', account: ann, until };
const unthrottle: AccountCommand = { type: 'UnthrottleLogin', account: ann };
const disable: AccountCommand = { type: 'DisableAccount', account: ann, personal: { reason: '' } };
const enable: AccountCommand = { type: 'EnableAccount', account: ann };

test('account: given nothing, when it registers, then it and its first device are recorded', story, {
  given: [],
  when: register,
  expect: [registered, enrolled(laptop)],
});

test('account: given no account, when a device enrols, then the login fails', story, {
  given: [],
  when: enrol(laptop),
  expect: { refused: 'LOGIN_FAILED' },
});

test('account: given no account, when a device is revoked, then the refusal is NOT_ENROLLED', story, {
  given: [],
  when: revoke(laptop),
  expect: { refused: 'NOT_ENROLLED' },
});

test('account: given an account, when it registers again, then the name is taken', story, {
  given: [registered, enrolled(laptop)],
  when: register,
  expect: { refused: 'USERNAME_TAKEN' },
});

test('account: given one device, when a second one enrols, then the enrolment is recorded', story, {
  given: [registered, enrolled(laptop)],
  when: enrol(phone),
  expect: [enrolled(phone)],
});

test('account: given an enrolled device, when it enrols again, then nothing changes', story, {
  given: [registered, enrolled(laptop)],
  when: enrol(laptop),
  expect: 'nothing',
});

test('account: given an enrolled device, when it is revoked, then the revocation is recorded', story, {
  given: [registered, enrolled(laptop), enrolled(phone)],
  when: revoke(phone),
  expect: [revoked(phone)],
});

test(
  'account: given a device that was never enrolled, when it is revoked, then the refusal is NOT_ENROLLED',
  story,
  {
    given: [registered, enrolled(laptop)],
    when: revoke(phone),
    expect: { refused: 'NOT_ENROLLED' },
  },
);

test('account: given a revoked device, when it is revoked again, then the refusal is NOT_ENROLLED', story, {
  given: [registered, enrolled(laptop), revoked(laptop)],
  when: revoke(laptop),
  expect: { refused: 'NOT_ENROLLED' },
});

test(
  'account: given an account without devices, when a revoked device enrols again, then the enrolment is recorded',
  story,
  {
    given: [registered, enrolled(laptop), revoked(laptop)],
    when: enrol(laptop),
    expect: [enrolled(laptop)],
  },
);

test('account: given no account, when it is renamed, then the refusal is LOGIN_FAILED', story, {
  given: [],
  when: rename,
  expect: { refused: 'LOGIN_FAILED' },
});

test('account: given an account, when it is renamed, then its old name is held for 30 days', story, {
  given: [registered, enrolled(laptop)],
  when: rename,
  expect: [renamed()],
});

test('account: given a throttled account, when it is renamed, then the rename is recorded', story, {
  given: [registered, enrolled(laptop), throttled],
  when: rename,
  expect: [renamed()],
});

test(
  'account: given the maximum number of held names, when it is renamed, then the refusal is TOO_MANY_RENAMES',
  story,
  {
    given: [
      registered,
      enrolled(laptop),
      ...Array.from({ length: limits.usernamesHeld }, (_, n) => renamed(at - n)),
    ],
    when: rename,
    expect: { refused: 'TOO_MANY_RENAMES' },
  },
);

test('account: given an expired held name, when it is renamed, then that name does not count', story, {
  given: [
    registered,
    enrolled(laptop),
    renamed(at - HELD_MS),
    ...Array.from({ length: limits.usernamesHeld - 1 }, () => renamed(at - 1)),
  ],
  when: rename,
  expect: [renamed()],
});

test('account: given no account, when its password changes, then the refusal is LOGIN_FAILED', story, {
  given: [],
  when: change,
  expect: { refused: 'LOGIN_FAILED' },
});

for (const [state, events] of [
  ['an account', []],
  ['a throttled account', [throttled]],
  ['an account whose password has changed before', [changed]],
] as const) {
  test(
    `account: given ${state}, when its password changes, then the event does not contain the password`,
    story,
    {
      given: [registered, enrolled(laptop), ...events],
      when: change,
      expect: [changed],
    },
  );
}

test('account: given an account, when its logins are throttled, then that is recorded', story, {
  given: [registered, enrolled(laptop)],
  when: throttle,
  expect: [throttled],
});

test('account: given a throttled account, when another origin is throttled, then nothing changes', story, {
  given: [registered, enrolled(laptop), throttled],
  when: { ...throttle, until: until + 1 },
  expect: 'nothing',
});

test('account: given a throttled account, when the throttling ends, then that is recorded', story, {
  given: [registered, enrolled(laptop), throttled],
  when: unthrottle,
  expect: [unthrottled],
});

test('account: given an unthrottled account, when the throttling ends, then nothing changes', story, {
  given: [registered, enrolled(laptop), throttled, unthrottled],
  when: unthrottle,
  expect: 'nothing',
});

test('account: given an unthrottled account, when it is throttled again, then that is recorded', story, {
  given: [registered, enrolled(laptop), throttled, unthrottled],
  when: throttle,
  expect: [throttled],
});

test('account: given a throttled account, when a device enrols, then the enrolment is recorded', story, {
  given: [registered, enrolled(laptop), throttled],
  when: enrol(phone),
  expect: [enrolled(phone)],
});

test('account: given a throttled account, when a device is revoked, then the revocation is recorded', story, {
  given: [registered, enrolled(laptop), throttled],
  when: revoke(laptop),
  expect: [revoked(laptop)],
});

for (const when of [throttle, unthrottle]) {
  test(`account: given no account, when it receives ${when.type}, then the refusal is LOGIN_FAILED`, story, {
    given: [],
    when,
    expect: { refused: 'LOGIN_FAILED' },
  });
}

test('account: replaying the recorded events without their personal data gives the same state', (t) => {
  const device = fc.constantFrom(laptop, phone);
  const command = fc.oneof(
    fc.constantFrom(register, rename, change, throttle, unthrottle, disable, enable),
    device.map(enrol),
    device.map(revoke),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      let state = initial(accountAggregate, 'a');
      const events: AccountEvent[] = [];
      for (const command of commands) {
        const decision = decide(accountAggregate, state, command);
        if (decision.kind !== 'recorded') continue;
        state = decision.next;
        events.push(...decision.events);
        t.is(new Set(state.context.devices).size, state.context.devices.length);
      }
      const { value, context } = after(accountAggregate, events);
      t.deepEqual({ value, context }, { value: state.value, context: state.context });
    }),
  );
});

test('account: the name is reserved without regard to case, and each device is reserved while it is enrolled', (t) => {
  const owner = ann;
  const name = { action: 'claim', kind: 'username', name: 'ann', owner };
  t.deepEqual(accountAggregate.reservations(registered, owner), [name]);
  const device = { kind: 'device', name: laptop, owner };
  t.deepEqual(accountAggregate.reservations(enrolled(laptop), owner), [{ action: 'claim', ...device }]);
  t.deepEqual(accountAggregate.reservations(revoked(laptop), owner), [{ action: 'release', ...device }]);
  t.deepEqual(accountAggregate.reservations(throttled, owner), []);
  t.deepEqual(accountAggregate.reservations(changed, owner), []);
  t.deepEqual(accountAggregate.reservations(renamed(), owner), [
    { action: 'hold', kind: 'username', name: null, owner, until: at + HELD_MS },
    { ...name, name: 'anna' },
  ]);
});

test('account: a name and a device that belong to another account are refused with different reasons', (t) => {
  t.is(accountAggregate.reserved({ kind: 'username', name: 'ann' }).reason, 'USERNAME_TAKEN');
  t.is(accountAggregate.reserved({ kind: 'device', name: laptop }).reason, 'ALREADY_LOGGED_IN');
});

test('account: an enrolment event from before devices had names enrols the device', (t) => {
  const known = after(accountAggregate, [registered]);
  const old = { type: 'DeviceEnrolled', schemaVersion: 1, payload: { account: ann, device: laptop } };
  t.deepEqual(evolve(accountAggregate, known, old).context.devices, [laptop]);
});
