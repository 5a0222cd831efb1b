// Projections: tables derived from events, updated in the transaction that appends them.
import type { RecordedEvent } from '../event.js';
import type { Sql } from '../sql/sql.js';

/**
 * `apply` may depend only on the event and the projection's own tables (no clock, no randomness, no other state), so
 * that the tables can be rebuilt from the first position. An error undoes the append. `apply` must accept redacted
 * events, whose `personal` is null.
 */
export interface Projection {
  readonly name: string;
  apply(event: RecordedEvent, sql: Sql): Promise<void>;
}

/** Applies events to all projections, event by event, in the order of the list. */
export async function project(
  projections: readonly Projection[],
  events: readonly RecordedEvent[],
  sql: Sql,
): Promise<void> {
  for (const event of events) {
    for (const projection of projections) await projection.apply(event, sql);
  }
}
