// A third-party reader of events with the plain `nats` package. It knows only docs/integrations.md and a credentials file.
import { readFile } from 'node:fs/promises';
import type { ExecutionContext } from 'ava';
import { connect, credsAuthenticator, type JsMsg, type NatsConnection } from 'nats';
import { z } from 'zod';
import { until } from '../../support/until.js';
import type { Attachment } from './operator.js';

export interface Following {
  /** The positions of the events in the order of their arrival, without repetitions. */
  readonly positions: readonly number[];
  /** The positions whose acknowledgement the broker has confirmed. */
  readonly acknowledged: readonly number[];
  readonly types: readonly string[];
  /** Whether the broker refuses the credentials. */
  readonly hasEnded: () => boolean;
  readonly close: () => Promise<void>;
}

const eventSchema = z.object({ position: z.string(), type: z.string() });

async function connectReader(t: ExecutionContext, { server, creds }: Attachment): Promise<NatsConnection> {
  const client = await connect({
    servers: server,
    authenticator: credsAuthenticator(await readFile(creds)),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  });
  t.teardown(() => client.close());
  return client;
}

/** Follows a consumer. Rejects if the broker refuses the credentials. */
export async function follow(t: ExecutionContext, attachment: Attachment, name: string): Promise<Following> {
  const client = await connectReader(t, attachment);
  const state = { hasEnded: false };
  const positions: number[] = [];
  const acknowledged: number[] = [];
  const types: string[] = [];
  void (async () => {
    await client.closed();
    state.hasEnded = true;
  })();
  const js = client.jetstream({ apiPrefix: 'partyline.api' });
  // A tracker that has just started makes the consumers a moment later.
  await until(async () => {
    try {
      await js.consumers.get('EVENTS', name);
      return true;
    } catch {
      return state.hasEnded;
    }
  }, 'the consumer');
  const consumer = await js.consumers.get('EVENTS', name);
  const messages = await consumer.consume({ idle_heartbeat: 500, expires: 2_000 });
  void (async () => {
    await client.closed();
    messages.stop();
  })();
  const take = async (message: JsMsg): Promise<void> => {
    const { position, type } = eventSchema.parse(message.json());
    if (Number(position) > (positions.at(-1) ?? 0)) {
      positions.push(Number(position));
      types.push(type);
    }
    if (await message.ackAck().catch(() => false)) acknowledged.push(Number(position));
  };
  void (async () => {
    for await (const message of messages) await take(message);
  })();
  return { positions, acknowledged, types, hasEnded: () => state.hasEnded, close: () => client.close() };
}
