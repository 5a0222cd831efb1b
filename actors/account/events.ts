// What can have happened to an account. Names are personal; evolving never reads them.
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
  /** Until `heldUntil` (milliseconds since the epoch) nobody else gets the name it had. */
  | {
      readonly type: 'UsernameChanged';
      readonly account: AccountId;
      readonly heldUntil: number;
      readonly personal: { readonly username: string; readonly formerly: string };
    }
  | { readonly type: 'PasswordChanged'; readonly account: AccountId }
  /** What its terminal calls itself; absent from those of before devices had names. */
  | ({ readonly type: 'DeviceEnrolled'; readonly personal: { readonly name: string } } & OfDevice)
  | ({ readonly type: 'DeviceRevoked' } & OfDevice)
  /** `until` is when it would have ended without a further failure; milliseconds since the epoch. */
  | { readonly type: 'LoginThrottled'; readonly account: AccountId; readonly until: number }
  | { readonly type: 'LoginUnthrottled'; readonly account: AccountId }
  /** Nobody may log in to it; each of its devices is revoked with it. The reason may be empty. */
  | {
      readonly type: 'AccountDisabled';
      readonly account: AccountId;
      readonly personal: { readonly reason: string };
    }
  | { readonly type: 'AccountEnabled'; readonly account: AccountId };
