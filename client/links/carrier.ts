// The carrier port: byte streams to peer devices over TCP, UDP or the broker. It is independent of keys and frames.
import type { Duplex } from 'node:stream';
import type { DeviceId } from '../../core/ids.js';

export type CarrierKind = 'tcp' | 'udp' | 'relay';

/** The user's choice of carrier for a link: `auto` is the best carrier that works, any other value is exactly this carrier. */
export type CarrierChoice = 'auto' | CarrierKind;

/** An address at which a device may be reachable. `ip` is a literal IPv4 or IPv6 address, never a name. */
export interface Candidate {
  readonly ip: string;
  readonly port: number;
}

/** A device to connect to, with its candidates for one carrier. */
export interface Target {
  readonly device: DeviceId;
  readonly candidates: readonly Candidate[];
}

/**
 * The packets of one stream since it opened: the number sent up to the last count, and how many of these did not reach the peer.
 */
export interface PacketCounts {
  readonly sent: number;
  readonly lost: number;
}

/**
 * The addresses of both ends of a stream, as this side sees them. For a relayed stream both addresses are the address of the
 * broker.
 */
export interface StreamEnds {
  readonly local: Candidate;
  readonly remote: Candidate;
}

/** The connection that carries a link now. */
export interface LinkConnection {
  /** Null while the link is not open. */
  readonly carrier: CarrierKind | null;
  /** The addresses of the connection; null while they are unknown, then the same object as long as the connection lasts. */
  readonly ends: StreamEnds | null;
}

/** An unencrypted stream of a carrier. */
export interface RawStream extends Duplex {
  /** The addresses of the stream; null while they are unknown, then always the same object. */
  ends?(): StreamEnds | null;
  /**
   * The packet counts of the stream; null until the peer has reported how many packets arrived. Each call may ask the peer again.
   * Absent if the operating system does not report packet counts.
   */
  packets?(): PacketCounts | null;
}

/**
 * One way to connect to a device. Several routes are tried at once. The handshake shows whether a route leads to the right
 * device.
 */
export interface Route {
  /** The text that users see for the route: an address, or a name. */
  readonly to: string;
  /**
   * Opens a stream from which nothing has been read. The caller owns the stream and destroys it. Rejects with the system's error,
   * or with the reason of `signal` when aborted. After a rejection nothing stays open.
   */
  connect(signal: AbortSignal): Promise<RawStream>;
}

/**
 * Handles a stream that a peer opened to this device, and owns it from then on. The handler must attach its listeners before it
 * returns. `from` names the peer for users. `origin` identifies the party that opened the stream, to limit how many streams one
 * party opens: a network address, or the device id that the broker has verified.
 */
export type Incoming = (raw: RawStream, from: string, origin: string) => void;

/** A transport of ordered byte streams. A stream delivers its bytes in order or fails. All carriers pass one contract suite. */
export interface Carrier {
  readonly kind: CarrierKind;
  /** Starts to accept connections. Called once, and again only after a failure. */
  listen(onIncoming: Incoming): Promise<void>;
  /** Addresses at which this device may be reached now, likeliest first; empty before it listens. */
  addresses(): readonly Candidate[];
  /** The routes to a device, likeliest first; empty if this carrier has none. */
  routes(target: Target): readonly Route[];
  /**
   * Sends packets to the addresses of `target` until aborted. This opens the NAT of this side for packets from these addresses.
   * Absent for carriers without hole punching.
   */
  punch?(target: Target, signal: AbortSignal): void;
  /**
   * Returns the addresses of this device as seen from outside its NAT. The tracker's reflector, which listens on `ports`, reports
   * them. Resolves within a second. Absent for carriers that do not use such addresses.
   */
  reflexiveAddresses?(ports: readonly number[]): Promise<readonly Candidate[]>;
  /**
   * Asks the server of this carrier for an answer. Resolves true when the server answers, and false if the connection to the
   * server breaks first. Null without a connection to the server. Absent for carriers without a server.
   */
  askServer?(): Promise<boolean> | null;
  /** Stops listening and destroys every stream that it opened or accepted. */
  close(): Promise<void>;
}
