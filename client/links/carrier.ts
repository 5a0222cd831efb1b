// The carrier port: byte streams to peer devices over TCP, UDP or the broker. It knows neither keys nor frames.
import type { Duplex } from 'node:stream';
import type { DeviceId } from '../../core/ids.js';

export type CarrierKind = 'tcp' | 'udp' | 'relay';

/** The carrier that a user chose for a link: the best that works, or exactly one. */
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

/** Packets of one stream since it opened: all that were sent up to some time, and those of them that did not reach the peer. */
export interface PacketCounts {
  readonly sent: number;
  readonly lost: number;
}

/** The addresses of both ends of a stream, as this side sees them. For a relayed stream both are the broker's. */
export interface StreamEnds {
  readonly local: Candidate;
  readonly remote: Candidate;
}

/** The connection that carries a link now. */
export interface LinkConnection {
  /** Null while the link is not open. */
  readonly carrier: CarrierKind | null;
  /** Null while they are unknown; the same object as long as the connection lasts. */
  readonly ends: StreamEnds | null;
}

/** An unencrypted stream of a carrier. */
export interface RawStream extends Duplex {
  /** Null while they are unknown; the same object from then on. */
  ends?(): StreamEnds | null;
  /**
   * Absent where the operating system counts packets without reporting them. Null until the peer has reported how many arrived; each call may ask the peer again.
   */
  packets?(): PacketCounts | null;
}

/** One way to connect to a device. Several are tried at once; the handshake decides which of them reach the right device. */
export interface Route {
  /** For users: an address, or a name of the way. */
  readonly to: string;
  /**
   * Opens a stream from which nothing has been read. Rejects with the system's error, or with the signal's reason when aborted;
   * nothing stays open after a rejection. The caller owns the stream and destroys it.
   */
  connect(signal: AbortSignal): Promise<RawStream>;
}

/**
 * Receives a stream that a peer opened to this device, and owns it from then on. It must attach its listeners before it returns.
 * `from` is text for users. `origin` is the same for all streams that one party can open easily: it is a network address, or
 * the device id that the broker has verified.
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
   * Opens this side's NAT for packets from these addresses, repeatedly until aborted. Absent for carriers without hole punching.
   */
  punch?(target: Target, signal: AbortSignal): void;
  /**
   * Returns the addresses of this device as the tracker's reflector, which listens on `ports`, sees them from outside the NAT of the device. Resolves within a second. Absent for carriers that do not use such addresses.
   */
  reflexiveAddresses?(ports: readonly number[]): Promise<readonly Candidate[]>;
  /**
   * Resolves true when the server through which this carrier passes answers this request, and false if the connection to it breaks first; null
   * without a connection. Absent for carriers without a server.
   */
  askServer?(): Promise<boolean> | null;
  /** Stops listening and destroys every stream that it opened or accepted. */
  close(): Promise<void>;
}
