// The list of quarantined events in reports about a log.
import type { QuarantinedPlace } from '../../core/events/quarantine/quarantines.js';
import { quarantineText } from '../log/entry.js';
import { counted } from '../progress.js';

/** `2 events are passed over: position 57 in room-… (by position 60: REASON), …`. */
export function quarantinedText(places: readonly QuarantinedPlace[]): string {
  const named = places.map(
    ({ position, stream, by, reason }) =>
      `position ${position} in ${stream} (${quarantineText({ by, reason })})`,
  );
  const count = places.length === 1 ? '1 event is' : `${counted(places.length)} events are`;
  return `${count} passed over: ${named.join(', ')}`;
}
