// The history of one profile, in SQLite. One queue for all that touches the connection: two transactions on it at once,
// or a stray statement in another's transaction, would spoil both.
import pLimit from 'p-limit';
import type { EntityManager } from 'typeorm';
import type { Clock } from '../../core/clock.js';
import * as attention from './attention.js';
import { openDatabase } from './database.js';
import * as facts from './facts.js';
import * as messages from './messages.js';
import type { History } from './port.js';

export interface HistoryOptions {
  /** The path of the SQLite file; made, readable by its owner only, if absent. */
  readonly file: string;
  readonly clock: Clock;
}

/** Fails with an `OperatorError` when the file cannot be used. */
export async function openHistory({ file, clock }: HistoryOptions): Promise<History> {
  const source = await openDatabase(file);
  const inTurn = pLimit(1);
  const transact = <T>(work: (sql: EntityManager) => Promise<T>): Promise<T> =>
    inTurn(() => source.transaction(work));
  const look = <T>(work: (sql: EntityManager) => Promise<T>): Promise<T> =>
    inTurn(() => work(source.manager));

  return {
    accept: (draft, recipients) => transact((sql) => messages.accept(sql, draft, recipients, clock.now())),
    store: (message, mark) => transact((sql) => messages.store(sql, message, mark, clock.now())),
    pending: (device, account, limit) => look((sql) => messages.pending(sql, device, account, limit)),
    pendingCounts: (device) => look((sql) => messages.pendingCounts(sql, device)),
    waiting: (device) => look((sql) => messages.waiting(sql, device)),
    settle: (id, account, verdict) => transact((sql) => messages.settle(sql, id, account, verdict)),
    withdraw: (conversation, account) => transact((sql) => messages.withdraw(sql, conversation, account)),
    progress: (id) => look((sql) => messages.progress(sql, id)),
    latestHlc: () => look(messages.latestHlc),
    facts: () => look(facts.read),
    keep: (change) => transact((sql) => facts.keep(sql, change)),
    attention: () => look((sql) => attention.attention(sql, clock.now())),
    read: (conversation) => transact((sql) => attention.read(sql, conversation)),
    mute: (mute) => transact((sql) => attention.mute(sql, mute, clock.now())),
    unmute: (conversation, account) => transact((sql) => attention.unmute(sql, conversation, account)),
    setDnd: (isOn) => transact((sql) => attention.setDnd(sql, isOn)),
    close: () => inTurn(() => source.destroy()),
  };
}
