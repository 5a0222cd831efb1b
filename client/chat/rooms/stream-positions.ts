// What the tracker has told so far, of every stream: each notice once, each room as the last roster and notices left it.
// Statements come in verified; whether they come in order is not asked here.
import type { AccountId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { Notice, Roster } from '../../../core/protocol/signed/statements.js';
import type { History, Room, Told } from '../../history/port.js';
import type { People } from '../people/people.js';
import { unheardRoom, withNotice, withoutMember, withRoster } from './room.js';
import type { Rooms, RoomUpdate } from './rooms.js';

export interface StreamPositionsParts {
  readonly history: History;
  readonly rooms: Rooms;
  readonly people: People;
  /** How far this terminal had been told when it was last open. */
  readonly told: readonly Told[];
  /** A notice has been taken, the room is in its new state, and both are on the disk. */
  readonly onNotice: (notice: Notice) => void;
  /** `toMeet`: members who were there before we heard of them, so that nobody else introduces us. */
  readonly onRoom: (update: RoomUpdate, toMeet: readonly AccountId[]) => Promise<void>;
}

export interface StreamPositions {
  /** The last version told of a stream; undefined before the first. */
  told(stream: string): number | undefined;
  /** Whether the account is told of all that happens in a stream: its own, and those of the rooms it is in. */
  follows(stream: string, me: AccountId): boolean;
  /** Whether a roster of the room has come since the terminal came online, or entered it. */
  hasRoster(stream: string): boolean;
  /** Forgets which rosters have come: names in them may have changed since. */
  forgetRosters(): void;
  /** What to tell the tracker we have, so that it tells all else. */
  versionsFor(me: AccountId): Record<string, number>;
  /** False for what has been told before, or belongs to a stream that is none of ours. */
  apply(notice: Notice, me: AccountId): Promise<boolean>;
  /** Takes a room as it stands; what was before `toldAtLeast` is not told any more. */
  settle(roster: Roster, toldAtLeast: number): Promise<void>;
  /** The account enters the room, unless it is in it: what is known of an earlier stay is out of date, and of no use. */
  begin(room: ConversationId, me: AccountId): Promise<void>;
  /** The account has left the room. */
  end(room: ConversationId, me: AccountId): Promise<void>;
}

export function createStreamPositions(parts: StreamPositionsParts): StreamPositions {
  const { history, rooms, people } = parts;
  const told = new Map(parts.told.map(({ stream, version }) => [stream, version]));
  const rostered = new Set<string>();
  /** The rooms just entered, whose members are not met yet. */
  const entered = new Set<string>();

  function roomOf({ version }: Notice, { conversation, name }: NonNullable<Notice['room']>): Room {
    const known = rooms.get(conversation);
    return known ?? { ...unheardRoom, conversation, name, version: version - 1 };
  }

  async function begin(room: ConversationId, me: AccountId): Promise<void> {
    if (rooms.joinedBy(me).some(({ conversation }) => conversation === room)) return;
    rostered.delete(room);
    entered.add(room);
    const former = rooms.get(room);
    const update = former === undefined ? null : rooms.update({ ...former, memberships: [] });
    if (update !== null) await history.keep({ rooms: [update.change] });
  }

  return {
    begin,
    told: (stream) => told.get(stream),
    follows: (stream, me) =>
      stream === `account-${me}` || rooms.joinedBy(me).some(({ conversation }) => conversation === stream),
    hasRoster: (stream) => rostered.has(stream),
    forgetRosters: () => rostered.clear(),
    versionsFor(me) {
      const streams = [`account-${me}`, ...rooms.joinedBy(me).map(({ conversation }) => conversation)];
      const known = streams.flatMap((stream) => {
        const version = told.get(stream);
        if (version === undefined) return [];
        // The roster comes only with something new; one step back, there always is.
        const isWhole = stream.startsWith('account-') || rostered.has(stream);
        return [[stream, isWhole ? version : Math.max(0, version - 1)] as const];
      });
      return Object.fromEntries(known);
    },
    async apply(notice, me) {
      const { stream, version } = notice;
      const before = told.get(stream);
      const isOurs = before !== undefined || notice.room === null || notice.subject.account === me;
      if (!isOurs || version <= (before ?? 0)) return false;
      told.set(stream, version);
      if (notice.room !== null && isBeginning(notice, me)) await begin(notice.room.conversation, me);
      const update =
        notice.room === null ? null : rooms.update(withNotice(roomOf(notice, notice.room), notice));
      // In one commit: a room may have hundreds of notices for who was away.
      await Promise.all([
        people.learn([notice.subject, ...(notice.by === null ? [] : [notice.by])]),
        history.keep({ told: [{ stream, version }], rooms: update === null ? [] : [update.change] }),
      ]);
      parts.onNotice(notice);
      if (update !== null) await parts.onRoom(update, []);
      return true;
    },
    async settle(roster, toldAtLeast) {
      const stream = roster.conversation;
      const room = rooms.get(stream);
      // An old roster, played back, could put somebody into a room who has left it.
      if (room !== undefined && roster.version < room.version && !entered.has(stream)) return;
      const version = Math.max(told.get(stream) ?? 0, toldAtLeast);
      told.set(stream, version);
      rostered.add(stream);
      const update = rooms.update(withRoster(room, roster));
      await Promise.all([
        people.learn(roster.members),
        history.keep({ told: [{ stream, version }], rooms: update === null ? [] : [update.change] }),
      ]);
      const isEntered = entered.delete(stream);
      if (update === null) return;
      await parts.onRoom(update, isEntered ? roster.members.map(({ account }) => account) : update.come);
    },
    async end(conversation, me) {
      const room = rooms.get(conversation);
      const update = room === undefined ? null : rooms.update(withoutMember(room, me));
      rostered.delete(conversation);
      if (update === null) return;
      await history.keep({ rooms: [update.change] });
      await parts.onRoom(update, []);
    },
  };
}

/** Whether with this notice the account's part in a room begins, so that it has no predecessor we should know. */
export function isBeginning({ type, subject }: Notice, me: AccountId): boolean {
  return subject.account === me && (type === 'MemberJoined' || type === 'RoomCreated');
}
