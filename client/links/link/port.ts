// The port of one link: the parts it needs, its actions and its status.
import type { Clock, Schedule } from '../../../core/time/clock.js';
import type { Ids } from '../../../core/ids.js';
import type { SigningKey } from '../../../core/keys.js';
import type { CarrierChoice, CarrierKind, LinkConnection } from '../carrier.js';
import type { Channel } from '../handshake/channel.js';
import type { CloseCode, ResumeFrame } from '../session/frames.js';
import type { CarrierLane } from './establish.js';
import type { LinkContext } from './machine.js';

export interface LinkOptions {
  /** The peer's key, 32 bytes. */
  readonly publicKey: Buffer;
  readonly key: SigningKey;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly ids: Ids;
  readonly random: () => number;
  /** The routes to the device that are known now, the preferred carrier first. */
  readonly lanes: () => readonly CarrierLane[];
  /** Whether this device reaches the broker now; null if that is unknown. Never rejects. */
  readonly isOnline: () => Promise<boolean | null>;
  readonly onChanged: () => void;
  /** Resolves when the payloads are handled; they are acknowledged only then. Never rejects. */
  readonly onMessages: (payloads: readonly Buffer[]) => Promise<void>;
  readonly onRestarted: () => Promise<void>;
  readonly onWritable: () => void;
}

export interface Link {
  /** Dials now if this side is the one that dials. If the link is open, better carriers are tried soon. */
  introduce(): void;
  /** Sets the carrier to use. A connection over another carrier is closed. */
  choose(choice: CarrierChoice): void;
  /** Takes over a connection that the peer has opened. @param resume the resume frame that the peer sent on it */
  adopt(channel: Channel, resume: ResumeFrame, carrier: CarrierKind, via: string): void;
  /** False if the queue is full. */
  send(payload: Uint8Array): boolean;
  /** Call every `TICK_MS`. */
  tick(): void;
  /**
   * Call it when the network or the peer's addresses have changed. Drops the connection unless something arrives from the peer
   * soon.
   */
  recheck(): void;
  /** Tries better carriers now. If the peer is the side that dials, asks the peer to try them. */
  retry(): void;
  status(): LinkStatus;
  connection(): LinkConnection;
  /** Ends the link. Resolves when its connection is closed. */
  close(code: CloseCode): Promise<void>;
}

export interface LinkStatus
  extends Pick<LinkContext, 'dials' | 'failure' | 'failures' | 'open' | 'attempts'> {
  readonly choice: CarrierChoice;
  readonly phase: 'idle' | 'dialing' | 'open' | 'waiting' | 'closed';
  /** Smoothed round trip in milliseconds; null until measured. */
  readonly rttMs: number | null;
  /** The share of lost packets, 0 to 1; null if unknown. */
  readonly loss: number | null;
  /** The number of payloads that the peer has not acknowledged yet. */
  readonly queued: number;
  /** The time of the next attempt to connect, or to use a better carrier; milliseconds since the Unix epoch, null if none is due. */
  readonly nextTryAt: number | null;
}
