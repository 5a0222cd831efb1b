// Commands of devices on their way to an aggregate: who asks, and what a retry of the same request is told.
import { createHash } from 'node:crypto';
import type { NewReceipt } from '../../core/events/store.js';
import type { EventMetadata } from '../../core/events/event.js';
import type { CommandId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { Request } from '../../core/protocol/envelope.js';
import type { Caller } from '../caller.js';

/** Who and what caused the events of a request; its own id is where its trail begins. */
export function metadataOf(caller: Caller, id: CommandId): Omit<EventMetadata, 'command'> {
  return {
    account: caller.account,
    device: caller.device,
    commandId: id,
    correlationId: id,
    causationId: null,
    traceparent: null,
  };
}

/** The receipt by which a retry of `request` gets `outcome` and nothing happens twice. */
export function receiptOf(caller: Caller, request: Request, outcome: Json): NewReceipt {
  const content = JSON.stringify([request.title, request.data]);
  return {
    scope: caller.device,
    commandId: request.id,
    digest: createHash('sha256').update(content).digest('base64url'),
    outcome: () => outcome,
  };
}
