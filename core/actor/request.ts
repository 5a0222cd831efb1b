// What a host is asked, and what it answers.
import type { EventMetadata, RecordedEvent } from '../events/event.js';
import type { NewReceipt, SecretChange } from '../events/store.js';
import type { Json } from '../json.js';
import type { Refusal } from './aggregate.js';

export interface Request<Kind extends string, Command> {
  readonly kind: Kind;
  /** The aggregate's id. */
  readonly id: string;
  /** Its `personal` part, if it has one, is not kept with the events' metadata. */
  readonly command: Command;
  readonly metadata: Omit<EventMetadata, 'command'>;
  /** Written with the events, if the command records any. A command itself holds no secret. */
  readonly secrets?: readonly SecretChange[];
  /** For a command that a retry must not do twice. */
  readonly receipt?: NewReceipt;
}

export type Outcome =
  /** Durable. `events` is empty if there was nothing to do; `version` is the stream's length now. */
  | { readonly kind: 'done'; readonly events: readonly RecordedEvent[]; readonly version: number }
  | ({ readonly kind: 'refused' } & Refusal)
  /** It was done before; `outcome` is what the receipt holds. */
  | { readonly kind: 'repeated'; readonly outcome: Json }
  /** Not done; worth trying again after that time. */
  | { readonly kind: 'busy'; readonly retryAfterMs: number };

/** The refusal's reason when a command id comes again with a different content. */
export const COMMAND_ID_REUSED = 'COMMAND_ID_REUSED';
