// The envelope of every request and response, in JSON over the broker and in CBOR over links.
import { z } from 'zod';
import { type CommandId, commandIdSchema } from '../ids.js';
import type { Json } from '../json.js';
import { sanitiseLine } from './message/sanitise.js';
import { type Family, type PhraseOf, statusOf } from './status.js';

const PROTOCOL_VERSION = 1;

/** The address of one end of a hop, as the sender of the envelope sees it. The address is shown to people; no code trusts it. */
export const addressSchema = z.object({
  ip: z.union([z.ipv4(), z.ipv6()], 'An IP address must be IPv4 or IPv6.'),
  port: z.int().min(1).max(65_535),
});
export type Address = z.infer<typeof addressSchema>;

/**
 * The carrier of an envelope. In a request titled `PRIVATE` it is the carrier that the requester wants for the link. The broker
 * and a relayed link are TCP.
 */
export const connectionSchema = z.enum(['TCP', 'UDP']);
export type Connection = z.infer<typeof connectionSchema>;

const families = {
  Registration: 1,
  Login: 1,
  Renewal: 1,
  Account: 1,
  ChatRoom: 2,
  Sync: 2,
  PRIVATE: 3,
  People: 3,
  MESSAGE: 4,
  History: 4,
} as const satisfies Record<string, Family>;

export const titleSchema = z.enum(Object.keys(families) as (keyof typeof families)[]);
export type Title = z.infer<typeof titleSchema>;
export type FamilyOf<T extends Title> = (typeof families)[T];

export const familyOf = <T extends Title>(title: T): FamilyOf<T> => families[title];

/** An envelope is accepted even if its address has an unknown form: no code depends on the address. */
const statedAddressSchema = addressSchema.nullable().catch(null);

const hops = { connection: connectionSchema, from: statedAddressSchema, to: statedAddressSchema };

const requestSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  id: commandIdSchema,
  title: titleSchema,
  ...hops,
  data: z.unknown(),
});
export type Request = z.infer<typeof requestSchema>;

/** Milliseconds since the epoch that fit a timestamp of a message: 48 bits. */
export const timeSchema = z
  .int()
  .min(0)
  .max(2 ** 48 - 1);

export const responseSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  id: z.string(),
  status: z.int().min(100).max(599),
  ...hops,
  phrase: z.string(),
  message: z.string(),
  data: z.unknown().optional(),
  /** The tracker's time when it answered, milliseconds since the epoch. Older trackers and terminals do not send it. */
  at: timeSchema.optional().catch(undefined),
});
export type Response = z.infer<typeof responseSchema>;

/** An unreadable request's id is returned only if it has the form of an id. */
const echoedId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** Reads the parts that an answer needs. It accepts any value and uses defaults for parts that are missing. */
const readable = z
  .object({ v: z.unknown(), id: echoedId.catch(''), connection: connectionSchema.catch('TCP') })
  .catch({ v: undefined, id: '', connection: 'TCP' });

/** An unreadable request, with the parts that its answer needs. */
export interface Unreadable {
  /** The request's id if it has the form of an id, else empty. */
  readonly id: string;
  readonly connection: Connection;
  readonly phrase: 'INVALID_COMMAND' | 'UNSUPPORTED_VERSION';
  readonly message: string;
}

export type ParsedRequest = { readonly request: Request } | { readonly unreadable: Unreadable };

/** Parses a decoded envelope from outside. Every value gives a result that can be answered. */
export function parseRequest(value: unknown): ParsedRequest {
  const parsed = requestSchema.safeParse(value);
  if (parsed.success) return { request: parsed.data };
  const known = readable.parse(value);
  const isOtherVersion = typeof known.v === 'number' && known.v !== PROTOCOL_VERSION;
  return {
    unreadable: {
      id: known.id,
      connection: known.connection,
      phrase: isOtherVersion ? 'UNSUPPORTED_VERSION' : 'INVALID_COMMAND',
      message: isOtherVersion
        ? `This side supports only version ${PROTOCOL_VERSION} of the protocol.`
        : `The request is not valid: ${explain(parsed.error)}`,
    },
  };
}

export interface RequestFields {
  readonly id: CommandId;
  readonly title: Title;
  readonly data: Json;
  readonly connection?: Connection;
}

/** Makes a request without addresses. The code that writes the request to a connection adds them. */
export function makeRequest(fields: RequestFields): Request {
  return { v: PROTOCOL_VERSION, connection: 'TCP', from: null, to: null, ...fields };
}

/** A handler's answer to a request of family `F`. `respond` makes the envelope around it. */
export type Answer<F extends Family = Family> = AnswerWith<PhraseOf<F>>;

interface AnswerWith<P> {
  readonly phrase: P;
  /** A sentence with the remedy. Without it, the meaning and remedy from the status table are sent. */
  readonly message?: string;
  readonly data?: Json;
}

/**
 * Makes the response to `request`, which may be unreadable. The code that writes the response to a connection adds the addresses.
 */
export function respond<F extends Family>(
  request: Pick<Request, 'id' | 'connection'> | Unreadable,
  family: F,
  answer: Answer<F>,
): Response {
  const row = statusOf(family, answer.phrase);
  return {
    v: PROTOCOL_VERSION,
    id: request.id,
    status: row.code,
    connection: request.connection,
    from: null,
    to: null,
    phrase: row.phrase,
    message: answer.message ?? [row.meaning, row.remedy].filter(Boolean).join(' '),
    data: answer.data,
  };
}

/**
 * The longest path in an error message. Every path in the schemas is shorter, so only a path with a key from outside is
 * truncated.
 */
const PLACE_MAX_LENGTH = 80;

/** The first error of a value, as a sentence that names the path of the wrong part. */
export function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'The value is malformed.';
  // A message that is a whole sentence comes from the schema and already names the wrong part.
  if (issue.message.endsWith('.')) return issue.message;
  const place = sanitiseLine(issue.path.map(String).join('.').slice(0, PLACE_MAX_LENGTH));
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
