// The group commit of the history: one queue for every use of the connection, so that transactions never mix. Jobs that are
// submitted in the same event loop turn share one commit. It names no table.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type Libsql from 'libsql';
import { invariant } from '../../../core/errors.js';
import type { Disk } from './disk.js';
import type { Sql } from './sql.js';

/** Jobs of one commit, and things that are gathered into one job; between commits, I/O gets its turn. */
const BATCH_JOBS = 256;

export interface Turns {
  /**
   * Runs a job in a transaction that it shares with those around it, in the order given. It may run twice, with nothing left of
   * the first time; one that throws is undone alone. Resolves when all is on the disk.
   */
  share<T>(job: (sql: Sql) => T): Promise<T>;
  /**
   * What is asked for of one kind, with nothing of another between, is one job, shared as above: `work` gives the answers in the
   * order of what was asked. If it throws, each is done alone.
   */
  gather<In, Out>(work: (sql: Sql, asked: readonly In[]) => readonly Out[]): (one: In) => Promise<Out>;
  /** Ends with `close`, after all that waits; later jobs reject. Using a closed handle aborts the process. */
  end(close: () => Promise<void>): Promise<void>;
}

interface Job {
  /** Does it, and gives what answers once it is committed. */
  readonly run: (sql: Sql) => () => void;
  readonly reject: (error: unknown) => void;
  /** How many things it does… */
  readonly size: () => number;
  /** …and a job for each of them. */
  readonly parts: () => readonly Job[];
}

interface Asked<In, Out> {
  readonly one: In;
  readonly resolve: (value: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** One that is committed, and waits for the disk. */
interface Done {
  readonly answer: () => void;
  readonly reject: (error: unknown) => void;
}

export function createTurns(connection: Libsql.Database, sql: Sql, disk: Pick<Disk, 'synced'>): Turns {
  const waiting: Job[] = [];
  let isWorking = false;
  let ended: Promise<void> | null = null;
  let onIdle = nothing;
  /** Set after the first failed sync. A later sync may succeed although data was lost, so that every later job rejects. */
  let broken: Error | null = null;

  function enqueue(job: Job): void {
    const refused = ended === null ? broken : new Error('The history is closed.');
    if (refused !== null) {
      job.reject(refused);
      return;
    }
    waiting.push(job);
    if (!isWorking) void work();
  }

  async function work(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      await nextTurn();
      await settle(commit(nextBatch()));
    }
    isWorking = false;
    onIdle();
  }

  async function settle(done: readonly Done[]): Promise<void> {
    try {
      if (done.length > 0) await disk.synced();
    } catch (cause) {
      broken = new Error('The history does not get to the disk.', { cause });
    }
    for (const { answer, reject } of done) {
      if (broken === null) answer();
      else reject(broken);
    }
  }

  function nextBatch(): readonly Job[] {
    let size = 0;
    let jobs = 0;
    for (const job of waiting) {
      if (size >= BATCH_JOBS) break;
      size += job.size();
      jobs += 1;
    }
    return waiting.splice(0, jobs);
  }

  function commit(batch: readonly Job[]): readonly Done[] {
    try {
      connection.exec('BEGIN IMMEDIATE');
      const done = batch.map(({ run, reject }) => ({ answer: run(sql), reject }));
      connection.exec('COMMIT');
      return done;
    } catch (thrown) {
      return abandon(batch, thrown);
    }
  }

  function abandon(batch: readonly Job[], thrown: unknown): readonly Done[] {
    let cause = thrown;
    try {
      if (connection.inTransaction) connection.exec('ROLLBACK');
    } catch (failed) {
      cause = new AggregateError([thrown, failed], 'The history cannot be written, nor that be undone.');
    }
    const parts = batch.flatMap((job) => job.parts());
    if (parts.length > 1) return parts.flatMap((part) => commit([part]));
    for (const part of parts) part.reject(cause);
    return [];
  }

  function gather<In, Out>(
    work: (sql: Sql, asked: readonly In[]) => readonly Out[],
  ): (one: In) => Promise<Out> {
    let asked: Asked<In, Out>[] = [];
    let job: Job | null = null;
    return (one) =>
      new Promise((resolve, reject) => {
        const isNext = waiting.at(-1) !== job || asked.length === BATCH_JOBS;
        if (isNext) asked = [];
        asked.push({ one, resolve, reject });
        if (isNext) enqueue((job = jobOf(asked, work)));
      });
  }

  return {
    share: (job) =>
      new Promise((resolve, reject) => {
        const asked = [{ one: null, resolve, reject }];
        enqueue(jobOf(asked, (own) => [job(own)]));
      }),
    gather,
    end(close) {
      ended ??= new Promise<void>((resolve) => {
        onIdle = resolve;
        if (!isWorking) resolve();
      }).then(close);
      return ended;
    },
  };
}

function jobOf<In, Out>(
  asked: readonly Asked<In, Out>[],
  work: (sql: Sql, asked: readonly In[]) => readonly Out[],
): Job {
  return {
    run(sql) {
      const values = work(
        sql,
        asked.map(({ one }) => one),
      );
      invariant(values.length === asked.length, 'each that asks is answered');
      return () => {
        for (const [index, value] of values.entries()) asked[index]?.resolve(value);
      };
    },
    reject(error) {
      for (const { reject } of asked) reject(error);
    },
    size: () => asked.length,
    parts: () => asked.map((one) => jobOf([one], work)),
  };
}

const nothing = (): void => undefined;
