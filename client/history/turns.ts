// One queue for all that touches the history's connection: two transactions on it at once, or a stray statement in
// another's, would spoil both. What is asked for in one turn is committed together. It knows no table.
import type Libsql from 'libsql';
import { invariant } from '../../core/errors.js';
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
  /** Has the connection to itself until `work` is done. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Ends with `work`, alone, after all that waits; what comes later rejects: the driver ends the process when it is used closed. */
  end(work: () => Promise<void>): Promise<void>;
}

interface SharedJob {
  readonly kind: 'shared';
  /** Does it, and gives what answers once it is committed. */
  readonly run: (sql: Sql) => () => void;
  readonly reject: (error: unknown) => void;
  /** How many things it does… */
  readonly size: () => number;
  /** …and a job for each of them. */
  readonly parts: () => readonly SharedJob[];
}

interface Asked<In, Out> {
  readonly one: In;
  readonly resolve: (value: Out) => void;
  readonly reject: (error: unknown) => void;
}

/** `work` never rejects. */
type Job = SharedJob | { readonly kind: 'alone'; readonly work: () => Promise<void> };

export function createTurns(connection: Libsql.Database, sql: Sql): Turns {
  const waiting: Job[] = [];
  let isWorking = false;
  let ended: Promise<void> | null = null;

  function enqueue(job: Job, reject: (error: unknown) => void): void {
    if (ended !== null) {
      reject(new Error('The history is closed.'));
      return;
    }
    waiting.push(job);
    if (isWorking) return;
    isWorking = true;
    void work();
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await nextTurn();
      const [first] = waiting;
      if (first?.kind === 'alone') {
        waiting.shift();
        await first.work();
      } else {
        commit(nextBatch());
      }
    }
    isWorking = false;
  }

  function nextBatch(): readonly SharedJob[] {
    const batch: SharedJob[] = [];
    let size = 0;
    for (const job of waiting) {
      if (job.kind === 'alone' || size >= BATCH_JOBS) break;
      batch.push(job);
      size += job.size();
    }
    waiting.splice(0, batch.length);
    return batch;
  }

  function commit(batch: readonly SharedJob[]): void {
    let answers: readonly (() => void)[];
    try {
      connection.exec('BEGIN IMMEDIATE');
      answers = batch.map((job) => job.run(sql));
      connection.exec('COMMIT');
    } catch (thrown) {
      abandon(batch, thrown);
      return;
    }
    for (const answer of answers) answer();
  }

  function abandon(batch: readonly SharedJob[], thrown: unknown): void {
    let cause = thrown;
    try {
      if (connection.inTransaction) connection.exec('ROLLBACK');
    } catch (failed) {
      cause = new AggregateError([thrown, failed], 'The history cannot be written, nor that be undone.');
    }
    const parts = batch.flatMap((job) => job.parts());
    const [only, ...others] = parts;
    if (others.length === 0) only?.reject(cause);
    else for (const part of parts) commit([part]);
  }

  function gather<In, Out>(
    work: (sql: Sql, asked: readonly In[]) => readonly Out[],
  ): (one: In) => Promise<Out> {
    let asked: Asked<In, Out>[] = [];
    let job = jobOf(asked, work);
    return (one) =>
      new Promise((resolve, reject) => {
        if (waiting.at(-1) !== job || asked.length === BATCH_JOBS) {
          asked = [];
          job = jobOf(asked, work);
          enqueue(job, reject);
        }
        asked.push({ one, resolve, reject });
      });
  }

  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      enqueue({ kind: 'alone', work: () => work().then(resolve, reject) }, reject);
    });

  return {
    share: (job) =>
      new Promise((resolve, reject) => {
        const asked = [{ one: null, resolve, reject }];
        enqueue(
          jobOf(asked, (sql) => [job(sql)]),
          reject,
        );
      }),
    gather,
    alone,
    end(work) {
      ended ??= alone(work);
      return ended;
    },
  };
}

function jobOf<In, Out>(
  asked: readonly Asked<In, Out>[],
  work: (sql: Sql, asked: readonly In[]) => readonly Out[],
): SharedJob {
  return {
    kind: 'shared',
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

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
