// Commands of devices on their way to an aggregate and back: who asks, what a retry of the same request is told, and the
// answer to what was not done.
import { hash } from 'node:crypto';
import { COMMAND_ID_REUSED, type Outcome } from '../../core/actor/request.js';
import type { EventMetadata } from '../../core/events/event.js';
import type { NewReceipt } from '../../core/events/store.js';
import type { CommandId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { type Family, phraseIn } from '../../core/protocol/status.js';
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

/**
 * The receipt by which a retry of `request` gets `outcome` and nothing happens twice. `data` is the request's as it was
 * parsed: what is ignored in a request does not tell it from another.
 */
export function receiptOf(
  caller: Pick<Caller, 'device'>,
  request: Request,
  data: Json,
  outcome: Json,
): NewReceipt {
  return {
    scope: caller.device,
    commandId: request.id,
    digest: digestOf(request, data),
    outcome: () => outcome,
  };
}

export const digestOf = ({ title }: Request, data: Json): string =>
  hash('sha256', JSON.stringify([title, data]), 'base64url');

type Rejected = Extract<Outcome, { readonly kind: 'refused' | 'busy' }>;

/** The answer to a command that was not done, in the family of its request. */
export function rejected<F extends Family>(family: F, outcome: Rejected): Answer<F> {
  if (outcome.kind === 'busy') {
    return { phrase: phraseIn(family, 'BUSY'), data: { retryAfterMs: outcome.retryAfterMs } };
  }
  if (outcome.reason === COMMAND_ID_REUSED) {
    const message = 'This id was used for another request; each request has an id of its own.';
    return { phrase: phraseIn(family, 'INVALID_COMMAND'), message };
  }
  return { phrase: phraseIn(family, outcome.reason) };
}
