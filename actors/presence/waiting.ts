// The waiting list for introductions: devices that asked for an account that was offline and shares no room with theirs.
import { z } from 'zod';
import type { ReadSql } from '../../core/events/sql/sql.js';
import type { Writer } from '../../core/events/sql/writer.js';
import { type AccountId, accountIdSchema, deviceIdSchema } from '../../core/ids.js';
import type { Caller } from '../caller.js';

export interface Waiting {
  /** Stores that `caller` waits for `accounts`. */
  wait(caller: Caller, accounts: readonly AccountId[]): Promise<void>;
  /** Removes and resolves with the devices that wait for `account`. */
  takeFor(account: AccountId): Promise<readonly Caller[]>;
}

const callerRow = z.object({ account: accountIdSchema, device: deviceIdSchema });

export function createWaiting(reads: ReadSql, writer: Writer): Waiting {
  const insert = 'INSERT INTO waiting (awaited, device, account) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
  return {
    async wait({ account, device }, accounts) {
      if (accounts.length === 0) return;
      await writer.write(async (sql) => {
        for (const awaited of accounts) await sql.run(insert, [awaited, device, account]);
      });
    },
    async takeFor(awaited) {
      const found = await reads.all('SELECT account, device FROM waiting WHERE awaited = ?', [awaited]);
      if (found.length === 0) return [];
      await writer.write(
        async (sql) => void (await sql.run('DELETE FROM waiting WHERE awaited = ?', [awaited])),
      );
      return found.map((row) => callerRow.parse(row));
    },
  };
}
