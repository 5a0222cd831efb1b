// Types for the part of @hyperswarm/secret-stream that links use. The package itself contains no types.
declare module '@hyperswarm/secret-stream' {
  import type { EventEmitter } from 'node:events';
  import type { Duplex } from 'node:stream';

  interface KeyPair {
    readonly publicKey: Buffer;
    /** libsodium's 64 bytes: the seed, then the public key. */
    readonly secretKey: Buffer;
  }

  interface Options {
    readonly keyPair: KeyPair;
    readonly pattern: 'IK';
    /** The peer that the initiator expects. A responder learns the key from the handshake. */
    readonly remotePublicKey?: Buffer;
  }

  /** A streamx duplex. One `write` sends one message, which is one `data` event at the peer. */
  export default class SecretStream extends EventEmitter {
    constructor(isInitiator: boolean, raw: Duplex, options: Options);
    static keyPair(seed: Buffer): KeyPair;
    /** Resolves true after the handshake, and false if the stream is destroyed before. */
    readonly opened: Promise<boolean>;
    /** The key that the peer has proved. The caller must compare it with the expected key. */
    readonly remotePublicKey: Buffer | null;
    /** Ciphertext bytes of messages received since the handshake. */
    readonly rawBytesRead: number;
    readonly destroying: boolean;
    write(message: Uint8Array): boolean;
    end(): void;
    pause(): this;
    resume(): this;
    destroy(error?: Error): void;
  }
}
