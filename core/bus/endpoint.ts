// Request and reply on one subject, with bounded work and answers only where the asker may listen. Knows no payload.
import type { Log } from '../log.js';
import type { Bus, BusMessage } from './bus.js';

export interface EndpointOptions {
  /** May have wildcards. */
  readonly subject: string;
  /** Servers of the same queue share the requests. */
  readonly queue: string;
  /** The most requests in hand at once. */
  readonly concurrency: number;
  /** Whether `reply` belongs to whom the subject's `tokens` name. Asked before anything is done. */
  readonly isReplyAllowed: (tokens: readonly string[], reply: string) => boolean;
  /** Returns the answer. */
  readonly handle: (tokens: readonly string[], data: Uint8Array) => Promise<Uint8Array>;
  /** The answer to a request that comes when `concurrency` are in hand. */
  readonly busy: (tokens: readonly string[], data: Uint8Array) => Uint8Array;
  /** The answer to a request that `handle` threw for; the error is logged here. */
  readonly failed: (tokens: readonly string[], data: Uint8Array) => Uint8Array;
  readonly log: Log;
}

export interface Endpoint {
  /** Takes no more requests; resolves when those in hand are answered. */
  stop(): Promise<void>;
}

/**
 * Serves requests until stopped. A request without a reply subject gets none and is not handled. Neither is one whose reply
 * subject is not the asker's own: a client may name any subject there, and the answer would go out with our rights.
 */
export function serveEndpoint(bus: Bus, options: EndpointOptions): Endpoint {
  const { subject, queue, concurrency, isReplyAllowed, log } = options;
  const inHand = new Set<Promise<void>>();

  const take = ({ subject, reply, data }: BusMessage): void => {
    if (reply === undefined) {
      log.debug({ subject }, 'a request without a reply subject was ignored');
      return;
    }
    const tokens = subject.split('.');
    if (!isReplyAllowed(tokens, reply)) {
      log.warn({ subject, reply }, "a request whose reply subject is not the asker's own was ignored");
      return;
    }
    if (inHand.size >= concurrency) {
      bus.publish(reply, options.busy(tokens, data));
      return;
    }
    const work = answer(bus, options, { subject, reply, data }, tokens).finally(() => inHand.delete(work));
    inHand.add(work);
  };

  const subscription = bus.subscribe(subject, take, { queue });
  return {
    stop: async () => {
      await subscription.drain();
      while (inHand.size > 0) await Promise.all(inHand);
    },
  };
}

async function answer(
  bus: Bus,
  { handle, failed, log }: EndpointOptions,
  { subject, reply, data }: Required<BusMessage>,
  tokens: readonly string[],
): Promise<void> {
  const attempts = [() => handle(tokens, data), () => failed(tokens, data)];
  for (const attempt of attempts) {
    try {
      bus.publish(reply, await attempt());
      return;
    } catch (error) {
      log.error({ err: error, subject }, 'a request could not be answered');
      // Not even a failure can be told: the asker tries again with the same id and gets the same outcome.
      if (!bus.isConnected) return;
    }
  }
}
