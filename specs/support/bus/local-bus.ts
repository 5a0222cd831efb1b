// A bus within one process, for endpoints without a broker. It delivers what is published and returns answers.
import type { Bus, BusMessage } from '../../../core/bus/bus.js';

export interface LocalBus {
  readonly bus: Bus;
  /** Resolves with the first answer published to `reply`. */
  readonly ask: (subject: string, data: Uint8Array, reply: string) => Promise<Uint8Array>;
}

interface Subscription {
  readonly pattern: string;
  readonly handler: (message: BusMessage) => void | Promise<void>;
}

const none = async (): Promise<never> => {
  throw new Error('this bus has no responder');
};

export function openLocalBus(): LocalBus {
  const subscriptions = new Set<Subscription>();
  const waiting = new Map<string, (data: Uint8Array) => void>();
  const deliver = (message: BusMessage): void => {
    for (const { pattern, handler } of subscriptions) {
      if (isWithin(message.subject, pattern)) void handler(message);
    }
  };
  const bus: Bus = {
    info: { serverVersion: '0.0.0', clientIp: undefined, host: 'localhost', port: 1, maxPayload: 2 ** 20 },
    isConnected: true,
    ends: { local: { ip: '127.0.0.1', port: 50_000 }, remote: { ip: '127.0.0.1', port: 4_222 } },
    request: none,
    gather: none,
    publish(subject, data) {
      waiting.get(subject)?.(data);
      waiting.delete(subject);
      deliver({ subject, data });
    },
    subscribe(pattern, handler) {
      const subscription = { pattern, handler };
      subscriptions.add(subscription);
      const unsubscribe = (): void => void subscriptions.delete(subscription);
      return { unsubscribe, drain: async () => unsubscribe() };
    },
    onStatus: () => () => undefined,
    flush: async () => undefined,
    reconnect: async () => undefined,
    drain: async () => undefined,
    close: async () => undefined,
  };
  return {
    bus,
    ask: (subject, data, reply) =>
      new Promise((resolve) => {
        waiting.set(reply, resolve);
        deliver({ subject, data, reply });
      }),
  };
}

/** Whether `subject` matches `pattern`, which consists of tokens and `*`. */
function isWithin(subject: string, pattern: string): boolean {
  const tokens = subject.split('.');
  const marks = pattern.split('.');
  return (
    marks.length === tokens.length && marks.every((mark, index) => mark === '*' || mark === tokens[index])
  );
}
