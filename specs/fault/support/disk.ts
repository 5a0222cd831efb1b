// A disk that fails on request: an SQLite connection that raises SQLite's errors as the driver reports them.
import Libsql from 'libsql';
import { z } from 'zod';
import { prepareWriter, sqliteWriter } from '../../../core/events/sql/sqlite.js';
import type { WriteConnection } from '../../../core/events/sql/sql.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';

/** The effect that replaces a statement. */
export type Fault =
  /** Nothing runs: the disk is full. */
  | 'full'
  /** SQLite rolls back the whole transaction, as it may after an I/O error. */
  | 'rolled back'
  /** The statement runs, even a commit, but its success is not reported. */
  | 'unheard'
  /** Neither this statement nor any later one runs, `ROLLBACK` included, until the disk is mended. */
  | 'gone';

export const FAULTS = ['full', 'rolled back', 'unheard', 'gone'] as const satisfies readonly Fault[];

export interface Disk {
  readonly writeConnection: WriteConnection;
  /** Makes the `nth` statement from now on fail (1 is the next). Every call to the connection counts. */
  failAt(nth: number, fault: Fault): void;
  /** Stops the database from growing. SQLite treats this as a full disk. */
  fill(): void;
  /** The statement that was made to fail; null until then. */
  failed(): string | null;
  mend(): void;
}

/** SQLite's own limit. */
const MOST_PAGES = 2 ** 30;

/** Opens another connection to the database in `file`, for its only writer. */
export function openDisk(file: string): Disk & { close(): void } {
  const real = new Libsql(file);
  prepareWriter(real);
  let plan: { readonly at: number; readonly fault: Fault } | null = null;
  let count = 0;
  let failed: string | null = null;

  function through<T>(statement: string, work: () => T): T {
    if (plan === null) return work();
    count += 1;
    if (count < plan.at || (count > plan.at && plan.fault !== 'gone')) return work();
    failed ??= statement;
    switch (plan.fault) {
      case 'full':
        throw new Libsql.SqliteError('database or disk is full', 'SQLITE_FULL');
      case 'rolled back':
        if (real.inTransaction) real.exec('ROLLBACK');
        throw new Libsql.SqliteError('disk I/O error', 'SQLITE_IOERR_WRITE');
      case 'unheard':
        work();
        throw new Libsql.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
      case 'gone':
        throw new Libsql.SqliteError('disk I/O error', 'SQLITE_IOERR');
    }
  }

  const statements: ProxyHandler<Libsql.Database> = {
    get(target, property) {
      if (property === 'exec') return (text: string) => through(text, () => target.exec(text));
      if (property === 'prepare') {
        return (text: string) => {
          const prepared = target.prepare(text);
          return {
            run: (...values: unknown[]) => through(text, () => prepared.run(...values)),
            all: (...values: unknown[]) => through(text, () => prepared.all(...values)),
            get: (...values: unknown[]) => through(text, () => prepared.get(...values)),
          };
        };
      }
      return Reflect.get(target, property, target);
    },
  };
  return {
    writeConnection: sqliteWriter(new Proxy(real, statements), keepAliveSchedule),
    failAt(at, fault) {
      plan = { at, fault };
      count = 0;
      failed = null;
    },
    fill() {
      const [size] = z.array(z.object({ page_count: z.number() })).parse(real.pragma('page_count'));
      real.pragma(`max_page_count = ${size?.page_count ?? 0}`);
    },
    failed: () => failed,
    mend() {
      plan = null;
      real.pragma(`max_page_count = ${MOST_PAGES}`);
    },
    close: () => void real.close(),
  };
}
