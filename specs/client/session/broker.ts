// A simulated broker and tracker. They record connections and requests; the spec provides the answers.
import type { Connect } from '../../../client/session/auth/admission.js';
import type { Bus, BusMessage } from '../../../core/bus/bus.js';
import type { BusOptions } from '../../../core/bus/connection/connection.js';
import { BusError, type BusFailure } from '../../../core/bus/connection/failure.js';
import type { BusEvent } from '../../../core/bus/connection/bus-event.js';
import type { Request } from '../../../core/protocol/envelope.js';
import { parseRequest } from '../../../core/protocol/envelope.js';
import type { Time } from '../../support/time.js';

/** The tracker's reaction to a request: an answer in bytes, a failure of the broker, or none. */
export type Reaction = Uint8Array | BusFailure | 'silence';

export interface Asked {
  readonly subject: string;
  readonly request: Request;
  readonly role: 'guest' | 'device';
  readonly payload: string;
}

export interface FakeBroker {
  readonly connect: Connect;
  readonly asked: readonly Asked[];
  /** The JWT of each connection attempt, including refused attempts. */
  readonly shown: readonly string[];
  /** The open connections, in the order in which they were opened. */
  readonly open: readonly FakeConnection[];
  answer: (asked: Asked) => Reaction;
  /** The error of a connection attempt; null if it succeeds. */
  refusal: ((jwt: string, role: Asked['role']) => BusFailure | null) | null;
  /** Resolves when the broker answers a ping. */
  pong: () => Promise<void>;
}

export interface FakeConnection {
  readonly role: Asked['role'];
  readonly jwt: () => string;
  tell(status: BusEvent): void;
  push(subject: string, data: string): void;
}

export function createFakeBroker(time: Time): FakeBroker {
  const asked: Asked[] = [];
  const shown: string[] = [];
  const open: FakeConnection[] = [];
  const broker: FakeBroker = {
    asked,
    shown,
    open,
    answer: () => 'silence',
    refusal: null,
    pong: async () => undefined,
    connect: async (options) => {
      const role = options.inboxPrefix.startsWith('_GUEST') ? 'guest' : 'device';
      const jwt = options.credentials.jwt();
      shown.push(jwt);
      const failure = broker.refusal?.(jwt, role) ?? null;
      if (failure !== null) throw new BusError(failure, 'connecting');
      return connection(role, options);
    },
  };

  function connection(role: Asked['role'], { onStatus, credentials }: BusOptions): Bus {
    const handlers = new Map<string, (message: BusMessage) => void | Promise<void>>();
    const failing = new Set<(error: BusError) => void>();
    let isConnected = true;
    const interrupt = (): void => {
      isConnected = false;
      for (const fail of failing) fail(new BusError('disconnected', 'lost'));
    };
    const self: FakeConnection = {
      role,
      jwt: credentials.jwt,
      tell(status) {
        if (status.type === 'disconnected') interrupt();
        if (status.type === 'connected') isConnected = true;
        onStatus?.(status);
      },
      push: (subject, data) => void handlers.get(subject)?.({ subject, data: Buffer.from(data) }),
    };
    open.push(self);
    const close = async (): Promise<void> => {
      interrupt();
      const place = open.indexOf(self);
      if (place >= 0) open.splice(place, 1);
      onStatus?.({ type: 'closed' });
    };
    return {
      info: { serverVersion: '0', clientIp: undefined, host: '', port: 0, maxPayload: 1_048_576 },
      ends: { local: { ip: '127.0.0.1', port: 50_000 }, remote: { ip: '127.0.0.1', port: 4_222 } },
      get isConnected() {
        return isConnected;
      },
      request: (subject, data, { timeoutMs }) =>
        new Promise((resolve, reject) => {
          if (!isConnected) return reject(new BusError('disconnected', subject));
          failing.add(reject);
          time.schedule(timeoutMs, () => reject(new BusError('timeout', subject)));
          const payload = Buffer.from(data).toString();
          const parsed = parseRequest(JSON.parse(payload));
          if (!('request' in parsed)) return reject(new Error(parsed.unreadable.message));
          const one = { subject, request: parsed.request, role, payload };
          asked.push(one);
          const reaction = broker.answer(one);
          if (reaction === 'silence') return;
          if (typeof reaction === 'string') reject(new BusError(reaction, subject));
          else resolve(reaction);
        }),
      gather: async () => [],
      publish: () => undefined,
      subscribe(subject, handler) {
        handlers.set(subject, handler);
        return { drain: async () => undefined, unsubscribe: () => handlers.delete(subject) };
      },
      onStatus: () => () => undefined,
      flush: () => broker.pong(),
      async reconnect() {
        shown.push(credentials.jwt());
        self.tell({ type: 'disconnected', reason: 'this client reconnects', isAsked: true });
        self.tell({ type: 'connected' });
      },
      drain: close,
      close,
    };
  }
  return broker;
}
