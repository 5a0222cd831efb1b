// The names that have come up at this terminal: what Tab can offer.
import { z } from 'zod';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Outcome } from '../chat/events.js';

const NAMES_MAX = 1_000;

const listedSchema = z.object({
  people: z.array(z.object({ username: z.string() })).default([]),
  members: z.array(z.object({ username: z.string() })).default([]),
  rooms: z.array(z.object({ name: z.string() })).default([]),
});

export interface FamiliarNames {
  readonly people: ReadonlySet<string>;
  readonly rooms: ReadonlySet<string>;
  meet(username: string): void;
  /** Takes in the people and rooms that a command has listed. */
  learn(outcome: Outcome): void;
}

export function createFamiliarNames(): FamiliarNames {
  const people = new Set<string>();
  const rooms = new Set<string>();
  return {
    people,
    rooms,
    meet: (username) => remember(people, username),
    learn({ data }) {
      const listed = listedSchema.safeParse(data);
      if (!listed.success) return;
      for (const { username } of [...listed.data.people, ...listed.data.members]) remember(people, username);
      for (const { name } of listed.data.rooms) remember(rooms, name);
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
