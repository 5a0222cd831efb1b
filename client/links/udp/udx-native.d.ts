// Types for the part of udx-native that links use. The package itself contains no types.
declare module 'udx-native' {
  import type { EventEmitter } from 'node:events';

  interface Source {
    readonly host: string;
    readonly port: number;
    readonly family: number;
  }

  /** One UDP port: streams by id, and datagrams that do not begin with 0xff. */
  interface Socket extends EventEmitter {
    /** Throws the system's error. */
    bind(port: number, host: string): void;
    address(): Source | null;
    /**
     * Sends a datagram. Never fails; a datagram that cannot be sent is lost. For IPv4 datagrams, `ttl` has an effect only on an
     * IPv4 socket.
     */
    trySend(bytes: Uint8Array, port: number, host: string, ttl?: number): void;
    setRecvBufferSize(bytes: number): void;
    setSendBufferSize(bytes: number): void;
    /** Closes the socket. Resolves when its streams are closed as well. */
    close(): Promise<void>;
    on(event: 'message', listener: (bytes: Buffer, from: Source) => void): this;
  }

  /** A streamx duplex: reliable and in order. It accepts data without limit, read or not. */
  interface Stream extends EventEmitter {
    connect(socket: Socket, remoteId: number, port: number, host: string): void;
    write(bytes: Uint8Array): boolean;
    /** Sends a datagram outside the stream, unreliably; the other end's stream emits it as `message`. */
    trySend(bytes: Uint8Array): void;
    /** The longest packet in bytes, with UDX's header of 20. */
    readonly mtu: number;
    /** The packets sent for the stream. Acknowledgements and repeated packets count; datagrams outside the stream do not. */
    readonly packetsTransmitted: number;
    /** The packets that have arrived for the stream. Duplicates and datagrams outside the stream count as well. */
    readonly packetsReceived: number;
    /** UDX's native structure in units of 16 bits. */
    readonly _view16: Uint16Array;
    /** Unacknowledged bytes. */
    readonly inflight: number;
    end(): void;
    destroy(error?: Error): void;
  }

  export default class UDX {
    createSocket(options?: { readonly ipv6Only?: boolean }): Socket;
    /** @param id the stream id of this side, unique among all streams of this instance */
    createStream(id: number): Stream;
  }
}

// Offsets of fields in UDX's native structures.
declare module 'udx-native/binding.js' {
  const binding: {
    /** In bytes. */
    readonly offsetof_udx_stream_t_mtu: number;
  };
  export default binding;
}
