// The commands to an account. Names are personal data; the command that the log stores with its events does not contain them.
import type { AccountId, DeviceId } from '../../core/ids.js';

interface OfDevice {
  readonly account: AccountId;
  readonly device: DeviceId;
}

/** A rehearsal under other limits sets them. The tracker never does: the limits of this version hold. */
export interface UnderLimits {
  readonly limits?: Partial<Readonly<Record<'usernamesHeld' | 'usernameHeldDays', number>>>;
}

export type AccountCommand =
  | ({
      readonly type: 'RegisterAccount';
      readonly personal: { readonly username: string; readonly deviceName: string };
    } & OfDevice)
  /** Sent at login, after the password was checked. */
  | ({ readonly type: 'EnrolDevice'; readonly personal: { readonly deviceName: string } } & OfDevice)
  | ({ readonly type: 'RevokeDevice' } & OfDevice)
  /**
   * `formerly` is the name at the time of the request; `at` is that time, milliseconds since the epoch.
   */
  | ({
      readonly type: 'RenameAccount';
      readonly account: AccountId;
      readonly at: number;
      readonly personal: { readonly username: string; readonly formerly: string };
    } & UnderLimits)
  /** The old password was checked. The hash of the new one is stored with the event. */
  | { readonly type: 'ChangePassword'; readonly account: AccountId }
  /** From the tracker: logins from one origin have to wait until `until`, milliseconds since the epoch. */
  | { readonly type: 'ThrottleLogin'; readonly account: AccountId; readonly until: number }
  /** From the tracker: logins no longer have to wait, from any origin. */
  | { readonly type: 'UnthrottleLogin'; readonly account: AccountId }
  /** From the operator; the reason may be empty. */
  | {
      readonly type: 'DisableAccount';
      readonly account: AccountId;
      readonly personal: { readonly reason: string };
    }
  /** From the operator, who need not give a reason. */
  | {
      readonly type: 'EnableAccount';
      readonly account: AccountId;
      readonly personal?: { readonly reason: string };
    }
  /** From the operator. */
  | ({ readonly type: 'RevokeAsOperator'; readonly personal: { readonly reason: string } } & OfDevice)
  /** From the operator. The other fields are those of `RenameAccount`. */
  | ({
      readonly type: 'RenameAsOperator';
      readonly account: AccountId;
      readonly at: number;
      readonly personal: { readonly username: string; readonly formerly: string; readonly reason: string };
    } & UnderLimits)
  /** From the operator, in the transaction that removes the personal parts; see the event `PersonalDataRedacted`. */
  | {
      readonly type: 'RecordRedaction';
      readonly account: AccountId;
      readonly positions: readonly number[];
      readonly isWhole: boolean;
      readonly personal: { readonly reason: string; readonly by: string };
    };
