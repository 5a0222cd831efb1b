// Who is called what. A name the tracker has signed for outweighs one it has only mentioned, and a later one an earlier.
import type { AccountId } from '../../../core/ids.js';
import { foldName } from '../../../core/protocol/names.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Introduction, Person } from '../../../core/protocol/signed/statements.js';
import type { History, KnownPerson } from '../../history/port.js';
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
  /**
   * A name for the account alone, one word: `bob` for who has the name now, `bob(formerly)` for one who is not known by a newer
   * one yet; `bob(formerly-2)` where there are two of them.
   */
  uniqueNameOf(account: AccountId): string;
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
  /** By each name, folded: all who are known by it, the last to take it first. That one has it. */
  const byName = new Map<string, readonly KnownPerson[]>();
  const called = (username: string): readonly KnownPerson[] => byName.get(foldName(username)) ?? [];

  function take(person: KnownPerson): void {
    const before = people.get(person.account);
    if (before !== undefined) {
      const others = called(before.username).filter(({ account }) => account !== person.account);
      byName.set(foldName(before.username), others);
    }
    people.set(person.account, person);
    byName.set(foldName(person.username), [...called(person.username), person].toSorted(byHolding));
  }

  for (const person of known) take(person);

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
      take(person);
      changed.push(person);
    }
    if (changed.length === 0) return;
    await history.keep({ people: changed });
    for (const renaming of renamings) onRenamed(renaming);
    for (const [username, alike] of lookAlikes) onLookAlike(username, alike);
  }

  const nameOf = (account: AccountId): string => people.get(account)?.username ?? account;

  return {
    learn: (news) => note(news, true),
    hear: (news) => note(news, false),
    nameOf,
    uniqueNameOf(account) {
      const name = nameOf(account);
      const place = called(name).findIndex((person) => person.account === account);
      if (place <= 0) return name;
      return `${name}(formerly${place === 1 ? '' : `-${place}`})`;
    },
    find: (username) => called(username)[0]?.account,
    isContradicted({ account, username, formerly = [] }) {
      const before = people.get(account);
      if (before === undefined || before.isVouched) return false;
      const heard = foldName(before.username);
      return ![username, ...formerly].some((name) => foldName(name) === heard);
    },
  };
}

const byHolding = (one: KnownPerson, other: KnownPerson): number =>
  Number(other.isVouched) - Number(one.isVouched) ||
  other.namedAt - one.namedAt ||
  (one.account < other.account ? -1 : 1);
