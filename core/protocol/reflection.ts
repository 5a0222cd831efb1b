// Reflection: a device learns its outside address with one request datagram and one answer. This file does not use
// sockets.
import { isIPv4 } from 'node:net';
import type { Address } from './envelope.js';

/** Bytes of a token, which the requesting side chooses and the answer repeats. */
export const REFLECTION_TOKEN_BYTES = 8;

// The first byte must not be 0xff: stream packets on the same socket begin with 0xff.
const MAGIC = Buffer.from('PLR\x01', 'latin1');
const HEAD_BYTES = MAGIC.length + 1 + REFLECTION_TOKEN_BYTES;
const ASK = 0;
const TELL = 1;
const GROUPS = 8;
// A question is as long as the longest answer, so that forged questions cannot be used for amplification.
const QUESTION_BYTES = HEAD_BYTES + 2 + GROUPS * 2;

/** Encodes a question; `token` is hexadecimal. */
export function encodeQuestion(token: string): Buffer {
  return Buffer.concat([headOf(ASK, token)], QUESTION_BYTES);
}

/** Returns the token of a question, or null if the bytes are not a question. Never throws. */
export function decodeQuestion(bytes: Buffer): string | null {
  return bytes.length === QUESTION_BYTES ? tokenOf(bytes, ASK) : null;
}

/** Encodes the answer to a question that came from this address. The answer is never longer than the question. */
export function encodeReflection(token: string, { ip, port }: Address): Buffer {
  const place = isIPv4(ip)
    ? ip.split('.').map(Number)
    : groupsOf(ip).flatMap((group) => [group >> 8, group & 255]);
  return Buffer.concat([headOf(TELL, token), masked(Buffer.of(port >> 8, port & 255, ...place))]);
}

/** Returns the content of an answer, or null if the bytes are not an answer. Never throws. */
export function decodeReflection(
  bytes: Buffer,
): { readonly token: string; readonly address: Address } | null {
  const token = tokenOf(bytes, TELL);
  const place = masked(bytes.subarray(HEAD_BYTES));
  if (token === null || (place.length !== 2 + 4 && place.length !== 2 + GROUPS * 2)) return null;
  const port = place.readUInt16BE(0);
  const rest = place.subarray(2);
  if (port === 0) return null;
  if (rest.length === 4) return { token, address: { ip: rest.join('.'), port } };
  const groups = Array.from({ length: GROUPS }, (_, index) => rest.readUInt16BE(index * 2).toString(16));
  return { token, address: { ip: new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1), port } };
}

function headOf(kind: number, token: string): Buffer {
  return Buffer.concat([MAGIC, Buffer.of(kind), Buffer.from(token, 'hex')]);
}

function tokenOf(bytes: Buffer, kind: number): string | null {
  const isOurs = bytes.subarray(0, MAGIC.length).equals(MAGIC) && bytes[MAGIC.length] === kind;
  return isOurs && bytes.length >= HEAD_BYTES ? bytes.toString('hex', MAGIC.length + 1, HEAD_BYTES) : null;
}

// Inverts all bits, because some routers rewrite any bytes in a packet that equal one of their addresses (RFC 8489, 15.2).
const masked = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));

// The eight groups of an IPv6 address. The URL standard writes every IPv6 address as hexadecimal groups with at most one `::`.
function groupsOf(ip: string): readonly number[] {
  const plain = new URL(`http://[${ip}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = plain
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const gap = Array.from({ length: GROUPS - head.length - tail.length }, () => '0');
  return [...head, ...gap, ...tail].map((group) => Number.parseInt(group, 16));
}
