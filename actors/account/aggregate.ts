// The account aggregate: its commands, events and versions, and the names it reserves.
import { defineAggregate } from '../../core/actor/aggregate.js';
import { foldName } from '../../core/protocol/names.js';
import type { AccountCommand } from './commands.js';
import { accountMachine } from './machine.js';

export const USERNAMES = 'username';
/** A device belongs to one account at a time. */
const DEVICES = 'device';

/** The commands that only the operator sends. */
export const operatorAccountCommands = [
  'DisableAccount',
  'EnableAccount',
  'RevokeAsOperator',
  'RenameAsOperator',
  'RecordRedaction',
] as const satisfies readonly AccountCommand['type'][];

export const accountAggregate = defineAggregate({
  kind: 'account',
  machine: accountMachine,
  commands: [
    'RegisterAccount',
    'EnrolDevice',
    'RevokeDevice',
    'RenameAccount',
    'ChangePassword',
    'ThrottleLogin',
    'UnthrottleLogin',
    ...operatorAccountCommands,
  ],
  events: {
    AccountRegistered: 1,
    UsernameChanged: 2,
    PasswordChanged: 1,
    DeviceEnrolled: 2,
    DeviceRevoked: 2,
    LoginThrottled: 1,
    LoginUnthrottled: 1,
    AccountDisabled: 1,
    AccountEnabled: 2,
    PersonalDataRedacted: 1,
  },
  // Version 2 adds personal data: the device's name, and the operator's reason. The payloads are unchanged.
  upcasters: [
    { type: 'DeviceEnrolled', from: 1, upcast: (payload) => payload },
    { type: 'UsernameChanged', from: 1, upcast: (payload) => payload },
    { type: 'DeviceRevoked', from: 1, upcast: (payload) => payload },
    { type: 'AccountEnabled', from: 1, upcast: (payload) => payload },
  ],
  machineVersion: 3,
  reservations(event, owner) {
    switch (event.type) {
      case 'AccountRegistered':
        return [{ action: 'claim', kind: USERNAMES, name: foldName(event.personal.username), owner }];
      // A rename that changes only upper and lower case puts the same folded name on hold, so the claim must follow the hold.
      case 'UsernameChanged':
        return [
          { action: 'hold', kind: USERNAMES, name: null, owner, until: event.heldUntil },
          { action: 'claim', kind: USERNAMES, name: foldName(event.personal.username), owner },
        ];
      case 'DeviceEnrolled':
        return [{ action: 'claim', kind: DEVICES, name: event.device, owner }];
      case 'DeviceRevoked':
        return [{ action: 'release', kind: DEVICES, name: event.device, owner }];
      case 'PasswordChanged':
      case 'LoginThrottled':
      case 'LoginUnthrottled':
      case 'AccountDisabled':
      case 'AccountEnabled':
      case 'PersonalDataRedacted':
        return [];
    }
  },
  reserved: ({ kind }) => ({
    reason: kind === USERNAMES ? 'USERNAME_TAKEN' : 'ALREADY_LOGGED_IN',
    detail: {},
  }),
});
