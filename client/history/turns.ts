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
  /** Ends with `close`, after all that waits; what comes later rejects: the driver ends the process when it is used closed. */
  end(close: () => void): Promise<void>;
}

interface Job {
  /** Does it, and gives what answers once it is committed. */
  readonly run: (sql: Sql) => () => void;
  readonly reject: (error: unknown) => void;
}

export function createTurns(connection: Libsql.Database, sql: Sql): Turns {
  const waiting: Job[] = [];
  let isWorking = false;
  let ended: Promise<void> | null = null;
  let onIdle = nothing;

  async function work(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      await nextTurn();
      commit(waiting.splice(0, BATCH_JOBS));
    }
    isWorking = false;
    onIdle();
  }

  function commit(batch: readonly Job[]): void {
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

  function abandon(batch: readonly Job[], thrown: unknown): void {
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

  return {
    share: (job) =>
      new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(new Error('The history is closed.'));
          return;
        }
        const run: Job['run'] = (own) => {
          const value = job(own);
          return () => resolve(value);
        };
        waiting.push({ run, reject });
        if (!isWorking) void work();
      }),
    end(close) {
      ended ??= new Promise<void>((resolve) => {
        onIdle = resolve;
        if (!isWorking) resolve();
      }).then(close);
      return ended;
    },
  };
}

const nothing = (): void => undefined;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
