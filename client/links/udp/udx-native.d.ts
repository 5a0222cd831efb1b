// Types of udx-native as far as links use it; the package has none of its own.
declare module 'udx-native' {
  import type { EventEmitter } from 'node:events';

  interface Source {
    readonly host: string;
    readonly port: number;
    readonly family: number;
  }

  /** One UDP port: streams by id, and beside them datagrams that do not begin with 0xff. */
  interface Socket extends EventEmitter {
    /** Throws the system's error. */
    bind(port: number, host: string): void;
    address(): Source | null;
    /** Never fails; what cannot be sent is lost. The `ttl` of IPv4 counts on a socket of that family only. */
    trySend(bytes: Uint8Array, port: number, host: string, ttl?: number): void;
    setRecvBufferSize(bytes: number): void;
    setSendBufferSize(bytes: number): void;
    /** Resolves when its streams are gone, too. */
    close(): Promise<void>;
    on(event: 'message', listener: (bytes: Buffer, from: Source) => void): this;
  }

  /** A streamx duplex: reliable and in order. It takes in whatever comes, read or not. */
  interface Stream extends EventEmitter {
    connect(socket: Socket, remoteId: number, port: number, host: string): void;
    write(bytes: Uint8Array): boolean;
    /** Beside the stream, and as unreliable as any datagram; the other end's stream emits it as `message`. */
    trySend(bytes: Uint8Array): void;
    /** Bytes of a packet at most, with UDX's own head of 20. */
    readonly mtu: number;
    /** Packets with data that were given up for lost and sent again, modulo 2^16. */
    readonly retransmits: number;
    /** Bytes that are not acknowledged yet. */
    readonly inflight: number;
    end(): void;
    destroy(error?: Error): void;
  }

  export default class UDX {
    createSocket(options?: { readonly ipv6Only?: boolean }): Socket;
    /** The id is this end's; unique among all streams of this instance. */
    createStream(id: number): Stream;
  }
}
