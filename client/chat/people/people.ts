// The names of accounts, as far as this terminal knows them. A name signed by the tracker outranks an unsigned one, and a later
// signed name outranks an earlier one.
import type { AccountId } from '../../../core/ids.js';
import { createEmitter, type Subscribable } from '../../../core/emitter.js';
import { foldName } from '../../../core/protocol/names.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { Introduction, Person } from '../../../core/protocol/signed/statements.js';
import type { History, KnownPerson } from '../../history/port.js';
import { lookAlike } from './look-alikes.js';

/** A person whose name changed; the tracker signed both names. */
export interface Renaming {
  readonly account: AccountId;
  readonly username: string;
  readonly formerly: string;
  /** When the name was taken: milliseconds since the epoch by the tracker's clock. */
  readonly namedAt: number;
  /** The operator's reason, if the operator changed the name; else null. */
  readonly operatorsReason: string | null;
}

export interface PeopleEvents {
  /** Emitted when the new name is on the disk. */
  renamed: Renaming;
  /** A name was learned that looks like another known name. */
  lookAlike: { readonly username: string; readonly known: string };
}

export interface People {
  readonly events: Subscribable<PeopleEvents>;
  /** Takes names from a signed statement of any age. `operatorsReason`: the operator changed the names, for this reason. */
  learn(people: readonly Person[], operatorsReason?: string): Promise<void>;
  /** Takes names from an unsigned answer: believed only for accounts that this terminal does not know. */
  hear(people: readonly Person[]): Promise<void>;
  /**
   * Forgets the dates of all names, so that the next signed name of each account replaces the present one. The caller stores the
   * change.
   */
  forgetDates(): void;
  /** The name as its owner spells it, safe to show; the account's id if the name is unknown. */
  nameOf(account: AccountId): string;
  /**
   * A single word that no other account has: `bob` for the present owner of the name, `bob(formerly)` for a former owner whose
   * new name is unknown, `bob(formerly-2)` for a second one.
   */
  uniqueNameOf(account: AccountId): string;
  /** Finds the present owner of a name, ignoring case. */
  find(username: string): AccountId | undefined;
  /** Whether an unsigned name heard earlier for the account is neither its name nor one of its former names. */
  isContradicted(peer: Person & Pick<Introduction['peer'], 'formerly'>): boolean;
}

export function createPeople(
  history: Pick<History, 'saveKnownState'>,
  known: readonly KnownPerson[],
): People {
  const events = createEmitter<PeopleEvents>();
  const people = new Map(known.map((person) => [person.account, person]));
  /** By folded name: everyone who had the name, its present owner first. */
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

  const isNew = (person: KnownPerson): boolean => {
    const before = people.get(person.account);
    if (before === undefined || !person.isVouched) return before === undefined;
    if (!before.isVouched) return true;
    const isOlder = person.namedAt < before.namedAt;
    return !isOlder && (person.username !== before.username || person.namedAt !== before.namedAt);
  };

  async function note(
    learned: readonly Person[],
    isVouched: boolean,
    operatorsReason: string | null = null,
  ): Promise<void> {
    const changed: KnownPerson[] = [];
    const renamings: Renaming[] = [];
    const lookAlikes: (readonly [string, string])[] = [];
    for (const { account, username: raw, namedAt = 0 } of learned) {
      const username = sanitiseLine(raw);
      const person = { account, username, isVouched, namedAt: isVouched ? namedAt : 0 };
      if (!isNew(person)) continue;
      const before = people.get(account);
      if (before?.isVouched === true && before.username !== username) {
        renamings.push({ account, username, formerly: before.username, namedAt, operatorsReason });
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
    await history.saveKnownState({ people: changed });
    for (const renaming of renamings) await events.emit('renamed', renaming);
    for (const [username, alike] of lookAlikes) await events.emit('lookAlike', { username, known: alike });
  }

  const nameOf = (account: AccountId): string => people.get(account)?.username ?? account;

  return {
    events,
    learn: (learned, operatorsReason) => note(learned, true, operatorsReason),
    hear: (learned) => note(learned, false),
    forgetDates() {
      for (const person of Array.from(people.values())) take({ ...person, namedAt: 0 });
    },
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
