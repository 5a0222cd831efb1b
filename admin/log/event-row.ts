// The parser of one row of the log, for commands that read it. It names a damaged row to the operator.
import { OperatorError } from '../../core/errors.js';
import {
  type LoggedEvent,
  parseEventRow,
  quarantinedEvent,
  type RecordedEvent,
  readEvent,
} from '../../core/events/event.js';
import type { Quarantines } from '../../core/events/quarantine/quarantines.js';
import { isOfEvent } from '../../core/events/unhandled.js';
import type { Row } from '../../core/events/sql/sql.js';

/** Throws an `OperatorError` with the position of a row that does not hold an event. */
export function eventOfRow(row: Row): RecordedEvent {
  try {
    return readEvent(parseEventRow(row));
  } catch (cause) {
    throw new OperatorError(
      `the row at position ${String(row['position'])} of the log does not hold an event`,
      'Run `partyline admin verify` to find where the damage begins.',
      { cause },
    );
  }
}

/**
 * As `eventOfRow`. A quarantined event keeps its payload, texts and metadata if they can be parsed. Otherwise they are empty.
 */
export function loggedEventOfRow(row: Row, quarantines: Quarantines): LoggedEvent {
  const quarantine = quarantines.get(Number(row['position']));
  if (quarantine === undefined) return eventOfRow(row);
  const parsed = parseEventRow(row);
  try {
    return { ...readEvent(parsed), quarantine };
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    return quarantinedEvent(parsed, quarantine);
  }
}
