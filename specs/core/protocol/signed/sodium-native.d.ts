// The functions of the package that specs use to compare keys, in addition to those that the sources use.
declare module 'sodium-native' {
  export function crypto_sign_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void;
  export function crypto_sign_verify_detached(signature: Buffer, message: Buffer, publicKey: Buffer): boolean;
}
