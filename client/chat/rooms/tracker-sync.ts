// Synchronisation with the tracker: its signed notices and rosters are verified and applied in order, and missed ones fetched.
import pLimit from 'p-limit';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { AccountId } from '../../../core/ids.js';
import type { Log } from '../../../core/log.js';
import { foldName } from '../../../core/protocol/names.js';
import { type SyncAnswer, syncedSchema } from '../../../core/protocol/operations.js';
import { type ReadStatement, readStatement, type Signed } from '../../../core/protocol/signed/signed.js';
import {
  logSchema,
  type Notice,
  noticeSchema,
  type Roster,
  rosterSchema,
} from '../../../core/protocol/signed/statements.js';
import { isSuccess } from '../../../core/protocol/status.js';
import type { Room } from '../../history/port.js';
import type { Session } from '../../session/port.js';
import { isBeginning, type StreamPositions } from './stream-positions.js';
import type { People } from '../people/people.js';
import type { Claim, Witness } from '../witness/witness.js';

export interface TrackerSyncParts {
  readonly session: Session;
  readonly streamPositions: StreamPositions;
  readonly people: Pick<People, 'learn'>;
  readonly witness: Pick<Witness, 'claim' | 'fault' | 'restored' | 'take'>;
  readonly log: Log;
}

export interface TrackerSync {
  /** Number of missed notices that were fetched since the terminal started. */
  readonly fetched: number;
  /** Whether nothing is taken from the tracker, because its history is broken. */
  readonly isRefusing: boolean;
  /** Takes a pushed notice. */
  push(signed: Signed): Promise<void>;
  /** Fetches missed notices and rosters; false if the tracker cannot be asked now, or if its answer is refused. */
  sync(): Promise<boolean>;
  /** Synchronises after an absence and fetches the rosters of all rooms, because people may have changed their names. */
  resync(): Promise<boolean>;
  /** Takes the roster in the tracker's answer to `CREATE` or `JOIN` for the room called `name`. */
  enter(signed: Signed, operation: 'CREATE' | 'JOIN', name: string): Promise<ReadStatement<Roster>>;
  /** Notes that this account left the room. The tracker's notice is still shown if it arrives. */
  leave(room: Room): Promise<void>;
}

export function createTrackerSync(parts: TrackerSyncParts): TrackerSync {
  const { session, streamPositions, people, witness } = parts;
  const inTurn = pLimit(1);
  let nextSync: Promise<boolean> | null = null;
  let fetched = 0;

  const read = <T>(
    purpose: 'notice' | 'roster' | 'log',
    schema: Parameters<typeof readStatement<T>>[1]['schema'],
    signed: Signed,
  ): ReadStatement<T> => {
    const reading = readStatement(signed, { purpose, publicKey: session.trackerKey, schema });
    if ('refusal' in reading)
      parts.log.warn({ purpose, refusal: reading.refusal }, 'a signed statement was refused');
    return reading;
  };

  async function take(notice: Notice): Promise<void> {
    const me = session.identity?.account;
    // The renaming of another person. This account does not follow its stream, so there is no position to check.
    if (isOfAnother(notice, me)) {
      const { subject, reason, isByOperator = false } = notice;
      return people.learn([subject], isByOperator ? sanitiseLine(reason ?? '') : undefined);
    }
    if (me === undefined || !isAboutItsStream(notice, me)) {
      parts.log.warn({ stream: notice.stream, type: notice.type }, 'a notice is not for this account');
      return;
    }
    const before = streamPositions.at(notice.stream);
    // A room that the account is not in sends only notices about the account, so no earlier notice can be missing.
    const isFirst = !streamPositions.follows(notice.stream, me) || isBeginning(notice, me);
    const isAccounts = notice.room === null && before === undefined;
    if (!isFirst && !isAccounts && notice.version > (before ?? 0) + 1) {
      // The sync brings the missing notices and this one.
      if (!(await syncNow())) return;
    }
    const isApplied = await streamPositions.apply(notice, me);
    // The roster is missing if another terminal of the account entered the room, or if the notice came before the answer with the
    // roster.
    if (isApplied && isBeginning(notice, me) && !streamPositions.hasRoster(notice.stream)) await syncNow();
  }

  async function syncNow(): Promise<boolean> {
    for (;;) {
      const me = session.identity?.account;
      if (me === undefined || session.state.state !== 'online') return false;
      const claim = witness.claim();
      const response = await session.request('Sync', { versions: streamPositions.versionsFor(me), ...claim });
      const answer = isSuccess(response.status) ? syncedSchema.safeParse(response.data) : null;
      if (answer?.success !== true) {
        parts.log.warn({ status: response.status, phrase: response.phrase }, 'the tracker refused a sync');
        return false;
      }
      const { notices, rosters, more } = answer.data;
      const use = await useOf(answer.data, claim);
      // The request named versions of the former log. The next request names none.
      if (use === 'other log') continue;
      if (use === 'refused') return false;
      const isNew = [await takeNotices(notices, me), await takeRosters(rosters, me)].some(Boolean);
      // An answer that promises more but brings nothing new ends the loop.
      if (more && isNew) continue;
      // While more answers follow, rooms still wait for their rosters.
      if (!more) await streamPositions.finish();
      return true;
    }
  }

  /** Decides whether an answer can be used: its log must be the present one and continue the history known here. */
  async function useOf(answer: SyncAnswer, claim: Claim): Promise<'usable' | 'other log' | 'refused'> {
    // Older trackers report no log.
    const reading = answer.log === undefined ? null : read('log', logSchema, answer.log);
    const log = reading !== null && 'value' in reading ? reading.value : null;
    if (log !== null && (await streamPositions.belongTo(log))) {
      await witness.restored(log);
      return 'other log';
    }
    return (await witness.take(claim, log, answer)) ? 'usable' : 'refused';
  }

  function sync(): Promise<boolean> {
    nextSync ??= inTurn(() => {
      nextSync = null;
      return syncNow();
    });
    return nextSync;
  }

  async function takeNotices(notices: readonly Signed[], me: AccountId): Promise<boolean> {
    let isNew = false;
    for (const signed of notices) {
      const reading = read('notice', noticeSchema, signed);
      if (!('value' in reading) || !isAboutItsStream(reading.value, me)) continue;
      if (!(await streamPositions.apply(reading.value, me))) continue;
      isNew = true;
      fetched += 1;
    }
    return isNew;
  }

  async function takeRosters(rosters: readonly Signed[], me: AccountId): Promise<boolean> {
    let isNew = false;
    for (const signed of rosters) {
      const reading = read('roster', rosterSchema, signed);
      const own = 'value' in reading ? ownEntry(reading.value, me) : undefined;
      if (!('value' in reading) || own === undefined) continue;
      const { conversation, version } = reading.value;
      // If the account joined the room during an absence, the notices before the roster may never arrive, and are skipped.
      const isFollowed = (streamPositions.at(conversation) ?? -1) >= own.joinedVersion - 1;
      if (!streamPositions.hasRoster(conversation)) isNew = true;
      await streamPositions.settle(reading.value, isFollowed ? 0 : version);
    }
    return isNew;
  }

  return {
    get fetched() {
      return fetched;
    },
    get isRefusing() {
      return witness.fault !== null;
    },
    push: (signed) =>
      inTurn(async () => {
        if (witness.fault !== null) return;
        const reading = read('notice', noticeSchema, signed);
        if ('value' in reading) await take(reading.value);
      }),
    sync,
    resync() {
      streamPositions.forgetRosters();
      return sync();
    },
    enter: (signed, operation, name) =>
      inTurn(async () => {
        if (witness.fault !== null) return { refusal: 'the history of the tracker is broken' };
        const reading = read('roster', rosterSchema, signed);
        if (!('value' in reading)) return reading;
        const roster = reading.value;
        const me = session.identity?.account;
        const own = me === undefined ? undefined : ownEntry(roster, me);
        if (me === undefined || own === undefined || foldName(roster.name) !== foldName(name)) {
          return { refusal: 'the roster belongs to another room' };
        }
        await streamPositions.enter(roster.conversation, me);
        await streamPositions.settle(roster, operation === 'CREATE' ? 0 : own.joinedVersion - 1);
        return reading;
      }),
    leave: (room) =>
      inTurn(async () => {
        const me = session.identity?.account;
        if (me !== undefined) await streamPositions.leave(room.conversation, me);
      }),
  };
}

function isAboutItsStream({ room, stream }: Notice, me: AccountId): boolean {
  return room === null ? stream === `account-${me}` : stream === room.conversation;
}

function isOfAnother({ type, room, stream, subject }: Notice, me: AccountId | undefined): boolean {
  const isOfSubject = room === null && stream === `account-${subject.account}`;
  return type === 'UsernameChanged' && isOfSubject && me !== undefined && subject.account !== me;
}

function ownEntry({ members }: Roster, me: AccountId): Roster['members'][number] | undefined {
  return members.find(({ account }) => account === me);
}
