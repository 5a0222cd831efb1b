// One short text for some messages of a device that follow each other: two who have the same have the same text. The format is
// final: docs/reference/message-format.md.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type DeviceId, deviceIdSchema } from '../../ids.js';
import type { Range } from './ranges.js';

/** How many messages one sum covers at most. */
export const CHECKSUM_MAX_MESSAGES = 16;

const SUM_BYTES = 16;
const WRITTEN = /^(U[A-Z2-7]{55}) ([1-9]\d{0,14})-([1-9]\d{0,14}) ([\w-]{22})$/;

export interface Checksum {
  readonly device: DeviceId;
  readonly range: Range;
  readonly sum: string;
}

/** As `U… 12-27 <22 characters of base64url>`. */
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
    'A sum covers few.',
  );

export const writeChecksum = ({ device, range: [first, last], sum }: Checksum): string =>
  `${device} ${first}-${last} ${sum}`;

/** The sum of messages by their digests, in the order of their numbers. */
export function checksumOf(digests: readonly Buffer[]): string {
  const hash = createHash('sha256').update('partyline/sum/v1\0');
  for (const digest of digests) hash.update(digest);
  return hash.digest().subarray(0, SUM_BYTES).toString('base64url');
}
