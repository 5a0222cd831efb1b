// An event in three forms: as written by its author, as stored (the final row), and as returned to readers. It does not
// access tables.
import { z } from 'zod';
import type { JsonObject } from '../json.js';

const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'not a JSON object',
);
const commandRecord = z.custom<JsonObject & { readonly type: string }>(
  (value) => jsonObject.safeParse(value).success && typeof (value as JsonObject)['type'] === 'string',
  'not a command with a type',
);

const eventMetadata = z
  .object({
    account: z.string().nullable(),
    device: z.string().nullable(),
    command: commandRecord.nullable(),
    commandId: z.string(),
    correlationId: z.string(),
    causationId: z.string().nullable(),
    traceparent: z.string().nullable(),
    actor: z.string().optional(),
  })
  .readonly();

/**
 * The origin of an event: the acting account and device (null for the tracker itself), the accepted command without its
 * secrets and personal parts, the ids that link the event to its request and cause, the W3C trace context, and an actor that is
 * neither an account nor the tracker.
 */
export type EventMetadata = z.infer<typeof eventMetadata>;

/** An event to append. Evolving reads only `payload`; redaction may delete `personal`. */
export interface NewEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly payload: JsonObject;
  readonly personal: JsonObject | null;
  readonly metadata: EventMetadata;
}

/** An event in the log. */
export interface RecordedEvent extends NewEvent {
  /** Its position in the whole log, from 1 without gaps. */
  readonly position: number;
  readonly stream: string;
  /** Its position in its stream, from 1 without gaps. */
  readonly version: number;
  /** Null if there never was a personal part, and after redaction. */
  readonly salt: string | null;
  /** The digest stays when `personal` and `salt` are redacted; null if the event never had a personal part. */
  readonly personalDigest: string | null;
  /** Milliseconds since the epoch, UTC. */
  readonly recordedAt: number;
  /** The chain's hash up to and including this event: 64 hexadecimal digits. */
  readonly hash: string;
  /** Never present: see `QuarantinedEvent`. */
  readonly quarantine?: undefined;
}

/** The quarantine of an event. */
export interface Quarantine {
  /** The position of the event that records the quarantine. */
  readonly by: number;
  /** The operator's reason; empty if it was redacted. */
  readonly reason: string;
}

/**
 * Stands for an event that the operator quarantined, because this version of the program cannot read it. Its position and version
 * count, but nothing applies it: its payload, personal part and metadata are not parsed, and are empty here.
 */
export interface QuarantinedEvent extends Omit<RecordedEvent, 'quarantine'> {
  readonly quarantine: Quarantine;
}

/** An event as readers of the log get it. */
export type LoggedEvent = RecordedEvent | QuarantinedEvent;

export const isQuarantined = (event: LoggedEvent): event is QuarantinedEvent =>
  event.quarantine !== undefined;
export const isApplicable = (event: LoggedEvent): event is RecordedEvent => event.quarantine === undefined;

/** Explains why this version of the program cannot interpret an event; null if it can. */
export type WhyUnknown = (event: Pick<RecordedEvent, 'stream' | 'type' | 'schemaVersion'>) => string | null;

const place = z.number().int().positive();
const eventRow = z
  .strictObject({
    position: place,
    stream: z.string(),
    version: place,
    type: z.string(),
    schemaVersion: place,
    payload: z.string(),
    personal: z.string().nullable(),
    salt: z.string().nullable(),
    personalDigest: z.string().nullable(),
    metadata: z.string(),
    recordedAt: z.number().int(),
    hash: z.string(),
  })
  .readonly();

/** The row as stored, with unparsed texts: the input of the chain's hash. Its columns are final. */
export type EventRow = z.infer<typeof eventRow>;

/** Checks the columns of a row from a table. Throws a `ZodError` if the row is not an event's row. */
export function parseEventRow(row: unknown): EventRow {
  return eventRow.parse(row);
}

/** Parses a row into an event. Throws if a text of the row does not match the schema of its column. */
export function readEvent(row: EventRow): RecordedEvent {
  return {
    ...row,
    payload: jsonObject.parse(JSON.parse(row.payload)),
    personal: row.personal === null ? null : jsonObject.parse(JSON.parse(row.personal)),
    metadata: eventMetadata.parse(JSON.parse(row.metadata)),
  };
}

const NO_METADATA: EventMetadata = {
  account: null,
  device: null,
  command: null,
  commandId: '',
  correlationId: '',
  causationId: null,
  traceparent: null,
};

/** The placeholder of a quarantined event. It parses none of the texts of the row. */
export function quarantinedEvent(row: EventRow, quarantine: Quarantine): QuarantinedEvent {
  return { ...row, payload: {}, personal: null, metadata: NO_METADATA, quarantine };
}
