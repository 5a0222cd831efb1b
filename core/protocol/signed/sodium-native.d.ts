// The part of sodium-native that is used here; the package has no types of its own.
declare module 'sodium-native' {
  /** `secretKey` is the seed of 32 bytes with the public key behind it; `signature` has 64. */
  export function crypto_sign_detached(signature: Buffer, message: Uint8Array, secretKey: Buffer): void;
  export const crypto_box_PUBLICKEYBYTES: number;
  export const crypto_box_SECRETKEYBYTES: number;
  export const crypto_box_SEALBYTES: number;
  export function crypto_box_keypair(publicKey: Buffer, secretKey: Buffer): void;
  export function crypto_box_seal(ciphertext: Buffer, message: Buffer, publicKey: Buffer): void;
  /** False when the ciphertext was not sealed to this key, or was changed. */
  export function crypto_box_seal_open(
    message: Buffer,
    ciphertext: Buffer,
    publicKey: Buffer,
    secretKey: Buffer,
  ): boolean;
}
