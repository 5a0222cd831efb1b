// The file profile.json: the key of a terminal, its invite and its login. The file holds secrets, so error messages quote none of it.
import { chmod, readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError } from '../../core/errors.js';
import { isFileError, replaceFile } from '../../core/files.js';
import { accountIdSchema } from '../../core/ids.js';
import { type SigningKey, signingKeyFromSeed } from '../../core/keys.js';
import { formatInvite, type Invite, parseInvite } from '../../core/protocol/invite.js';
import { usernameSchema } from '../../core/protocol/names.js';

/** The account that is logged in at this terminal, and its credentials for the broker. */
const enrolmentSchema = z.strictObject({
  account: accountIdSchema,
  username: usernameSchema,
  /** The credentials of the device for the broker. */
  jwt: z.string().min(1),
  /** When the credentials were granted and when they expire, milliseconds since the epoch by the clock of this machine. */
  grantedAt: z.int(),
  expiresAt: z.int(),
});
export type Enrolment = Readonly<z.infer<typeof enrolmentSchema>>;

export interface ProfileRecord {
  readonly invite: Invite;
  readonly device: SigningKey;
  readonly enrolment: Enrolment | null;
  /** When the profile was last opened, milliseconds since the epoch. */
  readonly usedAt: number;
}

const MAX_BYTES = 64 * 1024;
const OTHERS = 0o077;

const recordSchema = z.strictObject({
  version: z.literal(1),
  invite: z.string().transform((text, context): Invite => {
    const read = parseInvite(text);
    if ('invite' in read) return read.invite;
    context.addIssue({ code: 'custom', message: read.refusal });
    return z.NEVER;
  }),
  device: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .transform((hex) => signingKeyFromSeed(Buffer.from(hex, 'hex'))),
  enrolment: enrolmentSchema.nullable(),
  usedAt: z.int().min(0),
});

/**
 * Reads the record at `path` and removes the access of other users; undefined if there is no file. Throws an `OperatorError` if
 * the record is damaged. A damaged record is not replaced, because replacing it would lose the login.
 */
export async function readRecord(path: string): Promise<ProfileRecord | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const parsed = recordSchema.safeParse(jsonOf(text, path));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'its outline').join(', ');
  throw damaged(path, `has invalid values (${fields})`);
}

/** Replaces the record at `path` (mode 0600) atomically: after a crash the file holds the old record or the new one. */
export async function writeRecord(path: string, record: ProfileRecord): Promise<void> {
  const { invite, device, enrolment, usedAt } = record;
  const file: z.input<typeof recordSchema> = {
    version: 1,
    invite: formatInvite(invite),
    device: device.seed.toString('hex'),
    enrolment,
    usedAt,
  };
  await replaceFile(path, `${JSON.stringify(file, null, 2)}\n`);
}

export function damaged(path: string, what: string): OperatorError {
  return new OperatorError(
    `The profile ${path} ${what}.`,
    'Restore the file from a backup. Or move the file away, start again and log in again.',
  );
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    const { size, mode } = await stat(path);
    if (size > MAX_BYTES) throw damaged(path, `has ${size} bytes, which is too large for a profile`);
    if ((mode & OTHERS) !== 0) await chmod(path, mode & ~OTHERS & 0o777);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `The profile ${path} cannot be read.`,
      'Make the file readable for the user who runs this terminal.',
      { cause: error },
    );
  }
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Do not use the message of the parser, because it quotes the secret text.
    throw damaged(path, 'is not JSON');
  }
}
