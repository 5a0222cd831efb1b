// The UDP port of this device, with one socket for IPv4 and one for IPv6. A single socket for both does not suffice: the system
// ignores the TTL of IPv4 datagrams on it, and hole punching needs this TTL.
import net from 'node:net';
import type UDX from 'udx-native';
import type { Socket } from 'udx-native';
import { invariant, messageOf } from '../../../core/errors.js';
import type { Log } from '../../../core/log.js';
import type { Candidate } from '../carrier.js';
import { failure, LinkError } from '../failure.js';

const SOCKET_BUFFER_BYTES = 2 * 1024 * 1024;
/** The number of attempts to find a port that is free for both IPv4 and IPv6. */
const BINDINGS = 8;

export interface UdpSockets {
  readonly port: number;
  /**
   * The socket for streams to this address. Throws a `LinkError` if this device has no addresses of the same family, IPv4 or
   * IPv6.
   */
  socketFor(ip: string): Socket;
  /**
   * Sends a datagram. Never fails; a datagram that cannot be sent is lost. `ttl`: the most routers that the datagram may pass,
   * plus one.
   */
  send(bytes: Buffer, to: Candidate, ttl?: number): void;
  /** Closes the sockets. Resolves when their streams are closed as well. */
  close(): Promise<void>;
}

export interface UdpSocketsOptions {
  readonly udx: UDX;
  /** The address to use; all interfaces if undefined. */
  readonly host: string | undefined;
  readonly onMessage: (bytes: Buffer, from: Candidate) => void;
  readonly log: Log;
}

/** Throws the system's error if no port is free. */
export function openUdpSockets({ udx, host, onMessage, log }: UdpSocketsOptions): UdpSockets {
  const open = (ip: string, port: number): Socket => {
    const socket = udx.createSocket({ ipv6Only: net.isIPv6(ip) });
    try {
      socket.bind(port, ip);
    } catch (error) {
      void socket.close();
      throw error;
    }
    socket.on('message', (bytes, from) => onMessage(bytes, { ip: from.host, port: from.port }));
    try {
      socket.setRecvBufferSize(SOCKET_BUFFER_BYTES);
      socket.setSendBufferSize(SOCKET_BUFFER_BYTES);
    } catch (error) {
      log.debug({ error }, 'the UDP socket keeps its small buffers');
    }
    return socket;
  };

  function openBoth(): readonly [Socket, ...Socket[]] {
    for (let left = BINDINGS; ; left -= 1) {
      const four = open('0.0.0.0', 0);
      try {
        return [four, open('::', portOf(four))];
      } catch (error) {
        if (left > 1 && isPortTaken(error)) {
          void four.close();
          continue;
        }
        log.debug({ reason: messageOf(error) }, 'no UDP over IPv6');
        return [four];
      }
    }
  }

  const [first, ...others] = host === undefined || host === '::' ? openBoth() : ([open(host, 0)] as const);
  const sockets = [first, ...others];
  const socketOf = (ip: string): Socket | undefined =>
    sockets.find((socket) => socket.address()?.family === net.isIP(ip));

  return {
    port: portOf(first),
    socketFor(ip) {
      const socket = socketOf(ip);
      if (socket === undefined)
        throw new LinkError(failure('unreachable', `no IPv${net.isIP(ip)} on this device`));
      return socket;
    },
    send(bytes, { ip, port }, ttl) {
      socketOf(ip)?.trySend(bytes, port, ip, ttl);
    },
    async close() {
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}

function portOf(socket: Socket): number {
  const { port } = socket.address() ?? {};
  invariant(port !== undefined, 'a bound socket has a port');
  return port;
}

const isPortTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
