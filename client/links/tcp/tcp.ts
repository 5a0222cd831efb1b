// The TCP carrier: node:net sockets without Nagle's delay. Refuses names for addresses: a candidate never costs a DNS query.
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../../../core/log.js';
import { originOf } from '../../../core/origin.js';
import { reachableAddresses, formatAddress } from '../addresses.js';
import type { Candidate, Carrier, Incoming, Route } from '../carrier.js';
import { ROUTES_LIMIT } from '../limits.js';

// Room for one packed frame, so that a full turn does not wait for the kernel in the middle.
const HIGH_WATER_BYTES = 128 * 1024;
// Whoever comes while the system's queue is full is heard a second later, when its system asks again: a long queue makes a
// crowd cost honest peers a part of that. Linux allows so many.
const BACKLOG = 4_096;
// The system asks again after 1, 3 and 7 s: too seldom to find soon that a network is back.
const CONNECT_AGAIN_MS = 1_500;

export interface TcpOptions {
  /** The address to listen on; all interfaces unless told. */
  readonly host?: string;
  /** 0, any free port, unless told. */
  readonly port?: number;
  readonly log: Log;
}

/** A carrier over TCP. `listen` rejects with the system's error if the port is taken. */
export function createTcpCarrier(options: TcpOptions): Carrier {
  const handedOut = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true, highWaterMark: HIGH_WATER_BYTES });

  const handOut = (socket: net.Socket): net.Socket => {
    handedOut.add(socket);
    socket.once('close', () => handedOut.delete(socket));
    return socket;
  };

  const connect = (candidate: Candidate, signal: AbortSignal): Promise<Duplex> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const target: net.TcpNetConnectOpts & { readonly highWaterMark: number } = {
        host: candidate.ip,
        port: candidate.port,
        noDelay: true,
        highWaterMark: HIGH_WATER_BYTES,
      };
      // Each asks for itself: where an answer takes long, the first has it first.
      const asking = new Set<net.Socket>();
      const settle = (): void => {
        signal.removeEventListener('abort', abort);
        clearInterval(timer);
        for (const socket of asking) socket.off('error', fail).destroy();
      };
      const fail = (error: unknown): void => {
        settle();
        reject(error);
      };
      const abort = (): void => fail(signal.reason);
      const begin = (): void => {
        const socket = net.connect(target);
        asking.add(socket);
        socket.once('error', fail);
        socket.once('connect', () => {
          socket.off('error', fail);
          asking.delete(socket);
          settle();
          resolve(handOut(socket));
        });
      };
      const timer = setInterval(begin, CONNECT_AGAIN_MS);
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
        onIncoming(handOut(socket), formatAddress(peer), originOf(peer.ip));
      });
      // Afterwards only accepting can fail, for want of file descriptors: one connection less, not the end.
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
      for (const socket of handedOut) socket.destroy();
      await closed;
    },
  };
}

function peerAddress(socket: net.Socket): Candidate {
  // A socket that listens on all interfaces gives IPv4 peers an IPv6 address around their own.
  const ip = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? 'gone';
  return { ip, port: socket.remotePort ?? 0 };
}
