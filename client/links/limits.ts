// The numbers that bound a link. LIMITS.md explains them to users.

import type { CarrierKind } from './carrier.js';
import type { SlotLimits } from './admission/fair-slots.js';

/** The longest message on an encrypted stream, and therefore the longest frame. */
export const FRAME_LIMIT_BYTES = 64 * 1024;
/** The longest payload; the rest of a frame is for its other fields. */
export const PAYLOAD_LIMIT_BYTES = FRAME_LIMIT_BYTES - 256;
/** Added to the size of each payload when it is counted, so that the number of small payloads is bounded too. */
export const PAYLOAD_OVERHEAD_BYTES = 64;
/** The most bytes of payloads queued for one peer, unsent or unacknowledged. */
export const QUEUE_LIMIT_BYTES = 4 * 1024 * 1024;
/** The most bytes of payloads that are sent to one peer and that the peer has not handled yet. */
export const WINDOW_BYTES = 1024 * 1024;

/**
 * The most connections over one carrier that have not completed the handshake of an introduced device, in total and per origin.
 * The same limits apply separately to connections that have completed this handshake but have not sent a frame yet.
 */
export const HALF_OPEN_LIMITS: SlotLimits = { total: 256, perOrigin: 64 };
export const HANDSHAKE_TIMEOUT_MS = 5_000;
/**
 * Failed connections that one origin may make per second over UDP or the broker. After that the origin is refused until the
 * second is over.
 */
export const FAILED_CONNECTIONS_PER_SECOND = 64;

/**
 * The delay before the next route of one carrier is tried, unless the previous route fails sooner. It is short for UDP, because a
 * probe costs little.
 */
export const STAGGER_MS: Readonly<Record<CarrierKind, number>> = { tcp: 150, udp: 25, relay: 0 };
/**
 * The time that preferred carriers have before a carrier of this kind is tried in parallel. UDP needs no delay: it first opens
 * the NAT of this side, and TCP has a head start during this time.
 */
export const HEAD_START_MS: Readonly<Record<CarrierKind, number>> = { tcp: 0, udp: 0, relay: 400 };
/**
 * The shortest and the longest interval between attempts at a better carrier, while a link does not use the preferred carrier.
 */
export const IMPROVE_MIN_MS = 3_000;
export const IMPROVE_MAX_MS = 300_000;
/**
 * Zero bytes in the first frame of each side: more than two full packets of an Ethernet path. A path that loses full packets loses
 * this frame too, so the connection is not used.
 */
export const FULL_SIZE_BYTES = 3_000;
/**
 * The time for the exchange of the first frames if another carrier can be tried afterwards; otherwise `HANDSHAKE_TIMEOUT_MS`
 * applies.
 */
export const FULL_SIZE_TIMEOUT_MS = 2_500;
/** A carrier is suspected of having stalled if the peer falls silent within this time after the connection opened. */
export const STALL_WITHIN_MS = 30_000;
/** A suspected carrier counts as stalled if another carrier reaches the peer within this time. */
export const SUSPECT_FOR_MS = 10_000;
/**
 * How long a stalled carrier is avoided: `STALL_MIN_MS` after its first stall, twice as long after each further stall, at most
 * `STALL_MAX_MS`.
 */
export const STALL_MIN_MS = 30_000;
export const STALL_MAX_MS = 600_000;
/** After a carrier has carried the link for this long, its earlier stalls are forgotten. */
export const PROVEN_AFTER_MS = 120_000;
export const BACKOFF_MIN_MS = 200;
export const BACKOFF_MAX_MS = 5_000;
/**
 * The number of refusals as `not introduced` before a failure is shown. The other device receives the introduction at about the
 * same time, perhaps a little later.
 */
export const NOT_INTRODUCED_RETRIES = 4;

/**
 * The length of a tick. Silence of a peer is measured in ticks. Thus neither a suspended process nor a changed clock makes a peer
 * look dead.
 */
export const TICK_MS = 500;
export const PING_EVERY_TICKS = 4;
export const DEAD_AFTER_TICKS = 10;
/** If a server does not answer within this time, the network of this device may be down. */
export const SERVER_ANSWER_MS = 1_500;
/** The number of silent ticks after which a peer counts as dead, if there is a reason to doubt the link. */
export const RECHECK_TICKS = 3;

/** An acknowledgement waits this long for a data frame that can carry it. */
export const ACK_DELAY_MS = 25;

/** The most bytes of one relayed stream that may be in flight or unread, counted with `costOf` in relay/frames.ts. */
export const RELAY_WINDOW_BYTES = 256 * 1024;
/** The most bytes of a relayed stream in one message. One full encrypted frame fits. */
export const RELAY_CHUNK_BYTES = FRAME_LIMIT_BYTES + 1024;

/** The maximum number of addresses of one device that each carrier tries. */
export const ROUTES_LIMIT = 16;

/** The interval between two packets to an address over UDP while it has not answered. */
export const UDP_PROBE_INTERVAL_MS = 100;
/** The number of unanswered packets after which an address counts as unreachable. */
export const UDP_PROBES = 40;
/**
 * The number of packets, of the `UDP_PROBES` packets to an address, that are sent first as punches. Punches open the NAT of this
 * side while the peer opens its own NAT.
 */
export const UDP_PUNCHES_BEFORE_PROBES = 3;
/** The number of first punches for an expected device, which are sent at `UDP_PROBE_INTERVAL_MS`. */
export const UDP_FAST_PUNCHES = 20;
/** The interval of the punches after the fast ones. These punches keep the NAT open. */
export const UDP_SLOW_PUNCH_INTERVAL_MS = 2_000;
/** The size of the first packets over UDP, with all headers. Every path is expected to carry it. */
export const UDP_PACKET_BYTES = 576;
/** Larger packet sizes. A size is used as soon as a packet of this size has reached the peer and has come back. */
export const UDP_LARGER_PACKET_BYTES: readonly number[] = [1_200, 1_000, 800];
/**
 * The delays, from the start of the search, at which packets of all larger sizes are sent. Sizes that the path has already
 * carried are left out.
 */
export const UDP_SIZE_PROBES_AFTER_MS: readonly number[] = [0, 100, 300, 700, 1_500, 3_000];
/** The search for a larger size ends this long after its last packets. From its end on, packet loss is measured. */
export const UDP_SIZE_ECHO_WITHIN_MS = 1_000;
/** The most unread bytes of one stream over UDP. Reliable delivery never has so many bytes in flight. */
export const UDP_UNREAD_LIMIT_BYTES = 8 * WINDOW_BYTES;
