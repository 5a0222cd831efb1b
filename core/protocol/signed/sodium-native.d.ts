// Types for the parts of sodium-native that Partyline uses. The package has no types of its own.
declare module 'sodium-native' {
  /** `secretKey` is the 32-byte seed followed by the public key; `signature` has 64 bytes. */
  export function crypto_sign_detached(signature: Buffer, message: Uint8Array, secretKey: Buffer): void;
  export const crypto_box_PUBLICKEYBYTES: number;
  export const crypto_box_SECRETKEYBYTES: number;
  export const crypto_box_SEALBYTES: number;
  export function crypto_box_keypair(publicKey: Buffer, secretKey: Buffer): void;
  export function crypto_box_seal(ciphertext: Buffer, message: Buffer, publicKey: Buffer): void;
  /** Returns false if the ciphertext was sealed to another key or was changed. */
  export function crypto_box_seal_open(
    message: Buffer,
    ciphertext: Buffer,
    publicKey: Buffer,
    secretKey: Buffer,
  ): boolean;
}
