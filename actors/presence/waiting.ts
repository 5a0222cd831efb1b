// The waiting list for introductions: the devices that asked for an account while it was offline. Devices of its roommates are
// not listed.
import type { ReadSql } from '../../core/events/sql/sql.js';
import { insertIfAbsent, selectFrom } from '../../core/events/sql/table.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { AccountId } from '../../core/ids.js';
import type { Caller } from '../caller.js';
import { waiting } from '../projections/non-derived-tables.js';

export interface Waiting {
  /** Stores that `caller` waits for `accounts`. */
  wait(caller: Caller, accounts: readonly AccountId[]): Promise<void>;
  /** Resolves with the devices that wait for `account`, and removes them from the list. */
  takeFor(account: AccountId): Promise<readonly Caller[]>;
}

const callerRow = waiting.row.omit({ awaited: true });

export function createWaiting(reads: ReadSql, writer: Writer): Waiting {
  return {
    async wait({ account, device }, accounts) {
      if (accounts.length === 0) return;
      await writer.write(async (sql) => {
        for (const awaited of accounts)
          await sql.run(...insertIfAbsent(waiting, { awaited, device, account }));
      });
    },
    async takeFor(awaited) {
      const found = await reads.all(`${selectFrom(waiting)} WHERE awaited = ?`, [awaited]);
      if (found.length === 0) return [];
      await writer.write(
        async (sql) => void (await sql.run('DELETE FROM waiting WHERE awaited = ?', [awaited])),
      );
      return found.map((row) => callerRow.parse(row));
    },
  };
}
