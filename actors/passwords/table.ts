// The table of password hashes. They are never in the log.
import type { EventStore } from '../../core/events/store.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { AccountId } from '../../core/ids.js';

export interface PasswordTable {
  /** The owner under which the engine stores an account's hash. */
  ownerOf(account: AccountId): string;
  hashOf(account: AccountId): Promise<string | null>;
  /** Replaces `old` with `next`. Does nothing if the stored hash is no longer `old`. */
  replace(account: AccountId, old: string, next: string): Promise<void>;
}

/** The owner of the stored password hash of an account. */
export const ownerOf = (account: AccountId): string => `password-${account}`;

export function createPasswordTable(store: EventStore, writer: Writer): PasswordTable {
  const update = 'UPDATE credentials SET secret = ? WHERE owner = ? AND secret = ?';
  return {
    ownerOf,
    hashOf: (account) => store.secret(ownerOf(account)),
    replace: (account, old, next) =>
      writer.write(async (sql) => void (await sql.run(update, [next, ownerOf(account), old]))),
  };
}
