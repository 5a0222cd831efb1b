// The parser of one row of the log, for commands that read it. It names a damaged row to the operator.
import { OperatorError } from '../../core/errors.js';
import { parseEventRow, type RecordedEvent, readEvent } from '../../core/events/event.js';
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
