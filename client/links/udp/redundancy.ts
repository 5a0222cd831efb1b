// Redundancy for sparse streams: copies of the last few bytes, sent as datagrams next to the stream. A copy replaces a lost
// packet long before UDX notices the loss. The receiver drops duplicates, which it recognises by their offset in the stream.
// Independent of the socket.
import type { Schedule } from '../../../core/time/clock.js';

const OFFSET_BYTES = 6;
/** The longest copy that is sent or accepted, without the offset in front of it. */
const TAIL_BYTES = 1_000;
/** The delay of the first copy, counted from the first byte that it contains. */
const COPY_AFTER_MS = 20;
/** The number of copies of the same bytes. Each copy waits twice as long as the previous copy. */
const COPIES = 4;
/**
 * No copies are sent if a stream carries more than `SPARSE_BYTES` within a window of this length: a busy stream recovers lost
 * packets quickly without copies.
 */
const WINDOW_MS = 100;
const SPARSE_BYTES = 8 * 1024;

export interface RedundancySender {
  /** Call with bytes that were written to the stream. */
  wrote(bytes: Buffer): void;
  stop(): void;
}

export interface RedundancyOptions {
  readonly send: (copy: Buffer) => void;
  /** Whether any written bytes are not acknowledged yet. */
  readonly isOwed: () => boolean;
  /** The longest datagram that fits into one packet of the path. */
  readonly maxBytes: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  readonly schedule: Schedule;
}

export function createRedundancySender({
  send,
  isOwed,
  maxBytes,
  nowMs,
  schedule,
}: RedundancyOptions): RedundancySender {
  let tail = Buffer.alloc(0);
  let written = 0;
  let copies = 0;
  let cancel: (() => void) | null = null;
  let windowFrom = 0;
  let windowBytes = 0;

  function later(): void {
    cancel = schedule(COPY_AFTER_MS * 2 ** copies, copy);
  }

  function copy(): void {
    cancel = null;
    if (tail.length === 0 || !isOwed()) return;
    const head = Buffer.alloc(OFFSET_BYTES);
    head.writeUIntBE(written - tail.length, 0, OFFSET_BYTES);
    send(Buffer.concat([head, tail]));
    copies += 1;
    if (copies < COPIES) later();
  }

  return {
    wrote(bytes) {
      const at = nowMs();
      if (at - windowFrom > WINDOW_MS) [windowFrom, windowBytes] = [at, 0];
      windowBytes += bytes.length;
      written += bytes.length;
      copies = 0;
      const tailBytes = Math.min(TAIL_BYTES, maxBytes() - OFFSET_BYTES);
      const isSparse = windowBytes <= SPARSE_BYTES && bytes.length <= tailBytes;
      tail = isSparse ? Buffer.concat([tail, bytes]).subarray(-tailBytes) : Buffer.alloc(0);
      if (isSparse && cancel === null) later();
    },
    stop() {
      cancel?.();
      tail = Buffer.alloc(0);
    },
  };
}

export interface RedundancyReceiver {
  /** Accepts the next bytes of the stream. Returns only those that no copy has delivered yet. */
  fromStream(bytes: Buffer): Buffer;
  /**
   * Accepts a copy. Returns the bytes in it that directly follow the bytes delivered so far and that the stream has not delivered
   * yet; often empty.
   */
  fromCopy(copy: Buffer): Buffer;
}

export function createRedundancyReceiver(): RedundancyReceiver {
  let streamed = 0;
  let taken = 0;

  const take = (start: number, bytes: Buffer): Buffer => {
    const fresh = start > taken ? bytes.subarray(bytes.length) : bytes.subarray(taken - start);
    taken += fresh.length;
    return fresh;
  };

  return {
    fromStream(bytes) {
      const start = streamed;
      streamed += bytes.length;
      return take(start, bytes);
    },
    fromCopy(copy) {
      if (copy.length <= OFFSET_BYTES || copy.length > OFFSET_BYTES + TAIL_BYTES) return Buffer.alloc(0);
      return take(copy.readUIntBE(0, OFFSET_BYTES), copy.subarray(OFFSET_BYTES));
    },
  };
}
