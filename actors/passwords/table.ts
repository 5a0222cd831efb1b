// Where the password hashes lie: state beside the log, never in it.
import type { EventStore } from '../../core/events/store.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { AccountId } from '../../core/ids.js';

export interface PasswordTable {
  /** Under which owner the engine keeps an account's hash. */
  ownerOf(account: AccountId): string;
  hashOf(account: AccountId): Promise<string | null>;
  /** Puts `next` in place of `old`; nothing happens if another one is there by now. */
  replace(account: AccountId, old: string, next: string): Promise<void>;
}

const ownerOf = (account: AccountId): string => `password-${account}`;

export function createPasswordTable(store: EventStore, writer: Writer): PasswordTable {
  const update = 'UPDATE credentials SET secret = ? WHERE owner = ? AND secret = ?';
  return {
    ownerOf,
    hashOf: (account) => store.secret(ownerOf(account)),
    replace: (account, old, next) =>
      writer.write(async (sql) => void (await sql.run(update, [next, ownerOf(account), old]))),
  };
}
