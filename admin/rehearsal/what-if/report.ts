// The results of a what-if: the rooms, accounts and people that differ at the end, and where the histories are equal again.
import { z } from 'zod';
import { OperatorError } from '../../../core/errors.js';
import type { Look } from '../../look.js';
import { type Person, personAt } from '../../subject/person.js';
import type { Changes } from './changes.js';
import { listOf, type ListName, phaseOf } from './contexts.js';
import type { Pair } from './worlds.js';
import type { WhatIf } from './what-if.js';

interface ListDifference {
  readonly added: readonly Person[];
  readonly removed: readonly Person[];
}

export interface RoomDifference {
  readonly id: string;
  readonly name: string | null;
  readonly state: { readonly real: string; readonly now: string };
  readonly members: ListDifference;
  readonly admins: ListDifference;
  readonly banned: ListDifference;
  readonly invited: ListDifference;
  /** Whether another topic would be shown. */
  readonly isTopicOther: boolean;
}

export interface AccountDifference extends Person {
  readonly id: string;
  readonly state: { readonly real: string; readonly now: string };
  /** The number of devices that are logged in. */
  readonly devices: { readonly real: number; readonly now: number };
}

export interface WhatIfReport {
  /**
   * The number of commands from the first change on, and how many of them have another result. Commands that the log does not
   * have are included.
   */
  readonly commands: number;
  readonly different: number;
  readonly rooms: readonly RoomDifference[];
  readonly accounts: readonly AccountDifference[];
  /** People who would get other notices: how many more, and how many fewer. */
  readonly told: readonly (Person & { readonly more: number; readonly fewer: number })[];
  /** Rooms and accounts that differed for a while, each with the position of the command after which they are equal again. */
  readonly rejoined: readonly {
    readonly stream: string;
    readonly name: string | null;
    readonly position: number;
  }[];
  /** The position after which both histories are equal. Null if they differ at the end; 0 if they never differ. */
  readonly equalAfter: number | null;
  /** Rooms and accounts that never differ. */
  readonly untouched: number;
  readonly presumedAbsences: number;
  /** Rooms and accounts with an event that this version cannot apply; they are left out. */
  readonly unreadable: readonly string[];
}

const COUNT = 'SELECT COUNT(*) AS found FROM events WHERE version = 1 AND position <= ?';
const countRow = z.object({ found: z.number() });

export async function reportOf(
  look: Look,
  whatIf: WhatIf,
  counts: { readonly commands: number; readonly different: number },
  end: number,
): Promise<WhatIfReport> {
  const person = (account: string): Promise<Person> => personAt(look.names, account, end, end);
  const people = (accounts: readonly string[]): Promise<readonly Person[]> =>
    Promise.all(accounts.map(person));

  async function listDifference({ real, now }: Pair, name: ListName): Promise<ListDifference> {
    const [was, is] = [listOf(real, name), listOf(now, name)];
    return {
      added: await people(is.filter((entry) => !was.includes(entry))),
      removed: await people(was.filter((entry) => !is.includes(entry))),
    };
  }

  const differing = new Map(whatIf.worlds.all());
  const rooms: RoomDifference[] = [];
  const accounts: AccountDifference[] = [];
  for (const [stream, pair] of differing) {
    const state = { real: phaseOf(pair.real), now: phaseOf(pair.now) };
    if (stream.startsWith('room-')) {
      rooms.push({
        id: stream,
        name: await look.names.ofRoom(stream, end),
        state,
        members: await listDifference(pair, 'members'),
        admins: await listDifference(pair, 'admins'),
        banned: await listDifference(pair, 'banned'),
        invited: await listDifference(pair, 'invited'),
        isTopicOther: whatIf.topics.has(stream),
      });
    } else if (stream.startsWith('account-')) {
      const devices = { real: listOf(pair.real, 'devices').length, now: listOf(pair.now, 'devices').length };
      accounts.push({ ...(await person(stream.slice('account-'.length))), id: stream, state, devices });
    }
  }
  for (const stream of whatIf.topics.keys()) {
    if (differing.has(stream)) continue;
    const state = { real: 'open', now: 'open' };
    const none = { added: [], removed: [] };
    const name = await look.names.ofRoom(stream, end);
    rooms.push({
      id: stream,
      name,
      state,
      members: none,
      admins: none,
      banned: none,
      invited: none,
      isTopicOther: true,
    });
  }
  const touched = [...whatIf.worlds.touched()];
  const rejoined = await Promise.all(
    touched.flatMap(([stream, position]) =>
      position === null
        ? []
        : [look.names.ofStreamAt(stream, end).then((name) => ({ stream, name, position }))],
    ),
  );
  const isEqual = rooms.length === 0 && accounts.length === 0;
  const [row] = await look.sql.all(COUNT, [end]);
  const told = [...whatIf.audience.differences()].map(async ([account, one]) => ({
    ...(await person(account)),
    ...one,
  }));
  return {
    ...counts,
    rooms,
    accounts,
    told: await Promise.all(told),
    rejoined,
    equalAfter: isEqual ? Math.max(0, ...rejoined.map(({ position }) => position)) : null,
    untouched: Math.max(
      0,
      countRow.parse(row).found -
        new Set([...touched.map(([stream]) => stream), ...whatIf.topics.keys()]).size,
    ),
    presumedAbsences: whatIf.presumedAbsences(),
    unreadable: [...whatIf.blocked],
  };
}

/** Throws an `OperatorError` for a position that the log does not have, and if the changes are empty. */
export function checkChanges({ drops, inserts, rules }: Changes, end: number): void {
  for (const position of drops) {
    if (position <= end) continue;
    throw new OperatorError(
      `the log has no position ${position}: it ends at position ${end}`,
      'Give positions that `partyline admin log` shows.',
    );
  }
  if (drops.size + inserts.length + Object.keys(rules).length > 0) return;
  throw new OperatorError('nothing is changed', 'Give --drop, --insert or --rule.');
}
