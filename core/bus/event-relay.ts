// The event relay: publishes events to the stream `EVENTS` as CloudEvents 1.0 in JSON, in the order of their positions.
// It does not read the log.
import { z } from 'zod';
import { invariant } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Bus } from './bus.js';
import { EVENTS_STREAM } from './integration/subjects.js';
import { openStream, type StreamMessage } from './stream.js';
import { ALL_EVENTS, eventSubject } from './subjects.js';

/** The published part of an event. It excludes the personal part, which may have to be deleted later. */
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
  /** Present if the event cannot be read and the operator quarantined it. `by` is the position of the event that records this. */
  readonly quarantine?: { readonly by: number } | undefined;
}

/** The last event in the stream. */
export interface RelayEnd {
  readonly position: number;
  readonly hash: string;
}

/**
 * Every method rejects with a `BusError` or a `StreamError`; `resume` then finds the end of the stream. Only one relay
 * may run.
 */
export interface EventRelay {
  /**
   * Returns the last event of the stream, or null to start with the first event. Creates the stream if it is missing,
   * and recreates it if it does not end with an event.
   */
  resume(): Promise<RelayEnd | null>;
  /**
   * Throws a `RangeError` if the broker can never store the event: its stream name is not a valid subject, or the event is too
   * long for one message.
   */
  require(event: RelayedEvent): void;
  /**
   * Publishes the next events; resolves when the broker has stored all of them. The broker stores no event after one it
   * did not store.
   */
  publish(events: readonly RelayedEvent[]): Promise<void>;
  /** Empties the stream, so that publishing can start again with the first event. */
  clear(): Promise<void>;
}

/** The header with the position of an event, so that a consumer need not parse the body. */
export const POSITION_HEADER = 'Partyline-Position';
/** Space for the headers of one message. */
const HEADER_BYTES = 512;

const endSchema = z.object({
  position: z
    .string()
    .regex(/^[1-9]\d*$/)
    .transform(Number)
    .pipe(z.int()),
  hash: z.string(),
});

/** The event in the last message of a stream; null if the message is not an event of the relay. */
function readEnd(last: Uint8Array): RelayEnd | null {
  try {
    return endSchema.safeParse(JSON.parse(Buffer.from(last).toString())).data ?? null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

export function createEventRelay(bus: Bus): EventRelay {
  const stream = openStream(bus, EVENTS_STREAM, [ALL_EVENTS]);
  /** The sequence of the last stored message; null while it is unknown. */
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
    require(event) {
      const { id, data } = messageOf(event);
      const limit = bus.info.maxPayload - HEADER_BYTES;
      if (data.length > limit)
        throw new RangeError(
          `the event ${id} has ${data.length} bytes, but a message of the broker may have at most ${limit}`,
        );
    },
    async publish(events) {
      invariant(after !== null, 'call resume before publish');
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
  headers: { [POSITION_HEADER]: String(event.position) },
});

const idOf = ({ stream, version }: RelayedEvent): string => `${stream}/${version}`;

/** The type of the CloudEvent in the place of a quarantined event. */
const QUARANTINED = 'Quarantined';
const QUARANTINED_VERSION = 1;

/** The CloudEvent of an event; docs/reference/events.md describes it. */
export function cloudEvent(event: RelayedEvent): JsonObject {
  const { quarantine, metadata } = event;
  const common = {
    specversion: '1.0',
    id: idOf(event),
    source: '/partyline/tracker',
    type: `partyline.${quarantine === undefined ? event.type : QUARANTINED}`,
    subject: event.stream,
    time: new Date(event.recordedAt).toISOString(),
    datacontenttype: 'application/json',
    data: quarantine === undefined ? event.payload : { quarantinedby: String(quarantine.by) },
    // Text, because CloudEvents integers end at 2^31.
    position: String(event.position),
    streamversion: event.version,
    schemaversion: quarantine === undefined ? event.schemaVersion : QUARANTINED_VERSION,
    hash: event.hash,
  };
  if (quarantine !== undefined) return common;
  const { account, correlationId, causationId, traceparent } = metadata;
  return {
    ...common,
    correlationid: correlationId,
    ...(account !== null && { actor: account }),
    ...(causationId !== null && { causationid: causationId }),
    ...(traceparent !== null && { traceparent }),
  };
}
