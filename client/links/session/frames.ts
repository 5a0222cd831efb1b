// Link frames: their schemas, and their binary form (one CBOR map each). Independent of streams and peers.
import { Encoder } from 'cbor-x';
import { z } from 'zod';
import { decodeCbor } from './cbor.js';
import { type Failure, failure } from '../failure.js';
import { FRAME_LIMIT_BYTES, PAYLOAD_LIMIT_BYTES } from '../limits.js';

/** The version of the link frames; a peer with another version is refused. */
export const VERSION = 1;

const count = z.int().nonnegative();
const epoch = z.string().min(1).max(40);

/**
 * The first frame of each side on a new carrier. `epoch` identifies the process that sends it. `heard` is the epoch of the
 * receiver and the number up to which the sender has handled its payloads.
 */
const resume = z.object({
  kind: z.literal('resume'),
  version: count,
  epoch,
  /**
   * The number of connections that the dialling side has opened. If two connections are open, the connection with the higher
   * number is kept.
   */
  attempt: count,
  heard: z.object({ epoch, upTo: count }).nullable(),
  /** Zero bytes that make the frame large; see `FULL_SIZE_BYTES`. Earlier versions send no padding. */
  padding: z.custom<Buffer>((value) => Buffer.isBuffer(value)).optional(),
});

const payload = z.custom<Buffer>(
  (value) => Buffer.isBuffer(value) && value.length <= PAYLOAD_LIMIT_BYTES,
  'a payload is a byte string',
);

/** Payloads numbered from `first`. `ack` means the same as in the ack frame. */
const data = z.object({
  kind: z.literal('data'),
  first: count.min(1),
  ack: count,
  payloads: z.array(payload).min(1),
});

/** Acknowledges all payloads up to the number `ack`: the sender of this frame has handled them. */
const ack = z.object({ kind: z.literal('ack'), ack: count });
/** A request for a pong. Earlier versions send and read only the id. */
const ping = z.object({
  kind: z.literal('ping'),
  id: count,
  /** The user asks the side that dials to try better carriers now. */
  isRetryWanted: z.boolean().optional(),
  /** The time until the sender tries better carriers, in milliseconds; absent if the sender does not try any. */
  nextTryMs: count.optional(),
});
const pong = z.object({ kind: z.literal('pong'), id: count });

/** The last frame: the reason why the sender closes the connection. */
const close = z.object({
  kind: z.literal('close'),
  code: z.enum(['not-introduced', 'malformed', 'superseded', 'leaving', 'unwanted']),
});

const frameSchema = z.discriminatedUnion('kind', [resume, data, ack, ping, pong, close]);

export type LinkFrame = z.infer<typeof frameSchema>;
export type ResumeFrame = z.infer<typeof resume>;
export type PingFrame = z.infer<typeof ping>;
export type AckFrame = z.infer<typeof ack>;
export type CloseCode = z.infer<typeof close>['code'];
export interface DataFrame {
  readonly kind: 'data';
  readonly first: number;
  readonly ack: number;
  readonly payloads: readonly Uint8Array[];
}

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });

export function encodeLinkFrame(frame: Exclude<LinkFrame, { kind: 'data' }> | DataFrame): Buffer {
  return encoder.encode(frame);
}

/** The frame in these bytes; null if the bytes are not a valid frame. Payloads are views of `bytes`. Never throws. */
export function decodeLinkFrame(bytes: Buffer): LinkFrame | null {
  if (bytes.length > FRAME_LIMIT_BYTES) return null;
  const parsed = frameSchema.safeParse(decodeCbor(bytes));
  return parsed.success ? parsed.data : null;
}

/** The failure of a link that the peer closed with this code. */
export function closeFailure(code: CloseCode): Failure {
  switch (code) {
    case 'leaving':
      return failure('left');
    case 'superseded':
      return failure('closed', 'replaced by a newer connection');
    case 'not-introduced':
    case 'malformed':
    case 'unwanted':
      return failure(code, 'reported by the other device');
  }
}
