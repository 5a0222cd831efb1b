// The people who learn of an operation: the members of its room, and the accounts that its events are about.
import { audiencesOf, isNoticeable } from '../../actors/notices/notices.js';
import type { Directory } from '../../actors/projections/directory.js';
import type { RecordedEvent } from '../../core/events/event.js';
import type { AccountId } from '../../core/ids.js';
import type { Person } from '../../core/protocol/signed/statements.js';

export interface Audience {
  /** In the order of their names. */
  readonly people: readonly Person[];
  /** Whether everyone who is online learns of it too. */
  readonly isEveryoneOnline: boolean;
}

const NOBODY_ONLINE = { accounts: (): readonly AccountId[] => [] };

/** Works before the events are recorded and afterwards: a member who is removed counts. */
export async function audienceOf(directory: Directory, events: readonly RecordedEvent[]): Promise<Audience> {
  const noticeable = events.filter(isNoticeable);
  const audiences = await audiencesOf(directory, NOBODY_ONLINE, noticeable);
  const accounts = new Set(audiences.flatMap((audience) => [...audience]));
  const people = [...(await directory.people([...accounts])).values()];
  return {
    people: people.toSorted((one, other) => (one.username < other.username ? -1 : 1)),
    isEveryoneOnline: noticeable.some(({ type }) => type === 'UsernameChanged'),
  };
}
