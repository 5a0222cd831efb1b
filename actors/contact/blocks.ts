// The blocks between accounts. They are private to the account that made them: no event, notice or export contains them, and an
// unblock leaves no trace.
import { z } from 'zod';
import type { Clock } from '../../core/time/clock.js';
import { inList, type ReadSql } from '../../core/events/sql/sql.js';
import { insertIfAbsent } from '../../core/events/sql/table.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { AccountId } from '../../core/ids.js';
import { limits } from '../../core/protocol/limits.js';
import { blocks } from '../projections/non-derived-tables.js';

export interface Blocks {
  /** Idempotent. Resolves with `too many` if the account has reached its limit of blocks. */
  block(account: AccountId, other: AccountId): Promise<'blocked' | 'too many'>;
  unblock(account: AccountId, other: AccountId): Promise<void>;
  /** The accounts that `account` has blocked. */
  blockedBy(account: AccountId): Promise<readonly AccountId[]>;
  /** The accounts that have blocked `account`. */
  blockersOf(account: AccountId): Promise<ReadonlySet<AccountId>>;
  /** The accounts among `others` that `account` blocks or is blocked by. `others` may hold a few hundred accounts. */
  between(account: AccountId, others: readonly AccountId[]): Promise<ReadonlySet<AccountId>>;
}

const accountRow = blocks.row.pick({ account: true });
const countRow = z.object({ count: z.coerce.number() });

const accountsIn = (rows: readonly unknown[]): readonly AccountId[] =>
  rows.map((row) => accountRow.parse(row).account);

export function createBlocks(reads: ReadSql, writer: Writer, clock: Clock): Blocks {
  return {
    block: (account, other) =>
      writer.write(async (sql) => {
        const counted = 'SELECT COUNT(*) AS count FROM blocks WHERE account = ? AND blocked <> ?';
        const [row] = await sql.all(counted, [account, other]);
        if (countRow.parse(row).count >= limits.blocksPerAccount) return 'too many';
        await sql.run(...insertIfAbsent(blocks, { account, blocked: other, since: clock.now() }));
        return 'blocked';
      }),
    unblock: (account, other) =>
      writer.write(async (sql) => {
        await sql.run('DELETE FROM blocks WHERE account = ? AND blocked = ?', [account, other]);
      }),
    blockedBy: async (account) =>
      accountsIn(await reads.all('SELECT blocked AS account FROM blocks WHERE account = ?', [account])),
    blockersOf: async (account) =>
      new Set(accountsIn(await reads.all('SELECT account FROM blocks WHERE blocked = ?', [account]))),
    async between(account, others) {
      if (others.length === 0) return new Set();
      const { marks, values } = inList(others);
      const rows = await reads.all(
        `SELECT blocked AS account FROM blocks WHERE account = ? AND blocked IN (${marks})
         UNION SELECT account FROM blocks WHERE blocked = ? AND account IN (${marks})`,
        [account, ...values, account, ...values],
      );
      return new Set(accountsIn(rows));
    },
  };
}
