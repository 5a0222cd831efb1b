// One JetStream stream, through its API on the bus: made if absent, read at its end, appended to in order. It knows not
// what the messages say.
import { z } from 'zod';
import type { Bus, Headers } from './bus.js';

export interface StreamEnd {
  /** The sequence of the last message there ever was; 0 at first. */
  readonly sequence: number;
  /** That message; null if the stream is empty, or was robbed of it. */
  readonly last: Uint8Array | null;
}

export interface StreamMessage {
  readonly subject: string;
  /** Two messages of one id within two minutes are one. */
  readonly id: string;
  readonly data: Uint8Array;
}

/** All reject with a `BusError` if the broker cannot be asked, and a `StreamError` if it refuses. */
export interface Stream {
  /** Makes the stream if there is none. */
  end(): Promise<StreamEnd>;
  /**
   * Resolves when the broker has them all, in their order, right behind the sequence `after`. It stores none behind one that
   * it has not stored, so that when this rejects it has the first few of them.
   */
  append(messages: readonly StreamMessage[], after: number): Promise<void>;
  /** Makes it anew, without messages; sequences begin at 1 again. */
  renew(): Promise<void>;
}

class StreamError extends Error {
  override readonly name = 'StreamError';

  /** @param code the broker's own number of the error */
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

const NO_SUCH_STREAM = 10059;
const NO_SUCH_MESSAGE = 10037;
const TIMEOUT_MS = 5_000;

const failure = z.object({
  error: z.object({ err_code: z.int().default(0), description: z.string().default('no reason given') }),
});
const info = z.object({ state: z.object({ messages: z.int(), last_seq: z.int() }) });
const stored = z.object({ message: z.object({ data: z.base64().default('') }) });
const acknowledged = z.object({ seq: z.int(), duplicate: z.boolean().default(false) });
const done = z.object({ success: z.literal(true) });

const isCode = (thrown: unknown, code: number): boolean =>
  thrown instanceof StreamError && thrown.code === code;

/** @param subjects what the stream takes up, when it is made here */
export function openStream(bus: Bus, name: string, subjects: readonly string[]): Stream {
  async function ask<T>(
    subject: string,
    data: Uint8Array,
    schema: z.ZodType<T>,
    headers?: Headers,
  ): Promise<T> {
    const answer = await bus.request(subject, data, { timeoutMs: TIMEOUT_MS, ...(headers && { headers }) });
    const said: unknown = JSON.parse(Buffer.from(answer).toString());
    const failed = failure.safeParse(said);
    if (!failed.success) return schema.parse(said);
    const { err_code, description } = failed.data.error;
    throw new StreamError(err_code, `the stream ${name}: ${description}`);
  }

  const api = <T>(verb: string, asked: object, schema: z.ZodType<T>): Promise<T> =>
    ask(`$JS.API.STREAM.${verb}.${name}`, Buffer.from(JSON.stringify(asked)), schema);

  async function made(): Promise<z.infer<typeof info>> {
    try {
      return await api('INFO', {}, info);
    } catch (thrown) {
      if (!isCode(thrown, NO_SUCH_STREAM)) throw thrown;
      return api('CREATE', { name, subjects, retention: 'limits', storage: 'file' }, info);
    }
  }

  async function messageAt(seq: number): Promise<Uint8Array | null> {
    try {
      const { message } = await api('MSG.GET', { seq }, stored);
      return Buffer.from(message.data, 'base64');
    } catch (thrown) {
      if (isCode(thrown, NO_SUCH_MESSAGE)) return null;
      throw thrown;
    }
  }

  return {
    async end() {
      const { state } = await made();
      const last = state.messages === 0 ? null : await messageAt(state.last_seq);
      return { sequence: state.last_seq, last };
    },
    // By sequence and not by message id: the broker forgets its last id with its window for duplicates. And as none is stored
    // unless the one before it was, only the last has to be acknowledged.
    async append(messages, after) {
      const last = messages.length - 1;
      for (const [index, { subject, id, data }] of messages.entries()) {
        const sequence = after + index;
        const headers = {
          'Nats-Msg-Id': id,
          'Nats-Expected-Stream': name,
          'Nats-Expected-Last-Sequence': String(sequence),
        };
        if (index < last) {
          bus.publish(subject, data, headers);
          continue;
        }
        const { seq, duplicate } = await ask(subject, data, acknowledged, headers);
        if (duplicate || seq !== sequence + 1)
          throw new StreamError(0, `the stream ${name} has ${id} already`);
      }
    },
    // Not purged: the broker would still take what comes again for duplicates of what is gone.
    async renew() {
      await api('DELETE', {}, done);
      await made();
    },
  };
}
