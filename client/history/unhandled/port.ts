// The part of the history's port that a program uses: the messages and notices that it has not handled. `M` is the type of a
// stored message.
import type { DeviceId } from '../../../core/ids.js';

/** The last message and the last notice that are handled. */
export interface HandledPlace {
  /** The position of the message; 0 before the first. */
  readonly message: number;
  /** The number of the notice; 0 before the first. */
  readonly notice: number;
}

export interface KeptNotice {
  readonly number: number;
  /** The position of the latest message stored before the notice. */
  readonly after: number;
  /** The JSON text that was kept. */
  readonly content: string;
}

/** The entries that are stored after a place. Each list has at most the requested number of entries. */
export interface UnhandledRows<M> {
  readonly messages: readonly M[];
  readonly notices: readonly KeptNotice[];
}

export interface UnhandledEntries<M> {
  /** The place up to which a program has handled what is stored. The first call stores the present end as this place. */
  handledPlace(): Promise<HandledPlace>;
  saveHandledPlace(place: HandledPlace): Promise<void>;
  /** The first `limit` messages of other devices than `own`, and the first `limit` kept notices, stored after `place`. */
  unhandledAfter(place: HandledPlace, own: DeviceId, limit: number): Promise<UnhandledRows<M>>;
}
