// One queue for all that touches the history's connection: two transactions on it at once, or a stray statement in
// another's, would spoil both. What is asked for in one turn is committed together. It knows no table.
import type Libsql from 'libsql';
import type { Disk } from './disk.js';
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
  end(close: () => Promise<void>): Promise<void>;
}

interface Job {
  /** Does it, and gives what answers once it is committed. */
  readonly run: (sql: Sql) => () => void;
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
  /** What a disk has failed to take once it may forget, and say later that all is well: nothing is believed after that. */
  let broken: Error | null = null;

  async function work(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0) {
      await nextTurn();
      await settle(commit(waiting.splice(0, BATCH_JOBS)));
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
    const [only, ...others] = batch;
    if (others.length > 0) return batch.flatMap((job) => commit([job]));
    only?.reject(cause);
    return [];
  }

  return {
    share: (job) =>
      new Promise((resolve, reject) => {
        const refused = ended === null ? broken : new Error('The history is closed.');
        if (refused !== null) {
          reject(refused);
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
