// The invite: all a terminal must know to reach a tracker and to recognise it.
// `partyline://host:port/?guest=<guest signing seed>&sign=<tracker signing key>&seal=<tracker sealing key>`
import { z } from 'zod';

const KEY_BYTES = 32;
const keySchema = z
  .base64url()
  .transform((text): Buffer => Buffer.from(text, 'base64url'))
  .refine((key) => key.length === KEY_BYTES, `A key has ${KEY_BYTES} bytes.`);

const inviteSchema = z.object({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  /** The seed of the public key with which guests sign their own, narrow credentials. */
  guest: z.string().regex(/^SA[A-Z2-7]{56}$/),
  /** The tracker's Ed25519 public key, 32 bytes: introductions, rosters and notices are signed with it. */
  sign: keySchema,
  /** The tracker's X25519 public key, 32 bytes: passwords are sealed to it. */
  seal: keySchema,
});
export type Invite = z.infer<typeof inviteSchema>;

export type ReadInvite = { readonly invite: Invite } | { readonly refusal: string };

/** Reads an invite from outside; the refusal says in a sentence what is wrong with it. */
export function parseInvite(text: string): ReadInvite {
  const trimmed = text.trim();
  if (!trimmed.startsWith('partyline://')) return { refusal: 'An invite starts with partyline://.' };
  if (!URL.canParse(trimmed)) return { refusal: 'The invite is cut off or mistyped; copy it whole.' };
  const url = new URL(trimmed);
  const parsed = inviteSchema.safeParse({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    guest: url.searchParams.get('guest'),
    sign: url.searchParams.get('sign'),
    seal: url.searchParams.get('seal'),
  });
  if (parsed.success) return { invite: parsed.data };
  const place = parsed.error.issues[0]?.path.join('.') ?? '';
  return { refusal: `The invite is cut off or mistyped (its "${place}" cannot be read); copy it whole.` };
}

export function formatInvite(invite: Invite): string {
  const host = invite.host.includes(':') ? `[${invite.host}]` : invite.host;
  const sign = invite.sign.toString('base64url');
  const seal = invite.seal.toString('base64url');
  return `partyline://${host}:${invite.port}/?guest=${invite.guest}&sign=${sign}&seal=${seal}`;
}
