// The current names of accounts, read from the derived tables.
import { LRUCache } from 'lru-cache';
import { type AccountId, accountIdSchema } from '../core/ids.js';
import { bytes, decoded } from '../core/events/verification/log-reader.js';
import type { Sql } from '../core/events/sql/sql.js';
import { foldName } from '../core/protocol/names.js';

export interface Names {
  /** The name of an account; null if the tables do not hold it. */
  of(account: string): Promise<string | null>;
  /** The account with that name or id; null if no account has the name. */
  find(nameOrId: string): Promise<AccountId | null>;
}

// Limits the memory used, however many accounts there are.
const MAX_CACHED_NAMES = 10_000;

export function createNames(sql: Pick<Sql, 'all'>): Names {
  const cache = new LRUCache<string, { readonly name: string | null }>({ max: MAX_CACHED_NAMES });

  async function first(statement: string, value: string): Promise<string | null> {
    const [row] = await sql.all(statement, [value]);
    const found = row && decoded(row)['found'];
    return typeof found === 'string' ? found : null;
  }

  return {
    async of(account) {
      const cached = cache.get(account);
      if (cached !== undefined) return cached.name;
      const name = await first(`SELECT ${bytes('username')} AS found FROM accounts WHERE id = ?`, account);
      cache.set(account, { name });
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
