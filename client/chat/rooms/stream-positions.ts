// The position of this terminal in each stream of the tracker: every notice is applied once, and each room has the state of
// the last roster and notices. The caller has verified the statements and passes them in order.
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { ConversationId } from '../../../core/protocol/message/message.js';
import type { LogStatement, Notice, Roster } from '../../../core/protocol/signed/statements.js';
import type { History, KnownState, Room } from '../../history/port.js';
import type { People } from '../people/people.js';
import { keptNotice } from './kept-notice.js';
import { unheardRoom, withNotice, withoutMember, withRoster } from './room.js';
import type { Rooms, RoomUpdate } from './rooms.js';

export interface StreamPositionsParts {
  readonly history: History;
  readonly rooms: Rooms;
  readonly people: People;
  /** The positions stored when this terminal was last open, and the identity of the tracker's log to which they belong. */
  readonly stored: Pick<KnownState, 'streamPositions' | 'trackerLog'>;
  /** Whether a program uses this terminal. Notices are then kept until the program has handled them. */
  readonly isBot?: boolean;
  readonly device: () => DeviceId | null;
}

export interface StreamPositionsEvents {
  /** A notice was applied, the room is in its new state, and both are on the disk. */
  notice: Notice;
  /**
   * A room changed. `unmet`: members to whom this terminal must ask to be introduced, because they joined before it or while it
   * was away.
   */
  room: { readonly update: RoomUpdate; readonly unmet: readonly AccountId[] };
  /** The tracker was restored from a copy, and this terminal has taken over the restored state. `since`: the time when the restored log got its identity, milliseconds since the epoch. */
  restored: { readonly since: number };
}

export interface StreamPositions {
  readonly events: Subscribable<StreamPositionsEvents>;
  /** The last version applied of a stream; undefined before the first. */
  at(stream: string): number | undefined;
  /** Whether the account gets every notice of a stream: its own, and those of the rooms it is in. */
  follows(stream: string, me: AccountId): boolean;
  /** Whether a roster of the room arrived since the terminal came online or entered the room. */
  hasRoster(stream: string): boolean;
  /** Forgets which rosters arrived: names in them may have changed since. */
  forgetRosters(): void;
  /** The version of each stream to send to the tracker. The tracker answers with everything later. */
  versionsFor(me: AccountId): Record<string, number>;
  /**
   * Notes which log the tracker has. If the log changed, forgets all positions, waits for a roster of each room, and resolves
   * with true.
   */
  belongTo(log: LogStatement): Promise<boolean>;
  /** Ends the wait for rosters after the log changed. The account is no longer in the rooms for which no roster arrived. */
  finish(): Promise<void>;
  /** Applies a notice. Resolves with false if it was applied before or if the account does not follow its stream. */
  apply(notice: Notice, me: AccountId): Promise<boolean>;
  /** Applies a roster. Notices up to version `atLeast` are then skipped. */
  settle(roster: Roster, atLeast: number): Promise<void>;
  /** Notes that the account enters the room; no effect if it is a member already. Members known from an earlier stay are dropped as outdated. */
  enter(room: ConversationId, me: AccountId): Promise<void>;
  /** Notes that the account left the room. */
  leave(room: ConversationId, me: AccountId): Promise<void>;
}

export function createStreamPositions(parts: StreamPositionsParts): StreamPositions {
  const { history, rooms, people } = parts;
  const events = createEmitter<StreamPositionsEvents>();
  const positions = new Map(parts.stored.streamPositions.map(({ stream, version }) => [stream, version]));
  const rostered = new Set<string>();
  /** Rooms just entered. This terminal is not yet introduced to their members. */
  const entered = new Set<string>();
  let { trackerLog } = parts.stored;
  /**
   * Set when the log changed: the start of the new log, the positions in the former log, and the rooms whose roster has not
   * arrived.
   */
  let change: LogChange | null = null;

  function roomOf({ version }: Notice, { conversation, name }: NonNullable<Notice['room']>): Room {
    const known = rooms.get(conversation);
    return known ?? { ...unheardRoom, conversation, name, version: version - 1 };
  }

  async function enter(room: ConversationId, me: AccountId): Promise<void> {
    if (rooms.joinedBy(me).some(({ conversation }) => conversation === room)) return;
    rostered.delete(room);
    entered.add(room);
    const former = rooms.get(room);
    const update = former === undefined ? null : rooms.update({ ...former, memberships: [] });
    if (update !== null) await history.saveKnownState({ rooms: [update.change] });
  }

  return {
    events,
    enter,
    at: (stream) => positions.get(stream),
    follows: (stream, me) =>
      stream === `account-${me}` || rooms.joinedBy(me).some(({ conversation }) => conversation === stream),
    hasRoster: (stream) => rostered.has(stream),
    forgetRosters: () => rostered.clear(),
    versionsFor(me) {
      const streams = [`account-${me}`, ...rooms.joinedBy(me).map(({ conversation }) => conversation)];
      const known = streams.flatMap((stream) => {
        const version = positions.get(stream);
        if (version === undefined) return [];
        // The tracker sends a roster only for a room with a later version. With one version less it always sends the roster.
        const isWhole = stream.startsWith('account-') || rostered.has(stream);
        return [[stream, isWhole ? version : Math.max(0, version - 1)] as const];
      });
      return Object.fromEntries(known);
    },
    async belongTo({ log, since }) {
      if (log === trackerLog?.identity && since === trackerLog.since) return false;
      const isOther = trackerLog !== null && log !== trackerLog.identity;
      trackerLog = { identity: log, since };
      if (isOther) {
        change = { since, before: new Map(positions), rooms: new Set(rooms.all()) };
        positions.clear();
        rostered.clear();
        people.forgetDates();
      }
      await history.saveKnownState({ trackerLog: { ...trackerLog, isOther } });
      return isOther;
    },
    async finish() {
      if (change === null) return;
      const { since, rooms: outdated } = change;
      change = null;
      for (const conversation of outdated) {
        const room = rooms.get(conversation);
        const update = room && rooms.update({ ...room, version: 0, memberships: [] });
        if (!update) continue;
        await history.saveKnownState({ rooms: [update.change] });
        await events.emit('room', { update, unmet: [] });
      }
      await events.emit('restored', { since });
    },
    async apply(notice, me) {
      const { stream, version } = notice;
      const before = positions.get(stream);
      const isOurs = before !== undefined || notice.room === null || notice.subject.account === me;
      if (!isOurs || version <= (before ?? 0)) return false;
      positions.set(stream, version);
      if (notice.room !== null && isBeginning(notice, me)) await enter(notice.room.conversation, me);
      const update =
        notice.room === null ? null : rooms.update(withNotice(roomOf(notice, notice.room), notice));
      const isNews = change === null || !isOfBoth(change, notice);
      const isKept =
        parts.isBot === true && isNews && (notice.device === undefined || notice.device !== parts.device());
      // Both changes are stored in one commit, because after an absence a room may have hundreds of notices.
      await Promise.all([
        people.learn([notice.subject, ...(notice.by === null ? [] : [notice.by])]),
        history.saveKnownState({
          streamPositions: [{ stream, version }],
          rooms: update === null ? [] : [update.change],
          unhandledNotices: isKept ? [keptNotice(notice)] : [],
        }),
      ]);
      if (isNews) await events.emit('notice', notice);
      if (update !== null) await events.emit('room', { update, unmet: [] });
      return true;
    },
    async settle(roster, atLeast) {
      const stream = roster.conversation;
      const room = rooms.get(stream);
      // An older roster is ignored, because a replayed one could bring back a member who has left.
      const isOutdated = change?.rooms.delete(roster.conversation) === true;
      const isOlder = room !== undefined && roster.version < room.version;
      if (isOlder && !isOutdated && !entered.has(stream)) return;
      const version = Math.max(positions.get(stream) ?? 0, atLeast);
      positions.set(stream, version);
      rostered.add(stream);
      const update = rooms.update(withRoster(isOutdated ? undefined : room, roster));
      await Promise.all([
        people.learn(roster.members),
        history.saveKnownState({
          streamPositions: [{ stream, version }],
          rooms: update === null ? [] : [update.change],
        }),
      ]);
      const isEntered = entered.delete(stream);
      if (update === null) return;
      const unmet = isEntered ? roster.members.map(({ account }) => account) : update.joined;
      await events.emit('room', { update, unmet });
    },
    async leave(conversation, me) {
      const room = rooms.get(conversation);
      const update = room === undefined ? null : rooms.update(withoutMember(room, me));
      rostered.delete(conversation);
      if (update === null) return;
      await history.saveKnownState({ rooms: [update.change] });
      await events.emit('room', { update, unmet: [] });
    },
  };
}

interface LogChange {
  readonly since: number;
  readonly before: ReadonlyMap<string, number>;
  readonly rooms: Set<ConversationId>;
}

/** Whether the event of the notice is in both logs and was applied before the log changed. */
function isOfBoth({ since, before }: LogChange, { stream, version, at }: Notice): boolean {
  return version <= (before.get(stream) ?? 0) && at < since;
}

/** Whether the account's membership in a room begins with this notice. Then no earlier notice can be missing. */
export function isBeginning({ type, subject }: Notice, me: AccountId): boolean {
  return subject.account === me && (type === 'MemberJoined' || type === 'RoomCreated');
}
