// The address privacy of accounts: who may receive an account's addresses. Like blocks, it is in no event, notice or export.
import type { Clock } from '../../core/time/clock.js';
import { inList, type ReadSql } from '../../core/events/sql/sql.js';
import { insertIfAbsent, selectFrom } from '../../core/events/sql/table.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { AccountId } from '../../core/ids.js';
import { limits } from '../../core/protocol/limits.js';
import type { PrivacyChoice, PrivacyState } from '../../core/protocol/operations.js';
import type { Directory } from '../projections/directory.js';
import { contacts, guardedAccounts } from '../projections/non-derived-tables.js';

export interface Privacy {
  of(account: AccountId): Promise<PrivacyState>;
  /** Idempotent. Open accounts store no contacts. */
  choose(account: AccountId, choice: PrivacyChoice): Promise<void>;
  /**
   * Records that the account has written to `others`, which makes them its contacts. Resolves with the new contacts; none if the
   * account is open. Beyond the limit the oldest contacts are deleted.
   */
  accept(account: AccountId, others: readonly AccountId[]): Promise<readonly AccountId[]>;
  /**
   * The accounts of `others` that must not exchange addresses with `account`: the two share no room, and one of them shares its
   * addresses with contacts only and has not accepted the other account. Never contains `account` itself.
   */
  strangersTo(account: AccountId, others: readonly AccountId[]): Promise<ReadonlySet<AccountId>>;
}

const accountRow = contacts.row.pick({ account: true });

export function createPrivacy(
  reads: ReadSql,
  writer: Writer,
  clock: Clock,
  directory: Pick<Directory, 'roommatesOf'>,
): Privacy {
  async function accountsIn(statement: string, values: readonly string[]): Promise<ReadonlySet<AccountId>> {
    return new Set((await reads.all(statement, values)).map((row) => accountRow.parse(row).account));
  }

  function acceptedBy(account: AccountId, others: readonly AccountId[]): Promise<ReadonlySet<AccountId>> {
    const { marks, values } = inList(others);
    const statement = `SELECT accepted AS account FROM contacts WHERE account = ? AND accepted IN (${marks})`;
    return accountsIn(statement, [account, ...values]);
  }

  function acceptedOf(account: AccountId, others: readonly AccountId[]): Promise<ReadonlySet<AccountId>> {
    const { marks, values } = inList(others);
    const statement = `SELECT account FROM contacts WHERE accepted = ? AND account IN (${marks})`;
    return accountsIn(statement, [account, ...values]);
  }

  function guardedAmong(accounts: readonly AccountId[]): Promise<ReadonlySet<AccountId>> {
    const { marks, values } = inList(accounts);
    return accountsIn(`SELECT account FROM guarded_accounts WHERE account IN (${marks})`, values);
  }

  return {
    async of(account) {
      const [row] = await reads.all(`${selectFrom(guardedAccounts)} WHERE account = ?`, [account]);
      return row === undefined
        ? { privacy: 'open', since: null }
        : { privacy: 'contacts', since: guardedAccounts.row.parse(row).since };
    },
    choose: (account, choice) =>
      writer.write(async (sql) => {
        if (choice === 'contacts') {
          await sql.run(...insertIfAbsent(guardedAccounts, { account, since: clock.now() }));
          return;
        }
        await sql.run('DELETE FROM guarded_accounts WHERE account = ?', [account]);
        await sql.run('DELETE FROM contacts WHERE account = ?', [account]);
      }),
    async accept(account, others) {
      const wanted = others.filter((other) => other !== account);
      if (wanted.length === 0 || !(await guardedAmong([account])).has(account)) return [];
      const known = await acceptedBy(account, wanted);
      const fresh = [...new Set(wanted)].filter((other) => !known.has(other));
      if (fresh.length === 0) return [];
      await writer.write(async (sql) => {
        for (const accepted of fresh) {
          await sql.run(...insertIfAbsent(contacts, { account, accepted, since: clock.now() }));
        }
        await sql.run(
          `DELETE FROM contacts WHERE account = ? AND accepted NOT IN
           (SELECT accepted FROM contacts WHERE account = ? ORDER BY since DESC, accepted LIMIT ?)`,
          [account, account, limits.contactsPerAccount],
        );
      });
      return fresh;
    },
    async strangersTo(account, others) {
      const all = others.filter((other) => other !== account);
      if (all.length === 0) return new Set();
      const guarded = await guardedAmong([account, ...all]);
      if (guarded.size === 0) return guarded;
      const [own, theirs, roommates] = await Promise.all([
        acceptedBy(account, all),
        acceptedOf(account, all),
        directory.roommatesOf(account),
      ]);
      const isStranger = (other: AccountId): boolean =>
        (guarded.has(account) && !own.has(other)) || (guarded.has(other) && !theirs.has(other));
      return new Set(all.filter((other) => !roommates.has(other) && isStranger(other)));
    },
  };
}
