// What can have happened to a room. Names, reasons and topics are personal; evolving never reads them.
import type { AccountId } from '../../core/ids.js';

interface About {
  /** Whom it is about. */
  readonly account: AccountId;
}

interface WithReason {
  readonly personal: { readonly reason: string };
}

/** Which rule made a member admin: the last admin left the room, gave the office up, or was away for too long. */
export type SuccessionCause = 'left' | 'steppedDown' | 'absent';

/** What made a member leave who did not choose to: the operator disabled the account. */
export type LeavingCause = 'disabled';

export type RoomEvent =
  /** The creator is its first member and admin. */
  | ({
      readonly type: 'RoomCreated';
      readonly isPrivate: boolean;
      readonly personal: { readonly name: string };
    } & About)
  | ({ readonly type: 'MemberJoined' } & About)
  /** `because` it was so decided elsewhere; absent where the member chose to. */
  | ({ readonly type: 'MemberLeft'; readonly because?: LeavingCause } & About)
  | ({ readonly type: 'MemberRemoved' } & About & WithReason)
  /** With it the membership has ended, too. */
  | ({ readonly type: 'MemberBanned' } & About & WithReason)
  | ({ readonly type: 'MemberUnbanned' } & About)
  | ({ readonly type: 'MemberInvited' } & About)
  | ({ readonly type: 'AdminPromoted' } & About)
  | ({ readonly type: 'AdminDemoted' } & About)
  /** The rules made this member admin, in the place of `after` or, while that one is absent, beside them. */
  | ({
      readonly type: 'AdminSucceeded';
      readonly after: AccountId;
      readonly because: SuccessionCause;
    } & About)
  | ({ readonly type: 'SuccessorNamed' } & About)
  /** `account` changed it. */
  | ({ readonly type: 'TopicChanged'; readonly personal: { readonly topic: string } } & About)
  /** No admin is there. `account` is the longest-standing of them; `deadline` as in `AdminsAbsent`. */
  | ({ readonly type: 'RoomUnattended'; readonly deadline: number | null } & About)
  /** `account` is the admin who is there. */
  | ({ readonly type: 'RoomAttended' } & About)
  /** The last member went. */
  | ({ readonly type: 'RoomClosed' } & About);
