// An event: as its author writes it, as the log keeps it (the final row), and as readers get it. It knows no table.
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
  })
  .readonly();

/**
 * Who and what caused an event: the acting account and device (null for the tracker itself), the accepted command
 * without its secrets and personal parts, the ids that tie it to its request and cause, the W3C trace context.
 */
export type EventMetadata = z.infer<typeof eventMetadata>;

/** An event to be appended. Evolving reads `payload` only; `personal` is what redaction may delete. */
export interface NewEvent {
  readonly type: string;
  readonly schemaVersion: number;
  readonly payload: JsonObject;
  readonly personal: JsonObject | null;
  readonly metadata: EventMetadata;
}

/** An event of the log. */
export interface RecordedEvent extends NewEvent {
  /** Its place in the whole log: dense, from 1. */
  readonly position: number;
  readonly stream: string;
  /** Its place in its stream: dense, from 1. */
  readonly version: number;
  /** Null when there never was a personal part, and after redaction. */
  readonly salt: string | null;
  /** Stays when `personal` and `salt` are redacted; null when there never was a personal part. */
  readonly personalDigest: string | null;
  /** Milliseconds since the epoch, UTC. */
  readonly recordedAt: number;
  /** The chain's hash up to and including this event: 64 hexadecimal digits. */
  readonly hash: string;
}

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

/** The row as stored, texts unparsed: what the chain hashes. Its columns are final. */
export type EventRow = z.infer<typeof eventRow>;

/** Checks the columns of what a table gave back; throws a `ZodError` for anything but an event's row. */
export function parseEventRow(row: unknown): EventRow {
  return eventRow.parse(row);
}

/** The event of a row; throws when a text of the row is not what an event's column holds. */
export function readEvent(row: EventRow): RecordedEvent {
  return {
    ...row,
    payload: jsonObject.parse(JSON.parse(row.payload)),
    personal: row.personal === null ? null : jsonObject.parse(JSON.parse(row.personal)),
    metadata: eventMetadata.parse(JSON.parse(row.metadata)),
  };
}
