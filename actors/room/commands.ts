// What can be asked of a room. Facts that the room cannot know itself come with the command; names, reasons and topics are
// personal, and the log's record of the command leaves them out.
import type { AccountId } from '../../core/ids.js';
import type { LeavingCause } from './events.js';

interface Asked {
  /** Who asks. */
  readonly account: AccountId;
}

interface Entering extends Asked {
  /** How many rooms the account is in already. */
  readonly roomsOfAccount: number;
}

interface AboutMember extends Asked {
  /** Whom it is about; null for a name that nobody has. */
  readonly target: AccountId | null;
}

interface WithReason {
  /** Empty for none. */
  readonly personal: { readonly reason: string };
}

export type RoomCommand =
  | ({
      readonly type: 'CreateRoom';
      /** Whether one comes in by invitation only. */
      readonly isPrivate: boolean;
      readonly personal: { readonly name: string };
    } & Entering)
  | ({ readonly type: 'JoinRoom' } & Entering)
  /** `because` where the account did not ask itself. */
  | ({ readonly type: 'LeaveRoom'; readonly because?: LeavingCause } & Asked)
  | ({ readonly type: 'RemoveMember' } & AboutMember & WithReason)
  /** Out, and not in again. */
  | ({ readonly type: 'BanMember' } & AboutMember & WithReason)
  | ({ readonly type: 'UnbanMember' } & AboutMember)
  | ({ readonly type: 'InviteMember' } & AboutMember)
  | ({ readonly type: 'PromoteMember' } & AboutMember)
  /** Of oneself: stepping down. */
  | ({ readonly type: 'DemoteAdmin' } & AboutMember)
  /** Who leads when the last admin goes. */
  | ({ readonly type: 'NameSuccessor' } & AboutMember)
  | ({ readonly type: 'ChangeTopic'; readonly personal: { readonly topic: string } } & Asked)
  /** From the tracker itself: no admin has been online for a while. Who is to wait until when; null: for ever. */
  | { readonly type: 'AdminsAbsent'; readonly deadline: number | null }
  /** From the tracker itself: this account, perhaps an admin, is online. */
  | ({ readonly type: 'AdminReturned' } & Asked)
  /** From the tracker itself: what time it is, milliseconds since the epoch, and which of the members are online. */
  | { readonly type: 'Tick'; readonly now: number; readonly online: readonly AccountId[] };
