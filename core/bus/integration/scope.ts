// The scopes of an integration, and its name, key and rooms: what an operator grants to another program.
import { z } from 'zod';

/** The rights that an operator can grant. docs/integrations.md describes each. */
export const SCOPES = [
  'events:rooms',
  'events:accounts',
  'presence:read',
  'rooms:read',
  'rooms:moderate',
  'accounts:read',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes that a list of rooms narrows. The other scopes have no rooms. */
export const ROOM_SCOPES: readonly Scope[] = ['events:rooms', 'rooms:read', 'rooms:moderate'];

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const USER_NKEY = /^U[A-Z2-7]{55}$/;
const ROOM = /^room-[0-9A-HJKMNP-TV-Z]{26}$/;

/** The name of an integration, which is also its id: one token of a subject. */
export const integrationNameSchema = z
  .string()
  .regex(
    NAME,
    'The name of an integration starts with a lower-case letter and has at most 32 lower-case letters, digits and "-".',
  )
  .brand<'IntegrationName'>();
export type IntegrationName = z.infer<typeof integrationNameSchema>;

/** The public key of one credentials file, as a NATS user nkey. Each rotation makes another key. */
export const integrationKeySchema = z.string().regex(USER_NKEY).brand<'IntegrationKey'>();
export type IntegrationKey = z.infer<typeof integrationKeySchema>;

export const scopeSchema = z.enum(SCOPES);
/** The stream of a room in the log: `room-<id>`. */
export const roomStreamSchema = z.string().regex(ROOM);

/** What an integration may do. */
export interface Scoped {
  /** At least one. */
  readonly scopes: readonly Scope[];
  /** The streams of the rooms that narrow `ROOM_SCOPES`; empty: all rooms. */
  readonly rooms: readonly string[];
}
