// What can be asked of an account. Names are personal: the log's record of the command leaves them out.
import type { AccountId, DeviceId } from '../../core/ids.js';

interface OfDevice {
  readonly account: AccountId;
  readonly device: DeviceId;
}

export type AccountCommand =
  | ({
      readonly type: 'RegisterAccount';
      readonly personal: { readonly username: string; readonly deviceName: string };
    } & OfDevice)
  /** On login: the password has been checked. */
  | ({ readonly type: 'EnrolDevice'; readonly personal: { readonly deviceName: string } } & OfDevice)
  | ({ readonly type: 'RevokeDevice' } & OfDevice)
  /** `formerly` is the name it had when it asked; `at` is when that was, milliseconds since the epoch. */
  | {
      readonly type: 'RenameAccount';
      readonly account: AccountId;
      readonly at: number;
      readonly personal: { readonly username: string; readonly formerly: string };
    }
  /** The old password has been checked, and the new one is kept with the event. */
  | { readonly type: 'ChangePassword'; readonly account: AccountId }
  /** From the tracker itself: logins from one origin have to wait, until a time (milliseconds since the epoch). */
  | { readonly type: 'ThrottleLogin'; readonly account: AccountId; readonly until: number }
  /** From the tracker itself: it has found that no origin has to wait any more. */
  | { readonly type: 'UnthrottleLogin'; readonly account: AccountId }
  /** From the operator. The reason may be empty. */
  | {
      readonly type: 'DisableAccount';
      readonly account: AccountId;
      readonly personal: { readonly reason: string };
    }
  /** From the operator. */
  | { readonly type: 'EnableAccount'; readonly account: AccountId };
