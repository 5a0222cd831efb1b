// Envelopes on the wire of a link: CBOR, untrusted until parsed.
import { Encoder } from 'cbor-x';
import {
  parseRequest,
  type Request,
  type Response,
  responseSchema,
  type Unreadable,
} from '../../../core/protocol/envelope.js';
import { decodeCbor } from '../../links/session/cbor.js';
import { PAYLOAD_LIMIT_BYTES } from '../../links/limits.js';

const encoder = new Encoder({ useRecords: false, tagUint8Array: false });

export type Frame =
  | { readonly kind: 'request'; readonly request: Request }
  | { readonly kind: 'response'; readonly response: Response }
  /** An invalid request that can be answered, because its id is valid. */
  | { readonly kind: 'unreadable'; readonly unreadable: Unreadable }
  /** A payload that cannot be answered. */
  | { readonly kind: 'noise'; readonly reason: string };

export function writeFrame(envelope: Request | Response): Buffer {
  const { data, ...rest } = envelope;
  return encoder.encode(data === undefined ? rest : envelope);
}

/** Reads a payload from a link. Never throws. An unreadable response is noise, so that two peers never answer each other's answers. */
export function readFrame(bytes: Buffer): Frame {
  if (bytes.length > PAYLOAD_LIMIT_BYTES) return { kind: 'noise', reason: 'the frame is too long' };
  const value = decodeCbor(bytes);
  if (typeof value !== 'object' || value === null) return { kind: 'noise', reason: 'it is not an envelope' };
  if ('status' in value) {
    const parsed = responseSchema.safeParse(value);
    if (parsed.success) return { kind: 'response', response: parsed.data };
    return { kind: 'noise', reason: 'it is an unreadable response' };
  }
  const parsed = parseRequest(value);
  if ('request' in parsed) return { kind: 'request', request: parsed.request };
  if (parsed.unreadable.id === '') return { kind: 'noise', reason: parsed.unreadable.message };
  return { kind: 'unreadable', unreadable: parsed.unreadable };
}
