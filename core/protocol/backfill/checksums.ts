// A checksum over successive messages of one device: equal messages give equal text. The format is final:
// docs/reference/message-format.md.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type DeviceId, deviceIdSchema } from '../../ids.js';
import type { Range } from './ranges.js';

/** The maximum number of messages in one checksum. */
export const CHECKSUM_MAX_MESSAGES = 16;

const SUM_BYTES = 16;
const WRITTEN = /^(U[A-Z2-7]{55}) ([1-9]\d{0,14})-([1-9]\d{0,14}) ([\w-]{22})$/;

export interface Checksum {
  readonly device: DeviceId;
  readonly range: Range;
  readonly sum: string;
}

/** For example `U… 12-27 <22 characters of base64url>`. */
export const checksumSchema = z
  .string()
  .max(120)
  .regex(WRITTEN)
  .transform((text): Checksum => {
    const [, device, first, last, sum = ''] = WRITTEN.exec(text) ?? [];
    return { device: deviceIdSchema.parse(device), range: [Number(first), Number(last)], sum };
  })
  .refine(
    ({ range: [first, last] }) => first <= last && last - first < CHECKSUM_MAX_MESSAGES,
    'A checksum covers too many messages.',
  );

export const writeChecksum = ({ device, range: [first, last], sum }: Checksum): string =>
  `${device} ${first}-${last} ${sum}`;

/** The checksum of messages, from their digests in the order of their numbers. */
export function checksumOf(digests: readonly Buffer[]): string {
  const hash = createHash('sha256').update('partyline/sum/v1\0');
  for (const digest of digests) hash.update(digest);
  return hash.digest().subarray(0, SUM_BYTES).toString('base64url');
}
