// A bus within one process, for doors without a broker: who asks is answered, and nothing else is there.
import type { Bus, BusMessage } from '../../core/bus/bus.js';

export interface LocalBus {
  readonly bus: Bus;
  /** The first answer that is published to `reply`. */
  readonly ask: (subject: string, data: Uint8Array, reply: string) => Promise<Uint8Array>;
}

const none = async (): Promise<never> => {
  throw new Error('nobody answers on this bus');
};

export function openLocalBus(): LocalBus {
  const handlers = new Map<string, (message: BusMessage) => void | Promise<void>>();
  const waiting = new Map<string, (data: Uint8Array) => void>();
  const bus: Bus = {
    info: { serverVersion: '0.0.0', clientIp: undefined, host: 'localhost', port: 1, maxPayload: 2 ** 20 },
    isConnected: true,
    request: none,
    gather: none,
    publish(subject, data) {
      waiting.get(subject)?.(data);
      waiting.delete(subject);
    },
    subscribe(subject, handler) {
      handlers.set(subject, handler);
      const unsubscribe = (): void => void handlers.delete(subject);
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
        for (const [pattern, handler] of handlers) {
          if (isWithin(subject, pattern)) void handler({ subject, data, reply });
        }
      }),
  };
}

/** Whether `pattern`, of tokens and `*`, covers `subject`. */
function isWithin(subject: string, pattern: string): boolean {
  const tokens = subject.split('.');
  const marks = pattern.split('.');
  return (
    marks.length === tokens.length && marks.every((mark, index) => mark === '*' || mark === tokens[index])
  );
}
