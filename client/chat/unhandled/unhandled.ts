// The messages and notices that a program has not handled, in the order in which they were stored. They stay on the disk, so that a
// slow program needs no memory for them and a killed program gets them again.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import type { DatedMessage, History } from '../../history/port.js';
import type { HandledPlace, KeptNotice } from '../../history/unhandled/port.js';
import { createPastMessages, type PastMessageParts } from '../archive/past-message.js';
import type { ChatNotice } from '../events.js';
import type { PastMessage } from '../results.js';
import { readKeptNotice } from '../rooms/kept-notice.js';

export type { HandledPlace };

/** A message or a notice. `place` is the handled place once it is handled. */
export type UnhandledEvent = { readonly place: HandledPlace } & (
  | { readonly kind: 'message'; readonly message: PastMessage }
  | { readonly kind: 'notice'; readonly notice: ChatNotice }
);

export interface UnhandledPage {
  readonly events: readonly UnhandledEvent[];
  /** The place after the page. It lies behind the last event if messages of blocked people follow. */
  readonly end: HandledPlace;
}

export interface Unhandled {
  /** The handled place on the disk. The first call stores the present end, so that a new program gets no older message. */
  place(): Promise<HandledPlace>;
  /** Stores the handled place. */
  handled(place: HandledPlace): Promise<void>;
  /** The first events after `place`, at most `limit`; none at the end. */
  after(place: HandledPlace, limit: number): Promise<UnhandledPage>;
}

export interface UnhandledParts extends PastMessageParts {
  readonly history: Pick<History, 'handledPlace' | 'saveHandledPlace' | 'unhandledAfter'>;
  readonly device: () => DeviceId | null;
  readonly isBlocked: (account: AccountId) => boolean;
}

type Stored = DatedMessage | KeptNotice;

export function createUnhandled(parts: UnhandledParts): Unhandled {
  const { history, device, isBlocked } = parts;
  const pastMessage = createPastMessages(parts);

  async function after(place: HandledPlace, limit: number): Promise<UnhandledPage> {
    const own = device();
    if (own === null) return { events: [], end: place };
    const stored = await history.unhandledAfter(place, own, limit);
    const ordered = merged(stored.messages, stored.notices).slice(0, limit);
    let end = place;
    const events: UnhandledEvent[] = [];
    for (const one of ordered) {
      end = placeAfter(end, one);
      if (isNotice(one)) events.push({ kind: 'notice', place: end, notice: readKeptNotice(one.content) });
      else if (!isBlocked(one.message.account)) {
        events.push({ kind: 'message', place: end, message: pastMessage(one) });
      }
    }
    return events.length > 0 || ordered.length === 0 ? { events, end } : after(end, limit);
  }

  return {
    place: () => history.handledPlace(),
    handled: (place) => history.saveHandledPlace(place),
    after,
  };
}

const isNotice = (one: Stored): one is KeptNotice => 'content' in one;

const placeAfter = (place: HandledPlace, one: Stored): HandledPlace =>
  isNotice(one) ? { ...place, notice: one.number } : { ...place, message: one.position };

/** Merges by the order of storing. A notice comes after the latest message that was stored before it. */
function merged(messages: readonly DatedMessage[], notices: readonly KeptNotice[]): readonly Stored[] {
  const stored = [
    ...messages.map((one) => ({ one, at: one.position, rank: 0 })),
    ...notices.map((one) => ({ one, at: one.after, rank: 1 })),
  ];
  return stored.toSorted((left, right) => left.at - right.at || left.rank - right.rank).map(({ one }) => one);
}
