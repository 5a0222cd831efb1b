// The names that have come up at this terminal: what Tab can offer.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Reply } from '../commands/reply.js';

const NAMES_MAX = 1_000;

export interface FamiliarNames {
  readonly people: ReadonlySet<string>;
  readonly rooms: ReadonlySet<string>;
  meet(username: string): void;
  /** Adds the people and rooms that a reply lists. */
  learn(reply: Reply): void;
}

export function createFamiliarNames(): FamiliarNames {
  const people = new Set<string>();
  const rooms = new Set<string>();
  return {
    people,
    rooms,
    meet: (username) => remember(people, username),
    learn(reply) {
      if (!reply.outcome.isOk) return;
      if (reply.kind === 'people')
        for (const { username } of reply.outcome.data.people) remember(people, username);
      if (reply.kind === 'members')
        for (const { username } of reply.outcome.data.members) remember(people, username);
      if (reply.kind === 'rooms') for (const { name } of reply.outcome.data.rooms) remember(rooms, name);
    },
  };
}

/** The newest last; the oldest make room. */
function remember(names: Set<string>, name: string): void {
  const safe = sanitiseLine(name);
  names.delete(safe);
  names.add(safe);
  if (names.size > NAMES_MAX) names.delete([...names][0] ?? safe);
}
