// The sentence about how an account became an admin of a room.
import { type Person, personText } from '../subject/person.js';

export interface Beginning {
  /** The type of the event. */
  readonly event: string;
  /** For a succession: the previous admin (`after`), and the cause of the succession. */
  readonly after: Person | null;
  readonly because: string | null;
  /** Null if a rule or the operator made the account an admin. */
  readonly by: Person | null;
}

const CAUSES: Readonly<Record<string, string>> = {
  left: 'left',
  steppedDown: 'stepped down',
  absent: 'was away for too long',
  removed: 'was removed by the operator',
  demoted: 'was demoted by the operator',
};

/** `created the room`, `promoted by @alice`, `succeeded @alice, who left`. */
export function successionText({ event, after, because, by }: Beginning): string {
  switch (event) {
    case 'RoomCreated':
      return 'created the room';
    case 'AdminPromoted':
      return by === null ? 'promoted by the operator' : `promoted by ${personText(by)}`;
    case 'AdminSucceeded':
      return after === null
        ? 'succeeded'
        : `succeeded ${personText(after)}, who ${CAUSES[because ?? ''] ?? 'left'}`;
    default:
      return event;
  }
}
