// Request and reply on one subject, with bounded concurrency. It answers only into the sender's own inbox and does not
// read the payload.
import type { Log } from '../log.js';
import type { Bus, BusMessage } from './bus.js';

export interface EndpointOptions {
  /** May contain wildcards. */
  readonly subject: string;
  /** Servers with the same queue name share the requests. */
  readonly queue: string;
  /** The maximum number of requests handled at once. */
  readonly concurrency: number;
  /** Whether `reply` belongs to the sender named by the subject's `tokens`. Checked before any work. */
  readonly isReplyAllowed: (tokens: readonly string[], reply: string) => boolean;
  /** Returns the answer. */
  readonly handle: (tokens: readonly string[], data: Uint8Array) => Promise<Uint8Array>;
  /** The answer to a request that arrives when `concurrency` requests are being handled. */
  readonly busy: (tokens: readonly string[], data: Uint8Array) => Uint8Array;
  /** The answer to a request for which `handle` threw. The endpoint logs the error. */
  readonly failed: (tokens: readonly string[], data: Uint8Array) => Uint8Array;
  readonly log: Log;
}

export interface Endpoint {
  /** Accepts no further requests; resolves when all accepted requests are answered. */
  stop(): Promise<void>;
}

/**
 * Serves requests until stopped. It ignores a request without a reply subject. It also ignores a reply subject outside
 * the sender's own inbox: a client may name any subject there, and the answer would be sent with the tracker's
 * permissions.
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
      log.warn({ subject, reply }, "a request with a reply subject outside the sender's inbox was ignored");
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
      // Without a connection the failure cannot be answered either: the sender retries with the same id and gets the same
      // outcome.
      if (!bus.isConnected) return;
    }
  }
}
