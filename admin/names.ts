// Who an account is, from the derived tables: its name as it is now.
import { type AccountId, accountIdSchema } from '../core/ids.js';
import { bytes, decoded } from '../core/events/verification/log-reader.js';
import type { Sql } from '../core/events/sql/sql.js';
import { foldName } from '../core/protocol/names.js';

export interface Names {
  /** The name of an account; null if the tables do not know it. */
  of(account: string): Promise<string | null>;
  /** The account of that name or id; null if nobody has the name. */
  find(nameOrId: string): Promise<AccountId | null>;
}

// As many names are kept in memory, whatever the number of accounts.
const KEPT = 10_000;

export function createNames(sql: Pick<Sql, 'all'>): Names {
  const kept = new Map<string, string | null>();

  async function first(statement: string, value: string): Promise<string | null> {
    const [row] = await sql.all(statement, [value]);
    const found = row && decoded(row)['found'];
    return typeof found === 'string' ? found : null;
  }

  return {
    async of(account) {
      const known = kept.get(account);
      if (known !== undefined) return known;
      const name = await first(`SELECT ${bytes('username')} AS found FROM accounts WHERE id = ?`, account);
      if (kept.size >= KEPT) kept.clear();
      kept.set(account, name);
      return name;
    },
    async find(nameOrId) {
      const id = accountIdSchema.safeParse(nameOrId);
      if (id.success) return id.data;
      const select = `SELECT ${bytes('id')} AS found FROM accounts WHERE folded = ?`;
      const found = accountIdSchema.safeParse(await first(select, foldName(nameOrId)));
      return found.success ? found.data : null;
    },
  };
}
