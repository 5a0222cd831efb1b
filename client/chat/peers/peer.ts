// One device this terminal has been introduced to, and how its link is shown to people.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import type { LinkListing } from '../../links/listing.js';
import type { CarrierKind, LinkChange } from '../events.js';

export interface Peer {
  readonly device: DeviceId;
  readonly account: AccountId;
  /** Of the introduction in use, milliseconds since the epoch. */
  readonly introducedAt: number;
  /** Whether that keeps addresses back: one of the two gives them to contacts only. */
  readonly isStranger: boolean;
  readonly state: LinkChange['state'];
  /** What carries the link, or did when it was last open. */
  readonly carrier: CarrierKind;
}

export interface PeerListing extends Peer {
  /** Why it is as it is, and why nothing better carries it. */
  readonly reason: string;
  /** Since when, milliseconds since the epoch. */
  readonly since: number;
  readonly rttMs: number | null;
  /** The share of its packets that is lost, 0 to 1; null where that is not known. */
  readonly loss: number | null;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** The last few tries, newest last; `reason` is null where one succeeded. */
  readonly attempts: readonly {
    readonly at: number;
    readonly link: CarrierKind;
    readonly via: string;
    readonly reason: string | null;
  }[];
}

// It may be either of the two: the tracker does not say which.
const STRANGER =
  'No addresses are exchanged: one of you gives them only to people they share a room with or have written to.';

export function listingOf(peer: Peer, link: LinkListing): PeerListing {
  const { state, carrier, since, rttMs, loss, sentBytes, receivedBytes } = link;
  const attempts = link.attempts.map(({ at, carrier: tried, via, failure }) => {
    return { at, link: tried, via, reason: failure === null ? null : sanitiseLine(failure.message) };
  });
  const reason = [sanitiseLine(link.reason.message), ...(peer.isStranger ? [STRANGER] : [])].join(' ');
  const measured = { since, rttMs, loss, sentBytes, receivedBytes };
  return { ...peer, ...measured, state, carrier: carrier ?? peer.carrier, reason, attempts };
}
