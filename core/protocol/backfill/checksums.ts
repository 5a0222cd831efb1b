// One short text for some messages of a device that follow each other: two who have the same have the same text. The format is
// final: docs/explanation/history.md.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type DeviceId, deviceIdSchema } from '../../ids.js';
import type { Run } from './ranges.js';

/** How many messages one sum covers at most. */
export const SUM_MAX_MESSAGES = 16;

const SUM_BYTES = 16;
const WRITTEN = /^(U[A-Z2-7]{55}) ([1-9]\d{0,14})-([1-9]\d{0,14}) ([\w-]{22})$/;

export interface Sum {
  readonly device: DeviceId;
  readonly run: Run;
  readonly sum: string;
}

/** As `U… 12-27 <22 characters of base64url>`. */
export const sumSchema = z
  .string()
  .max(120)
  .regex(WRITTEN)
  .transform((text): Sum => {
    const [, device, first, last, sum = ''] = WRITTEN.exec(text) ?? [];
    return { device: deviceIdSchema.parse(device), run: [Number(first), Number(last)], sum };
  })
  .refine(({ run: [first, last] }) => first <= last && last - first < SUM_MAX_MESSAGES, 'A sum covers few.');

export const writeSum = ({ device, run: [first, last], sum }: Sum): string =>
  `${device} ${first}-${last} ${sum}`;

/** The sum of messages by their digests, in the order of their numbers. */
export function sumOf(digests: readonly Buffer[]): string {
  const hash = createHash('sha256').update('partyline/sum/v1\0');
  for (const digest of digests) hash.update(digest);
  return hash.digest().subarray(0, SUM_BYTES).toString('base64url');
}
