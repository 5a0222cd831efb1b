// The events of a room. Names, reasons and topics are personal data; `evolve` does not read them.
import type { AccountId } from '../../core/ids.js';

interface About {
  /** The account that the event is about. */
  readonly account: AccountId;
}

interface WithReason {
  readonly personal: { readonly reason: string };
}

/** The operator gives a reason; an admin cannot. Events of version 1 have no `reason`. */
interface WithOperatorsReason {
  readonly personal?: { readonly reason: string };
}

/**
 * The rule that made a member admin: the last admin left, stepped down, was away for too long, or was removed or demoted by the
 * operator. Version 2 does not have the last two.
 */
export type SuccessionCause = 'left' | 'steppedDown' | 'absent' | 'removed' | 'demoted';

/** The reason for an involuntary leave: the operator disabled the account. */
export type LeavingCause = 'disabled';

export type RoomEvent =
  /** The creator is the first member and admin. */
  | ({
      readonly type: 'RoomCreated';
      readonly isPrivate: boolean;
      readonly personal: { readonly name: string };
    } & About)
  | ({ readonly type: 'MemberJoined' } & About)
  /** `because` is absent if the member chose to leave. */
  | ({ readonly type: 'MemberLeft'; readonly because?: LeavingCause } & About)
  | ({ readonly type: 'MemberRemoved' } & About & WithReason)
  /** A ban also ends the membership. */
  | ({ readonly type: 'MemberBanned' } & About & WithReason)
  | ({ readonly type: 'MemberUnbanned' } & About & WithOperatorsReason)
  | ({ readonly type: 'MemberInvited' } & About)
  | ({ readonly type: 'AdminPromoted' } & About & WithOperatorsReason)
  | ({ readonly type: 'AdminDemoted' } & About & WithOperatorsReason)
  /** A rule made `account` admin: in place of `after`, or in addition to `after` while `after` is absent. */
  | ({
      readonly type: 'AdminSucceeded';
      readonly after: AccountId;
      readonly because: SuccessionCause;
    } & About)
  | ({ readonly type: 'SuccessorNamed' } & About)
  /** `account` changed the topic. */
  | ({ readonly type: 'TopicChanged'; readonly personal: { readonly topic: string } } & About)
  /** No admin is online. `account` is the longest-serving admin; `deadline` comes from the `AdminsAbsent` command. */
  | ({ readonly type: 'RoomUnattended'; readonly deadline: number | null } & About)
  /** `account` is the admin who is online. */
  | ({ readonly type: 'RoomAttended' } & About)
  /**
   * The last member left, or the operator closed the room with all its members; `account` is then the longest-serving admin.
   * Version 1 has no `because`.
   */
  | ({ readonly type: 'RoomClosed'; readonly because?: 'operator' } & About & WithOperatorsReason);
