// One device that was introduced to this terminal, the listing of its link, and the hop of envelopes over it.
import type { AccountId, DeviceId } from '../../../core/ids.js';
import { addressesOf, type Hop } from '../../../core/protocol/hop.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { waitingTime } from '../../../core/time/duration.js';
import type { LinkConnection } from '../../links/carrier.js';
import type { LinkListing } from '../../links/listing.js';
import type { CarrierKind, LinkChange } from '../events.js';

export interface Peer {
  readonly device: DeviceId;
  readonly account: AccountId;
  /** Time of the introduction in use, milliseconds since the epoch. */
  readonly introducedAt: number;
  /** Whether the introduction had no addresses, because one of the two accounts gives them to contacts only. */
  readonly isStranger: boolean;
  readonly state: LinkChange['state'];
  /** The carrier of the link, or of the last link if none is open. */
  readonly carrier: CarrierKind;
}

export interface PeerListing extends Peer {
  /** The reason for the link's state, and why no better carrier is used. */
  readonly reason: string;
  /** Time of the last state change, milliseconds since the epoch. */
  readonly since: number;
  readonly rttMs: number | null;
  /** The share of packets that is lost, 0 to 1; null where it cannot be measured. */
  readonly loss: number | null;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** The time of the next attempt to connect, or to use a better carrier; milliseconds since the epoch, null if none is due. */
  readonly nextTryAt: number | null;
  /** The last few attempts, newest last; `reason` is null for one that succeeded. */
  readonly attempts: readonly {
    readonly at: number;
    readonly link: CarrierKind;
    readonly via: string;
    readonly reason: string | null;
  }[];
}

// The tracker does not say which of the two people restricts the addresses.
const STRANGER =
  'One of you shares addresses only with people in a common room and people they have written to, so no addresses are exchanged.';

export function listingOf(peer: Peer, link: LinkListing): PeerListing {
  const { state, carrier, since, rttMs, loss, sentBytes, receivedBytes, nextTryAt } = link;
  const attempts = link.attempts.map(({ at, carrier: tried, via, failure }) => {
    return { at, link: tried, via, reason: failure === null ? null : sanitiseLine(failure.message) };
  });
  const reason = [sanitiseLine(link.reason.message), ...(peer.isStranger ? [STRANGER] : [])].join(' ');
  const measured = { since, rttMs, loss, sentBytes, receivedBytes, nextTryAt };
  return { ...peer, ...measured, state, carrier: carrier ?? peer.carrier, reason, attempts };
}

/** A sentence about the next attempt; null if none is due. */
export function nextTryOf({ state, nextTryAt }: PeerListing, now: number): string | null {
  if (nextTryAt === null || nextTryAt <= now) return null;
  const waiting = waitingTime(nextTryAt - now);
  return state === 'open'
    ? `This terminal tries a better carrier in ${waiting}.`
    : `The next attempt is in ${waiting}.`;
}

/** The hop of an envelope over a link. Without a connection the addresses are unknown. */
export function hopOf(connection: LinkConnection | null): Hop {
  const carrier = connection?.carrier === 'udp' ? 'UDP' : 'TCP';
  return { connection: carrier, ...addressesOf(connection?.ends ?? null) };
}
