// The events of an account. Names are personal data; `evolve` does not read them.
import type { AccountId, DeviceId } from '../../core/ids.js';

interface OfDevice {
  readonly account: AccountId;
  readonly device: DeviceId;
}

export type AccountEvent =
  | {
      readonly type: 'AccountRegistered';
      readonly account: AccountId;
      readonly personal: { readonly username: string };
    }
  /**
   * The former name stays reserved for the account until `heldUntil`, milliseconds since the epoch. `reason` is present if the
   * operator renamed the account. Events of version 1 have no `reason`.
   */
  | {
      readonly type: 'UsernameChanged';
      readonly account: AccountId;
      readonly heldUntil: number;
      readonly personal: {
        readonly username: string;
        readonly formerly: string;
        readonly reason?: string;
      };
    }
  | { readonly type: 'PasswordChanged'; readonly account: AccountId }
  /** `name` is the name of the terminal. Events of version 1 have no `name`. */
  | ({ readonly type: 'DeviceEnrolled'; readonly personal: { readonly name: string } } & OfDevice)
  /** The operator gives a reason, unless a disabled account loses its devices. Events of version 1 have no `reason`. */
  | ({ readonly type: 'DeviceRevoked'; readonly personal?: { readonly reason: string } } & OfDevice)
  /** `until` is when the throttle ends if no further login fails; milliseconds since the epoch. */
  | { readonly type: 'LoginThrottled'; readonly account: AccountId; readonly until: number }
  | { readonly type: 'LoginUnthrottled'; readonly account: AccountId }
  /** Logins are refused. A `DeviceRevoked` follows for each device. The reason may be empty. */
  | {
      readonly type: 'AccountDisabled';
      readonly account: AccountId;
      readonly personal: { readonly reason: string };
    }
  /** The reason is absent if the operator gave none. Version 1 has none. */
  | {
      readonly type: 'AccountEnabled';
      readonly account: AccountId;
      readonly personal?: { readonly reason: string };
    }
  /**
   * The operator `by` removed the personal parts of the events at `positions`, which may be in other streams. `isWhole`: all
   * personal data of the account was removed, also outside of the log.
   */
  | {
      readonly type: 'PersonalDataRedacted';
      readonly account: AccountId;
      readonly positions: readonly number[];
      readonly isWhole: boolean;
      readonly personal: { readonly reason: string; readonly by: string };
    };
