// The numbers that bound a link, in one place. LIMITS.md explains them to people.

import type { CarrierKind } from './carrier.js';

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

/** Connections that have not yet proved to be an introduced device. */
export const HALF_OPEN_LIMIT = 64;
export const HANDSHAKE_TIMEOUT_MS = 5_000;

/** Two routes to one device are tried this far apart, unless the first fails sooner. */
export const STAGGER_MS = 150;
/** How long the preferred carriers have to themselves before one of this kind is tried beside them. */
export const HEAD_START_MS: Readonly<Record<CarrierKind, number>> = { tcp: 0, udp: 150, relay: 400 };
export const BACKOFF_MIN_MS = 200;
export const BACKOFF_MAX_MS = 5_000;

/** Liveness is counted in ticks, so that neither a stopped process nor a changed clock looks like a dead peer. */
export const TICK_MS = 500;
export const PING_EVERY_TICKS = 4;
export const DEAD_AFTER_TICKS = 10;

/** An acknowledgement waits this long for a frame to travel with. */
export const ACK_DELAY_MS = 25;

/** What one relayed stream may have under way and unread; see `costOf` in relay-frames.ts. */
export const RELAY_WINDOW_BYTES = 256 * 1024;
/** The longest part of a relayed stream in one message: a packed and encrypted frame fits. */
export const RELAY_CHUNK_BYTES = FRAME_LIMIT_BYTES + 1024;
