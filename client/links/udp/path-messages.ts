// The messages with which the two ends of a UDP stream measure their path: types and encoding. They are sent as datagrams outside
// the stream, like the copies of `redundancy.ts`. Earlier versions read them as copies and ignore them, because they begin with
// an offset that no stream reaches. Independent of the stream.

export type PathMessage =
  /** Asks for an echo of the same length. */
  | { readonly kind: 'size'; readonly bytes: number }
  | { readonly kind: 'size-echo'; readonly bytes: number }
  /** Asks for the number of packets that the peer has received. `sent`: the number of packets sent before this one. */
  | { readonly kind: 'count'; readonly sent: number }
  | { readonly kind: 'count-echo'; readonly sent: number; readonly received: number };

const KINDS = ['size', 'size-echo', 'count', 'count-echo'] as const;
const OFFSET = Buffer.alloc(6, 0xff);
const HEAD_BYTES = OFFSET.length + 1;
const NUMBER_BYTES = 6;
const LENGTHS = { count: HEAD_BYTES + NUMBER_BYTES, 'count-echo': HEAD_BYTES + 2 * NUMBER_BYTES } as const;
const LONGEST_BYTES = 1_500;

export function encodePathMessage(message: PathMessage): Buffer {
  const bytes = Buffer.alloc('bytes' in message ? message.bytes : LENGTHS[message.kind]);
  OFFSET.copy(bytes);
  bytes[OFFSET.length] = KINDS.indexOf(message.kind);
  if ('sent' in message) bytes.writeUIntBE(message.sent, HEAD_BYTES, NUMBER_BYTES);
  if ('received' in message) bytes.writeUIntBE(message.received, HEAD_BYTES + NUMBER_BYTES, NUMBER_BYTES);
  return bytes;
}

export const isPathMessage = (bytes: Buffer): boolean => bytes.subarray(0, OFFSET.length).equals(OFFSET);

/** The message in these bytes; null if the bytes are not a valid message. Never throws. */
export function decodePathMessage(bytes: Buffer): PathMessage | null {
  const kind = KINDS[bytes[OFFSET.length] ?? -1];
  if (kind === undefined || !isPathMessage(bytes) || bytes.length > LONGEST_BYTES) return null;
  switch (kind) {
    case 'size':
    case 'size-echo':
      return { kind, bytes: bytes.length };
    case 'count':
      if (bytes.length !== LENGTHS[kind]) return null;
      return { kind, sent: bytes.readUIntBE(HEAD_BYTES, NUMBER_BYTES) };
    case 'count-echo':
      if (bytes.length !== LENGTHS[kind]) return null;
      return {
        kind,
        sent: bytes.readUIntBE(HEAD_BYTES, NUMBER_BYTES),
        received: bytes.readUIntBE(HEAD_BYTES + NUMBER_BYTES, NUMBER_BYTES),
      };
  }
}
