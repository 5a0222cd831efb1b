// The notice of a renaming, as the tracker words it.
import type { Notice, Person } from '../../../../core/protocol/signed/statements.js';

export function renaming(person: Person, formerly: string, version: number): Notice {
  return {
    v: 1,
    stream: `account-${person.account}`,
    version,
    type: 'UsernameChanged',
    room: null,
    subject: person,
    by: person,
    reason: null,
    formerly,
    at: Date.now(),
  };
}
