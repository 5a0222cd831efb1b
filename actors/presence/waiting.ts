// Who waits for whom: devices that asked for somebody who was offline, and shares no room by which they would meet anyway.
import type { DataSource } from 'typeorm';
import type { Writer } from '../../core/events/writer.js';
import type { AccountId } from '../../core/ids.js';
import { waitingTable } from '../projections/tables.js';
import type { Caller } from '../caller.js';

export interface Waiting {
  /** Remembers that `caller` asked for `accounts`. */
  wait(caller: Caller, accounts: readonly AccountId[]): Promise<void>;
  /** Who waits for `account`; forgets it. */
  takeFor(account: AccountId): Promise<readonly Caller[]>;
}

export function createWaiting(reader: DataSource, writer: Writer): Waiting {
  const rows = reader.getRepository(waitingTable);
  const insert = 'INSERT INTO waiting (awaited, device, account) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
  return {
    async wait({ account, device }, accounts) {
      if (accounts.length === 0) return;
      await writer.write(async (sql) => {
        for (const awaited of accounts) await sql.run(insert, [awaited, device, account]);
      });
    },
    async takeFor(awaited) {
      const found = await rows.findBy({ awaited });
      if (found.length === 0) return [];
      await writer.write(
        async (sql) => void (await sql.run('DELETE FROM waiting WHERE awaited = ?', [awaited])),
      );
      return found.map(({ account, device }) => ({ account, device }));
    },
  };
}
