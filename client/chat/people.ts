// Who is called what. A name the tracker has signed for outweighs one it has only mentioned, and a later one an earlier.
import type { AccountId } from '../../core/ids.js';
import { foldName } from '../../core/protocol/names.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import type { Introduction, Person } from '../../core/protocol/statements.js';
import type { History, KnownPerson } from '../history/port.js';
import { lookAlike } from './look-alikes.js';

/** Somebody who was known by another name, which the tracker had signed too. */
export interface Renaming {
  readonly account: AccountId;
  readonly username: string;
  readonly formerly: string;
  /** Since when, milliseconds since the epoch by the tracker's clock. */
  readonly namedAt: number;
}

export interface People {
  /** From a signed statement, whatever its age. */
  learn(people: readonly Person[]): Promise<void>;
  /** From an answer that is not signed: believed only of accounts nothing is known of. */
  hear(people: readonly Person[]): Promise<void>;
  /** As its owner spells it, safe to show; the account's id when the name is not known. */
  nameOf(account: AccountId): string;
  /** Without regard to case. */
  find(username: string): AccountId | undefined;
  /** Whether this terminal was told a name for the account, unsigned, that is none it has had lately. */
  isContradicted(peer: Person & Pick<Introduction['peer'], 'formerly'>): boolean;
}

/** @param onRenamed called when it is on the disk */
export function createPeople(
  history: History,
  known: readonly KnownPerson[],
  onRenamed: (renaming: Renaming) => void,
  onLookAlike: (username: string, known: string) => void,
): People {
  const people = new Map(known.map((person) => [person.account, person]));

  const isNews = (person: KnownPerson): boolean => {
    const before = people.get(person.account);
    if (before === undefined || !person.isVouched) return before === undefined;
    if (!before.isVouched) return true;
    const isOlder = person.namedAt < before.namedAt;
    return !isOlder && (person.username !== before.username || person.namedAt !== before.namedAt);
  };

  async function note(news: readonly Person[], isVouched: boolean): Promise<void> {
    const changed: KnownPerson[] = [];
    const renamings: Renaming[] = [];
    const lookAlikes: (readonly [string, string])[] = [];
    for (const { account, username: told, namedAt = 0 } of news) {
      const username = sanitiseLine(told);
      const person = { account, username, isVouched, namedAt: isVouched ? namedAt : 0 };
      if (!isNews(person)) continue;
      const before = people.get(account);
      if (before?.isVouched === true && before.username !== username) {
        renamings.push({ account, username, formerly: before.username, namedAt });
      }
      if (before?.username !== username) {
        const others = [...people.values()].filter((one) => one.account !== account);
        const alike = lookAlike(
          username,
          others.map((one) => one.username),
        );
        if (alike !== undefined) lookAlikes.push([username, alike]);
      }
      people.set(account, person);
      changed.push(person);
    }
    if (changed.length === 0) return;
    await history.keep({ people: changed });
    for (const renaming of renamings) onRenamed(renaming);
    for (const [username, alike] of lookAlikes) onLookAlike(username, alike);
  }

  return {
    learn: (news) => note(news, true),
    hear: (news) => note(news, false),
    nameOf: (account) => people.get(account)?.username ?? account,
    find(username) {
      const folded = foldName(username);
      const named = [...people.values()].filter((person) => foldName(person.username) === folded);
      // Of several whom we knew by that name the last to take it has it.
      const [latest] = named.toSorted(
        (one, other) => Number(other.isVouched) - Number(one.isVouched) || other.namedAt - one.namedAt,
      );
      return latest?.account;
    },
    isContradicted({ account, username, formerly = [] }) {
      const before = people.get(account);
      if (before === undefined || before.isVouched) return false;
      const heard = foldName(before.username);
      return ![username, ...formerly].some((name) => foldName(name) === heard);
    },
  };
}
