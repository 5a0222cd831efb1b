import test from 'ava';
import { accountAggregate } from '../../../actors/account/aggregate.js';
import type { AccountCommand } from '../../../actors/account/commands.js';
import type { AccountEvent } from '../../../actors/account/events.js';
import { limits } from '../../../core/protocol/limits.js';
import { stories } from '../../support/decider.js';
import { newDeviceId } from '../../support/identities.js';
import { ann } from '../people.js';

type Expected = readonly AccountEvent[] | { readonly refused: string } | 'nothing';

const story = stories(accountAggregate);
const [desk, phone, other] = [newDeviceId(), newDeviceId(), newDeviceId()];
const deviceName = 'desk';
const personal = { username: 'Ann' };
const at = Date.UTC(2026, 1, 1);
const until = at;
const heldUntil = at + limits.usernameHeldDays * 86_400_000;
const names = { username: 'Anna', formerly: 'Ann' };
const why = { reason: 'sold her keyboard' };

const enrolled = (device: typeof desk): AccountEvent => {
  return { type: 'DeviceEnrolled', account: ann, device, personal: { name: deviceName } };
};
const revoked = (device: typeof desk): AccountEvent => ({ type: 'DeviceRevoked', account: ann, device });
const registered: AccountEvent = { type: 'AccountRegistered', account: ann, personal };
const throttled: AccountEvent = { type: 'LoginThrottled', account: ann, until };
const unthrottled: AccountEvent = { type: 'LoginUnthrottled', account: ann };
const disabled: AccountEvent = { type: 'AccountDisabled', account: ann, personal: why };
const enabled: AccountEvent = { type: 'AccountEnabled', account: ann };
const redaction = {
  account: ann,
  positions: [1, 2],
  isWhole: true,
  personal: { reason: 'asked', by: 'root' },
};
const renamed: AccountEvent = { type: 'UsernameChanged', account: ann, heldUntil, personal: names };
const renamedByOperator: AccountEvent = { ...renamed, personal: { ...names, ...why } };

const clear = [registered, enrolled(desk), enrolled(phone)];
const given = {
  unregistered: [],
  clear,
  throttled: [...clear, throttled],
  disabled: [...clear, disabled, revoked(desk), revoked(phone)],
} as const satisfies Record<string, readonly AccountEvent[]>;

const nobody = { refused: 'LOGIN_FAILED' };
const taken = { refused: 'USERNAME_TAKEN' };
const stranger = { refused: 'NOT_ENROLLED' };
const out = { refused: 'ACCOUNT_DISABLED' };

/** The result of each command in each state: unregistered, clear, throttled, disabled. */
const table: Readonly<
  Record<AccountCommand['type'], readonly [AccountCommand, Expected, Expected, Expected, Expected]>
> = {
  RegisterAccount: [
    { type: 'RegisterAccount', account: ann, device: desk, personal: { ...personal, deviceName } },
    [registered, enrolled(desk)],
    taken,
    taken,
    taken,
  ],
  EnrolDevice: [
    { type: 'EnrolDevice', account: ann, device: other, personal: { deviceName } },
    nobody,
    [enrolled(other)],
    [enrolled(other)],
    out,
  ],
  RevokeDevice: [
    { type: 'RevokeDevice', account: ann, device: phone },
    stranger,
    [revoked(phone)],
    [revoked(phone)],
    stranger,
  ],
  RenameAccount: [
    { type: 'RenameAccount', account: ann, at, personal: names },
    nobody,
    [renamed],
    [renamed],
    out,
  ],
  ChangePassword: [
    { type: 'ChangePassword', account: ann },
    nobody,
    [{ type: 'PasswordChanged', account: ann }],
    [{ type: 'PasswordChanged', account: ann }],
    out,
  ],
  ThrottleLogin: [{ type: 'ThrottleLogin', account: ann, until }, nobody, [throttled], 'nothing', 'nothing'],
  UnthrottleLogin: [{ type: 'UnthrottleLogin', account: ann }, nobody, 'nothing', [unthrottled], 'nothing'],
  DisableAccount: [
    { type: 'DisableAccount', account: ann, personal: why },
    nobody,
    [disabled, revoked(desk), revoked(phone)],
    [disabled, revoked(desk), revoked(phone)],
    'nothing',
  ],
  EnableAccount: [{ type: 'EnableAccount', account: ann }, nobody, 'nothing', 'nothing', [enabled]],
  RevokeAsOperator: [
    { type: 'RevokeAsOperator', account: ann, device: phone, personal: why },
    stranger,
    [{ type: 'DeviceRevoked', account: ann, device: phone, personal: why }],
    [{ type: 'DeviceRevoked', account: ann, device: phone, personal: why }],
    stranger,
  ],
  RenameAsOperator: [
    { type: 'RenameAsOperator', account: ann, at, personal: { ...names, ...why } },
    nobody,
    [renamedByOperator],
    [renamedByOperator],
    [renamedByOperator],
  ],
  RecordRedaction: [
    { type: 'RecordRedaction', ...redaction },
    nobody,
    [{ type: 'PersonalDataRedacted', ...redaction }],
    [{ type: 'PersonalDataRedacted', ...redaction }],
    [{ type: 'PersonalDataRedacted', ...redaction }],
  ],
};

for (const [name, [command, ...expected]] of Object.entries(table)) {
  for (const [index, [state, events]] of Object.entries(given).entries()) {
    const expect = expected[index] ?? 'nothing';
    const then =
      expect === 'nothing'
        ? 'nothing changes'
        : 'refused' in expect
          ? expect.refused
          : expect.map(({ type }) => type).join(', ');
    test(`account: given state ${state}, when it receives ${name}, then ${then}`, story, {
      given: events,
      when: command,
      expect,
    });
  }
}

test('account: the table has every command and every state', (t) => {
  t.deepEqual(Object.keys(table).toSorted(), [...accountAggregate.commands].toSorted());
  for (const [name, [command]] of Object.entries(table)) t.is(name, command.type);
  t.deepEqual(Object.keys(given).toSorted(), leavesOf(accountAggregate.machine.root).toSorted());
});

interface Node {
  readonly key: string;
  readonly states: Readonly<Record<string, Node>>;
}

function leavesOf({ key, states }: Node): readonly string[] {
  const below = Object.values(states);
  return below.length === 0 ? [key] : below.flatMap(leavesOf);
}

test('account: given no enrolled device, when it is disabled, then no revocation is recorded', story, {
  given: [registered, enrolled(desk), revoked(desk)],
  when: table.DisableAccount[0],
  expect: [disabled],
});

test(
  'account: given a disabled account that was enabled again, when a revoked device enrols, then the enrolment is recorded',
  story,
  {
    given: [...given.disabled, enabled],
    when: { type: 'EnrolDevice', account: ann, device: desk, personal: { deviceName } },
    expect: [enrolled(desk)],
  },
);

test(
  'account: given a disabled account that was enabled again, when it is disabled again, then its new devices are revoked',
  story,
  {
    given: [...given.disabled, enabled, enrolled(other)],
    when: table.DisableAccount[0],
    expect: [disabled, revoked(other)],
  },
);

test(
  'account: given a throttled account that was disabled and enabled, when its logins are throttled, then that is recorded',
  story,
  {
    given: [...given.throttled, disabled, revoked(desk), revoked(phone), enabled],
    when: table.ThrottleLogin[0],
    expect: [throttled],
  },
);

test('account: given held names, when it is disabled and enabled, then they still count', story, {
  given: [
    ...clear,
    ...Array.from({ length: limits.usernamesHeld }, () => renamed),
    disabled,
    revoked(desk),
    revoked(phone),
    enabled,
  ],
  when: table.RenameAccount[0],
  expect: { refused: 'TOO_MANY_RENAMES' },
});

test('account: disabling and enabling neither claim nor release names', (t) => {
  t.deepEqual(accountAggregate.reservations(disabled, ann), []);
  t.deepEqual(accountAggregate.reservations(enabled, ann), []);
});
