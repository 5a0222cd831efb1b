// The parts of an event to append: the event that a machine recorded, and its command.
import { invariant } from '../errors.js';
import type { NewEvent } from '../events/event.js';
import type { JsonObject } from '../json.js';
import type { Aggregate } from './aggregate.js';
import type { DomainEventOf } from './record.js';

/** The event in the present schema version. Throws an `InvariantError` for an event that is not one of the aggregate. */
export function newEvent(
  aggregate: Aggregate,
  event: DomainEventOf<Aggregate['machine']>,
  metadata: NewEvent['metadata'],
): NewEvent {
  const { type, personal, ...payload }: { type: string; personal?: JsonObject } = event;
  const schemaVersion = aggregate.events[type];
  invariant(schemaVersion !== undefined, `"${type}" is not a domain event of ${aggregate.kind}`);
  return { type, schemaVersion, payload, personal: personal ?? null, metadata };
}

/** The command as the log stores it. */
export function withoutPersonal(command: { readonly type: string; readonly personal?: unknown }) {
  const { personal: _, ...kept } = command;
  return kept;
}
