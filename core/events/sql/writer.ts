// The only writer of the database. It commits all waiting jobs together, isolates their failures, and once per commit moves and
// signs the log's head and extends its Merkle tree. It does not know events.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import { monotonicNow } from '../../time/clock.js';
import type { Head } from '../chain.js';
import { StoreUnavailableError } from '../errors.js';
import { growTree } from '../derived/log-tree.js';
import { LOCK_PATIENCE_MS, type Sql, type WriteConnection } from './sql.js';
import type { SignHead } from '../store.js';

const BATCH_JOBS = 256;

/**
 * The outcome of a job that may extend the log: keep the changes and move the head, no changes, or undo the changes.
 * Each carries the answer `value`.
 */
export type Step<T> =
  | { readonly kind: 'keep'; readonly value: T; readonly head: Head }
  | { readonly kind: 'nothing'; readonly value: T }
  | { readonly kind: 'undo'; readonly value: T };

/**
 * Jobs run one at a time in the given order and may await only `sql`. A job may run again after its changes were
 * undone. If a job throws, only its own changes are undone, and it rejects with that error. Jobs resolve after the
 * commit. If the database fails, all jobs of the batch reject with `StoreUnavailableError` and none takes effect.
 */
export interface Writer {
  /** Runs a job that changes state outside the log. */
  write<T>(job: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs a job that may extend the log after the given head. */
  extend<T>(job: (sql: Sql, head: Head) => Promise<Step<T>>): Promise<T>;
  /** Calls the listener after each commit that moved the head. */
  onExtended(listener: (head: Head) => void): () => void;
  /** Resolves when no job is waiting. */
  drain(): Promise<void>;
  /** Whether jobs wait for a lock of the database that another program holds. */
  readonly isLockedOut: boolean;
}

export interface WriterParts {
  readonly connection: WriteConnection;
  readonly signHead: SignHead;
  /** How long a job waits for a lock that another program holds; `LOCK_PATIENCE_MS` by default. */
  readonly lockPatienceMs?: number;
}

/** The outcome of a job: the head after it, its answer after the commit, and whether its changes must be undone. */
interface Done {
  readonly undo: boolean;
  readonly head: Head;
  readonly answer: () => void;
}

interface Job {
  /** The job rejects if the lock of the database is not free at this time of the steady clock. */
  readonly untilMs: number;
  run(sql: Sql, head: Head): Promise<Done>;
  reject(error: unknown): void;
}

export function createWriter({
  connection,
  signHead,
  lockPatienceMs = LOCK_PATIENCE_MS,
}: WriterParts): Writer {
  const listeners = new Set<(head: Head) => void>();
  let waiting: Job[] = [];
  let working = false;
  let atRest: (() => void)[] = [];

  function enqueue(job: Omit<Job, 'untilMs'>): void {
    waiting.push({ ...job, untilMs: monotonicNow() + lockPatienceMs });
    if (working) return;
    working = true;
    void work();
  }

  // Never rejects: each failure is reported to the jobs of its batch.
  async function work(): Promise<void> {
    while (waiting.length > 0) {
      // Jobs that arrive in the same iteration of the event loop share a commit. I/O also runs between batches.
      await nextTurn();
      const batch = waiting.slice(0, BATCH_JOBS);
      waiting = waiting.slice(BATCH_JOBS);
      if (await begin(batch)) await commit(batch);
    }
    working = false;
    const resting = atRest;
    atRest = [];
    for (const resolve of resting) resolve();
  }

  /**
   * Begins a transaction; false if that failed. If another program holds the lock, jobs whose time is not over keep waiting for
   * it.
   */
  async function begin(batch: readonly Job[]): Promise<boolean> {
    try {
      await connection.begin(batch[0]?.untilMs);
      return true;
    } catch (thrown) {
      const now = monotonicNow();
      const isPatient = ({ untilMs }: Job): boolean => connection.isLockedOut && untilMs > now;
      waiting = [...batch.filter(isPatient), ...waiting];
      await abandon(
        batch.filter((job) => !isPatient(job)),
        thrown,
      );
      return false;
    }
  }

  async function commit(batch: readonly Job[]): Promise<void> {
    const answers: (() => void)[] = [];
    let head: Head;
    let moved = false;
    try {
      const before = await readHead(connection);
      const done = (await together(connection, batch, before)) ?? (await apart(batch));
      head = done.at(-1)?.head ?? before;
      for (const { answer } of done) answers.push(answer);
      moved = head.position !== before.position;
      if (moved) {
        await writeHead(connection, head, signHead(head));
        await growTree(connection, before.position, head.position);
      }
      await connection.commit();
    } catch (thrown) {
      await abandon(batch, thrown);
      return;
    }
    for (const answer of answers) answer();
    // Each listener runs in its own microtask, so that its errors do not reach the queue.
    if (moved) for (const listener of listeners) queueMicrotask(() => listener(head));
  }

  // Restarts the batch, with a savepoint for each job.
  async function apart(batch: readonly Job[]): Promise<readonly Done[]> {
    await connection.rollback();
    await connection.begin();
    const now = await readHead(connection);
    const done: Done[] = [];
    for (const job of batch) done.push(await alone(connection, job, done.at(-1)?.head ?? now));
    return done;
  }

  async function abandon(batch: readonly Job[], thrown: unknown): Promise<void> {
    let cause = thrown;
    try {
      await connection.rollback();
    } catch (failed) {
      cause = new AggregateError(
        [thrown, failed],
        `${messageOf(thrown)}; the rollback then failed: ${messageOf(failed)}`,
      );
    }
    for (const job of batch) {
      job.reject(new StoreUnavailableError(`the database did not commit: ${messageOf(cause)}`, { cause }));
    }
  }

  return {
    get isLockedOut() {
      return working && connection.isLockedOut;
    },
    write: (job) =>
      new Promise((resolve, reject) => {
        const run: Job['run'] = async (sql, head) => {
          const value = await job(sql);
          return { undo: false, head, answer: () => resolve(value) };
        };
        enqueue({ run, reject });
      }),
    extend: (job) =>
      new Promise((resolve, reject) => {
        const run: Job['run'] = async (sql, head) => {
          const step = await job(sql, head);
          const answer = () => resolve(step.value);
          return { undo: step.kind === 'undo', head: step.kind === 'keep' ? step.head : head, answer };
        };
        enqueue({ run, reject });
      }),
    onExtended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drain: () =>
      new Promise((resolve) => {
        if (working) atRest.push(resolve);
        else resolve();
      }),
  };
}

// Runs the batch without savepoints, which is nearly always enough. Returns null if a job must be undone.
async function together(sql: Sql, batch: readonly Job[], before: Head): Promise<readonly Done[] | null> {
  const all: Done[] = [];
  for (const job of batch) {
    try {
      const done = await job.run(sql, all.at(-1)?.head ?? before);
      if (done.undo) return null;
      all.push(done);
    } catch (thrown) {
      if (thrown instanceof StoreUnavailableError) throw thrown;
      return null;
    }
  }
  return all;
}

// A failure of the database is rethrown and ends the batch, because the database may have rolled back everything. An error about
// an unknown savepoint shows that this happened, so it is rethrown too.
async function alone(sql: Sql, job: Job, head: Head): Promise<Done> {
  await sql.run('SAVEPOINT job');
  try {
    const done = await job.run(sql, head);
    if (done.undo) await sql.run('ROLLBACK TO SAVEPOINT job');
    await sql.run('RELEASE SAVEPOINT job');
    return done;
  } catch (thrown) {
    if (thrown instanceof StoreUnavailableError) throw thrown;
    await sql.run('ROLLBACK TO SAVEPOINT job');
    await sql.run('RELEASE SAVEPOINT job');
    return { undo: true, head, answer: () => job.reject(thrown) };
  }
}

const headRow = z.object({ position: z.coerce.number(), hash: z.string() });

async function readHead(sql: Sql): Promise<Head> {
  const row = await sql.first('SELECT position, hash FROM log_head WHERE id = 1');
  return headRow.parse(row);
}

async function writeHead(sql: Sql, head: Head, signature: string): Promise<void> {
  const values = [head.position, head.hash, signature];
  await sql.run('UPDATE log_head SET position = ?, hash = ?, signature = ? WHERE id = 1', values);
}
