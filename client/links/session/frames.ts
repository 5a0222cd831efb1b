// The frames of a session: their shapes, and their binary form (one CBOR map each). Knows no stream and no peer.
import { Encoder } from 'cbor-x';
import { z } from 'zod';
import { decodeCbor } from './cbor.js';
import { type Failure, failure } from '../failure.js';
import { FRAME_LIMIT_BYTES, PAYLOAD_LIMIT_BYTES } from '../limits.js';

/** Of the session's frames; a peer with another one is refused. */
export const VERSION = 1;

const count = z.int().nonnegative();
const epoch = z.string().min(1).max(40);

/** The first frame each end sends on a new carrier: who speaks since when, and what it has of the other. */
const resume = z.object({
  kind: z.literal('resume'),
  version: count,
  epoch,
  /** Counts the carriers the dialling end has opened; of two, the higher one stays. */
  attempt: count,
  heard: z.object({ epoch, upTo: count }).nullable(),
});

const payload = z.custom<Buffer>(
  (value) => Buffer.isBuffer(value) && value.length <= PAYLOAD_LIMIT_BYTES,
  'a payload is a byte string',
);

/** Payloads numbered from `first` on; `ack` as in the frame of that name. */
const data = z.object({
  kind: z.literal('data'),
  first: count.min(1),
  ack: count,
  payloads: z.array(payload).min(1),
});

/** Everything up to this number has been handled. */
const ack = z.object({ kind: z.literal('ack'), ack: count });
const ping = z.object({ kind: z.literal('ping'), id: count });
const pong = z.object({ kind: z.literal('pong'), id: count });

/** The last frame: why the sender hangs up. */
const close = z.object({
  kind: z.literal('close'),
  code: z.enum(['not-introduced', 'malformed', 'superseded', 'leaving', 'unwanted']),
});

const frameSchema = z.discriminatedUnion('kind', [resume, data, ack, ping, pong, close]);

export type LinkFrame = z.infer<typeof frameSchema>;
export type ResumeFrame = z.infer<typeof resume>;
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

/** The frame in these bytes, or null if it is none. Payloads are views of `bytes`. Never throws. */
export function decodeLinkFrame(bytes: Buffer): LinkFrame | null {
  if (bytes.length > FRAME_LIMIT_BYTES) return null;
  const parsed = frameSchema.safeParse(decodeCbor(bytes));
  return parsed.success ? parsed.data : null;
}

/** What a peer's last frame means for the link, for people. */
export function closeFailure(code: CloseCode): Failure {
  switch (code) {
    case 'leaving':
      return failure('left');
    case 'superseded':
      return failure('closed', 'a newer connection took its place');
    case 'not-introduced':
    case 'malformed':
    case 'unwanted':
      return failure(code, 'said the other device');
  }
}
