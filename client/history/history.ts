// The history of one profile, in SQLite. What is often done goes over the driver's own handle, in commits that many share;
// the rest over TypeORM, one at a time.
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../core/clock.js';
import * as attention from './attention.js';
import { handleOf, openDatabase } from './database.js';
import * as facts from './facts.js';
import * as held from './held.js';
import * as messages from './messages.js';
import type { Arrived } from './messages.js';
import * as outbox from './outbox.js';
import * as pages from './pages.js';
import * as passing from './passing.js';
import type { History } from './port.js';
import { createPosting } from './posting.js';
import { letGo } from './retention.js';
import * as search from './search.js';
import { type Sql, sqlOn } from './sql.js';
import { createTurns } from './turns.js';

export interface HistoryOptions {
  /** The path of the SQLite file; made, readable by its owner only, if absent. */
  readonly file: string;
  readonly clock: Clock;
}

/** Messages that are indexed, or let go of, in one commit: a few milliseconds. */
const SLICE = 500;

/** Fails with an `OperatorError` when the file cannot be used. */
export async function openHistory({ file, clock }: HistoryOptions): Promise<History> {
  const source = await openDatabase(file);
  const connection = handleOf(source);
  const turns = createTurns(connection, sqlOn(connection));
  const share = <T>(job: (sql: Sql) => T): Promise<T> => turns.share(job);
  const transact = <T>(work: (sql: EntityManager) => Promise<T>): Promise<T> =>
    turns.alone(() => source.transaction(work));
  const look = <T>(work: (sql: EntityManager) => Promise<T>): Promise<T> =>
    turns.alone(() => work(source.manager));
  const post = createPosting((posts) => share((sql) => messages.accept(sql, posts, clock.now())));

  const store = turns.gather((sql, arrived: readonly Arrived[]) => messages.store(sql, arrived, clock.now()));
  const settle = turns.gather(outbox.settle);

  const untilDone = async (slice: (sql: Sql) => boolean): Promise<void> => {
    while (await share(slice));
  };

  return {
    accept: (draft, recipients, sign) => post(draft, recipients, sign ?? null),
    store: (message, mark, proof = null) => store({ message, mark, proof }),
    held: (conversation) => share((sql) => held.held(sql, conversation)),
    offered: (conversation, fromRoster) => share((sql) => passing.offered(sql, conversation, fromRoster)),
    sum: (conversation, device, run) => share((sql) => passing.sum(sql, conversation, device, run)),
    pick: (conversation, wanted, fromRoster, limit, to) =>
      share((sql) => passing.pick(sql, conversation, wanted, fromRoster, limit, to ?? null)),
    placeOf: (id) => share((sql) => pages.placeOf(sql, id)),
    earlier: (conversation, before, limit) => share((sql) => pages.earlier(sql, conversation, before, limit)),
    later: (conversation, after, limit) => share((sql) => pages.later(sql, conversation, after, limit)),
    async search(words, conversations, limit) {
      await untilDone((sql) => search.indexSome(sql, SLICE));
      return share((sql) => search.search(sql, words, conversations, limit));
    },
    retain: (retention) => untilDone((sql) => letGo(sql, retention, clock.now(), SLICE)),
    pending: (device, account, limit) => share((sql) => outbox.pending(sql, device, account, limit)),
    pendingCounts: (device) => share((sql) => outbox.pendingCounts(sql, device)),
    waiting: (device) => share((sql) => outbox.waiting(sql, device)),
    settle: (id, account, verdict) => settle({ id, account, verdict }),
    withdraw: (conversation, account) => share((sql) => outbox.withdraw(sql, conversation, account)),
    progress: turns.gather(outbox.progress),
    latestHlc: () => share(messages.latestHlc),
    facts: () => look(facts.read),
    keep: (change) => share((sql) => facts.keep(sql, change)),
    attention: () => look((sql) => attention.attention(sql, clock.now())),
    read: (conversation) => transact((sql) => attention.read(sql, conversation)),
    mute: (mute) => transact((sql) => attention.mute(sql, mute, clock.now())),
    unmute: (conversation, account) => transact((sql) => attention.unmute(sql, conversation, account)),
    setDnd: (isOn) => transact((sql) => attention.setDnd(sql, isOn)),
    close: () => turns.end(() => source.destroy()),
  };
}
