// Copies of the last few bytes of a sparse stream, sent beside it: a lost packet is made good by the next copy, long before
// UDX notices the loss by itself. What arrives twice is dropped by its place in the stream. Knows no socket.

const OFFSET_BYTES = 6;
/** With its offset a copy fits into one packet of any path. */
const TAIL_BYTES = 1_000;
/** From the last copy, or the first byte that has none. */
const COPY_AFTER_MS = 20;
/** With nothing new, each copy waits twice as long as the one before. */
const COPIES = 4;
/** A stream that carries more in a window of this length makes good its losses by itself. */
const WINDOW_MS = 100;
const SPARSE_BYTES = 8 * 1024;

export interface RedundancySender {
  /** These bytes went into the stream. */
  wrote(bytes: Buffer): void;
  stop(): void;
}

/** @param isOwed whether anything written is not acknowledged yet @param nowMs a clock that only goes forward */
export function createRedundancySender(
  send: (copy: Buffer) => void,
  isOwed: () => boolean,
  nowMs: () => number,
): RedundancySender {
  let tail = Buffer.alloc(0);
  let written = 0;
  let copies = 0;
  let timer: NodeJS.Timeout | undefined;
  let windowFrom = 0;
  let windowBytes = 0;

  function later(): void {
    timer = setTimeout(copy, COPY_AFTER_MS * 2 ** copies);
  }

  function copy(): void {
    timer = undefined;
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
      const isSparse = windowBytes <= SPARSE_BYTES && bytes.length <= TAIL_BYTES;
      tail = isSparse ? Buffer.concat([tail, bytes]).subarray(-TAIL_BYTES) : Buffer.alloc(0);
      if (isSparse && timer === undefined) later();
    },
    stop() {
      clearTimeout(timer);
      tail = Buffer.alloc(0);
    },
  };
}

export interface RedundancyReceiver {
  /** The next bytes of the stream itself; gives those that no copy has brought before. */
  fromStream(bytes: Buffer): Buffer;
  /** A copy; gives what it brings sooner than the stream, empty if nothing that follows what is there. */
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
