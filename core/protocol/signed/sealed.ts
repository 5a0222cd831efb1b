// Sealed data that only the tracker can read, bound to the device, the request and the time. It uses libsodium's sealed
// boxes.
import sodium from 'sodium-native';
import { z } from 'zod';
import { type CommandId, commandIdSchema, type DeviceId, deviceIdSchema } from '../../ids.js';
import type { Json } from '../../json.js';
import { utcTime } from '../../time/utc-time.js';
import { timeSchema } from '../envelope.js';
import { limits } from '../limits.js';
import { statusOf } from '../status.js';
import { parseJson } from './signed.js';

/** An X25519 key pair, 32 bytes each. */
export interface SealingKey {
  readonly publicKey: Buffer;
  readonly secretKey: Buffer;
}

/**
 * A sealed box in base64url. The limit fits overlong credentials, so that a long password is refused with its own
 * error.
 */
export const sealedSchema = z.object({ sealed: z.base64url().max(12_288) });

const bindingSchema = z.object({
  id: commandIdSchema,
  device: deviceIdSchema,
  /** The time of sealing, in milliseconds since the epoch. */
  at: timeSchema,
});

const credentialsSchema = bindingSchema.extend({
  username: z.string().max(256),
  password: z.string().max(1_024),
  /** The name that the terminal gives itself. */
  deviceName: z.string().max(128).optional(),
});
export type Credentials = z.infer<typeof credentialsSchema>;

// Two values of this length are as long as a name and a password together.
const oneOfTwoSchema = z.string().max(640);
const passwordChangeSchema = bindingSchema.extend({ current: oneOfTwoSchema, next: oneOfTwoSchema });
export type PasswordChange = z.infer<typeof passwordChangeSchema>;

interface Unopened {
  readonly phrase: 'INVALID_COMMAND' | 'REQUEST_EXPIRED';
  readonly message: string;
}

/** The request that the sealed data must belong to, and the time when that request arrived. */
export interface Expected {
  readonly id: CommandId;
  readonly device: DeviceId;
  readonly nowMs: number;
}

/**
 * Seals `credentials` to the tracker's public sealing key. Throws if the 32 bytes are not a valid key, for example all
 * zero.
 */
export function sealCredentials(credentials: Credentials, publicKey: Buffer): string {
  return seal(credentials, publicKey);
}

/** Seals a password change like `sealCredentials`. */
export function sealPasswordChange(change: PasswordChange, publicKey: Buffer): string {
  return seal(change, publicKey);
}

/** Opens what a device sealed for one request. Refuses data sealed for another device, request or time. */
export function unsealCredentials(
  sealed: string,
  key: SealingKey,
  expected: Expected,
): { readonly credentials: Credentials } | Unopened {
  const opened = unseal(credentialsSchema, sealed, key, expected);
  return 'value' in opened ? { credentials: opened.value } : opened;
}

/** Opens a password change like `unsealCredentials`. */
export function unsealPasswordChange(
  sealed: string,
  key: SealingKey,
  expected: Expected,
): { readonly change: PasswordChange } | Unopened {
  const opened = unseal(passwordChangeSchema, sealed, key, expected);
  return 'value' in opened ? { change: opened.value } : opened;
}

function seal(value: Json, publicKey: Buffer): string {
  const plain = Buffer.from(JSON.stringify(value));
  const box = Buffer.alloc(plain.length + sodium.crypto_box_SEALBYTES);
  sodium.crypto_box_seal(box, plain, publicKey);
  return box.toString('base64url');
}

function unseal<T extends z.infer<typeof bindingSchema>>(
  schema: z.ZodType<T>,
  sealed: string,
  key: SealingKey,
  expected: Expected,
): { readonly value: T } | Unopened {
  const parsed = schema.safeParse(parseJson(open(sealed, key) ?? ''));
  if (!parsed.success) {
    return {
      phrase: 'INVALID_COMMAND',
      message: 'The tracker cannot decrypt this request. Use the current invite of this tracker.',
    };
  }
  const { id, device, at } = parsed.data;
  if (id !== expected.id || device !== expected.device) {
    return { phrase: 'INVALID_COMMAND', message: 'The encrypted part belongs to another request or device.' };
  }
  if (Math.abs(expected.nowMs - at) > limits.sealedMaxAgeMs) {
    return {
      phrase: 'REQUEST_EXPIRED',
      message: `By the terminal's clock the request is from ${utcTime(at)}; the tracker's clock says ${utcTime(expected.nowMs)}. ${remedy}`,
    };
  }
  return { value: parsed.data };
}

const { remedy } = statusOf(1, 'REQUEST_EXPIRED');

function open(sealed: string, key: SealingKey): string | undefined {
  const box = Buffer.from(sealed, 'base64url');
  if (box.length < sodium.crypto_box_SEALBYTES) return undefined;
  const plain = Buffer.alloc(box.length - sodium.crypto_box_SEALBYTES);
  return sodium.crypto_box_seal_open(plain, box, key.publicKey, key.secretKey) ? plain.toString() : undefined;
}
