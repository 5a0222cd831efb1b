// The account as a kind of aggregate: its words, and the names it reserves.
import { defineAggregate } from '../../core/actor/aggregate.js';
import { foldName } from '../../core/protocol/names.js';
import { accountMachine } from './machine.js';

export const USERNAMES = 'username';
/** A device belongs to one account at a time. */
const DEVICES = 'device';

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
    'DisableAccount',
    'EnableAccount',
  ],
  events: {
    AccountRegistered: 1,
    UsernameChanged: 1,
    PasswordChanged: 1,
    DeviceEnrolled: 2,
    DeviceRevoked: 1,
    LoginThrottled: 1,
    LoginUnthrottled: 1,
    AccountDisabled: 1,
    AccountEnabled: 1,
  },
  // The second version has the device's name, beside the payload, which has stayed as it was.
  upcasters: [{ type: 'DeviceEnrolled', from: 1, upcast: (payload) => payload }],
  machineVersion: 3,
  reservations(event, owner) {
    switch (event.type) {
      case 'AccountRegistered':
        return [{ action: 'claim', kind: USERNAMES, name: foldName(event.personal.username), owner }];
      // The name it has now is claimed anew where only its letters' case has changed.
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
        return [];
    }
  },
  reserved: ({ kind }) => ({
    reason: kind === USERNAMES ? 'USERNAME_TAKEN' : 'ALREADY_LOGGED_IN',
    detail: {},
  }),
});
