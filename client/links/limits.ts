// The numbers that bound a link. LIMITS.md explains them to users.

import type { CarrierKind } from './carrier.js';
import type { SlotLimits } from './admission/fair-slots.js';

/** The longest message on an encrypted stream, and therefore the longest frame. */
export const FRAME_LIMIT_BYTES = 64 * 1024;
/** The longest payload; the rest of a frame is for its other fields. */
export const PAYLOAD_LIMIT_BYTES = FRAME_LIMIT_BYTES - 256;
/** Added to the size of each payload when it is counted, so that the number of small payloads is bounded too. */
export const PAYLOAD_OVERHEAD_BYTES = 64;
/** Payloads queued for one peer, unsent or unacknowledged. */
export const QUEUE_LIMIT_BYTES = 4 * 1024 * 1024;
/** Payloads in flight to one peer that it has not handled yet. */
export const WINDOW_BYTES = 1024 * 1024;

/**
 * Connections over one carrier that have not yet proved to be from an introduced device, in total and per origin. The same
 * limits hold, separately, for connections that completed the handshake of an introduced device and sent no frame yet.
 */
export const HALF_OPEN_LIMITS: SlotLimits = { total: 256, perOrigin: 64 };
export const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Failed connections that one origin may make per second over UDP or the broker. It is refused until the second is over. */
export const FAILED_CONNECTIONS_PER_SECOND = 64;

/** The delay between two routes of one carrier, unless the first fails sooner. A probe over UDP costs little. */
export const STAGGER_MS: Readonly<Record<CarrierKind, number>> = { tcp: 150, udp: 25, relay: 0 };
/**
 * The time that preferred carriers have before a carrier of this kind is tried in parallel. UDP first opens this side's NAT,
 * which takes as long as the head start that TCP would need.
 */
export const HEAD_START_MS: Readonly<Record<CarrierKind, number>> = { tcp: 0, udp: 0, relay: 400 };
/** While a link uses a carrier that is not the preferred one, better ones are tried at intervals between these two. */
export const IMPROVE_MIN_MS = 3_000;
export const IMPROVE_MAX_MS = 300_000;
/**
 * Zero bytes in the first frame of each side: more than two full packets of an Ethernet path. A path that loses full packets loses
 * this frame too, so the connection is not used.
 */
export const FULL_SIZE_BYTES = 3_000;
/** The time for the first frames if another carrier can be tried after it; otherwise `HANDSHAKE_TIMEOUT_MS`. */
export const FULL_SIZE_TIMEOUT_MS = 2_500;
/** A carrier that is lost to silence within this time after it opened may have stalled... */
export const STALL_WITHIN_MS = 30_000;
/** ...has stalled if another carrier reaches the peer within this time... */
export const SUSPECT_FOR_MS = 10_000;
/** ...and is then avoided for between these two times, twice as long each time... */
export const STALL_MIN_MS = 30_000;
export const STALL_MAX_MS = 600_000;
/** ...until it has carried the link for this long. */
export const PROVEN_AFTER_MS = 120_000;
export const BACKOFF_MIN_MS = 200;
export const BACKOFF_MAX_MS = 5_000;
/** Refusals as not introduced that are not yet shown as a failure: the other device receives the introduction at about the same time. */
export const NOT_INTRODUCED_RETRIES = 4;

/** Liveness is counted in ticks, so that neither a suspended process nor a changed clock makes a peer look dead. */
export const TICK_MS = 500;
export const PING_EVERY_TICKS = 4;
export const DEAD_AFTER_TICKS = 10;
/** A server that does not answer within this time shows that the network of this device may be down. */
export const SERVER_ANSWER_MS = 1_500;
/** Silent ticks after which a peer is dead when there is a reason to doubt the link. */
export const RECHECK_TICKS = 3;

/** An acknowledgement waits this long for a data frame that can carry it. */
export const ACK_DELAY_MS = 25;

/** Bytes of one relayed stream that may be in flight or unread; see `costOf` in relay/frames.ts. */
export const RELAY_WINDOW_BYTES = 256 * 1024;
/** The longest part of a relayed stream in one message: one full encrypted frame fits. */
export const RELAY_CHUNK_BYTES = FRAME_LIMIT_BYTES + 1024;

/** The maximum number of addresses of one device that each carrier tries. */
export const ROUTES_LIMIT = 16;

/** The interval between two packets to an address over UDP while it has not answered. */
export const UDP_PROBE_INTERVAL_MS = 100;
/** Packets after which an address counts as unreachable. */
export const UDP_PROBES = 40;
/** The first of these packets are punches: they open this side's NAT while the other side opens its own. */
export const UDP_PUNCHES_BEFORE_PROBES = 3;
/** Punches for an expected device at the interval of probes... */
export const UDP_FAST_PUNCHES = 20;
/** ...and at this interval after those, which keeps the NAT open. */
export const UDP_SLOW_PUNCH_INTERVAL_MS = 2_000;
/** The size of the first packets over UDP, with all headers. Every path is expected to carry it. */
export const UDP_PACKET_BYTES = 576;
/** Larger sizes, which are used as soon as the path has carried one such packet there and back. */
export const UDP_LARGER_PACKET_BYTES: readonly number[] = [1_200, 1_000, 800];
/** The delays before the packets of these sizes are sent, again if they do not come back. */
export const UDP_SIZE_PROBES_AFTER_MS: readonly number[] = [0, 100, 300, 700, 1_500, 3_000];
/** The search for a larger size ends this long after its last packets. The loss of packets is measured from then on. */
export const UDP_SIZE_ECHO_WITHIN_MS = 1_000;
/** Unread bytes of one stream over UDP; more than reliable delivery allows in flight. */
export const UDP_UNREAD_LIMIT_BYTES = 8 * WINDOW_BYTES;
