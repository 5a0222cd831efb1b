// The life of one account: unregistered, then active with the devices that are enrolled under it. It is throttled while
// logins from at least one origin have to wait; that is told here and decided elsewhere, and keeps no device out.
import { assign, setup } from 'xstate';
import { machineTypes, nothingToDo, record, refuse } from '../../core/actor/record.js';
import type { DeviceId } from '../../core/ids.js';
import type { AccountCommand } from './commands.js';
import type { AccountEvent } from './events.js';

interface AccountContext {
  readonly devices: readonly DeviceId[];
}

type AccountRefusal = 'LOGIN_FAILED' | 'USERNAME_TAKEN' | 'NOT_ENROLLED';

export const accountMachine = setup({
  types: machineTypes<AccountContext, AccountCommand, AccountEvent, AccountRefusal>(),
}).createMachine({
  id: 'account',
  context: { devices: [] },
  initial: 'unregistered',
  states: {
    unregistered: {
      on: {
        RegisterAccount: {
          actions: record(({ event: { account, device, personal } }) => [
            { type: 'AccountRegistered', account, personal },
            { type: 'DeviceEnrolled', account, device },
          ]),
        },
        EnrolDevice: { actions: refuse('LOGIN_FAILED') },
        RevokeDevice: { actions: refuse('NOT_ENROLLED') },
        ThrottleLogin: { actions: refuse('LOGIN_FAILED') },
        UnthrottleLogin: { actions: refuse('LOGIN_FAILED') },
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
          { guard: ({ context, event }) => context.devices.includes(event.device), actions: nothingToDo() },
          {
            actions: record(({ event: { account, device } }) => [
              { type: 'DeviceEnrolled', account, device },
            ]),
          },
        ],
        RevokeDevice: [
          {
            guard: ({ context, event }) => context.devices.includes(event.device),
            actions: record(({ event: { account, device } }) => [{ type: 'DeviceRevoked', account, device }]),
          },
          { actions: refuse('NOT_ENROLLED') },
        ],
        DeviceEnrolled: {
          actions: assign({ devices: ({ context, event }) => [...context.devices, event.device] }),
        },
        DeviceRevoked: {
          actions: assign({
            devices: ({ context, event }) => context.devices.filter((device) => device !== event.device),
          }),
        },
      },
    },
  },
});
