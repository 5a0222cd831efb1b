// Relay frames: the messages that the two ends of a relayed stream exchange, and their encoding. Independent of the broker and
// the stream.

/** A peer with another version is refused. */
export const RELAY_VERSION = 1;
/** The size of the header in front of the bytes of a chunk. */
export const RELAY_HEAD_BYTES = 7;
/** Added to the bytes of each message when it is counted, so that the number of small messages is bounded too. */
export const MESSAGE_OVERHEAD_BYTES = 64;

/**
 * The frames of a stream. A position is a sum of costs since the start of the stream, separate for each direction; the cost of a
 * message is its bytes and its overhead. `at` is the position of the frame, and `granted` is the position up to which the sender
 * of the frame accepts chunks.
 */
export type RelayFrame =
  /** The first message of a stream. */
  | { readonly kind: 'open'; readonly granted: number; readonly version: number }
  | { readonly kind: 'accept'; readonly granted: number }
  | { readonly kind: 'chunk'; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'grant'; readonly granted: number }
  /** The end of the stream: no more chunks follow. */
  | { readonly kind: 'end'; readonly at: number }
  /** Answers a message for a stream that does not exist, or no longer exists. */
  | { readonly kind: 'reset' };

const KINDS = ['open', 'accept', 'chunk', 'grant', 'end', 'reset'] as const;
const NUMBER_BYTES = 6;

/** The amount by which a chunk moves the position. */
export const costOf = (bytes: Uint8Array): number => bytes.length + MESSAGE_OVERHEAD_BYTES;

export function encodeRelayFrame(frame: RelayFrame): Buffer {
  switch (frame.kind) {
    case 'open':
      return Buffer.concat([headOf('open', frame.granted), Buffer.of(frame.version)]);
    case 'accept':
    case 'grant':
      return headOf(frame.kind, frame.granted);
    case 'chunk':
      return Buffer.concat([headOf('chunk', frame.at), frame.bytes]);
    case 'end':
      return headOf('end', frame.at);
    case 'reset':
      return headOf('reset', 0);
  }
}

/**
 * The frame in these bytes; null if the bytes are not a valid frame. The bytes of a chunk are a view of `bytes`. Never throws.
 */
export function decodeRelayFrame(bytes: Buffer): RelayFrame | null {
  const kind = KINDS[bytes[0] ?? -1];
  if (kind === undefined || bytes.length < RELAY_HEAD_BYTES) return null;
  const number = bytes.readUIntBE(1, NUMBER_BYTES);
  const rest = bytes.subarray(RELAY_HEAD_BYTES);
  if (kind === 'chunk') return rest.length > 0 ? { kind, at: number, bytes: rest } : null;
  if (kind === 'open') {
    const [version, ...others] = rest;
    return version !== undefined && others.length === 0 ? { kind, granted: number, version } : null;
  }
  if (rest.length > 0) return null;
  switch (kind) {
    case 'accept':
    case 'grant':
      return { kind, granted: number };
    case 'end':
      return { kind, at: number };
    case 'reset':
      return number === 0 ? { kind } : null;
  }
}

function headOf(kind: RelayFrame['kind'], number: number): Buffer {
  const head = Buffer.alloc(RELAY_HEAD_BYTES);
  head[0] = KINDS.indexOf(kind);
  head.writeUIntBE(number, 1, NUMBER_BYTES);
  return head;
}
