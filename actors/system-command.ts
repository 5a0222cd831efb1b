// The metadata of commands that the tracker sends without a request.
import type { EventMetadata } from '../core/events/event.js';
import { commandIdSchema, type Ids } from '../core/ids.js';

/** No actor and no cause: the correlation starts with this command. */
export function systemMetadata(ids: Ids): Omit<EventMetadata, 'command'> {
  const commandId = commandIdSchema.parse(ids.next());
  return {
    account: null,
    device: null,
    commandId,
    correlationId: commandId,
    causationId: null,
    traceparent: null,
  };
}
