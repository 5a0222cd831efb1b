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

// Space for one full frame, so that it is written at once and no write waits for the kernel.
const HIGH_WATER_BYTES = 128 * 1024;
// A connection that arrives while the system's queue is full is accepted only when its system retries, after a second. A long queue
// lets honest peers through during a flood. This is the maximum on Linux.
const BACKLOG = 4_096;
// The system repeats a connection request after 1, 3 and 7 s, which is too slow to notice soon that a network is back.
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
      // Earlier sockets stay: on a slow network the first one still gets its answer first.
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
      // After listening only accepting can fail, for lack of file descriptors. That costs one connection; the server continues.
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

// A socket that listens on all interfaces reports IPv4 peers with IPv4-mapped IPv6 addresses.
const plainAddress = (ip: string | undefined): string => ip?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'gone';
