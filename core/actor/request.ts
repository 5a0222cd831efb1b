// Requests to the host, and their results.
import type { EventMetadata, RecordedEvent } from '../events/event.js';
import type { NewReceipt, Receipt, SecretChange } from '../events/store.js';
import type { Json } from '../json.js';
import type { Refusal } from './aggregate.js';

export interface Request<Kind extends string, Command> {
  readonly kind: Kind;
  /** The aggregate's id. */
  readonly id: string;
  /** The command's `personal` part, if any, is not stored in the metadata of its events. */
  readonly command: Command;
  readonly metadata: Omit<EventMetadata, 'command'>;
  /** Written together with the command's events, if the command records events. The command itself must not contain secrets. */
  readonly secrets?: readonly SecretChange[];
  /** Present for a command that a retry must not execute twice. */
  readonly receipt?: NewReceipt;
}

export type Outcome =
  /**
   * The outcome is durable. `events` is empty if there was nothing to do; `version` is the current length of the
   * stream.
   */
  | { readonly kind: 'done'; readonly events: readonly RecordedEvent[]; readonly version: number }
  | ({ readonly kind: 'refused' } & Refusal)
  /** The command was executed before; `outcome` is from its receipt. */
  | { readonly kind: 'repeated'; readonly outcome: Json }
  /** The command was not executed. Retry after that time. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number };

/** The reason for refusing a command id that was used before with other content. */
export const COMMAND_ID_REUSED = 'COMMAND_ID_REUSED';

/** The outcome of a retry, from the receipt of the first request. */
export function repeat(receipt: Receipt, asked: NewReceipt | undefined): Outcome {
  return receipt.digest === asked?.digest
    ? { kind: 'repeated', outcome: receipt.outcome }
    : { kind: 'refused', reason: COMMAND_ID_REUSED, detail: { commandId: receipt.commandId } };
}
