// The keys of a deployment, created at the first start and stored in its home. credentials.ts defines what each key
// grants.
import { generateKeyPairSync } from 'node:crypto';
import { chmod, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OperatorError } from '../../errors.js';
import { createFile, ensurePrivateFolder, isFileError } from '../../files.js';
import { generateSigningKey, type SigningKey, signingKeyFromSeed } from '../../keys.js';
import { createNKey, type NKey, type NKeyKind, nkeyFromSeed } from './nkey.js';

/** An X25519 key pair for libsodium's `crypto_box_seal`; 32 bytes each. */
export interface SealingKey {
  readonly publicKey: Buffer;
  readonly secretKey: Buffer;
}

export interface Keyring {
  readonly operator: NKey;
  /** Signs account JWTs. The operator key itself is used only in this file. */
  readonly operatorSigning: NKey;
  readonly systemAccount: NKey;
  /** The application's account, shared by the tracker, the devices and the integrations. */
  readonly account: NKey;
  readonly accountSigning: NKey;
  /** Its seed is public in the invite. It can mint only guests, in an account without a key of its own. */
  readonly guestSigning: NKey;
  readonly trackerUser: NKey;
  readonly systemUser: NKey;
  /** Signs introductions, rosters and the log head. Its public key is in the invite. */
  readonly signing: SigningKey;
  /** Data sealed to this key can be read only by the tracker. Its public key is in the invite. */
  readonly sealing: SealingKey;
}

const NKEYS = {
  operator: 'operator',
  operatorSigning: 'operator',
  systemAccount: 'account',
  account: 'account',
  accountSigning: 'account',
  guestSigning: 'account',
  trackerUser: 'user',
  systemUser: 'user',
} as const satisfies Record<string, NKeyKind>;

const OTHERS = 0o077;

const bytes32 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((hex) => Buffer.from(hex, 'hex'));

const nkey = (kind: NKeyKind) =>
  z.string().transform((seed, context): NKey => {
    try {
      const key = nkeyFromSeed(seed);
      if (key.kind === kind) return key;
    } catch (error) {
      // The seed is secret: the message names the field and omits the value.
      if (!(error instanceof RangeError)) throw error;
    }
    context.addIssue({ code: 'custom', message: `not the seed of an ${kind} key` });
    return z.NEVER;
  });

const fileSchema = z.strictObject({
  version: z.literal(1),
  operator: nkey(NKEYS.operator),
  operatorSigning: nkey(NKEYS.operatorSigning),
  systemAccount: nkey(NKEYS.systemAccount),
  account: nkey(NKEYS.account),
  accountSigning: nkey(NKEYS.accountSigning),
  guestSigning: nkey(NKEYS.guestSigning),
  trackerUser: nkey(NKEYS.trackerUser),
  systemUser: nkey(NKEYS.systemUser),
  signing: bytes32.transform(signingKeyFromSeed),
  sealing: z.strictObject({ publicKey: bytes32, secretKey: bytes32 }),
});

/**
 * Opens the keyring of `home` (`keys.json`, mode 0600), or creates it if it is missing. Throws an `OperatorError` if
 * the file is damaged: new keys would invalidate every enrolled device and every invite, so the operator must decide.
 */
export async function openKeyring(home: string): Promise<Keyring> {
  const path = join(home, 'keys.json');
  await ensurePrivateFolder(home);
  const text = (await readIfThere(path)) ?? (await firstText(path));
  await closeToOthers(path);
  return parse(text, path);
}

/** Reads the keyring of `home` without changing it; undefined if the home has no keyring. Fails like `openKeyring`. */
export async function readKeyring(home: string): Promise<Keyring | undefined> {
  const path = join(home, 'keys.json');
  const text = await readIfThere(path);
  return text === undefined ? undefined : parse(text, path);
}

async function firstText(path: string): Promise<string> {
  try {
    const text = newText();
    await createFile(path, text);
    return text;
  } catch (error) {
    if (!isFileError(error, 'EEXIST')) throw error;
    // Another process created the file at the same moment. Its keys are used.
    return readFile(path, 'utf8');
  }
}

function parse(text: string, path: string): Keyring {
  const remedy = `Restore ${path} from a backup, or remove the file to create new keys. New keys invalidate every invite and device key.`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which is secret.
    throw new OperatorError(`the key file ${path} is damaged: it is not JSON`, remedy);
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) {
    const { version: _, ...keyring } = parsed.data;
    return keyring;
  }
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole file').join(', ');
  throw new OperatorError(`the key file ${path} is damaged: invalid value of ${fields}`, remedy);
}

function newText(): string {
  const sealing = generateKeyPairSync('x25519');
  const seeds = Object.entries(NKEYS).map(([name, kind]) => [name, createNKey(kind).seed]);
  const file = {
    version: 1,
    ...Object.fromEntries(seeds),
    signing: generateSigningKey().seed.toString('hex'),
    sealing: {
      publicKey: sealing.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex'),
      secretKey: sealing.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32).toString('hex'),
    },
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isFileError(error, 'ENOENT')) return undefined;
    throw new OperatorError(
      `the key file ${path} cannot be read`,
      'Make the file readable for the user that runs the tracker.',
      {
        cause: error,
      },
    );
  }
}

async function closeToOthers(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & OTHERS) !== 0) await chmod(path, mode & ~OTHERS & 0o777);
}
