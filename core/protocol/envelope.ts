// The one envelope: what every request and response looks like, in JSON over the broker and in CBOR over links.
import { z } from 'zod';
import { type CommandId, commandIdSchema } from '../ids.js';
import type { Json } from '../json.js';
import { sanitiseLine } from './message/sanitise.js';
import { type Family, type PhraseOf, statusOf } from './status.js';

const PROTOCOL_VERSION = 1;

/** Where a device says it is; it informs people, nothing trusts it. */
export const addressSchema = z.object({
  ip: z.union([z.ipv4(), z.ipv6()], 'An IP address is IPv4 or IPv6.'),
  port: z.int().min(1).max(65_535),
});
export type Address = z.infer<typeof addressSchema>;

/** The kind of transport meant by a request; a relayed link counts as TCP. */
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

const hops = { connection: connectionSchema, from: addressSchema.nullable(), to: addressSchema.nullable() };

const requestSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  id: commandIdSchema,
  title: titleSchema,
  ...hops,
  data: z.unknown(),
});
export type Request = z.infer<typeof requestSchema>;

export const responseSchema = z.object({
  v: z.literal(PROTOCOL_VERSION),
  id: z.string(),
  status: z.int().min(100).max(599),
  ...hops,
  phrase: z.string(),
  message: z.string(),
  data: z.unknown().optional(),
});
export type Response = z.infer<typeof responseSchema>;

/** What of an unreadable request's id is given back: nothing that could be more than an id. */
const echoedId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** What can be read of anything. */
const readable = z
  .object({ v: z.unknown(), id: echoedId.catch(''), connection: connectionSchema.catch('TCP') })
  .catch({ v: undefined, id: '', connection: 'TCP' });

/** A request that cannot be read, with as much of it as is needed to answer it. */
export interface Unreadable {
  /** The request's own if it looks like an id, else empty. */
  readonly id: string;
  readonly connection: Connection;
  readonly phrase: 'INVALID_COMMAND' | 'UNSUPPORTED_VERSION';
  readonly message: string;
}

export type ParsedRequest = { readonly request: Request } | { readonly unreadable: Unreadable };

/** Reads a decoded envelope from outside; whatever it is, there is something to answer. */
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
        ? `This side speaks version ${PROTOCOL_VERSION} of the protocol.`
        : `The request cannot be read: ${explain(parsed.error)}`,
    },
  };
}

export interface RequestFields {
  readonly id: CommandId;
  readonly title: Title;
  readonly data: Json;
  readonly connection?: Connection;
  readonly from?: Address | null;
  readonly to?: Address | null;
}

/** A request ready to be encoded. */
export function makeRequest(fields: RequestFields): Request {
  return { v: PROTOCOL_VERSION, connection: 'TCP', from: null, to: null, ...fields };
}

/** What a handler decides about a request of family `F`; the envelope around it is made by `respond`. */
export type Answer<F extends Family = Family> = AnswerWith<PhraseOf<F>>;

interface AnswerWith<P> {
  readonly phrase: P;
  /** A sentence a person can act on; the table's meaning and remedy when absent. */
  readonly message?: string;
  readonly data?: Json;
}

/** The response to `request` (or to what could be read of it). */
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

/** Longer than any path in our schemas; what is cut is a key that came from outside. */
const PLACE_MAX_LENGTH = 80;

/** The first thing wrong with a value, as a sentence that names the place. */
export function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'It does not fit.';
  const place = sanitiseLine(issue.path.map(String).join('.').slice(0, PLACE_MAX_LENGTH));
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}
