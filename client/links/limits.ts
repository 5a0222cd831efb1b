// The numbers that bound a link, in one place. LIMITS.md explains them to people.

import type { CarrierKind } from './carrier.js';
import type { SlotLimits } from './admission/fair-slots.js';

/** The longest message on an encrypted stream, and so the longest frame. */
export const FRAME_LIMIT_BYTES = 64 * 1024;
/** The longest payload; the rest of a frame is its envelope. */
export const PAYLOAD_LIMIT_BYTES = FRAME_LIMIT_BYTES - 256;
/** What one payload counts beside its bytes, so that many small ones are bounded too. */
export const PAYLOAD_OVERHEAD_BYTES = 64;
/** What may wait for one peer, acknowledged or not yet sent. */
export const QUEUE_LIMIT_BYTES = 4 * 1024 * 1024;
/** What may be under way to one peer and not yet handled there. */
export const WINDOW_BYTES = 1024 * 1024;

/**
 * Connections over one carrier that have not yet proved to be an introduced device, in all and of each origin; and likewise,
 * beside them, those that came with the handshake of such a device and have said no more.
 */
export const HALF_OPEN_LIMITS: SlotLimits = { total: 256, perOrigin: 64 };
export const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Of one origin, over UDP or through the broker: so many that come to nothing in a second, and then none until the next. */
export const FAILED_CONNECTIONS_PER_SECOND = 64;

/** Two routes of one carrier are tried this far apart, unless the first fails sooner; a knock over UDP costs little. */
export const STAGGER_MS: Readonly<Record<CarrierKind, number>> = { tcp: 150, udp: 25, relay: 0 };
/**
 * How long the preferred carriers have to themselves before one of this kind is tried beside them. UDP begins by opening this
 * side's NAT, which takes as long as TCP has to itself.
 */
export const HEAD_START_MS: Readonly<Record<CarrierKind, number>> = { tcp: 0, udp: 0, relay: 400 };
/** A link over a carrier that is not the preferred one is tried over a better one after so long, then ever less often. */
export const IMPROVE_MIN_MS = 3_000;
export const IMPROVE_MAX_MS = 300_000;
export const BACKOFF_MIN_MS = 200;
export const BACKOFF_MAX_MS = 5_000;
/** So often a device that was just introduced is told that it was not: the other side hears of it at about the same time. */
export const NOT_INTRODUCED_RETRIES = 4;

/** Liveness is counted in ticks, so that neither a stopped process nor a changed clock looks like a dead peer. */
export const TICK_MS = 500;
export const PING_EVERY_TICKS = 4;
export const DEAD_AFTER_TICKS = 10;
/** Less when there is reason to doubt the link. */
export const RECHECK_TICKS = 3;

/** An acknowledgement waits this long for a frame to travel with. */
export const ACK_DELAY_MS = 25;

/** What one relayed stream may have under way and unread; see `costOf` in relay-frames.ts. */
export const RELAY_WINDOW_BYTES = 256 * 1024;
/** The longest part of a relayed stream in one message: a packed and encrypted frame fits. */
export const RELAY_CHUNK_BYTES = FRAME_LIMIT_BYTES + 1024;

/** Of the addresses of one device, how many are tried by each carrier. */
export const ROUTES_LIMIT = 16;

/** A device is knocked at over UDP this often… */
export const UDP_PROBE_INTERVAL_MS = 100;
/** …and no more than so many times… */
export const UDP_PROBES = 40;
/** …of which the first only open this side's NAT, while the other side opens its own. */
export const UDP_PUNCHES_BEFORE_PROBES = 3;
/** A device that is to come over UDP is punched for as often as it knocks, so many times… */
export const UDP_FAST_PUNCHES = 20;
/** …and then this often, which keeps the way open that is open. */
export const UDP_SLOW_PUNCH_INTERVAL_MS = 2_000;
/** What may lie unread of one stream over UDP: more than a session lets be under way. */
export const UDP_UNREAD_LIMIT_BYTES = 8 * WINDOW_BYTES;
