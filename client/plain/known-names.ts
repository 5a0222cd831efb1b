// The names seen at this terminal since it started, for completion with Tab.
import { LRUCache } from 'lru-cache';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Reply } from '../commands/reply.js';

/** The maximum number of names of each kind. The name seen longest ago is dropped first. */
const NAMES_MAX = 1_000;

export interface KnownNames {
  readonly people: Iterable<string>;
  /** Room names without `#`. */
  readonly rooms: Iterable<string>;
  addPerson(username: string): void;
  /** Adds the people and rooms that a reply lists. */
  addFrom(reply: Reply): void;
}

export function createKnownNames(): KnownNames {
  const people = createNames();
  const rooms = createNames();
  return {
    people,
    rooms,
    addPerson: (username) => people.add(username),
    addFrom(reply) {
      if (!reply.outcome.isOk) return;
      if (reply.kind === 'people') for (const { username } of reply.outcome.data.people) people.add(username);
      if (reply.kind === 'members')
        for (const { username } of reply.outcome.data.members) people.add(username);
      if (reply.kind === 'rooms') for (const { name } of reply.outcome.data.rooms) rooms.add(name);
    },
  };
}

interface Names extends Iterable<string> {
  add(name: string): void;
}

function createNames(): Names {
  const names = new LRUCache<string, true>({ max: NAMES_MAX });
  return {
    add(name) {
      names.set(sanitiseLine(name), true);
    },
    [Symbol.iterator]: () => names.keys(),
  };
}
