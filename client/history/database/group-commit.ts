// The group commit of the history: one queue for every use of the connection, so that transactions never mix. Jobs that are
// submitted in the same turn of the event loop share one commit. It contains no queries.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type Libsql from 'libsql';
import { invariant } from '../../../core/errors.js';
import type { Schedule } from '../../../core/time/clock.js';
import { delay } from '../../../core/time/wait.js';
import { HistoryUnavailableError, isLocked, unavailableOf } from './unavailable.js';
import type { Disk } from './disk.js';
import type { Sql } from './sql.js';

/**
 * A commit that has this many inputs takes no further jobs. A batched job has at most this many inputs. The event loop handles
 * I/O between commits.
 */
const MAX_BATCH = 256;
/**
 * The interval between attempts to lock the file while another program holds the lock. `LOCK_ATTEMPTS` is the number of attempts.
 */
const LOCK_INTERVAL_MS = 100;
const LOCK_ATTEMPTS = 20;

export interface GroupCommit {
  /**
   * Runs a job in a transaction together with adjacent jobs, in the order of the calls. If one of them throws, the transaction is
   * rolled back, and each job runs again in its own transaction. Resolves when the commit is on disk. Rejects with a
   * `HistoryUnavailableError` if the file stays locked for about 2 s, or if the disk is full or fails.
   */
  run<T>(job: (sql: Sql) => T): Promise<T>;
  /**
   * Returns a function that combines successive calls into one job, unless another job is queued between them. `work` returns one
   * result per input, in order. If `work` throws, it runs again for each input in a transaction of its own.
   */
  batched<In, Out>(work: (sql: Sql, inputs: readonly In[]) => readonly Out[]): (one: In) => Promise<Out>;
  /** Calls `close` after all queued jobs. Later jobs reject, because using a closed handle aborts the process. */
  close(close: () => Promise<void>): Promise<void>;
}

interface Job {
  /** Runs the job. Returns a function that resolves the promises of its callers; it is called after the commit. */
  readonly run: (sql: Sql) => () => void;
  readonly reject: (error: unknown) => void;
  /** The number of inputs, which counts towards `MAX_BATCH`. */
  readonly size: () => number;
  /** Divides the job into one job for each input, to run them in separate transactions. */
  readonly parts: () => readonly Job[];
}

/** One input of a job, and the promise of its caller. */
interface Submission<In, Out> {
  readonly input: In;
  readonly resolve: (value: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** A committed job that is not on disk yet. */
interface CommittedJob {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function createGroupCommit(
  connection: Libsql.Database,
  sql: Sql,
  disk: Pick<Disk, 'synced'>,
  schedule: Schedule,
): GroupCommit {
  const queue: Job[] = [];
  let isWorking = false;
  let closing: Promise<void> | null = null;
  let onIdle = nothing;
  /** The error of the first failed sync. After it every job rejects: a later sync could succeed although data was lost. */
  let broken: Error | null = null;

  function enqueue(job: Job): void {
    const refused = closing === null ? broken : new Error('The history is closed.');
    if (refused !== null) {
      job.reject(refused);
      return;
    }
    queue.push(job);
    if (!isWorking) void work();
  }

  async function work(): Promise<void> {
    isWorking = true;
    while (queue.length > 0) {
      await nextTurn();
      const refusal = await begin();
      await settle(refusal === null ? await commit(nextBatch()) : reject(nextBatch(), refusal.cause));
    }
    isWorking = false;
    onIdle();
  }

  async function settle(committed: readonly CommittedJob[]): Promise<void> {
    try {
      if (committed.length > 0) await disk.synced();
    } catch (cause) {
      broken = new HistoryUnavailableError(
        'The history cannot be synced to disk. Check the disk, then start this terminal again.',
        { cause },
      );
    }
    for (const { resolve, reject } of committed) {
      if (broken === null) resolve();
      else reject(broken);
    }
  }

  function nextBatch(): readonly Job[] {
    let size = 0;
    let jobs = 0;
    for (const job of queue) {
      if (size >= MAX_BATCH) break;
      size += job.size();
      jobs += 1;
    }
    return queue.splice(0, jobs);
  }

  /**
   * Begins a transaction. Waits while another program holds the lock. Resolves with the cause if the transaction cannot begin,
   * else with null.
   */
  async function begin(): Promise<{ readonly cause: unknown } | null> {
    for (let left = LOCK_ATTEMPTS; ; left -= 1) {
      try {
        connection.exec('BEGIN IMMEDIATE');
        return null;
      } catch (cause) {
        if (!isLocked(cause) || left <= 1) return { cause };
      }
      await delay(schedule, LOCK_INTERVAL_MS);
    }
  }

  /** Runs the jobs in the transaction that has begun. */
  async function commit(batch: readonly Job[]): Promise<readonly CommittedJob[]> {
    try {
      const committed = batch.map(({ run, reject }) => ({ resolve: run(sql), reject }));
      connection.exec('COMMIT');
      return committed;
    } catch (thrown) {
      return abandon(batch, thrown);
    }
  }

  async function abandon(batch: readonly Job[], thrown: unknown): Promise<readonly CommittedJob[]> {
    let cause = thrown;
    try {
      if (connection.inTransaction) connection.exec('ROLLBACK');
    } catch (failed) {
      cause = new AggregateError([thrown, failed], 'The history cannot be written, and the rollback failed.');
    }
    const parts = batch.flatMap((job) => job.parts());
    if (parts.length <= 1) return reject(parts, cause);
    const committed: CommittedJob[] = [];
    for (const part of parts) {
      const refusal = await begin();
      committed.push(...(refusal === null ? await commit([part]) : reject([part], refusal.cause)));
    }
    return committed;
  }

  function reject(batch: readonly Job[], cause: unknown): readonly CommittedJob[] {
    const error = unavailableOf(cause);
    for (const job of batch) job.reject(error);
    return [];
  }

  function batched<In, Out>(
    work: (sql: Sql, inputs: readonly In[]) => readonly Out[],
  ): (one: In) => Promise<Out> {
    let submissions: Submission<In, Out>[] = [];
    let job: Job | null = null;
    return (input) =>
      new Promise((resolve, reject) => {
        const isNew = queue.at(-1) !== job || submissions.length === MAX_BATCH;
        if (isNew) submissions = [];
        submissions.push({ input, resolve, reject });
        if (isNew) enqueue((job = jobOf(submissions, work)));
      });
  }

  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        enqueue(jobOf([{ input: null, resolve, reject }], (own) => [job(own)]));
      }),
    batched,
    close(close) {
      closing ??= new Promise<void>((resolve) => {
        onIdle = resolve;
        if (!isWorking) resolve();
      }).then(close);
      return closing;
    },
  };
}

function jobOf<In, Out>(
  submissions: readonly Submission<In, Out>[],
  work: (sql: Sql, inputs: readonly In[]) => readonly Out[],
): Job {
  return {
    run(sql) {
      const values = work(
        sql,
        submissions.map(({ input }) => input),
      );
      invariant(values.length === submissions.length, 'every input has a result');
      return () => {
        for (const [index, value] of values.entries()) submissions[index]?.resolve(value);
      };
    },
    reject(error) {
      for (const { reject } of submissions) reject(error);
    },
    size: () => submissions.length,
    parts: () => submissions.map((one) => jobOf([one], work)),
  };
}

const nothing = (): void => undefined;
