// What the tracker states of rooms and of the account: verified, in order and once each, with what was missed fetched.
import { z } from 'zod';
import type { AccountId } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { ConversationId } from '../../core/protocol/message.js';
import { foldName } from '../../core/protocol/names.js';
import { syncedSchema } from '../../core/protocol/operations.js';
import { type Reading, readStatement, type Signed } from '../../core/protocol/signed.js';
import { type Notice, noticeSchema, type Roster, rosterSchema } from '../../core/protocol/statements.js';
import { isSuccess } from '../../core/protocol/status.js';
import type { History, Room, Told } from '../history/port.js';
import { createTurns } from '../history/turns.js';
import type { Session } from '../session/port.js';
import type { People } from './people.js';
import { withNotice, withoutMember, withRoster } from './room.js';
import type { Rooms, RoomUpdate } from './rooms.js';

export interface NewsParts {
  readonly session: Session;
  readonly history: History;
  readonly rooms: Rooms;
  readonly people: People;
  /** How far this terminal had been told when it was last open. */
  readonly told: readonly Told[];
  readonly log: Log;
  /** A notice has been taken, the room is in its new state, and both are on the disk. */
  readonly onNotice: (notice: Notice) => void;
  /** `toMeet`: members who were there before we heard of them, so that nobody else introduces us. */
  readonly onRoom: (update: RoomUpdate, toMeet: readonly AccountId[]) => Promise<void>;
}

export interface News {
  /** Takes a notice that the tracker has pushed. */
  push(signed: Signed): Promise<void>;
  /** Fetches what was missed; false if the tracker cannot be asked now. */
  sync(): Promise<boolean>;
  /** Takes the roster with which the tracker answered `CREATE` or `JOIN` of the room called `name`. */
  enter(signed: Signed, operation: 'CREATE' | 'JOIN', name: string): Promise<Reading<Roster>>;
  /** Takes note that this account has left; the notice of it, should it come, is still told. */
  leave(room: Room): Promise<void>;
}

const answerSchema = syncedSchema.extend({ more: z.boolean().default(false) });

export function createNews(parts: NewsParts): News {
  const { session, history, rooms, people, log } = parts;
  const told = new Map(parts.told.map(({ stream, version }) => [stream, version]));
  /** The rooms of which a roster has come since the terminal was opened, or entered them. */
  const rostered = new Set<string>();
  /** The rooms just entered, whose members are not met yet. */
  const entered = new Set<string>();
  const inTurn = createTurns();
  let nextSync: Promise<boolean> | null = null;

  const read = <T>(
    purpose: 'notice' | 'roster',
    schema: Parameters<typeof readStatement<T>>[1]['schema'],
    signed: Signed,
  ): Reading<T> => {
    const reading = readStatement(signed, { purpose, publicKey: session.trackerKey, schema });
    if ('refusal' in reading) log.warn({ purpose, refusal: reading.refusal }, 'a statement was refused');
    return reading;
  };

  async function take(notice: Notice): Promise<void> {
    const me = session.identity?.account;
    if (me === undefined || !isAboutItsStream(notice, me)) {
      log.warn({ stream: notice.stream, type: notice.type }, 'a notice that is not for this account');
      return;
    }
    const isFirst = isBeginning(notice, me) || (notice.room === null && !told.has(notice.stream));
    if (!isFirst && notice.version > (told.get(notice.stream) ?? 0) + 1) {
      // What is missing comes with the next sync, and this notice with it.
      if (!(await syncNow())) return;
    }
    const isTaken = await apply(notice, me);
    // Entered at another terminal, or told before our own answer: who else is in the room is not known yet.
    if (isTaken && isBeginning(notice, me) && !rostered.has(notice.stream)) await syncNow();
  }

  /** The room is entered, unless it was: what is known of an earlier stay is out of date, and of no use. */
  async function begin(room: ConversationId, me: AccountId): Promise<void> {
    if (rooms.joinedBy(me).some(({ conversation }) => conversation === room)) return;
    rostered.delete(room);
    entered.add(room);
    const former = rooms.get(room);
    const update = former === undefined ? null : rooms.update({ ...former, memberships: [] });
    if (update !== null) await history.keep({ rooms: [update.change] });
  }

  /** False for what has been told before, or belongs to a stream that is none of ours. */
  async function apply(notice: Notice, me: AccountId): Promise<boolean> {
    const { stream, version } = notice;
    const before = told.get(stream);
    const isOurs = before !== undefined || notice.room === null || isBeginning(notice, me);
    if (!isOurs || version <= (before ?? 0)) return false;
    told.set(stream, version);
    if (notice.room !== null && isBeginning(notice, me)) await begin(notice.room.conversation, me);
    const update =
      notice.room === null ? null : rooms.update(withNotice(roomOf(notice, notice.room), notice));
    await people.learn([notice.subject, ...(notice.by === null ? [] : [notice.by])]);
    await history.keep({ told: [{ stream, version }], rooms: update === null ? [] : [update.change] });
    parts.onNotice(notice);
    if (update !== null) await parts.onRoom(update, []);
    return true;
  }

  function roomOf({ version }: Notice, { conversation, name }: NonNullable<Notice['room']>): Room {
    return rooms.get(conversation) ?? { conversation, name, version: version - 1, memberships: [] };
  }

  async function settle(roster: Roster, toldAtLeast: number): Promise<void> {
    const stream = roster.conversation;
    const room = rooms.get(roster.conversation);
    // An old roster, played back, could put somebody into a room who has left it.
    if (room !== undefined && roster.version < room.version && !entered.has(stream)) return;
    const version = Math.max(told.get(stream) ?? 0, toldAtLeast);
    told.set(stream, version);
    rostered.add(stream);
    const update = rooms.update(withRoster(room, roster));
    await people.learn(roster.members);
    await history.keep({ told: [{ stream, version }], rooms: update === null ? [] : [update.change] });
    const toMeet = entered.delete(stream) ? roster.members.map(({ account }) => account) : update?.come;
    if (update !== null) await parts.onRoom(update, toMeet ?? []);
  }

  async function syncNow(): Promise<boolean> {
    for (;;) {
      const me = session.identity?.account;
      if (me === undefined || session.state.state !== 'online') return false;
      const response = await session.request('Sync', { versions: versionsFor(me) });
      const answer = isSuccess(response.status) ? answerSchema.safeParse(response.data) : null;
      if (answer?.success !== true) {
        log.warn({ status: response.status, phrase: response.phrase }, 'no sync');
        return false;
      }
      const { notices, rosters, more } = answer.data;
      const isNews = [await takeNotices(notices, me), await takeRosters(rosters, me)].some(Boolean);
      // An answer that says there is more and brings nothing would go on for ever.
      if (!more || !isNews) return true;
    }
  }

  function versionsFor(me: AccountId): Record<string, number> {
    const streams = [`account-${me}`, ...rooms.joinedBy(me).map(({ conversation }) => conversation)];
    const known = streams.flatMap((stream) => {
      const version = told.get(stream);
      if (version === undefined) return [];
      // The roster comes only with something new; one step back, there always is.
      const isWhole = stream.startsWith('account-') || rostered.has(stream);
      return [[stream, isWhole ? version : Math.max(0, version - 1)] as const];
    });
    return Object.fromEntries(known);
  }

  async function takeNotices(notices: readonly Signed[], me: AccountId): Promise<boolean> {
    let isNews = false;
    for (const signed of notices) {
      const reading = read('notice', noticeSchema, signed);
      if (!('value' in reading) || !isAboutItsStream(reading.value, me)) continue;
      if (await apply(reading.value, me)) isNews = true;
    }
    return isNews;
  }

  async function takeRosters(rosters: readonly Signed[], me: AccountId): Promise<boolean> {
    let isNews = false;
    for (const signed of rosters) {
      const reading = read('roster', rosterSchema, signed);
      const own = 'value' in reading ? ownEntry(reading.value, me) : undefined;
      if (!('value' in reading) || own === undefined) continue;
      const { conversation, version } = reading.value;
      // Of a room entered while we were away nothing may have been told, and nothing will be of what is past.
      const isFollowed = (told.get(conversation) ?? -1) >= own.joinedVersion - 1;
      if (!rostered.has(conversation)) isNews = true;
      await settle(reading.value, isFollowed ? 0 : version);
    }
    return isNews;
  }

  async function end(conversation: ConversationId, me: AccountId): Promise<void> {
    const room = rooms.get(conversation);
    const update = room === undefined ? null : rooms.update(withoutMember(room, me));
    rostered.delete(conversation);
    if (update === null) return;
    await history.keep({ rooms: [update.change] });
    await parts.onRoom(update, []);
  }

  return {
    push: (signed) =>
      inTurn(async () => {
        const reading = read('notice', noticeSchema, signed);
        if ('value' in reading) await take(reading.value);
      }),
    sync() {
      nextSync ??= inTurn(() => {
        nextSync = null;
        return syncNow();
      });
      return nextSync;
    },
    enter: (signed, operation, name) =>
      inTurn(async () => {
        const reading = read('roster', rosterSchema, signed);
        if (!('value' in reading)) return reading;
        const roster = reading.value;
        const me = session.identity?.account;
        const own = me === undefined ? undefined : ownEntry(roster, me);
        if (me === undefined || own === undefined || foldName(roster.name) !== foldName(name)) {
          return { refusal: 'the roster is of another room' };
        }
        await begin(roster.conversation, me);
        await settle(roster, operation === 'CREATE' ? 0 : own.joinedVersion - 1);
        return reading;
      }),
    leave: (room) =>
      inTurn(async () => {
        const me = session.identity?.account;
        if (me !== undefined) await end(room.conversation, me);
      }),
  };
}

/** Whether with this notice the account's part in a room begins, so that it has no predecessor we should know. */
function isBeginning({ type, subject }: Notice, me: AccountId): boolean {
  return subject.account === me && (type === 'MemberJoined' || type === 'RoomCreated');
}

function isAboutItsStream({ room, stream }: Notice, me: AccountId): boolean {
  return room === null ? stream === `account-${me}` : stream === room.conversation;
}

function ownEntry({ members }: Roster, me: AccountId): Roster['members'][number] | undefined {
  return members.find(({ account }) => account === me);
}
