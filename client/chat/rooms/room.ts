// One room with its memberships by version. Pure: rosters and notices lead to the next state of the room.
import type { AccountId } from '../../../core/ids.js';
import type { Notice, Roster } from '../../../core/protocol/signed/statements.js';
import type { Membership, Room } from '../../history/port.js';

type RosterMember = Roster['members'][number];

/** The state of a room before anything is known of it. */
export const unheardRoom = { topic: '', isPrivate: false, memberships: [] } as const;

/** Whether `account` was a member at that version of the room. */
export function wasMember(room: Room, account: AccountId, version: number): boolean {
  return room.memberships.some(
    (stay) =>
      stay.account === account &&
      stay.joinedVersion <= version &&
      (stay.leftVersion === null || version < stay.leftVersion),
  );
}

/** Whether an admin ended the membership that `account` had at that version. */
export function wasRemoved(room: Room, account: AccountId, version: number): boolean {
  return room.memberships.some(
    (stay) =>
      stay.account === account &&
      stay.end === 'removed' &&
      stay.joinedVersion <= version &&
      version < (stay.leftVersion ?? Infinity),
  );
}

/** Whether an admin ended the latest membership of `account`. */
export function wasRemovedLast(room: Room, account: AccountId): boolean {
  const own = room.memberships.filter((stay) => stay.account === account);
  return own.toSorted((one, other) => one.joinedVersion - other.joinedVersion).at(-1)?.end === 'removed';
}

/** The membership of a present member. */
export function presentStay(room: Room, account: AccountId): Membership | undefined {
  return room.memberships.find((stay) => stay.account === account && stay.leftVersion === null);
}

/** The present members, in join order. */
export function membersOf(room: Room): readonly AccountId[] {
  return room.memberships
    .filter(({ leftVersion }) => leftVersion === null)
    .toSorted((one, other) => one.joinedVersion - other.joinedVersion)
    .map(({ account }) => account);
}

/** The room after a roster. A roster older than the room only adds members that were unknown. */
export function withRoster(room: Room | undefined, roster: Roster): Room {
  const { conversation, name, version, topic, isPrivate, members } = roster;
  const told = { conversation, name, version, topic, isPrivate };
  if (room === undefined) return { ...told, memberships: members.map(begun) };
  if (version < room.version) {
    const unheard = members.filter(({ account }) => !wasMember(room, account, version));
    return { ...room, memberships: [...room.memberships, ...unheard.map(begun)] };
  }
  const present = new Map(members.map((member) => [member.account, member]));
  const known = room.memberships.flatMap((stay) => continued(room, stay, present.get(stay.account)));
  const isKnown = new Set(
    known.filter(({ leftVersion }) => leftVersion === null).map(({ account }) => account),
  );
  const others = members.filter(({ account }) => !isKnown.has(account));
  return { ...told, memberships: [...known, ...others.map(begun)] };
}

// A membership after the next roster. If its end was not seen, it is dated as early as possible.
function continued(room: Room, stay: Membership, now: RosterMember | undefined): readonly Membership[] {
  if (stay.leftVersion !== null) return [stay];
  if (now === undefined || now.joinedVersion > room.version) return [ended(stay, room.version + 1, 'unseen')];
  const { isAdmin, joinedVersion } = now;
  const isSame = stay.isAdmin === isAdmin && stay.joinedVersion === joinedVersion;
  return [isSame ? stay : { ...stay, isAdmin, joinedVersion }];
}

/** The room after a notice. A notice that a roster already covered changes nothing. */
export function withNotice(room: Room, notice: Notice): Room {
  if (notice.version <= room.version) return room;
  const { version, subject, type } = notice;
  const topic = type === 'TopicChanged' ? (notice.topic ?? '') : room.topic;
  return { ...room, version, topic, memberships: moved(room.memberships, notice, subject.account) };
}

function moved(stays: readonly Membership[], notice: Notice, subject: AccountId): readonly Membership[] {
  const isSubject = (stay: Membership): boolean => stay.account === subject && stay.leftVersion === null;
  switch (notice.type) {
    case 'RoomCreated':
    case 'MemberJoined': {
      if (stays.some(isSubject)) return stays;
      const isAdmin = notice.type === 'RoomCreated';
      return [...stays, begun({ account: subject, isAdmin, joinedVersion: notice.version })];
    }
    case 'MemberLeft':
      return stays.map((stay) => (isSubject(stay) ? ended(stay, notice.version, 'left') : stay));
    case 'MemberRemoved':
    case 'MemberBanned':
      return stays.map((stay) => (isSubject(stay) ? ended(stay, notice.version, 'removed') : stay));
    case 'AdminPromoted':
    case 'AdminSucceeded':
      return stays.map((stay) => (isSubject(stay) ? { ...stay, isAdmin: true } : stay));
    case 'AdminDemoted':
      return stays.map((stay) => (isSubject(stay) ? { ...stay, isAdmin: false } : stay));
    case 'RoomClosed':
      return stays.map((stay) => (stay.leftVersion === null ? ended(stay, notice.version, 'closed') : stay));
    default:
      return stays;
  }
}

/** The room after `account` left at an unknown version. */
export function withoutMember(room: Room, account: AccountId): Room {
  const memberships = room.memberships.map((stay) =>
    stay.account === account && stay.leftVersion === null ? ended(stay, room.version + 1, 'unseen') : stay,
  );
  return { ...room, memberships };
}

/** The accounts whose memberships differ between two states of a room. */
export function changedAccounts(before: Room | undefined, after: Room): readonly AccountId[] {
  const old = new Set(before?.memberships);
  const now = new Set(after.memberships);
  const changed = [
    ...after.memberships.filter((stay) => !old.has(stay)),
    ...[...old].filter((stay) => !now.has(stay)),
  ];
  return [...new Set(changed.map(({ account }) => account))];
}

function begun({ account, isAdmin, joinedVersion }: Omit<RosterMember, 'username'>): Membership {
  return { account, joinedVersion, leftVersion: null, isAdmin, end: null };
}

const ended = (stay: Membership, leftVersion: number, end: Membership['end']): Membership => ({
  ...stay,
  leftVersion,
  end,
});
