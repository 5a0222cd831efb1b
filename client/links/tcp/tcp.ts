// The TCP carrier: node:net sockets without Nagle's delay. It ignores candidates that are names, so it makes no DNS queries.
import { once } from 'node:events';
import net from 'node:net';
import type { Log } from '../../../core/log.js';
import type { Schedule } from '../../../core/time/clock.js';
import { every } from '../../../core/time/wait.js';
import { originOf } from '../../../core/origin.js';
import { reachableAddresses, formatAddress } from '../addresses.js';
import type { Candidate, Carrier, Incoming, RawStream, Route } from '../carrier.js';
import { ROUTES_LIMIT } from '../limits.js';

// The buffer of a socket. It holds one full frame, so that writing a frame does not wait for the kernel.
const HIGH_WATER_BYTES = 128 * 1024;
// The length of the system's queue of incoming connections; 4,096 is the maximum on Linux. If the queue is full, a peer gets
// through only when its system retries after a second. A long queue lets honest peers through during a flood.
const BACKLOG = 4_096;
// The interval of new attempts. The system repeats its connection request only after 1, 3 and 7 s, which is too slow when a
// network comes back.
const RETRY_INTERVAL_MS = 1_500;

export interface TcpOptions {
  /** The address to listen on; all interfaces by default. */
  readonly host?: string;
  /** The port to listen on; the default, 0, means any free port. */
  readonly port?: number;
  readonly schedule: Schedule;
  readonly log: Log;
}

/** A carrier over TCP. `listen` rejects with the system's error if the port is taken. */
export function createTcpCarrier(options: TcpOptions): Carrier {
  const open = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true, highWaterMark: HIGH_WATER_BYTES });

  const track = (socket: net.Socket): RawStream => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const ends = { local: localAddress(socket), remote: peerAddress(socket) };
    return Object.assign(socket, { ends: () => ends });
  };

  const connect = (candidate: Candidate, signal: AbortSignal): Promise<RawStream> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const target: net.TcpNetConnectOpts & { readonly highWaterMark: number } = {
        host: candidate.ip,
        port: candidate.port,
        noDelay: true,
        highWaterMark: HIGH_WATER_BYTES,
      };
      // All sockets that are connecting. Earlier sockets are kept when a new attempt begins, because on a slow network the first
      // socket is answered first.
      const connecting = new Set<net.Socket>();
      const settle = (): void => {
        signal.removeEventListener('abort', abort);
        stopRetrying();
        for (const socket of connecting) socket.off('error', fail).destroy();
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      const abort = (): void => fail(signal.reason);
      const begin = (): void => {
        const socket = net.connect(target);
        connecting.add(socket);
        socket.once('error', fail);
        socket.once('connect', () => {
          socket.off('error', fail);
          connecting.delete(socket);
          settle();
          resolve(track(socket));
        });
      };
      const stopRetrying = every(options.schedule, RETRY_INTERVAL_MS, begin);
      signal.addEventListener('abort', abort, { once: true });
      begin();
    });

  return {
    kind: 'tcp',
    async listen(onIncoming: Incoming) {
      server.listen({
        port: options.port ?? 0,
        backlog: BACKLOG,
        ...(options.host !== undefined && { host: options.host }),
      });
      await once(server, 'listening');
      server.on('connection', (socket) => {
        const peer = peerAddress(socket);
        onIncoming(track(socket), formatAddress(peer), originOf(peer.ip));
      });
      // While listening, only accepting a connection can fail, for lack of file descriptors. Then one connection is lost, and the
      // server continues.
      server.on('error', (error) => options.log.warn({ error }, 'a TCP connection could not be accepted'));
    },
    addresses() {
      const address = server.address();
      if (address === null || typeof address === 'string') return [];
      const { port } = address;
      return reachableAddresses(options.host).map((ip) => ({ ip, port }));
    },
    routes: ({ candidates }): readonly Route[] =>
      candidates
        .filter((candidate) => net.isIP(candidate.ip) !== 0)
        .slice(0, ROUTES_LIMIT)
        .map((candidate) => ({
          to: formatAddress(candidate),
          connect: (signal) => connect(candidate, signal),
        })),
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

function peerAddress(socket: net.Socket): Candidate {
  return { ip: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 };
}

const localAddress = (socket: net.Socket): Candidate => ({
  ip: plainAddress(socket.localAddress),
  port: socket.localPort ?? 0,
});

// Converts an IPv4-mapped IPv6 address to IPv4. A socket that listens on all interfaces reports IPv4 peers with such addresses.
const plainAddress = (ip: string | undefined): string => ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'gone';
