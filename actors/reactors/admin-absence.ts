// The watch over absent admins. It notifies each room when no admin has been online for a while, when one is back, and when the
// deadline is over. The room decides what follows.
import { createDeadlines } from '../../core/actor/deadlines.js';
import { addressOf } from '../../core/actor/aggregate.js';
import type { Clock, Schedule } from '../../core/time/clock.js';
import { invariant } from '../../core/errors.js';
import { isOfEvent } from '../../core/events/unhandled.js';
import type { Ids } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import { type ConversationId, conversationIdSchema } from '../../core/protocol/message/message.js';
import type { TrackerHost } from '../host.js';
import { systemMetadata } from '../system-command.js';
import type { Presence } from '../presence/presence.js';
import type { Directory, Leader } from '../projections/directory.js';
import type { RoomCommand } from '../room/commands.js';

export interface AdminAbsenceParts {
  readonly directory: Directory;
  readonly host: TrackerHost;
  readonly presence: Presence;
  /** How long a room waits for its admins before a member becomes admin; null: it waits forever. */
  readonly absenceMs: number | null;
  readonly clock: Clock;
  /** Measures how long admins have been offline. A change of the machine's clock must not affect it. */
  readonly steadyClock: Clock;
  readonly schedule: Schedule;
  readonly ids: Ids;
  readonly log: Log;
}

export interface AdminAbsence {
  /** Checks all rooms now. Never rejects. */
  review(): Promise<void>;
  /** An account came online: schedules a check soon. */
  cameOnline(): void;
  stop(): void;
}

/** Admins count as absent after this time offline. After a start of the tracker, the time starts again. */
export const GRACE_MS = 300_000;
export const REVIEW_INTERVAL_MS = 30_000;
/** Batches the many arrivals after a restart of the broker. */
const SOON_MS = 1_000;

export function createAdminAbsence(parts: AdminAbsenceParts): AdminAbsence {
  const { directory, host, presence, absenceMs, clock, steadyClock, schedule, ids, log } = parts;
  /** When each attended room was first seen without an admin online, by the steady clock. */
  const emptySince = new Map<ConversationId, number>();
  let cancelSoon: (() => void) | null = null;
  let cancelNext: (() => void) | null = null;
  let isStopped = false;
  let latest: Promise<void> = Promise.resolve();

  const deadlines = createDeadlines({
    waiting: async () => {
      const rooms = new Map((await directory.leaders()).map((leader) => [leader.room, leader]));
      return [...rooms.values()].flatMap(({ room, isAttended, deadline }) =>
        isAttended || deadline === null ? [] : [{ id: room, at: deadline }],
      );
    },
    tick: async (id) => {
      const room = conversationIdSchema.parse(id);
      const members = (await directory.members(room)).map(({ account }) => account);
      const online = members.filter((account) => presence.isOnline(account));
      if (online.length > 0) await sendTo(room, { type: 'Tick', now: clock.now(), online });
    },
    clock,
    schedule,
    log,
  });

  async function checkRooms(): Promise<void> {
    cancelSoon?.();
    cancelSoon = null;
    cancelNext?.();
    const leaders = await directory.leaders();
    const rooms = new Map<ConversationId, readonly Leader[]>();
    for (const leader of leaders) rooms.set(leader.room, [...(rooms.get(leader.room) ?? []), leader]);
    for (const room of emptySince.keys()) if (!rooms.has(room)) emptySince.delete(room);
    for (const [room, admins] of rooms) {
      try {
        await judge(room, admins);
      } catch (thrown) {
        // A room that this version cannot read must not stop the checks of other rooms.
        if (!isOfEvent(thrown)) throw thrown;
        log.error({ err: thrown, room }, 'a room could not be checked for absent admins');
      }
    }
    await deadlines.review();
  }

  async function judge(room: ConversationId, admins: readonly Leader[]): Promise<void> {
    const present = admins.find(({ account }) => presence.isOnline(account));
    const isAttended = admins.every((admin) => admin.isAttended);
    if (present !== undefined) {
      emptySince.delete(room);
      if (!isAttended) await sendTo(room, { type: 'AdminReturned', account: present.account });
      return;
    }
    if (!isAttended) return;
    const now = steadyClock.now();
    const since = emptySince.get(room) ?? now;
    emptySince.set(room, since);
    if (now - since < GRACE_MS) return;
    // The deadline is a date and not a steady time, because the log stores it.
    const deadline = absenceMs === null ? null : clock.now() + absenceMs;
    await sendTo(room, { type: 'AdminsAbsent', deadline });
    emptySince.delete(room);
  }

  /** A command that fails is sent again by the next check. */
  async function sendTo(conversation: ConversationId, command: RoomCommand): Promise<void> {
    const id = addressOf(conversation)?.id;
    invariant(id !== undefined, `${conversation} is no room`);
    const outcome = await host.send({ kind: 'room', id, command, metadata: systemMetadata(ids) });
    if (outcome.kind !== 'done')
      log.warn(
        { room: conversation, command: command.type, outcome },
        'a room did not take a command; the next check repeats it',
      );
  }

  async function checkAndSchedule(): Promise<void> {
    if (isStopped) return;
    try {
      await checkRooms();
    } catch (thrown) {
      log.error({ err: thrown }, 'the check for absent admins failed');
    }
    if (!isStopped) cancelNext = schedule(REVIEW_INTERVAL_MS, () => void review());
  }

  /** Runs checks one after the other. */
  function review(): Promise<void> {
    latest = latest.then(checkAndSchedule);
    return latest;
  }

  return {
    review,
    cameOnline() {
      if (!isStopped) cancelSoon ??= schedule(SOON_MS, () => void review());
    },
    stop() {
      isStopped = true;
      cancelSoon?.();
      cancelNext?.();
      deadlines.stop();
    },
  };
}
