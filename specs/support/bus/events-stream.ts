// The content of the stream `EVENTS` as integrations read it, requested from the broker itself.
import { z } from 'zod';
import type { Bus } from '../../../core/bus/bus.js';
import type { RelayedEvent } from '../../../core/bus/event-relay.js';

const info = z.object({ state: z.object({ last_seq: z.number(), messages: z.number() }).optional() });
const stored = z.object({ message: z.object({ subject: z.string(), data: z.string() }) });
const cloudEvent = z.looseObject({
  id: z.string(),
  position: z.string(),
  type: z.string(),
  hash: z.string(),
});

export type PublishedEvent = z.infer<typeof cloudEvent> & { readonly on: string };

/** Sends a request about the stream to JetStream, with a verb of its API such as `INFO`. */
export async function api(bus: Bus, verb: string, asked: object = {}): Promise<unknown> {
  const body = Buffer.from(JSON.stringify(asked));
  const answer = await bus.request(`$JS.API.STREAM.${verb}.EVENTS`, body, { timeoutMs: 5_000 });
  return JSON.parse(Buffer.from(answer).toString());
}

/** The number of messages in the stream; 0 if there is no stream. */
export const lengthOf = async (bus: Bus): Promise<number> =>
  info.parse(await api(bus, 'INFO')).state?.messages ?? 0;

/** All events in the stream, in order. */
export async function published(bus: Bus): Promise<readonly PublishedEvent[]> {
  const { state } = info.parse(await api(bus, 'INFO'));
  const { last_seq = 0, messages = 0 } = state ?? {};
  const events: PublishedEvent[] = [];
  for (let seq = last_seq - messages + 1; seq <= last_seq; seq += 1) {
    const { message } = stored.parse(await api(bus, 'MSG.GET', { seq }));
    const said: unknown = JSON.parse(Buffer.from(message.data, 'base64').toString());
    events.push({ ...cloudEvent.parse(said), on: message.subject });
  }
  return events;
}

/** An event of a room for the relay, without a log. */
export const relayed = (position: number, stream = 'room-A1'): RelayedEvent => ({
  position,
  stream,
  version: position,
  type: 'Happened',
  schemaVersion: 1,
  payload: {},
  recordedAt: 0,
  hash: `hash ${position}`,
  metadata: { account: null, correlationId: 'c', causationId: null, traceparent: null },
});
