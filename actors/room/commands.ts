// The commands to a room. They contain the facts that the room cannot know. Names, reasons and topics are personal data; the
// command that the log stores with its events does not contain them.
import type { AccountId } from '../../core/ids.js';
import type { LeavingCause } from './events.js';

type RoomLimit = 'membersPerRoom' | 'roomsPerAccount' | 'bansPerRoom' | 'invitationsPerRoom';

/** A rehearsal under other limits sets them. The tracker never does: the limits of this version hold. */
export interface UnderLimits {
  readonly limits?: Partial<Readonly<Record<RoomLimit, number>>>;
}

interface Asked extends UnderLimits {
  /** The account that sends the command. */
  readonly account: AccountId;
}

interface Entering extends Asked {
  /** The number of rooms the account is in. */
  readonly roomsOfAccount: number;
}

interface AboutMember extends Asked {
  /** The account that the command is about; null if no account has the given name. */
  readonly target: AccountId | null;
}

interface WithReason {
  /** Empty if no reason is given. */
  readonly personal: { readonly reason: string };
}

/** A command that only the operator sends, with the reason, which members see. No request of the network leads to it. */
type FromOperator = WithReason;

interface AboutTarget extends FromOperator, UnderLimits {
  /** The account that the command is about. */
  readonly target: AccountId;
}

/** The operator may do what admins may not: remove an admin, transfer the leadership, and close a room with members. */
export type OperatorRoomCommand =
  | ({ readonly type: 'RemoveAsOperator' } & AboutTarget)
  | ({ readonly type: 'BanAsOperator' } & AboutTarget)
  | ({ readonly type: 'UnbanAsOperator' } & AboutTarget)
  | ({ readonly type: 'PromoteAsOperator' } & AboutTarget)
  | ({ readonly type: 'DemoteAsOperator' } & AboutTarget)
  /** The target becomes the only admin. */
  | ({ readonly type: 'TransferRoom' } & AboutTarget)
  | ({ readonly type: 'CloseRoom' } & FromOperator);

export type RoomCommand =
  | OperatorRoomCommand
  | ({
      readonly type: 'CreateRoom';
      /** Whether members need an invitation to join. */
      readonly isPrivate: boolean;
      readonly personal: { readonly name: string };
    } & Entering)
  | ({ readonly type: 'JoinRoom' } & Entering)
  /** `because` is set if the account did not ask to leave. */
  | ({ readonly type: 'LeaveRoom'; readonly because?: LeavingCause } & Asked)
  | ({ readonly type: 'RemoveMember' } & AboutMember & WithReason)
  /** Removes the member and refuses further joins. */
  | ({ readonly type: 'BanMember' } & AboutMember & WithReason)
  | ({ readonly type: 'UnbanMember' } & AboutMember)
  | ({ readonly type: 'InviteMember' } & AboutMember)
  | ({ readonly type: 'PromoteMember' } & AboutMember)
  /** An admin who demotes themself steps down. */
  | ({ readonly type: 'DemoteAdmin' } & AboutMember)
  /** The target becomes admin when the last admin leaves. */
  | ({ readonly type: 'NameSuccessor' } & AboutMember)
  /** `isSame`: the room has this topic already. The room cannot know it, because the topic is personal data. */
  | ({
      readonly type: 'ChangeTopic';
      readonly isSame: boolean;
      readonly personal: { readonly topic: string };
    } & Asked)
  /** From the tracker: no admin has been online for a while. At `deadline` a member becomes admin; null: never. */
  | { readonly type: 'AdminsAbsent'; readonly deadline: number | null }
  /** From the tracker: this account, which may be an admin, is online. */
  | ({ readonly type: 'AdminReturned' } & Asked)
  /** From the tracker: the current time, milliseconds since the epoch, and the members who are online. */
  | { readonly type: 'Tick'; readonly now: number; readonly online: readonly AccountId[] };
