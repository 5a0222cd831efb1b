// The context of the room machine: members, admins, invitations and bans, and the guards that test them. All pure.
import type { AccountId } from '../../core/ids.js';
import { limits } from '../../core/protocol/limits.js';
import type { UnderLimits } from './commands.js';

export interface RoomContext {
  /** In join order. */
  readonly members: readonly AccountId[];
  /** In the order in which they became admin. */
  readonly admins: readonly AccountId[];
  /** The named successor: a member who is not an admin. */
  readonly successor: AccountId | null;
  /** Whether members need an invitation to join. */
  readonly isPrivate: boolean;
  readonly invited: readonly AccountId[];
  readonly banned: readonly AccountId[];
  /** While the room is unattended: when a member who is online becomes admin, milliseconds since the epoch; null: never. */
  readonly deadline: number | null;
}

export const emptyRoom: RoomContext = {
  members: [],
  admins: [],
  successor: null,
  isPrivate: false,
  invited: [],
  banned: [],
  deadline: null,
};

interface By<Event> {
  readonly context: RoomContext;
  readonly event: Event;
}
type Asked = By<{ readonly account: AccountId }>;
type AboutTarget = By<{ readonly target: AccountId | null }>;
type AboutMember = By<{ readonly account: AccountId; readonly target: AccountId | null }>;
type Entering = By<UnderLimits & { readonly account: AccountId; readonly roomsOfAccount: number }>;

const limitsOf = (command: UnderLimits): Readonly<Record<keyof typeof limits, number>> =>
  command.limits === undefined ? limits : { ...limits, ...command.limits };

export const isBanned = ({ context, event }: Asked): boolean => context.banned.includes(event.account);
export const isMember = ({ context, event }: Asked): boolean => context.members.includes(event.account);
export const isNotMember = (asked: Asked): boolean => !isMember(asked);
export const isAdmin = ({ context, event }: Asked): boolean => context.admins.includes(event.account);
export const isNotAdmin = (asked: Asked): boolean => !isAdmin(asked);
export const isNotInvited = ({ context, event }: Asked): boolean =>
  context.isPrivate && !context.invited.includes(event.account);
export const isFull = ({ context, event }: By<UnderLimits>): boolean =>
  context.members.length >= limitsOf(event).membersPerRoom;
export const isInTooManyRooms = ({ event }: Pick<Entering, 'event'>): boolean =>
  event.roomsOfAccount >= limitsOf(event).roomsPerAccount;

export const isTargetSelf = ({ event }: AboutMember): boolean => event.target === event.account;
export const isTargetNotMember = ({ context, event }: AboutTarget): boolean =>
  event.target === null || !context.members.includes(event.target);
export const isTargetMember = (about: AboutTarget): boolean => !isTargetNotMember(about);
export const isTargetAdmin = ({ context, event }: AboutTarget): boolean =>
  event.target !== null && context.admins.includes(event.target);
export const isTargetNotAdmin = (about: AboutTarget): boolean => !isTargetAdmin(about);
export const isTargetBanned = ({ context, event }: AboutTarget): boolean =>
  event.target !== null && context.banned.includes(event.target);
export const isTargetNotBanned = (about: AboutTarget): boolean => !isTargetBanned(about);
export const isTargetInvited = ({ context, event }: AboutTarget): boolean =>
  event.target !== null && context.invited.includes(event.target);
export const isTargetSuccessor = ({ context, event }: AboutTarget): boolean =>
  event.target !== null && context.successor === event.target;
export const isTargetUnknown = ({ event }: AboutTarget): boolean => event.target === null;
/** Whether the account demotes itself and is the only member. */
export const isTargetLastMember = (about: AboutMember): boolean =>
  isTargetSelf(about) && about.context.members.length === 1;
/** Whether the target is the only member. */
export const isTargetAlone = (about: AboutTarget): boolean =>
  isTargetMember(about) && about.context.members.length === 1;
/** Whether the target is the only admin. */
export const isTargetOnlyAdmin = (about: AboutTarget): boolean =>
  isTargetAdmin(about) && about.context.admins.length === 1;
export const isTopicSame = ({ event }: By<{ readonly isSame: boolean }>): boolean => event.isSame;
export const hasTooManyBans = ({ context, event }: By<UnderLimits>): boolean =>
  context.banned.length >= limitsOf(event).bansPerRoom;
export const hasTooManyInvitations = ({ context, event }: By<UnderLimits>): boolean =>
  context.invited.length >= limitsOf(event).invitationsPerRoom;

export const without = (accounts: readonly AccountId[], gone: AccountId): readonly AccountId[] =>
  accounts.filter((account) => account !== gone);

/** The changed context after `gone` stops being a member. */
export const withoutMember = (room: RoomContext, gone: AccountId): Partial<RoomContext> => ({
  members: without(room.members, gone),
  admins: without(room.admins, gone),
  successor: room.successor === gone ? null : room.successor,
});

/** The changed context after `account` becomes an admin. */
export const withAdmin = (room: RoomContext, account: AccountId): Partial<RoomContext> => ({
  admins: [...without(room.admins, account), account],
  successor: room.successor === account ? null : room.successor,
});

/** The changed context after all members stop being members. */
export const emptied = (): Partial<RoomContext> => ({ members: [], admins: [], successor: null });
