// The session with one peer device, above carriers and outliving them: numbers, acknowledges, removes duplicates, sends
// again. A state machine without sockets or timers; it sees payloads as opaque bytes.
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
// A quarter of the window may be unacknowledged before an acknowledgement goes out on its own.
const ACK_AT_BYTES = WINDOW_BYTES / 4;

/** New payloads in order, to be handed up; give `ticket` to `handled` when that is done. */
export interface ReceivedBatch {
  readonly payloads: readonly Buffer[];
  readonly ticket: Ticket;
}

interface Ticket {
  readonly generation: number;
  readonly upTo: number;
  readonly costBytes: number;
}

/** What a frame led to. A violation means that the peer broke the protocol: close the carrier. */
export type ReceiveResult =
  | { readonly kind: 'taken'; readonly batch: ReceivedBatch | null; readonly hasRoomAgain: boolean }
  | { readonly kind: 'violation'; readonly message: string };

/** How a new carrier begins. `isRestarted`: the peer is a new process, and nothing sent to the old one counts. */
export type ResumeResult =
  | { readonly kind: 'resumed'; readonly isRestarted: boolean; readonly hasRoomAgain: boolean }
  | { readonly kind: 'violation'; readonly message: string };

export interface ReliableDelivery {
  /** Queues a payload; false if the queue is full, and then the payload is not taken. Throws beyond the size limit. */
  offer(payload: Uint8Array): boolean;
  /** What to say first on a new carrier. Nothing else is sent until the peer's own `resume` has come. */
  greeting(attempt: number): ResumeFrame;
  /** The peer's first frame on a new carrier: what it has is forgotten, the rest will be sent again. */
  resume(frame: ResumeFrame): ResumeResult;
  receive(frame: Extract<LinkFrame, { kind: 'data' | 'ack' }>): ReceiveResult;
  /** The payloads of a delivery have been dealt with and may be acknowledged. */
  handled(ticket: Ticket): void;
  /** The next frame to write, if any. With `acknowledgeNow`, an owed acknowledgement does not wait for data. */
  next(acknowledgeNow: boolean): DataFrame | AckFrame | null;
  /** The carrier is gone. */
  detach(): void;
  /** Whether handled payloads wait for their acknowledgement. */
  owesAck(): boolean;
  /** Payloads the peer has not acknowledged. */
  queued(): number;
  /** The peer's epoch, once known. */
  peerEpoch(): string | null;
}

/** @param epoch never used by this device for that peer before: a peer tells a restart by it */
export function createReliableDelivery(epoch: string): ReliableDelivery {
  // Outgoing: queue[0] has number `base`; of the queue, the first `sent` went out on this carrier.
  let queue: Uint8Array[] = [];
  let base = 1;
  let sent = 0;
  let queuedBytes = 0;
  let underWayBytes = 0;
  let highestSent = 0;
  let hasRefused = false;
  // Incoming: numbers up to `received` were handed up, up to `handled` dealt with, up to `acked` acknowledged.
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
      if (upTo > highestSent) return violation('it has what was never sent');
      isReady = true;
      // Told by the greeting, which counts only now: it may have gone out on a carrier that came to nothing.
      if (greeted === handled) [acked, unackedBytes] = [handled, 0];
      return { kind: 'resumed', isRestarted, hasRoomAgain: acknowledge(upTo) };
    },
    receive(frame) {
      if (frame.ack > highestSent) return violation('it acknowledges what was never sent');
      if (frame.kind === 'data' && frame.first > received + 1) return violation('payloads are missing');
      const hasRoomAgain = acknowledge(frame.ack);
      if (frame.kind === 'ack') return { kind: 'taken', batch: null, hasRoomAgain };
      // What came twice shows that the peer does not know we have it.
      if (frame.first <= received) acked = Math.min(acked, frame.first - 1);
      const batch = take(frame.first, frame.payloads);
      if (pendingBytes > WINDOW_BYTES) return violation('it sends more than may be under way');
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
