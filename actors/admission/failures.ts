// The table of login failures. It stores the counts and does not decide what follows from them.
import { z } from 'zod';
import type { ReadSql, Sql } from '../../core/events/sql/sql.js';
import { selectFrom, upsertInto } from '../../core/events/sql/table.js';
import type { Writer } from '../../core/events/sql/writer.js';
import { type AccountId, accountIdSchema } from '../../core/ids.js';
import { type Failures, FORGETTING_MS, failedAgain } from './delay.js';
import type { Origin } from '../../core/origin.js';
import { loginFailures } from '../projections/non-derived-tables.js';

/**
 * A case-folded username and an origin. `name` need not belong to an account; it is empty if the typed name is not a valid
 * username.
 */
export interface Pair {
  readonly name: string;
  readonly origin: Origin;
}

/** Failures that make an account count as throttled in the log. */
export interface MarkedFailures extends Failures {
  readonly account: AccountId;
}

export interface LoginFailures {
  of(pair: Pair): Promise<Failures>;
  /** Counts one more failure and resolves with the new count. */
  add(pair: Pair, now: number): Promise<Failures>;
  /** Resets the count. */
  clear(pair: Pair): Promise<void>;
  /** Marks this pair as a reason why the account counts as throttled. */
  mark(pair: Pair, account: AccountId): Promise<void>;
  marked(): Promise<readonly MarkedFailures[]>;
  unmark(account: AccountId): Promise<void>;
  /**
   * Deletes unmarked rows that no longer count. Resolves with their number. A failure with a time in the future, recorded before
   * the clock was set back, gets the time `now`.
   */
  prune(now: number): Promise<number>;
}

const NONE: Failures = { count: 0, at: 0 };
const OF_PAIR = 'WHERE name = ? AND origin = ?';
const COUNTED_OF_PAIR = `${selectFrom(loginFailures)} ${OF_PAIR}`;
const MARKED = `${selectFrom(loginFailures)} WHERE account IS NOT NULL`;

const markedRow = z.object({ account: accountIdSchema });

export function createLoginFailures(reads: ReadSql, writer: Writer): LoginFailures {
  const change = (statement: string, ...values: Parameters<Sql['run']>[1] & object) =>
    writer.write(async (sql) => void (await sql.run(statement, values)));

  return {
    async of({ name, origin }) {
      const [row] = await reads.all(COUNTED_OF_PAIR, [name, origin]);
      return row === undefined ? NONE : countedIn(row);
    },
    add: ({ name, origin }, now) =>
      writer.write(async (sql) => {
        const [row] = await sql.all(COUNTED_OF_PAIR, [name, origin]);
        const after = failedAgain(row === undefined ? NONE : countedIn(row), now);
        await sql.run(
          ...upsertInto(loginFailures, { name, origin, failures: after.count, failedAt: after.at }),
        );
        return after;
      }),
    clear: ({ name, origin }) =>
      writer.write(async (sql) => {
        await sql.run(`DELETE FROM login_failures ${OF_PAIR} AND account IS NULL`, [name, origin]);
        // The mark stays until the log records the end of the throttle.
        await sql.run(`UPDATE login_failures SET failures = 0 ${OF_PAIR}`, [name, origin]);
      }),
    mark: ({ name, origin }, account) =>
      change(`UPDATE login_failures SET account = ? ${OF_PAIR}`, account, name, origin),
    async marked() {
      const found = await reads.all(MARKED);
      return found.map((row) => ({ ...countedIn(row), account: markedRow.parse(row).account }));
    },
    unmark: (account) => change('UPDATE login_failures SET account = NULL WHERE account = ?', account),
    prune: (now) =>
      writer.write(async (sql) => {
        await sql.run('UPDATE login_failures SET failed_at = ? WHERE failed_at > ?', [now, now]);
        return sql.run('DELETE FROM login_failures WHERE account IS NULL AND failed_at + failures * ? <= ?', [
          FORGETTING_MS,
          now,
        ]);
      }),
  };
}

function countedIn(row: unknown): Failures {
  const { failures, failedAt } = loginFailures.row.parse(row);
  return { count: failures, at: failedAt };
}
