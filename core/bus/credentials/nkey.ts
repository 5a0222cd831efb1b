// NATS nkeys: Ed25519 keys in the broker's text form (prefix, key and CRC-16 in base32). It handles neither JWTs nor
// files.
import { generateSigningKey, type SigningKey, signingKeyFromSeed } from '../../keys.js';
import { fromBase32, toBase32 } from './base32.js';

const KINDS = ['operator', 'account', 'user'] as const;
export type NKeyKind = (typeof KINDS)[number];

export interface NKey {
  readonly kind: NKeyKind;
  /** `O…`, `A…` or `U…`; 56 characters. */
  readonly publicKey: string;
  /** `SO…`, `SA…` or `SU…`; 58 characters; secret. */
  readonly seed: string;
  /** A 64-byte Ed25519 signature. */
  sign(data: Uint8Array): Buffer;
}

// The first five bits become the first letter: O, A or U. A seed starts with S.
const PREFIXES: Readonly<Record<NKeyKind, number>> = { operator: 14 << 3, account: 0, user: 20 << 3 };
const SEED_PREFIX = 18 << 3;
const KEY_BYTES = 32;
const CRC_BYTES = 2;

/** Creates a random key. */
export const createNKey = (kind: NKeyKind): NKey => nkeyFromKey(kind, generateSigningKey());

/** The nkey for an Ed25519 key that links and signatures also use. */
export function nkeyFromKey(kind: NKeyKind, key: SigningKey): NKey {
  const prefix = PREFIXES[kind];
  return {
    kind,
    publicKey: publicNKey(kind, key.publicKey),
    // A seed has two prefixes in 16 bits: five bits for `S`, eight for the kind, three unused.
    seed: seal(Buffer.from([SEED_PREFIX | (prefix >> 5), (prefix & 31) << 3]), key.seed),
    sign: (data) => key.sign(data),
  };
}

/**
 * Returns the key of a seed (`SO…`, `SA…`, `SU…`). Throws a `RangeError` for any other text; the error does not quote
 * it.
 */
export function nkeyFromSeed(seed: string): NKey {
  const bytes = open(seed, 2 + KEY_BYTES, 'an nkey seed');
  const [first = 0, second = 0] = bytes;
  const prefix = ((first & 7) << 5) | (second >> 3);
  const kind = kindOf(prefix);
  if ((first & 0xf8) !== SEED_PREFIX || (second & 7) !== 0 || kind === undefined) {
    throw new RangeError('not an nkey seed: unknown prefix');
  }
  return nkeyFromKey(kind, signingKeyFromSeed(bytes.subarray(2)));
}

/** The broker's text form of a 32-byte public key. */
export function publicNKey(kind: NKeyKind, raw: Uint8Array): string {
  if (raw.length !== KEY_BYTES)
    throw new RangeError(`a public key has ${KEY_BYTES} bytes, not ${raw.length}`);
  return seal(Buffer.from([PREFIXES[kind]]), raw);
}

/** Returns the 32 bytes of `O…`, `A…` or `U…`. Throws a `RangeError` for a wrong prefix, length or checksum. */
export function rawPublicKey(publicKey: string): Buffer {
  const bytes = open(publicKey, 1 + KEY_BYTES, 'a public nkey');
  if (kindOf(bytes[0]) === undefined) throw new RangeError('not a public nkey: unknown prefix');
  return bytes.subarray(1);
}

function kindOf(prefix: number | undefined): NKeyKind | undefined {
  return KINDS.find((kind) => PREFIXES[kind] === prefix);
}

function seal(prefix: Uint8Array, key: Uint8Array): string {
  const body = Buffer.concat([prefix, key]);
  const checksum = Buffer.alloc(CRC_BYTES);
  checksum.writeUInt16LE(crc16(body));
  return toBase32(Buffer.concat([body, checksum]));
}

function open(text: string, bodyBytes: number, what: string): Buffer {
  const bytes = fromBase32(text);
  if (bytes.length !== bodyBytes + CRC_BYTES) throw new RangeError(`not ${what}: wrong length`);
  const body = bytes.subarray(0, bodyBytes);
  if (bytes.readUInt16LE(bodyBytes) !== crc16(body)) throw new RangeError(`not ${what}: wrong checksum`);
  return body;
}

// CRC-16/XMODEM, as the nkey format requires.
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}
