// Commands that the tracker itself gives, without anybody having asked for them.
import type { EventMetadata } from '../core/events/event.js';
import { commandIdSchema, type Ids } from '../core/ids.js';

/** Nobody and nothing caused it: the trail begins with the command. */
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
