// Reliable delivery to one peer device across changing carriers: payloads are numbered, acknowledged and, if necessary, sent
// again; duplicates are removed. A state machine without sockets or timers. It does not read the payloads.
import { invariant } from '../../../core/errors.js';
import { type AckFrame, type DataFrame, type LinkFrame, type ResumeFrame, VERSION } from './frames.js';
import {
  FRAME_LIMIT_BYTES,
  PAYLOAD_LIMIT_BYTES,
  PAYLOAD_OVERHEAD_BYTES,
  QUEUE_LIMIT_BYTES,
  WINDOW_BYTES,
} from '../limits.js';

const ENVELOPE_BYTES = 128;
const PAYLOAD_HEAD_BYTES = 5;
// If more bytes than this are unacknowledged, the acknowledgement is sent at once, without waiting for a data frame.
const ACK_AT_BYTES = WINDOW_BYTES / 4;

/** New payloads in order, for the layer above. Pass `ticket` to `handled` when they are handled. */
export interface ReceivedBatch {
  readonly payloads: readonly Buffer[];
  readonly ticket: Ticket;
}

interface Ticket {
  readonly generation: number;
  readonly upTo: number;
  readonly costBytes: number;
}

/** The result of handling a frame. `violation`: the peer broke the protocol, and the caller must close the connection. */
export type ReceiveResult =
  | { readonly kind: 'taken'; readonly batch: ReceivedBatch | null; readonly hasRoomAgain: boolean }
  | { readonly kind: 'violation'; readonly message: string };

/**
 * The result of handling a resume frame. `isRestarted`: the peer is a new process, and all payloads sent to the old process are
 * dropped.
 */
export type ResumeResult =
  | { readonly kind: 'resumed'; readonly isRestarted: boolean; readonly hasRoomAgain: boolean }
  | { readonly kind: 'violation'; readonly message: string };

export interface ReliableDelivery {
  /** Queues a payload; false if the queue is full. Throws beyond `PAYLOAD_LIMIT_BYTES`. */
  offer(payload: Uint8Array): boolean;
  /** The first frame for a new carrier. Nothing else is sent before the peer's own `resume` arrives. */
  greeting(attempt: number): ResumeFrame;
  /**
   * Handles the peer's first frame on a new carrier. Payloads that the peer has received leave the queue, and all other payloads
   * are sent again.
   */
  resume(frame: ResumeFrame): ResumeResult;
  receive(frame: Extract<LinkFrame, { kind: 'data' | 'ack' }>): ReceiveResult;
  /** Records that the payloads of this batch are handled. They may then be acknowledged. */
  handled(ticket: Ticket): void;
  /** The next frame to write, or null. With `acknowledgeNow`, a due acknowledgement does not wait for data. */
  next(acknowledgeNow: boolean): DataFrame | AckFrame | null;
  /** Records that the connection has ended. Nothing is sent until the next `resume`. */
  detach(): void;
  /** Whether handled payloads are not acknowledged yet. */
  owesAck(): boolean;
  /** The number of payloads that the peer has not acknowledged. */
  queued(): number;
  /** The peer's epoch; null before its first resume frame. */
  peerEpoch(): string | null;
}

/** @param epoch a new value for each process of this device, which shows a restart to the peer */
export function createReliableDelivery(epoch: string): ReliableDelivery {
  // The outgoing payloads. `queue[0]` has the number `base`. The first `sent` payloads of the queue were sent on the present
  // carrier.
  let queue: Uint8Array[] = [];
  let base = 1;
  let sent = 0;
  let queuedBytes = 0;
  let underWayBytes = 0;
  let highestSent = 0;
  let hasRefused = false;
  // The incoming payloads. Those numbered up to `received` were passed to the layer above, those up to `handled` were handled by
  // it, and those up to `acked` were acknowledged.
  let peer: string | null = null;
  let generation = 0;
  let received = 0;
  let handled = 0;
  let acked = 0;
  let pendingBytes = 0;
  let unackedBytes = 0;
  let greeted = 0;
  let isReady = false;

  const acknowledge = (upTo: number): boolean => {
    const count = upTo - base + 1;
    if (count > 0) {
      const gone = queue.splice(0, count);
      const bytes = gone.reduce((sum, payload) => sum + costOf(payload), 0);
      const flown = gone.slice(0, sent).reduce((sum, payload) => sum + costOf(payload), 0);
      base = upTo + 1;
      queuedBytes -= bytes;
      underWayBytes -= flown;
      sent = Math.max(0, sent - count);
    }
    const hasRoomAgain = hasRefused && queuedBytes <= QUEUE_LIMIT_BYTES / 2;
    if (hasRoomAgain) hasRefused = false;
    return hasRoomAgain;
  };

  const forget = (): void => {
    [queue, base, sent, queuedBytes, underWayBytes, highestSent] = [[], 1, 0, 0, 0, 0];
    [received, handled, acked, greeted, pendingBytes, unackedBytes] = [0, 0, 0, 0, 0, 0];
    generation += 1;
  };

  const take = (first: number, payloads: readonly Buffer[]): ReceivedBatch | null => {
    const fresh = first > received ? payloads : payloads.slice(received - first + 1);
    if (fresh.length === 0) return null;
    const costBytes = fresh.reduce((sum, payload) => sum + costOf(payload), 0);
    received += fresh.length;
    pendingBytes += costBytes;
    return { payloads: fresh, ticket: { generation, upTo: received, costBytes } };
  };

  return {
    offer(payload) {
      invariant(payload.length <= PAYLOAD_LIMIT_BYTES, `a payload has at most ${PAYLOAD_LIMIT_BYTES} bytes`);
      if (queuedBytes + costOf(payload) > QUEUE_LIMIT_BYTES) {
        hasRefused = true;
        return false;
      }
      queue.push(payload);
      queuedBytes += costOf(payload);
      return true;
    },
    greeting(attempt) {
      greeted = handled;
      const heard = peer === null ? null : { epoch: peer, upTo: handled };
      return { kind: 'resume', version: VERSION, epoch, attempt, heard };
    },
    resume(frame) {
      const isRestarted = peer !== null && peer !== frame.epoch;
      if (isRestarted) forget();
      peer = frame.epoch;
      [sent, underWayBytes] = [0, 0];
      const upTo = frame.heard?.epoch === epoch ? frame.heard.upTo : 0;
      if (upTo > highestSent) return violation('it acknowledges payloads that were never sent');
      isReady = true;
      // The greeting contained the number `handled`, which acknowledges all handled payloads. This takes effect only now, because
      // a greeting may be lost with its carrier.
      if (greeted === handled) [acked, unackedBytes] = [handled, 0];
      return { kind: 'resumed', isRestarted, hasRoomAgain: acknowledge(upTo) };
    },
    receive(frame) {
      if (frame.ack > highestSent) return violation('it acknowledges payloads that were never sent');
      if (frame.kind === 'data' && frame.first > received + 1) return violation('payloads are missing');
      const hasRoomAgain = acknowledge(frame.ack);
      if (frame.kind === 'ack') return { kind: 'taken', batch: null, hasRoomAgain };
      // If the peer repeats a payload, it has not received the acknowledgement. Acknowledge the payload again.
      if (frame.first <= received) acked = Math.min(acked, frame.first - 1);
      const batch = take(frame.first, frame.payloads);
      if (pendingBytes > WINDOW_BYTES) return violation('it sends more than the window allows');
      return { kind: 'taken', batch, hasRoomAgain };
    },
    handled(ticket) {
      if (ticket.generation !== generation) return;
      handled = ticket.upTo;
      pendingBytes -= ticket.costBytes;
      unackedBytes += ticket.costBytes;
    },
    next(acknowledgeNow) {
      if (!isReady) return null;
      const first = base + sent;
      const payloads: Uint8Array[] = [];
      let room = FRAME_LIMIT_BYTES - ENVELOPE_BYTES;
      for (let payload = queue[sent]; payload !== undefined; payload = queue[sent]) {
        room -= payload.length + PAYLOAD_HEAD_BYTES;
        if (room < 0 || underWayBytes + costOf(payload) > WINDOW_BYTES) break;
        payloads.push(payload);
        underWayBytes += costOf(payload);
        sent += 1;
      }
      const mustAck = acked < handled && (acknowledgeNow || unackedBytes >= ACK_AT_BYTES);
      if (payloads.length === 0 && !mustAck) return null;
      [acked, unackedBytes] = [handled, 0];
      if (payloads.length === 0) return { kind: 'ack', ack: handled };
      highestSent = Math.max(highestSent, base + sent - 1);
      return { kind: 'data', first, ack: handled, payloads };
    },
    detach() {
      isReady = false;
    },
    owesAck: () => isReady && acked < handled,
    queued: () => queue.length,
    peerEpoch: () => peer,
  };
}

function costOf(payload: Uint8Array): number {
  return payload.length + PAYLOAD_OVERHEAD_BYTES;
}

function violation(message: string): { readonly kind: 'violation'; readonly message: string } {
  return { kind: 'violation', message };
}
