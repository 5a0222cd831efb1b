// A disk that fails when it is told to: SQLite's own connection, with SQLite's errors as the driver gives them.
import Libsql from 'libsql';
import { z } from 'zod';
import { prepareWriter, sqliteWriter } from '../../../core/events/sql/sqlite.js';
import type { WriteConnection } from '../../../core/events/sql/sql.js';
import { keepAliveSchedule } from '../../../core/time/clock.js';

/** What happens instead of a statement. */
export type Fault =
  /** Nothing: there is no room. */
  | 'full'
  /** SQLite gives up the whole transaction, as it may after an I/O error. */
  | 'rolled back'
  /** It is done all the same, a commit too; only its success is not heard of. */
  | 'unheard'
  /** Nothing, and so with each statement after it, `ROLLBACK` too, until the disk is mended. */
  | 'gone';

export const FAULTS = ['full', 'rolled back', 'unheard', 'gone'] as const satisfies readonly Fault[];

export interface Disk {
  readonly writeConnection: WriteConnection;
  /** Has the `nth` statement from now on (1 is the next) fail; counts whatever is asked of the connection. */
  failAt(nth: number, fault: Fault): void;
  /** Has the database stay as large as it is, which is a full disk to SQLite itself. */
  fill(): void;
  /** The statement that was made to fail; null until then. */
  failed(): string | null;
  mend(): void;
}

/** SQLite's own. */
const MOST_PAGES = 2 ** 30;

/** Another connection to the database in `file`, for its one writer. */
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
