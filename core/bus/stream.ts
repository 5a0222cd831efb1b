// One JetStream stream over the broker's API: created if missing, read at its end, appended to in order. It does not
// read the messages.
import { z } from 'zod';
import type { Bus, Headers } from './bus.js';
import { askJetStream, isCode, StreamError } from './jetstream.js';

export interface StreamEnd {
  /** The sequence of the last message ever stored; 0 at first. */
  readonly sequence: number;
  /** The last message; null if the stream is empty or the message was deleted. */
  readonly last: Uint8Array | null;
}

export interface StreamMessage {
  readonly subject: string;
  /** The broker drops a second message with the same id within two minutes. */
  readonly id: string;
  readonly data: Uint8Array;
  readonly headers?: Headers;
}

/** Every method rejects with a `BusError` if the broker cannot be reached, and with a `StreamError` if it refuses. */
export interface Stream {
  /** Creates the stream if it is missing. */
  end(): Promise<StreamEnd>;
  /**
   * Resolves when the broker has stored all messages, in order, directly after the sequence `after`. The broker stores
   * no message after one it did not store. If the call rejects, the broker may have stored some of the first messages.
   */
  append(messages: readonly StreamMessage[], after: number): Promise<void>;
  /** Recreates the stream without messages; sequences start at 1 again. */
  renew(): Promise<void>;
}

const NO_SUCH_STREAM = 10059;
const NO_SUCH_MESSAGE = 10037;

const info = z.object({ state: z.object({ messages: z.int(), last_seq: z.int() }) });
const stored = z.object({ message: z.object({ data: z.base64().default('') }) });
const acknowledged = z.object({ seq: z.int(), duplicate: z.boolean().default(false) });
const done = z.object({ success: z.literal(true) });

/** Deletes a stream if it exists. */
export async function deleteStream(bus: Bus, name: string): Promise<void> {
  try {
    const ask = askJetStream(bus, `the stream ${name}`);
    await ask(`$JS.API.STREAM.DELETE.${name}`, Buffer.from('{}'), done);
  } catch (thrown) {
    if (!isCode(thrown, NO_SUCH_STREAM)) throw thrown;
  }
}

/** @param subjects the subjects that the stream stores, used when it is created */
export function openStream(bus: Bus, name: string, subjects: readonly string[]): Stream {
  const ask = askJetStream(bus, `the stream ${name}`);
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
    // Each message names the sequence that it must follow, not the id of the message before it: the broker forgets message ids
    // after its window for duplicates. Each message needs the one before it, so only the last must be acknowledged.
    async append(messages, after) {
      const last = messages.length - 1;
      for (const [index, { subject, id, data, headers: own }] of messages.entries()) {
        const sequence = after + index;
        const headers = {
          ...own,
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
          throw new StreamError(0, `the stream ${name} already has the message ${id}`);
      }
    },
    // Deletes instead of purging: after a purge the broker would still treat repeated messages as duplicates.
    async renew() {
      await api('DELETE', {}, done);
      await made();
    },
  };
}
