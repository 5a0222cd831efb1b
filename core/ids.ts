// Identifiers: their shapes, their brands, and the port that makes new identifiers.
import { randomFillSync } from 'node:crypto';
import { ulid } from 'ulid';
import { z } from 'zod';

const ULID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const USER_NKEY = /^U[A-Z2-7]{55}$/;

/** An account's stable id: a ULID, safe as one token of a subject. */
export const accountIdSchema = z.string().regex(ULID).brand<'AccountId'>();
export type AccountId = z.infer<typeof accountIdSchema>;

/** A device's id is its public key, written as a NATS user nkey (`U…`, 56 characters). */
export const deviceIdSchema = z.string().regex(USER_NKEY).brand<'DeviceId'>();
export type DeviceId = z.infer<typeof deviceIdSchema>;

/** The id of one request; a retry carries the same one. */
export const commandIdSchema = z.string().regex(ULID).brand<'CommandId'>();
export type CommandId = z.infer<typeof commandIdSchema>;

/** The source of new identifiers. Specs pass a predictable one. */
export interface Ids {
  /** A new ULID: 26 characters, sortable by the time it was made. */
  next(): string;
}

export const systemIds: Ids = { next: () => ulid(undefined, nextRandom) };

// Random bytes are fetched for many ids at once: one call for each of an id's 16 random letters would cost more than all other
// steps.
const pool = Buffer.alloc(4_096);
let used = pool.length;

/** A number in [0, 1) from one byte, which is used only once. */
function nextRandom(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool.readUInt8(used);
  used += 1;
  return byte / 256;
}
