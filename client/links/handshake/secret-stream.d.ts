// Types of @hyperswarm/secret-stream as far as links use it; the package has none of its own.
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
    /** Whom the initiator means to reach. A responder learns it from the handshake. */
    readonly remotePublicKey?: Buffer;
  }

  /** A streamx duplex: one write is one message, and one `data` event at the other end. */
  export default class SecretStream extends EventEmitter {
    constructor(isInitiator: boolean, raw: Duplex, options: Options);
    static keyPair(seed: Buffer): KeyPair;
    /** Becomes true after the handshake, false if the stream is destroyed before. */
    readonly opened: Promise<boolean>;
    /** The key proved by the other end; nobody has compared it with anything. */
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
