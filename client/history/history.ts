// The history of one profile in SQLite, written by group commit. It implements the port `History`.
import { createEmitter } from '../../core/emitter.js';
import { createLog, type Log } from '../../core/log.js';
import { closeAndThrow, createShutdownStack, type ShutdownStack } from '../../core/shutdown-stack.js';
import type { Clock, Schedule } from '../../core/time/clock.js';
import * as unread from './reading/unread.js';
import { drafts, saveDraft } from './reading/drafts.js';
import { openDatabase } from './database/database.js';
import { type Disk, diskOf } from './database/disk.js';
import * as knownState from './known-state.js';
import * as received from './messages/received-ranges.js';
import * as messages from './messages/messages.js';
import * as future from './messages/future.js';
import * as outbox from './messages/outbox.js';
import * as pages from './messages/pages.js';
import { settleProvisional } from './messages/provisional.js';
import { redate } from './messages/redate.js';
import * as relayable from './messages/relayable-messages.js';
import type { StorageTime } from './messages/row.js';
import type { HistoryEvents, UnreadLoss } from './events.js';
import type { History } from './port.js';
import { openArrivalClock } from './retention/arrival-clock.js';
import { ageCounts, deleteExpired } from './retention/retention.js';
import * as handled from './unhandled/unhandled.js';
import { createIdleIndexing } from './messages/idle-indexing.js';
import * as search from './messages/search.js';
import { type Sql, sqlOn } from './database/sql.js';
import { createGroupCommit } from './database/group-commit.js';

export interface HistoryOptions {
  /** The path of the SQLite file. A missing file is created with access for its owner only. */
  readonly file: string;
  readonly clock: Clock;
  /** Used to wait while another program holds the lock of the file. */
  readonly schedule: Schedule;
  /** Times the indexing of words while nothing is stored; `schedule` by default. */
  readonly idleSchedule?: Schedule;
  /** The clock that measures the age of messages; `clock` by default. */
  readonly steadyClock?: Clock;
  /** Receives an error that occurs while a failed start is cleaned up; standard error by default. */
  readonly log?: Log;
}

/** The number of messages that one commit indexes or deletes. Such a commit takes a few milliseconds. */
const SLICE_MESSAGES = 500;

/** The number of messages whose sort keys are read at once. This takes a few milliseconds. */
const READ_MESSAGES = 2_000;

/** The number of messages whose sort keys one commit changes. Such a commit takes a few milliseconds. */
const MOVES = 200;

/** An ended mute is kept for this long. If the tracker's clock was ahead, the mute may not have ended yet. */
const MUTES_KEPT_MS = 30 * 86_400_000;

/** Rejects with an `OperatorError` if the file cannot be used. */
export async function openHistory({
  file,
  clock,
  steadyClock = clock,
  schedule,
  idleSchedule = schedule,
  log,
}: HistoryOptions): Promise<History> {
  const connection = await openDatabase(file);
  const shutdown = createShutdownStack();
  shutdown.add(() => void connection.close());
  const disk = await openDisk(file, shutdown, log);
  const sql = sqlOn(connection);
  const arrivalClock = openArrivalClock(sql, steadyClock);
  const storageTime = (): StorageTime => ({ nowMs: clock.now(), arrivalMs: arrivalClock.arrival() });
  const commits = createGroupCommit(connection, sql, disk, schedule);
  const run = <T>(job: (sql: Sql) => T): Promise<T> => commits.run(job);

  const indexing = createIdleIndexing({
    schedule: idleSchedule,
    indexSlice: () => run((own) => search.indexSome(own, SLICE_MESSAGES)),
    onError: (error) => (log ?? createLog()).warn({ err: error }, 'the words of messages cannot be indexed'),
  });
  const accept = commits.batched((own, accepted: readonly messages.OwnMessage[]) => {
    indexing.stored(accepted.length);
    return messages.accept(own, accepted, storageTime());
  });
  const store = commits.batched((own, received: readonly messages.ReceivedMessage[]) => {
    indexing.stored(received.length);
    return messages.store(own, received, storageTime());
  });
  const recordVerdict = commits.batched(outbox.recordVerdicts);

  const untilDone = async (slice: (sql: Sql) => boolean): Promise<void> => {
    while (await run(slice));
  };

  async function planOf(latestMs: number): Promise<future.Plan> {
    const plan = future.createPlan(latestMs);
    for (let after = 0; ; ) {
      const placed = await run((sql) => future.placedAfter(sql, after, READ_MESSAGES));
      const last = placed.at(-1);
      if (last === undefined) return plan;
      plan.take(placed);
      after = last.position;
    }
  }

  const events = createEmitter<HistoryEvents>();
  const reportLost = async (lost: readonly UnreadLoss[]): Promise<void> => {
    if (lost.length > 0) await events.emit('unreadLost', lost);
  };

  return {
    events,
    accept: (draft, recipients, { sign = null, isProvisional = false, hops = 0 } = {}) =>
      accept({ draft, recipients, sign, isProvisional, hops }),
    settleProvisional: (device, finalHlc, sign) =>
      run((sql) => settleProvisional(sql, device, finalHlc, sign)),
    redate: (position, renewed, sign) => run((sql) => redate(sql, position, renewed, sign, storageTime())),
    settleArrival: (readings) =>
      run((sql) => {
        arrivalClock.settle(sql, readings);
        unread.deleteEndedMutes(sql, readings.trackerMs - MUTES_KEPT_MS);
      }),
    async placeFutureMessages(latestMs) {
      while (await run((sql) => future.hasFuture(sql, latestMs()))) {
        const { moves } = await planOf(latestMs());
        while (moves.length > 0) {
          const slice = moves.splice(-MOVES).toReversed();
          await run((sql) => future.carryOut(sql, slice, latestMs()));
        }
      }
      await run((sql) => future.limitReads(sql, latestMs()));
    },
    ageCounts: (maxAgeMs) => run((sql) => ageCounts(sql, arrivalClock.now() - maxAgeMs)),
    store: (message, mark, proof = null) => store({ message, mark, proof }),
    receivedRanges: (conversation) => run((sql) => received.receivedRanges(sql, conversation)),
    relayableRanges: (conversation, reader) =>
      run((sql) => relayable.relayableRanges(sql, conversation, reader)),
    digests: (conversation, device, range) =>
      run((sql) => relayable.digests(sql, conversation, device, range)),
    relayableMessages: (conversation, wanted, reader, limit) =>
      run((sql) => relayable.relayableMessages(sql, conversation, wanted, reader, limit)),
    sortKeyOf: (id) => run((sql) => pages.sortKeyOf(sql, id)),
    messagesBefore: (conversation, before, limit) =>
      run((sql) => pages.earlier(sql, conversation, before, limit)),
    messagesAfter: (conversation, after, limit) => run((sql) => pages.later(sql, conversation, after, limit)),
    async search(words, conversations, limit) {
      await untilDone((sql) => search.indexSome(sql, SLICE_MESSAGES));
      return run((sql) => search.search(sql, words, conversations, limit));
    },
    async applyRetention(retention) {
      for (let isDone = false; !isDone; ) {
        const slice = await run((sql) => deleteExpired(sql, retention, arrivalClock.now(), SLICE_MESSAGES));
        await reportLost(slice.unreadLost);
        isDone = slice.count === 0;
      }
    },
    pending: (device, account, limit) => run((sql) => outbox.pending(sql, device, account, limit)),
    pendingCounts: (device) => run((sql) => outbox.pendingCounts(sql, device)),
    pendingTotal: (device) => run((sql) => outbox.pendingTotal(sql, device)),
    recordVerdict: (position, account, verdict) => recordVerdict({ position, account, verdict }),
    withdraw: (conversation, account) => run((sql) => outbox.withdraw(sql, conversation, account)),
    giveUp: (conversation, author) => run((sql) => outbox.giveUp(sql, conversation, author)),
    progress: commits.batched(outbox.progress),
    latestHlc: () => run(messages.latestHlc),
    knownState: () => run(knownState.readKnownState),
    saveKnownState: (change) => run((sql) => knownState.saveKnownState(sql, change)),
    notificationState: () => run(unread.notificationState),
    markRead: (conversation) => run((sql) => unread.markRead(sql, conversation)),
    forgetUnreadOf: async (account) => reportLost(await run((sql) => unread.forgetUnreadOf(sql, account))),
    mute: (mute) => run((sql) => unread.mute(sql, mute)),
    unmute: (conversation, account) => run((sql) => unread.unmute(sql, conversation, account)),
    setDnd: (isOn) => run((sql) => unread.setDnd(sql, isOn)),
    drafts: () => run(drafts),
    saveDraft: (draft) => run((sql) => saveDraft(sql, draft)),
    handledPlace: () => run(handled.handledPlace),
    saveHandledPlace: (place) => run((sql) => handled.saveHandledPlace(sql, place)),
    unhandledAfter: (place, own, limit) => run((sql) => handled.unhandledAfter(sql, place, own, limit)),
    close() {
      indexing.close();
      return commits.close(() => shutdown.close());
    },
  };
}

/** Opens the write-ahead log. If that fails, the database is closed again. */
async function openDisk(file: string, shutdown: ShutdownStack, log: Log | undefined): Promise<Disk> {
  try {
    const disk = await diskOf(file);
    shutdown.add(() => disk.close());
    return disk;
  } catch (thrown) {
    return closeAndThrow(
      thrown,
      () => shutdown.close(),
      (error) =>
        (log ?? createLog()).error({ err: error }, 'a history that failed to open was not closed completely'),
    );
  }
}
