// The durable consumers of integrations on the stream of events: created, changed and deleted as listed. It does not read events.
import { z } from 'zod';
import type { Bus } from '../bus.js';
import { POSITION_HEADER } from '../event-relay.js';
import { askJetStream, isCode } from '../jetstream.js';
import { EVENTS_STREAM } from './subjects.js';

export interface WantedConsumer {
  /** See `consumerName`. */
  readonly name: string;
  /** At least one. */
  readonly filters: readonly string[];
  /** The position of the first event that it delivers. */
  readonly from: number;
  /** Identifies the grant. A consumer of another grant is replaced, and begins again. */
  readonly grant: string;
}

/** A consumer that could not be made, and why. */
export interface ConsumerProblem {
  readonly name: string;
  readonly reason: string;
}

export interface Consumers {
  /**
   * Makes the consumers of the stream equal to the list. A consumer keeps its place if only its filters change. Resolves with the
   * consumers that this broker cannot have. Rejects with a `BusError` or a `StreamError`, and can then be repeated.
   */
  arrange(wanted: readonly WantedConsumer[]): Promise<readonly ConsumerProblem[]>;
}

/** How long the broker waits for an acknowledgement before it delivers the event again. */
const ACK_WAIT_MS = 5_000;
/**
 * The broker delivers an event only when the one before it is acknowledged. With more, an event that was lost on its way would arrive
 * after later ones, and a reader that remembers only its last position would miss it.
 */
const MAX_ACK_PENDING = 1;
/** The pulls that wait at one consumer. */
const MAX_WAITING = 64;

const NO_SUCH_CONSUMER = 10_014;
const NO_SUCH_MESSAGE = 10_037;
const NS_PER_MS = 1_000_000;
// Version 2.9 of the broker accepts one filter for a consumer.
const SEVERAL_FILTERS = /^2\.9\./;

const namesSchema = z.object({ total: z.int(), consumers: z.array(z.string()).nullable() });
const configSchema = z.looseObject({
  description: z.string().default(''),
  filter_subject: z.string().optional(),
  filter_subjects: z.array(z.string()).optional(),
});
const infoSchema = z.object({ config: configSchema });
const streamSchema = z.object({ state: z.object({ first_seq: z.int(), last_seq: z.int() }) });
const messageSchema = z.object({ message: z.object({ hdrs: z.base64().default('') }) });

type Config = z.infer<typeof configSchema>;

export function createConsumers(bus: Bus): Consumers {
  const ask = askJetStream(bus, `the consumers of ${EVENTS_STREAM}`);
  const api = <T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> =>
    ask(`$JS.API.${path}`, Buffer.from(JSON.stringify(body)), schema);

  async function existing(): Promise<readonly string[]> {
    const names: string[] = [];
    for (;;) {
      const page = await api(`CONSUMER.NAMES.${EVENTS_STREAM}`, { offset: names.length }, namesSchema);
      names.push(...(page.consumers ?? []));
      if (names.length >= page.total || (page.consumers ?? []).length === 0) return names;
    }
  }

  async function configOf(name: string): Promise<Config | null> {
    try {
      return (await api(`CONSUMER.INFO.${EVENTS_STREAM}.${name}`, {}, infoSchema)).config;
    } catch (thrown) {
      if (isCode(thrown, NO_SUCH_CONSUMER)) return null;
      throw thrown;
    }
  }

  const store = (name: string, config: object): Promise<unknown> =>
    api(
      `CONSUMER.DURABLE.CREATE.${EVENTS_STREAM}.${name}`,
      { stream_name: EVENTS_STREAM, config: { durable_name: name, ...config } },
      z.unknown(),
    );

  const remove = (name: string): Promise<unknown> =>
    api(`CONSUMER.DELETE.${EVENTS_STREAM}.${name}`, {}, z.unknown());

  /** The position of the message with this sequence; null if it was deleted. */
  async function positionAt(seq: number): Promise<number | null> {
    try {
      const { message } = await api(`STREAM.MSG.GET.${EVENTS_STREAM}`, { seq }, messageSchema);
      const headers = Buffer.from(message.hdrs, 'base64').toString();
      const [, position] = new RegExp(`^${POSITION_HEADER}: (\\d+)\\r$`, 'm').exec(headers) ?? [];
      return position === undefined ? null : Number(position);
    } catch (thrown) {
      if (isCode(thrown, NO_SUCH_MESSAGE)) return null;
      throw thrown;
    }
  }

  /** The sequence of the first event at `position` or later. Sequences fall behind positions when unreadable events are left out. */
  async function sequenceOf(position: number): Promise<number> {
    const { state } = await api(`STREAM.INFO.${EVENTS_STREAM}`, {}, streamSchema);
    let [low, high] = [Math.max(1, state.first_seq), state.last_seq + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = await positionAt(middle);
      if (found === null || found < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async function create({ name, filters, from, grant }: WantedConsumer): Promise<void> {
    const start =
      from <= 1
        ? { deliver_policy: 'all' }
        : { deliver_policy: 'by_start_sequence', opt_start_seq: await sequenceOf(from) };
    await store(name, {
      description: grant,
      ack_policy: 'explicit',
      ack_wait: ACK_WAIT_MS * NS_PER_MS,
      max_ack_pending: MAX_ACK_PENDING,
      max_waiting: MAX_WAITING,
      max_deliver: -1,
      replay_policy: 'instant',
      ...start,
      ...filterFields(filters),
    });
  }

  async function arrangeOne(wanted: WantedConsumer): Promise<void> {
    const { name, filters, grant } = wanted;
    const config = await configOf(name);
    if (config === null) return create(wanted);
    if (config.description !== grant) {
      await remove(name);
      return create(wanted);
    }
    if (filtersOf(config).join() === filters.join()) return;
    const { filter_subject: _, filter_subjects: __, ...rest } = config;
    await store(name, { ...rest, ...filterFields(filters) });
  }

  return {
    async arrange(wanted) {
      const hasOneFilter = SEVERAL_FILTERS.test(bus.info.serverVersion);
      const isPossible = ({ filters }: WantedConsumer): boolean => filters.length === 1 || !hasOneFilter;
      const names = new Set(wanted.filter(isPossible).map(({ name }) => name));
      for (const name of await existing()) if (!names.has(name)) await remove(name);
      for (const consumer of wanted.filter(isPossible)) await arrangeOne(consumer);
      return wanted
        .filter((consumer) => !isPossible(consumer))
        .map(({ name }) => ({ name, reason: 'several rooms need nats-server 2.10 or later' }));
    },
  };
}

const filterFields = (filters: readonly string[]): object =>
  filters.length === 1 ? { filter_subject: filters[0] } : { filter_subjects: filters };

const filtersOf = ({ filter_subject, filter_subjects = [] }: Config): readonly string[] =>
  filter_subject === undefined || filter_subject === '' ? filter_subjects : [filter_subject];
