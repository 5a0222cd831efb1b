// The port behind which bytes travel to a peer device: TCP now, others later. It knows neither keys nor frames.
import type { Duplex } from 'node:stream';
import type { DeviceId } from '../../core/ids.js';

export type CarrierKind = 'tcp' | 'udp' | 'relay';

/** What a user wants to carry a link: the best that works, or one and no other. */
export type CarrierChoice = 'auto' | CarrierKind;

/** An address at which a device may be reachable. `ip` is a literal IPv4 or IPv6 address, never a name. */
export interface Candidate {
  readonly ip: string;
  readonly port: number;
}

/** Whom to reach; of the addresses, those that are this carrier's. */
export interface Target {
  readonly device: DeviceId;
  readonly candidates: readonly Candidate[];
}

/** Packets with data of one duplex since it opened: all that went out, and those of them that had to be sent again. */
export interface PacketCounts {
  readonly sent: number;
  readonly resent: number;
}

/** What a carrier gives. */
export interface RawStream extends Duplex {
  /** Absent where the system counts them and does not tell. */
  packets?(): PacketCounts;
}

/** One way to try; several are tried at once, and only the handshake tells which leads to the right device. */
export interface Route {
  /** For people: an address, or a name for the way. */
  readonly to: string;
  /**
   * A fresh duplex to whatever is there; nothing has been read from it. Rejects with the system's error, or with the
   * signal's reason when aborted, and then leaves nothing open. The caller owns the duplex and destroys it.
   */
  connect(signal: AbortSignal): Promise<RawStream>;
}

/**
 * Takes a duplex somebody opened to us. It must attach its listeners before it returns; `from` is for people, `origin` is the
 * same for all that one party can easily open: a network address, or the device that the broker vouches for.
 * It owns the duplex from then on.
 */
export type Incoming = (raw: RawStream, from: string, origin: string) => void;

/** What carries bytes, in order and whole or not at all. Each implementation passes one contract suite. */
export interface Carrier {
  readonly kind: CarrierKind;
  /** Starts taking connections. Called once, and again only after it has failed. */
  listen(onIncoming: Incoming): Promise<void>;
  /** Where this device may be reached now, likeliest first; nowhere before it listens. */
  addresses(): readonly Candidate[];
  /** The ways to a device, likeliest first; empty if this carrier has none. */
  routes(target: Target): readonly Route[];
  /**
   * The device may come from these addresses: opens the way for it, again and again until aborted.
   * Absent where nothing is to be opened.
   */
  expect?(target: Target, signal: AbortSignal): void;
  /**
   * Where this device is reached from outside its NAT, asked of the tracker's reflector at these ports; resolves within a
   * second. Absent where it makes no difference.
   */
  reflexiveAddresses?(ports: readonly number[]): Promise<readonly Candidate[]>;
  /** Stops listening and destroys every duplex it has handed out. */
  close(): Promise<void>;
}
