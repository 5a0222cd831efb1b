// The retention schedule: deletes expired messages when the tracker has reported its time, and then every hour. Before it deletes
// most of the history because of its age, it waits for the user's consent. It does not decide which messages expire.
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import type { Log } from '../../../core/log.js';
import type { Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import type { TrackerClock } from '../../time/tracker-clock.js';
import type { AgeCounts, Retention } from './age.js';
import type { History } from '../port.js';
import type { Timekeeping } from '../timekeeping.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** The limits that the user chose; undefined means no limit. */
export interface RetentionSettings {
  readonly keepDays: number | undefined;
  readonly keepMessages: number | undefined;
}

export interface RetentionEvents {
  /** More than half of all messages have expired, and the user must consent to their deletion. `confirm` deletes them. */
  asked: AgeCounts;
}

export interface RetentionSchedule extends RetentionSettings {
  readonly events: Subscribable<RetentionEvents>;
  /** The counts of the deletion that waits for the user's consent; null if no deletion is waiting. */
  readonly waiting: AgeCounts | null;
  /** Carries out the waiting deletion and resolves with its counts; null if no deletion is waiting. */
  confirm(): Promise<AgeCounts | null>;
  /** Stops the schedule. Resolves when a deletion in progress has finished. */
  close(): Promise<void>;
}

export interface RetentionParts {
  readonly history: Pick<History, 'applyRetention' | 'ageCounts'>;
  readonly timekeeping: Pick<Timekeeping, 'settle'>;
  readonly trackerClock: Pick<TrackerClock, 'events'>;
  readonly settings: RetentionSettings;
  readonly schedule: Schedule;
  readonly log: Log;
}

export function scheduleRetention(parts: RetentionParts): RetentionSchedule {
  const { history, settings, log } = parts;
  const maxAgeMs = settings.keepDays === undefined ? null : settings.keepDays * DAY_MS;
  const maxMessages = settings.keepMessages ?? null;
  const events = createEmitter<RetentionEvents>();
  let waiting: AgeCounts | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function run(): Promise<void> {
    if (!(await parts.timekeeping.settle())) return;
    const counts = maxAgeMs === null ? null : await history.ageCounts(maxAgeMs);
    const isMost = counts !== null && counts.expired * 2 > counts.stored;
    const limits: Retention = { maxAgeMs: isMost ? null : maxAgeMs, maxMessages };
    const wasWaiting = waiting !== null;
    waiting = isMost ? counts : null;
    await history.applyRetention(limits);
    if (waiting !== null && !wasWaiting) await events.emit('asked', waiting);
  }

  async function deleteWaiting(): Promise<AgeCounts | null> {
    const counts = waiting;
    if (counts === null) return null;
    await history.applyRetention({ maxAgeMs, maxMessages });
    waiting = null;
    return counts;
  }

  /** Runs the tasks one after another. A failed task rejects its own promise; later tasks still run. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = last.then(task);
    last = next.then(nothing, nothing);
    return next;
  }
  const follow = (): Promise<void> =>
    inTurn(run).catch((error: unknown) => log.error({ error }, 'expired messages could not be deleted'));

  const hasLimits = maxAgeMs !== null || maxMessages !== null;
  const stop = hasLimits
    ? [parts.trackerClock.events.on('settled', follow), every(parts.schedule, HOUR_MS, () => void follow())]
    : [];
  return {
    ...settings,
    events,
    get waiting() {
      return waiting;
    },
    confirm: () => inTurn(deleteWaiting),
    async close() {
      for (const off of stop) off();
      await last;
    },
  };
}

const nothing = (): void => undefined;
