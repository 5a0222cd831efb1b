// The state machine of one account: unregistered, active with its enrolled devices, or disabled by the operator. `throttled`
// records that logins from at least one origin have to wait. The admission limits enforce the wait; this machine refuses no
// command because of it.
import { assign, setup } from 'xstate';
import { machineTypes, nothingToDo, record, refuse } from '../../core/actor/record.js';
import type { DeviceId } from '../../core/ids.js';
import { limits } from '../../core/protocol/limits.js';
import type { AccountCommand, UnderLimits } from './commands.js';
import type { AccountEvent } from './events.js';

interface AccountContext {
  readonly devices: readonly DeviceId[];
  /** When the reservation of each recent former name ends, milliseconds since the epoch. */
  readonly held: readonly number[];
}

type AccountRefusal =
  | 'LOGIN_FAILED'
  | 'USERNAME_TAKEN'
  | 'NOT_ENROLLED'
  | 'TOO_MANY_RENAMES'
  | 'ACCOUNT_DISABLED';

interface OfDevice {
  readonly context: AccountContext;
  readonly event: { readonly device: DeviceId };
}

const DAY_MS = 24 * 3_600_000;

const isEnrolled = ({ context, event }: OfDevice): boolean => context.devices.includes(event.device);

function withoutDevice({ context, event }: OfDevice): readonly DeviceId[] {
  return context.devices.filter((device) => device !== event.device);
}

interface Renaming {
  readonly context: AccountContext;
  readonly event: Extract<AccountCommand, { readonly type: 'RenameAccount' | 'RenameAsOperator' }>;
}

const limitsOf = (command: UnderLimits) => ({ ...limits, ...command.limits });

const hasTooManyNames = ({ context, event }: Renaming): boolean =>
  context.held.filter((until) => until > event.at).length >= limitsOf(event).usernamesHeld;
const untilNameIsFree = ({ context }: Renaming) => ({ until: context.held[0] ?? 0 });

const renamed = ({ event }: Renaming): readonly AccountEvent[] => {
  const { account, at, personal } = event;
  const heldUntil = at + limitsOf(event).usernameHeldDays * DAY_MS;
  return [{ type: 'UsernameChanged', account, heldUntil, personal }];
};

const revoked = ({
  event: { account, device, personal },
}: {
  readonly event: Extract<AccountCommand, { readonly type: 'RevokeAsOperator' }>;
}): readonly AccountEvent[] => [{ type: 'DeviceRevoked', account, device, personal }];

const heldAfter = ({
  context,
  event,
}: {
  readonly context: AccountContext;
  readonly event: { readonly heldUntil: number };
}): readonly number[] => [...context.held, event.heldUntil].slice(-limits.usernamesHeld);

export const accountMachine = setup({
  types: machineTypes<AccountContext, AccountCommand, AccountEvent, AccountRefusal>(),
}).createMachine({
  id: 'account',
  context: { devices: [], held: [] },
  initial: 'unregistered',
  states: {
    unregistered: {
      on: {
        RegisterAccount: {
          actions: record(({ event: { account, device, personal } }) => [
            { type: 'AccountRegistered', account, personal: { username: personal.username } },
            { type: 'DeviceEnrolled', account, device, personal: { name: personal.deviceName } },
          ]),
        },
        EnrolDevice: { actions: refuse('LOGIN_FAILED') },
        RevokeDevice: { actions: refuse('NOT_ENROLLED') },
        RenameAccount: { actions: refuse('LOGIN_FAILED') },
        ChangePassword: { actions: refuse('LOGIN_FAILED') },
        ThrottleLogin: { actions: refuse('LOGIN_FAILED') },
        UnthrottleLogin: { actions: refuse('LOGIN_FAILED') },
        DisableAccount: { actions: refuse('LOGIN_FAILED') },
        EnableAccount: { actions: refuse('LOGIN_FAILED') },
        RevokeAsOperator: { actions: refuse('NOT_ENROLLED') },
        RenameAsOperator: { actions: refuse('LOGIN_FAILED') },
        RecordRedaction: { actions: refuse('LOGIN_FAILED') },
        AccountRegistered: 'active',
      },
    },
    active: {
      initial: 'clear',
      states: {
        clear: {
          on: {
            ThrottleLogin: {
              actions: record(({ event: { account, until } }) => [
                { type: 'LoginThrottled', account, until },
              ]),
            },
            UnthrottleLogin: { actions: nothingToDo() },
            LoginThrottled: 'throttled',
          },
        },
        throttled: {
          on: {
            ThrottleLogin: { actions: nothingToDo() },
            UnthrottleLogin: {
              actions: record(({ event: { account } }) => [{ type: 'LoginUnthrottled', account }]),
            },
            LoginUnthrottled: 'clear',
          },
        },
      },
      on: {
        RegisterAccount: { actions: refuse('USERNAME_TAKEN') },
        EnrolDevice: [
          { guard: isEnrolled, actions: nothingToDo() },
          {
            actions: record(({ event: { account, device, personal } }) => [
              { type: 'DeviceEnrolled', account, device, personal: { name: personal.deviceName } },
            ]),
          },
        ],
        RevokeDevice: [
          {
            guard: isEnrolled,
            actions: record(({ event: { account, device } }) => [{ type: 'DeviceRevoked', account, device }]),
          },
          { actions: refuse('NOT_ENROLLED') },
        ],
        RenameAccount: [
          { guard: hasTooManyNames, actions: refuse('TOO_MANY_RENAMES', untilNameIsFree) },
          { actions: record(renamed) },
        ],
        RenameAsOperator: [
          { guard: hasTooManyNames, actions: refuse('TOO_MANY_RENAMES', untilNameIsFree) },
          { actions: record(renamed) },
        ],
        RevokeAsOperator: [
          { guard: isEnrolled, actions: record(revoked) },
          { actions: refuse('NOT_ENROLLED') },
        ],
        UsernameChanged: { actions: assign({ held: heldAfter }) },
        ChangePassword: {
          actions: record(({ event: { account } }) => [{ type: 'PasswordChanged', account }]),
        },
        DisableAccount: {
          actions: record(({ context, event: { account, personal } }) => [
            { type: 'AccountDisabled', account, personal },
            ...context.devices.map((device) => ({ type: 'DeviceRevoked', account, device }) as const),
          ]),
        },
        EnableAccount: { actions: nothingToDo() },
        RecordRedaction: {
          actions: record(({ event: { account, positions, isWhole, personal } }) => [
            { type: 'PersonalDataRedacted', account, positions, isWhole, personal },
          ]),
        },
        AccountDisabled: 'disabled',
        DeviceEnrolled: {
          actions: assign({ devices: ({ context, event }) => [...context.devices, event.device] }),
        },
        DeviceRevoked: { actions: assign({ devices: withoutDevice }) },
      },
    },
    disabled: {
      on: {
        RegisterAccount: { actions: refuse('USERNAME_TAKEN') },
        EnrolDevice: { actions: refuse('ACCOUNT_DISABLED') },
        RevokeDevice: { actions: refuse('NOT_ENROLLED') },
        RevokeAsOperator: { actions: refuse('NOT_ENROLLED') },
        RenameAccount: { actions: refuse('ACCOUNT_DISABLED') },
        // A name that offends people is changed even if the account cannot log in.
        RenameAsOperator: [
          { guard: hasTooManyNames, actions: refuse('TOO_MANY_RENAMES', untilNameIsFree) },
          { actions: record(renamed) },
        ],
        UsernameChanged: { actions: assign({ held: heldAfter }) },
        ChangePassword: { actions: refuse('ACCOUNT_DISABLED') },
        // A disabled account accepts no logins. When it is enabled again, it starts without a throttle.
        ThrottleLogin: { actions: nothingToDo() },
        UnthrottleLogin: { actions: nothingToDo() },
        DisableAccount: { actions: nothingToDo() },
        EnableAccount: {
          actions: record(({ event: { account, personal } }) => [
            { type: 'AccountEnabled', account, ...(personal && { personal }) },
          ]),
        },
        RecordRedaction: {
          actions: record(({ event: { account, positions, isWhole, personal } }) => [
            { type: 'PersonalDataRedacted', account, positions, isWhole, personal },
          ]),
        },
        // Events that follow `AccountDisabled`.
        DeviceRevoked: { actions: assign({ devices: withoutDevice }) },
        AccountEnabled: 'active',
      },
    },
  },
});
