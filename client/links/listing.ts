// The state of a link as users and programs see it. A redial that follows a failed dial is not a change: the link stays closed,
// with its reason.
import type { DeviceId } from '../../core/ids.js';
import type { CarrierKind } from './carrier.js';
import type { Failure, FailureCode } from './failure.js';
import { NOT_INTRODUCED_RETRIES } from './limits.js';
import type { LinkAttempt } from './link/machine.js';
import type { LinkStatus } from './link/port.js';

/** The reason for the state of a link; `message` is for users. */
export interface LinkReason {
  readonly code: FailureCode | 'connecting' | 'connected';
  readonly message: string;
}

export interface LinkSummary {
  readonly device: DeviceId;
  readonly state: 'dialing' | 'open' | 'closed';
  /** The carrier of an open link, else null. */
  readonly carrier: CarrierKind | null;
  readonly reason: LinkReason;
  /** The time at which the link entered this state, in milliseconds since the Unix epoch. */
  readonly since: number;
}

export interface LinkListing extends LinkSummary {
  /** Smoothed round trip in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /**
   * The share of packets of the last minute that did not reach the peer, 0 to 1. Null if it is unknown: TCP and the broker do not
   * report it, a peer of an earlier version does not, or too few packets were sent.
   */
  readonly loss: number | null;
  /** The number of payloads that the peer has not acknowledged. */
  readonly queued: number;
  /**
   * The bytes of all payloads queued for the device since it was introduced; `receivedBytes` are the bytes of payloads from it.
   */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** The time of the next attempt to connect, or to use a better carrier; milliseconds since the Unix epoch, null if none is due. */
  readonly nextTryAt: number | null;
  /** The last few attempts to connect, newest last. */
  readonly attempts: readonly LinkAttempt[];
}

/**
 * For each carrier that was tried and does not carry the open link, the latest reason why it failed. Only the side that dials has
 * these reasons.
 */
function reasonsAgainstOthers({ dials, choice, open, attempts }: LinkStatus): readonly string[] {
  if (!dials) {
    const isFallback = choice === 'auto' && open?.carrier === 'relay';
    return isFallback
      ? ['The other device opens the connection; /links there shows why no direct link works.']
      : [];
  }
  const reasons = new Map<CarrierKind, Failure>();
  for (const { carrier, failure } of attempts) {
    if (failure === null) reasons.delete(carrier);
    else if (carrier !== open?.carrier) reasons.set(carrier, failure);
  }
  return [...reasons].map(([carrier, { message }]) => `Not over ${carrier}: ${message}`);
}

/**
 * Whether the peer has probably not received its introduction yet. The two devices receive their introductions one after the
 * other, so the first device may dial too early.
 */
const isIntroductionPending = ({ failure, failures, attempts }: LinkStatus): boolean =>
  failure?.code === 'not-introduced' &&
  failures <= NOT_INTRODUCED_RETRIES &&
  attempts.every((attempt) => attempt.failure !== null);

/** The summary of a link that entered this state at `since`. */
export function summaryOf(device: DeviceId, status: LinkStatus, since: number): LinkSummary {
  const { phase, open, failure } = status;
  const closed = { device, state: 'closed', carrier: null, since } as const;
  if (open !== null) {
    const message = [
      `Connected over ${open.carrier} with ${open.via}.`,
      ...reasonsAgainstOthers(status),
    ].join(' ');
    return { device, state: 'open', carrier: open.carrier, reason: { code: 'connected', message }, since };
  }
  if (failure !== null && !isIntroductionPending(status))
    return { ...closed, reason: { code: failure.code, message: failure.message } };
  if (phase === 'closed')
    return { ...closed, reason: { code: 'closed', message: 'The link is no longer needed.' } };
  const message =
    phase === 'idle' ? 'Waiting for the other device to connect.' : 'Connecting to the other device.';
  return { device, state: 'dialing', carrier: null, reason: { code: 'connecting', message }, since };
}
