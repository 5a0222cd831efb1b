// Events on their way to the stream `EVENTS`, as CloudEvents 1.0 in JSON, in the order of their positions. It knows no log:
// somebody else reads that, and says what comes next.
import { z } from 'zod';
import { invariant } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Bus } from './bus.js';
import { openStream, type StreamMessage } from './stream.js';
import { ALL_EVENTS, eventSubject } from './subjects.js';

/** What is told of an event: never its personal part, which may have to be deleted one day. */
export interface RelayedEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly payload: JsonObject;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  readonly hash: string;
  readonly metadata: {
    readonly account: string | null;
    readonly correlationId: string;
    readonly causationId: string | null;
    readonly traceparent: string | null;
  };
}

/** The event with which the stream ends. */
export interface RelayEnd {
  readonly position: number;
  readonly hash: string;
}

/** All reject with a `BusError` or a `StreamError`; then `takeUp` says how far it came. One relay at a time. */
export interface EventRelay {
  /**
   * Where to go on: behind this event, or with null at the first one. Makes the stream if there is none, and anew if it
   * does not end with an event.
   */
  resume(): Promise<RelayEnd | null>;
  /** Publishes what comes next; resolves when the broker has all of it. It takes nothing behind what it does not take. */
  publish(events: readonly RelayedEvent[]): Promise<void>;
  /** Empties the stream, to begin anew. */
  clear(): Promise<void>;
}

const NAME = 'EVENTS';

const endSchema = z.object({
  position: z
    .string()
    .regex(/^[1-9]\d*$/)
    .transform(Number)
    .pipe(z.int()),
  hash: z.string(),
});

/** What a stream's last message says; null if it is no event of ours. */
function readEnd(last: Uint8Array): RelayEnd | null {
  try {
    return endSchema.safeParse(JSON.parse(Buffer.from(last).toString())).data ?? null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

export function createEventRelay(bus: Bus): EventRelay {
  const stream = openStream(bus, NAME, [ALL_EVENTS]);
  /** The sequence behind which the next event goes; null while it has to be asked for. */
  let after: number | null = null;

  async function resume(): Promise<RelayEnd | null> {
    const { sequence, last } = await stream.end();
    const end = last && readEnd(last);
    const isForeign = end === null && sequence > 0;
    if (isForeign) await stream.renew();
    after = isForeign ? 0 : sequence;
    return end;
  }

  return {
    resume,
    async publish(events) {
      invariant(after !== null, 'the relay has to take up where the stream ends before it publishes');
      const before = after;
      after = null;
      await stream.append(events.map(messageOf), before);
      after = before + events.length;
    },
    async clear() {
      await stream.renew();
      await resume();
    },
  };
}

const messageOf = (event: RelayedEvent): StreamMessage => ({
  subject: eventSubject(event.stream),
  id: idOf(event),
  data: Buffer.from(JSON.stringify(cloudEvent(event))),
});

const idOf = ({ stream, version }: RelayedEvent): string => `${stream}/${version}`;

function cloudEvent(event: RelayedEvent): JsonObject {
  const { account, correlationId, causationId, traceparent } = event.metadata;
  return {
    specversion: '1.0',
    id: idOf(event),
    source: '/partyline/tracker',
    type: `partyline.${event.type}`,
    subject: event.stream,
    time: new Date(event.recordedAt).toISOString(),
    datacontenttype: 'application/json',
    data: event.payload,
    // As text: the integers of CloudEvents end at 2^31.
    position: String(event.position),
    streamversion: event.version,
    schemaversion: event.schemaVersion,
    hash: event.hash,
    correlationid: correlationId,
    ...(account !== null && { actor: account }),
    ...(causationId !== null && { causationid: causationId }),
    ...(traceparent !== null && { traceparent }),
  };
}
