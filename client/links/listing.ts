// What people and programs see of a link. A redial after a failed one is no news: the link stays closed, with its reason.
import type { DeviceId } from '../../core/ids.js';
import type { CarrierKind } from './carrier.js';
import type { Failure, FailureCode } from './failure.js';
import { NOT_INTRODUCED_RETRIES } from './limits.js';
import type { LinkAttempt } from './link/machine.js';
import type { LinkStatus } from './link/link.js';

/** Why a link is as it is, for people. */
export interface LinkReason {
  readonly code: FailureCode | 'connecting' | 'connected';
  readonly message: string;
}

export interface LinkSummary {
  readonly device: DeviceId;
  readonly state: 'dialing' | 'open' | 'closed';
  /** What carries it, while open. */
  readonly carrier: CarrierKind | null;
  readonly reason: LinkReason;
  /** When it came into this state, in milliseconds since the Unix epoch. */
  readonly since: number;
}

export interface LinkListing extends LinkSummary {
  /** Smoothed round trip in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /**
   * Of the packets with data that were sent in the last minute, the share that had to be sent again, 0 to 1. Null where
   * nobody tells (over TCP and the broker), and until there are enough of them.
   */
  readonly loss: number | null;
  /** Payloads the peer has not acknowledged. */
  readonly queued: number;
  /** Bytes of payloads handed over for it, and come from it, since it was introduced. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** The last few tries and their reasons, newest last. */
  readonly attempts: readonly LinkAttempt[];
}

/** Why other carriers do not carry an open link, as far as they were tried: the latest reason of each. Who dials knows. */
function whyNot({ dials, choice, open, attempts }: LinkStatus): readonly string[] {
  if (!dials) {
    const isMakeshift = choice === 'auto' && open?.carrier === 'relay';
    return isMakeshift ? ['The other device dials, and shows why nothing better carries it.'] : [];
  }
  const reasons = new Map<CarrierKind, Failure>();
  for (const { carrier, failure } of attempts) {
    if (failure === null) reasons.delete(carrier);
    else if (carrier !== open?.carrier) reasons.set(carrier, failure);
  }
  return [...reasons].map(([carrier, { message }]) => `Not over ${carrier}: ${message}`);
}

/** Of two that are introduced, the one that hears of it first dials a device that does not know it yet. */
const isAboutToBeKnown = ({ failure, failures, attempts }: LinkStatus): boolean =>
  failure?.code === 'not-introduced' &&
  failures <= NOT_INTRODUCED_RETRIES &&
  attempts.every((attempt) => attempt.failure !== null);

/** The view of a link that came into this state at `since`. */
export function summaryOf(device: DeviceId, status: LinkStatus, since: number): LinkSummary {
  const { phase, open, failure } = status;
  const closed = { device, state: 'closed', carrier: null, since } as const;
  if (open !== null) {
    const message = [`Connected over ${open.carrier} with ${open.via}.`, ...whyNot(status)].join(' ');
    return { device, state: 'open', carrier: open.carrier, reason: { code: 'connected', message }, since };
  }
  if (failure !== null && !isAboutToBeKnown(status))
    return { ...closed, reason: { code: failure.code, message: failure.message } };
  if (phase === 'closed')
    return { ...closed, reason: { code: 'closed', message: 'The link is no longer wanted.' } };
  const message =
    phase === 'idle' ? 'Waiting for the other device to connect.' : 'Connecting to the other device.';
  return { device, state: 'dialing', carrier: null, reason: { code: 'connecting', message }, since };
}
