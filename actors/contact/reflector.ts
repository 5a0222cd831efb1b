// The UDP reflector: answers each question with the address from which the question came. It has two ports, so that a terminal
// sees whether its NAT uses the same address for every destination. It stores nothing but the request rate of each origin.
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../core/time/clock.js';
import { messageOf, OperatorError } from '../../core/errors.js';
import type { Log } from '../../core/log.js';
import { decodeQuestion, encodeReflection } from '../../core/protocol/reflection.js';
import { createBuckets } from '../admission/buckets.js';
import { type Origin, originOf } from '../../core/origin.js';

export interface ReflectorOptions {
  /** One specific address of this machine: with a wildcard, an answer could come from another address. */
  readonly host: string;
  /** The first of two consecutive ports; 0 means any two free ports. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Reflector {
  readonly ports: readonly number[];
  close(): Promise<void>;
}

// Once a minute a terminal asks both ports a few times, and many terminals may share one address.
const QUESTIONS_PER_SECOND = 50;
const QUESTIONS_AT_ONCE = 200;
const MAX_ORIGINS = 20_000;

/** Throws an `OperatorError` if a port is taken. */
export async function startReflector({ host, port, clock, log }: ReflectorOptions): Promise<Reflector> {
  const asking = createBuckets<Origin>({
    capacity: QUESTIONS_AT_ONCE,
    perSecond: QUESTIONS_PER_SECOND,
    maxKeys: MAX_ORIGINS,
    clock,
  });
  const sockets: Socket[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(resolve))));
  };
  const open = async (at: number): Promise<number> => {
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    await bound(socket, host, at);
    sockets.push(socket);
    socket.on('error', (error) =>
      log.warn({ err: error }, 'a request for an external address could not be received'),
    );
    socket.on('message', (bytes, from) => {
      const token = decodeQuestion(bytes);
      if (token === null || asking.take(originOf(from.address), 1) > 0) return;
      const [ip = ''] = from.address.split('%');
      const answer = encodeReflection(token, { ip, port: from.port });
      socket.send(answer, from.port, from.address, (error) => {
        if (error) log.debug({ err: error }, 'a request for an external address could not be answered');
      });
    });
    return socket.address().port;
  };
  try {
    const first = await open(port);
    const second = await open(port === 0 ? 0 : port + 1);
    return { ports: [first, second], close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function bound(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.close();
      const what = `the UDP port ${port} on ${host} cannot be used (${messageOf(error)})`;
      reject(
        new OperatorError(
          what,
          'Stop the program that uses the port, or choose other ports with --udp-port N.',
          { cause: error },
        ),
      );
    };
    socket.once('error', fail);
    socket.bind(port, host, () => {
      socket.off('error', fail);
      resolve();
    });
  });
}
