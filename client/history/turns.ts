// One queue for all that touches the history's connection: two transactions on it at once, or a stray statement in
// another's, would spoil both. What is asked for in one turn is committed together. It knows no table.
import type Libsql from 'libsql';
import type { Sql } from './sql.js';

/** Jobs of one commit; between commits, I/O gets its turn. */
const BATCH_JOBS = 256;

export interface Turns {
  /**
   * Runs a job in a transaction that it shares with those around it, in the order given. It may run twice, with nothing left of
   * the first time; one that throws is undone alone. Resolves when all is on the disk.
   */
  share<T>(job: (sql: Sql) => T): Promise<T>;
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
        const others = waiting.findIndex(({ kind }) => kind === 'alone');
        const end = Math.min(others === -1 ? waiting.length : others, BATCH_JOBS);
        commit(waiting.splice(0, end).filter((job) => job.kind === 'shared'));
      }
    }
    isWorking = false;
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
    const [only, ...others] = batch;
    if (others.length === 0) only?.reject(cause);
    else for (const job of batch) commit([job]);
  }

  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      enqueue({ kind: 'alone', work: () => work().then(resolve, reject) }, reject);
    });

  return {
    share: (job) =>
      new Promise((resolve, reject) => {
        const run: SharedJob['run'] = (sql) => {
          const value = job(sql);
          return () => resolve(value);
        };
        enqueue({ kind: 'shared', run, reject }, reject);
      }),
    alone,
    end(work) {
      ended ??= alone(work);
      return ended;
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
