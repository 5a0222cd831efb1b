// Ed25519 keys from 32-byte seeds. One seed gives the same key to the broker, to links and to signatures.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import sodium from 'sodium-native';

// DER prefixes of RFC 8410: a bare key is 32 bytes behind a constant header.
// DER and not JWK: exporting Ed25519 keys as JWK in a loop hangs Node 20.20.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

export interface SigningKey {
  /** 32 bytes; the secret. */
  readonly seed: Buffer;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** A 64-byte Ed25519 signature. */
  sign(data: Uint8Array): Buffer;
}

/** A new key from the system's randomness. */
export function generateSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return fromPrivate(privateKey);
}

/** The key of a 32-byte seed; throws a `RangeError` for any other length. */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== KEY_BYTES) throw new RangeError(`a seed has ${KEY_BYTES} bytes, not ${seed.length}`);
  return fromPrivate(createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' }));
}

/** Whether `signature` is by the holder of `publicKey` (32 bytes) over exactly `data`. Never throws. */
export function isSignedBy(publicKey: Uint8Array, data: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== KEY_BYTES) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, data, key, signature);
}

function fromPrivate(privateKey: KeyObject): SigningKey {
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-KEY_BYTES);
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).subarray(-KEY_BYTES);
  // libsodium signs in 60% of the time of node:crypto. Its secret key is the seed followed by the public key.
  const secretKey = Buffer.concat([seed, publicKey]);
  return {
    seed,
    publicKey,
    sign(data) {
      const signature = Buffer.alloc(SIGNATURE_BYTES);
      sodium.crypto_sign_detached(signature, data, secretKey);
      return signature;
    },
  };
}
