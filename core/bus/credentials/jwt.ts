// NATS JWTs, version 2: writing and checking the envelope. It does not interpret the claims.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../../errors.js';
import { isSignedBy } from '../../keys.js';
import { toBase32 } from './base32.js';
import { type NKey, rawPublicKey } from './nkey.js';

export interface Claim {
  /** The public nkey that the JWT is issued for. */
  readonly subject: string;
  readonly name: string;
  /** Milliseconds since the epoch; a JWT keeps whole seconds. */
  readonly issuedAt: number;
  /** Milliseconds since the epoch; without it the JWT does not expire. */
  readonly expiresAt?: number;
  /** The `nats` part: type, limits and permissions, as defined in nats-io/jwt. */
  readonly nats: Readonly<Record<string, unknown>>;
}

export type ReadJwt<T> =
  | { readonly ok: true; readonly claims: T }
  | { readonly ok: false; readonly reason: string };

const ALGORITHM = 'ed25519-nkey';
const HEADER = encode({ typ: 'JWT', alg: ALGORITHM });
const MAX_CHARACTERS = 64 * 1024;

const headerSchema = z.object({ typ: z.string().regex(/^jwt$/i), alg: z.literal(ALGORITHM) });
const issuerSchema = z.object({ iss: z.string() });

/** Returns a signed JWT. The same claim and signer give the same text. */
export function mintJwt(claim: Claim, signer: NKey): string {
  const body = {
    jti: '',
    iat: wholeSeconds(claim.issuedAt),
    iss: signer.publicKey,
    sub: claim.subject,
    name: claim.name,
    ...(claim.expiresAt === undefined ? {} : { exp: wholeSeconds(claim.expiresAt) }),
    nats: claim.nats,
  };
  const jti = toBase32(createHash('sha512-256').update(JSON.stringify(body)).digest());
  const signed = `${HEADER}.${encode({ ...body, jti })}`;
  return `${signed}.${signer.sign(Buffer.from(signed)).toString('base64url')}`;
}

/**
 * Returns the claims of a JWT that its own issuer (`iss`) signed and that match `schema`. The caller must check whether
 * the issuer is trusted and whether the JWT has expired.
 */
export function readJwt<T>(jwt: string, schema: z.ZodType<T>): ReadJwt<T> {
  if (jwt.length > MAX_CHARACTERS) return refused('too long for a JWT of Partyline');
  const [header, body, signature, ...rest] = jwt.split('.');
  if (header === undefined || body === undefined || signature === undefined || rest.length > 0) {
    return refused('does not have three parts');
  }
  try {
    headerSchema.parse(decode(header));
    const claims = decode(body);
    const issuer = rawPublicKey(issuerSchema.parse(claims).iss);
    const isGenuine = isSignedBy(
      issuer,
      Buffer.from(`${header}.${body}`),
      Buffer.from(signature, 'base64url'),
    );
    return isGenuine ? { ok: true, claims: schema.parse(claims) } : refused('not signed by its issuer');
  } catch (error) {
    return refused(messageOf(error));
  }
}

const refused = (reason: string) => ({ ok: false, reason }) as const;
/** A time in milliseconds, rounded down to the whole seconds that a JWT stores. */
export const wholeSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}
