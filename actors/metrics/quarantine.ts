// The metric and the check of quarantined events. They do not affect the readiness, because every room and account is served.
import { messageOf } from '../../core/errors.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import { quarantinedEvents } from '../../core/events/sql/tables.js';
import type { Metrics } from '../../core/metrics.js';
import type { Check } from './readiness.js';

/** The number of events that the check names. */
const NAMED_EVENTS = 3;

const SELECT = `SELECT position, stream, changed_by AS "changedBy" FROM quarantined_events
  WHERE is_quarantined = TRUE ORDER BY position`;
const row = quarantinedEvents.row.pick({ position: true, stream: true, changedBy: true });

/** Adds the metric. The check names the quarantined events, without the reasons, which are personal data. */
export function watchQuarantines(reads: ReadSql, metrics: Metrics): Check {
  const read = async () => (await reads.all(SELECT)).map((found) => row.parse(found));
  metrics.show({
    name: 'partyline_quarantined_events',
    help: 'Events of the log that the operator quarantined. Nothing applies them.',
    read: async () => (await read()).length,
  });
  return async () => {
    try {
      const places = await read();
      if (places.length === 0) return null;
      const named = places
        .slice(0, NAMED_EVENTS)
        .map(
          ({ position, stream, changedBy }) =>
            `position ${position} in ${stream} (quarantined by position ${changedBy})`,
        );
      const more = places.length > NAMED_EVENTS ? ` and ${places.length - NAMED_EVENTS} more` : '';
      return { note: `events that are passed over: ${named.join(', ')}${more}` };
    } catch (thrown) {
      return `the quarantined events cannot be read: ${messageOf(thrown)}`;
    }
  };
}
