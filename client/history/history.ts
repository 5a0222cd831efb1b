// The history of one profile in SQLite, written by group commit. It implements the port.
import { createShutdownStack, type ShutdownStack } from '../../core/shutdown-stack.js';
import type { Clock } from '../../core/time/clock.js';
import * as attention from './reading/unread.js';
import { openDatabase } from './database/database.js';
import { type Disk, diskOf } from './database/disk.js';
import * as knownState from './known-state.js';
import * as held from './messages/received-ranges.js';
import * as messages from './messages/messages.js';
import type { Arrived } from './messages/messages.js';
import * as outbox from './messages/outbox.js';
import * as pages from './messages/pages.js';
import * as passing from './messages/relayable-messages.js';
import type { History } from './port.js';
import { letGo } from './retention/retention.js';
import * as search from './messages/search.js';
import { type Sql, sqlOn } from './database/sql.js';
import { createTurns } from './database/group-commit.js';

export interface HistoryOptions {
  /** The path of the SQLite file; made, readable by its owner only, if absent. */
  readonly file: string;
  readonly clock: Clock;
}

/** Messages that are indexed, or let go of, in one commit: a few milliseconds. */
const SLICE = 500;

/** Fails with an `OperatorError` when the file cannot be used. */
export async function openHistory({ file, clock }: HistoryOptions): Promise<History> {
  const connection = await openDatabase(file);
  const shutdown = createShutdownStack();
  shutdown.add(() => void connection.close());
  const disk = await openDisk(file, shutdown);
  const turns = createTurns(connection, sqlOn(connection), disk);
  const share = <T>(job: (sql: Sql) => T): Promise<T> => turns.share(job);

  const accept = turns.gather((sql, posts: readonly messages.Post[]) =>
    messages.accept(sql, posts, clock.now()),
  );
  const store = turns.gather((sql, arrived: readonly Arrived[]) => messages.store(sql, arrived, clock.now()));
  const settle = turns.gather(outbox.settle);

  const untilDone = async (slice: (sql: Sql) => boolean): Promise<void> => {
    while (await share(slice));
  };

  return {
    accept: (draft, recipients, sign) => accept({ draft, recipients, sign: sign ?? null }),
    store: (message, mark, proof = null) => store({ message, mark, proof }),
    receivedRanges: (conversation) => share((sql) => held.held(sql, conversation)),
    relayableRanges: (conversation, fromRoster) =>
      share((sql) => passing.offered(sql, conversation, fromRoster)),
    digests: (conversation, device, run) => share((sql) => passing.digests(sql, conversation, device, run)),
    relayableMessages: (conversation, wanted, fromRoster, limit, to) =>
      share((sql) => passing.pick(sql, conversation, wanted, fromRoster, limit, to ?? null)),
    sortKeyOf: (id) => share((sql) => pages.placeOf(sql, id)),
    messagesBefore: (conversation, before, limit) =>
      share((sql) => pages.earlier(sql, conversation, before, limit)),
    messagesAfter: (conversation, after, limit) =>
      share((sql) => pages.later(sql, conversation, after, limit)),
    async search(words, conversations, limit) {
      await untilDone((sql) => search.indexSome(sql, SLICE));
      return share((sql) => search.search(sql, words, conversations, limit));
    },
    applyRetention: (retention) => untilDone((sql) => letGo(sql, retention, clock.now(), SLICE)),
    pending: (device, account, limit) => share((sql) => outbox.pending(sql, device, account, limit)),
    pendingCounts: (device) => share((sql) => outbox.pendingCounts(sql, device)),
    pendingTotal: (device) => share((sql) => outbox.waiting(sql, device)),
    recordVerdict: (position, account, verdict) => settle({ position, account, verdict }),
    withdraw: (conversation, account) => share((sql) => outbox.withdraw(sql, conversation, account)),
    progress: turns.gather(outbox.progress),
    latestHlc: () => share(messages.latestHlc),
    knownState: () => share(knownState.readKnownState),
    saveKnownState: (change) => share((sql) => knownState.saveKnownState(sql, change)),
    notificationState: () => share((sql) => attention.attention(sql, clock.now())),
    markRead: (conversation) => share((sql) => attention.read(sql, conversation)),
    mute: (mute) => share((sql) => attention.mute(sql, mute, clock.now())),
    unmute: (conversation, account) => share((sql) => attention.unmute(sql, conversation, account)),
    setDnd: (isOn) => share((sql) => attention.setDnd(sql, isOn)),
    close: () => turns.end(() => shutdown.close()),
  };
}

/** Closes the database again when its log cannot be opened. */
async function openDisk(file: string, shutdown: ShutdownStack): Promise<Disk> {
  try {
    const disk = await diskOf(file);
    shutdown.add(() => disk.close());
    return disk;
  } catch (thrown) {
    await shutdown.close();
    throw thrown;
  }
}
