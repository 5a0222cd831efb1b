// Who is called what. A name the tracker has signed for outweighs one it has only mentioned.
import type { AccountId } from '../../core/ids.js';
import { foldName } from '../../core/protocol/names.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import type { Person } from '../../core/protocol/statements.js';
import type { History, KnownPerson } from '../history/port.js';

export interface People {
  /** From a signed statement. */
  learn(people: readonly Person[]): Promise<void>;
  /** From an answer that is not signed: believed only of accounts nothing is known of. */
  hear(people: readonly Person[]): Promise<void>;
  /** As its owner spells it, safe to show; the account's id when the name is not known. */
  nameOf(account: AccountId): string;
  /** Without regard to case. */
  find(username: string): AccountId | undefined;
  /** Whether this terminal was told another name for the account, which the tracker had not signed. */
  isContradicted(person: Person): boolean;
}

export function createPeople(history: History, known: readonly KnownPerson[]): People {
  const people = new Map(known.map((person) => [person.account, person]));

  async function note(news: readonly Person[], isVouched: boolean): Promise<void> {
    const changed = news
      .map(({ account, username }) => ({ account, username: sanitiseLine(username), isVouched }))
      .filter(({ account, username }) => {
        const before = people.get(account);
        return isVouched ? before?.username !== username || !before.isVouched : before === undefined;
      });
    if (changed.length === 0) return;
    for (const person of changed) people.set(person.account, person);
    await history.keep({ people: changed });
  }

  return {
    learn: (news) => note(news, true),
    hear: (news) => note(news, false),
    nameOf: (account) => people.get(account)?.username ?? account,
    find(username) {
      const folded = foldName(username);
      const named = [...people.values()].filter((person) => foldName(person.username) === folded);
      return (named.find(({ isVouched }) => isVouched) ?? named[0])?.account;
    },
    isContradicted({ account, username }) {
      const before = people.get(account);
      return before !== undefined && !before.isVouched && foldName(before.username) !== foldName(username);
    },
  };
}
