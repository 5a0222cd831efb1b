// The path of a device's command to an aggregate and back: metadata, the receipt for retries, and the answer to a rejection.
import { hash } from 'node:crypto';
import { COMMAND_ID_REUSED, type Outcome } from '../../core/actor/request.js';
import type { EventMetadata } from '../../core/events/event.js';
import type { NewReceipt } from '../../core/events/store.js';
import type { CommandId } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import type { Answer, Request } from '../../core/protocol/envelope.js';
import { type Family, phraseIn } from '../../core/protocol/status.js';
import type { Caller } from '../caller.js';

/** The metadata of the events of a request. The request's id starts the correlation. */
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
 * The receipt of a request: a retry gets `outcome` and changes nothing. `data` is the parsed data, so that ignored fields do not
 * make two requests different.
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

/** The answer to a command that was refused or found the aggregate busy, in the family of its request. */
export function rejected<F extends Family>(family: F, outcome: Rejected): Answer<F> {
  if (outcome.kind === 'busy') {
    return { phrase: phraseIn(family, 'BUSY'), data: { retryAfterMs: outcome.retryAfterMs } };
  }
  if (outcome.reason === COMMAND_ID_REUSED) {
    const message = 'This id was already used for another request. Use a new id for each request.';
    return { phrase: phraseIn(family, 'INVALID_COMMAND'), message };
  }
  return { phrase: phraseIn(family, outcome.reason) };
}
