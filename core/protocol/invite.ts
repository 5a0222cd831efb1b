// The invite: everything a terminal needs to reach a tracker and to verify its identity.
// `partyline://host:port/?guest=<guest signing seed>[&tls=<pin>]&sign=<tracker signing key>&seal=<tracker sealing key>`
import { z } from 'zod';
import { parseUrl } from './url.js';

const KEY_BYTES = 32;
const keySchema = z
  .base64url()
  .transform((text): Buffer => Buffer.from(text, 'base64url'))
  .refine((key) => key.length === KEY_BYTES, `A key must have ${KEY_BYTES} bytes.`);

const inviteSchema = z.object({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  /** The seed of the key with which guests sign their own limited credentials. */
  guest: z.string().regex(/^SA[A-Z2-7]{56}$/),
  /** The tracker's Ed25519 public key, 32 bytes. It verifies introductions, rosters and notices. */
  sign: keySchema,
  /** The tracker's X25519 public key, 32 bytes. Passwords are sealed to it. */
  seal: keySchema,
  /** The pin of the broker's key: SHA-256 of the public key in its certificate, base64url. Absent without TLS. */
  tls: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/)
    .optional(),
});
export type Invite = z.infer<typeof inviteSchema>;

export type ReadInvite = { readonly invite: Invite } | { readonly refusal: string };

/** Parses an invite from outside. The refusal is a sentence that names the error. */
export function parseInvite(text: string): ReadInvite {
  const trimmed = text.trim();
  if (!trimmed.startsWith('partyline://')) return { refusal: 'An invite must start with partyline://.' };
  const url = parseUrl(trimmed);
  if (url === null) return { refusal: 'The invite is incomplete or mistyped. Copy the whole invite.' };
  const pin = url.searchParams.get('tls');
  const parsed = inviteSchema.safeParse({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    guest: url.searchParams.get('guest'),
    sign: url.searchParams.get('sign'),
    seal: url.searchParams.get('seal'),
    ...(pin !== null && { tls: pin }),
  });
  if (parsed.success) return { invite: parsed.data };
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  return { refusal: `The invite is incomplete or mistyped: "${place}" is not valid. Copy the whole invite.` };
}

export function formatInvite(invite: Invite): string {
  const host = invite.host.includes(':') ? `[${invite.host}]` : invite.host;
  const sign = invite.sign.toString('base64url');
  const seal = invite.seal.toString('base64url');
  // The pin is not the last part: a truncated invite must not become a valid one without a pin.
  const tls = invite.tls === undefined ? '' : `&tls=${invite.tls}`;
  return `partyline://${host}:${invite.port}/?guest=${invite.guest}${tls}&sign=${sign}&seal=${seal}`;
}
