// Who stands how in a room: its members, admins, guests and outcasts, and the questions that the rules ask of them. Pure.
import type { AccountId } from '../../core/ids.js';
import { limits } from '../../core/protocol/limits.js';

export interface Standing {
  /** In join order. */
  readonly members: readonly AccountId[];
  /** In the order in which they became it. */
  readonly admins: readonly AccountId[];
  /** Who was named to lead next; a member who is no admin. */
  readonly successor: AccountId | null;
  /** Whether one comes in by invitation only. */
  readonly isPrivate: boolean;
  readonly invited: readonly AccountId[];
  readonly banned: readonly AccountId[];
  /** While no admin is there: when a member who is online becomes one, milliseconds since the epoch; null: never. */
  readonly deadline: number | null;
}

export const nobody: Standing = {
  members: [],
  admins: [],
  successor: null,
  isPrivate: false,
  invited: [],
  banned: [],
  deadline: null,
};

interface By<Event> {
  readonly context: Standing;
  readonly event: Event;
}
type Asked = By<{ readonly account: AccountId }>;
type AboutMember = By<{ readonly account: AccountId; readonly target: AccountId | null }>;
type Entering = By<{ readonly account: AccountId; readonly roomsOfAccount: number }>;

export const isBanned = ({ context, event }: Asked): boolean => context.banned.includes(event.account);
export const isMember = ({ context, event }: Asked): boolean => context.members.includes(event.account);
export const isStranger = (asked: Asked): boolean => !isMember(asked);
export const isAdmin = ({ context, event }: Asked): boolean => context.admins.includes(event.account);
export const isNoAdmin = (asked: Asked): boolean => !isAdmin(asked);
export const isUninvited = ({ context, event }: Asked): boolean =>
  context.isPrivate && !context.invited.includes(event.account);
export const isFull = ({ context }: By<unknown>): boolean => context.members.length >= limits.membersPerRoom;
export const isInTooManyRooms = ({ event }: Pick<Entering, 'event'>): boolean =>
  event.roomsOfAccount >= limits.roomsPerAccount;

export const isOfSelf = ({ event }: AboutMember): boolean => event.target === event.account;
export const isOfStranger = ({ context, event }: AboutMember): boolean =>
  event.target === null || !context.members.includes(event.target);
export const isOfMember = (about: AboutMember): boolean => !isOfStranger(about);
export const isOfAdmin = ({ context, event }: AboutMember): boolean =>
  event.target !== null && context.admins.includes(event.target);
export const isOfNoAdmin = (about: AboutMember): boolean => !isOfAdmin(about);
export const isOfBanned = ({ context, event }: AboutMember): boolean =>
  event.target !== null && context.banned.includes(event.target);
export const isOfNobodyBanned = (about: AboutMember): boolean => !isOfBanned(about);
export const isOfInvited = ({ context, event }: AboutMember): boolean =>
  event.target !== null && context.invited.includes(event.target);
export const isOfSuccessor = ({ context, event }: AboutMember): boolean =>
  event.target !== null && context.successor === event.target;
export const isOfNobody = ({ event }: AboutMember): boolean => event.target === null;
/** Whether the one who asks to be demoted is alone in the room. */
export const isOfLonely = (about: AboutMember): boolean =>
  isOfSelf(about) && about.context.members.length === 1;
export const hasManyBans = ({ context }: By<unknown>): boolean => context.banned.length >= limits.bansPerRoom;
export const hasManyInvitations = ({ context }: By<unknown>): boolean =>
  context.invited.length >= limits.invitationsPerRoom;

export const without = (accounts: readonly AccountId[], gone: AccountId): readonly AccountId[] =>
  accounts.filter((account) => account !== gone);

/** The room after `gone` is no member any more. */
export const withoutMember = (room: Standing, gone: AccountId): Partial<Standing> => ({
  members: without(room.members, gone),
  admins: without(room.admins, gone),
  successor: room.successor === gone ? null : room.successor,
});

/** The room with `account` as an admin. */
export const withAdmin = (room: Standing, account: AccountId): Partial<Standing> => ({
  admins: [...without(room.admins, account), account],
  successor: room.successor === account ? null : room.successor,
});
