// Formatting: what a styled stretch of a text is, and which addresses a link may have.
import { z } from 'zod';
import { limits } from '../limits.js';
import { sanitise } from './sanitise.js';

const LINK_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

const place = { start: z.int().min(0), end: z.int().min(1) };

const urlSchema = z.string().refine(isSafeUrl, 'A link is http, https or mailto, without spaces.');

/** A styled stretch of a text, in UTF-16 units, end exclusive. */
export const spanSchema = z
  .discriminatedUnion('style', [
    z.object({ style: z.literal('BOLD'), ...place }),
    z.object({ style: z.literal('ITALIC'), ...place }),
    z.object({ style: z.literal('HYPERLINK'), ...place, url: urlSchema }),
  ])
  .refine((span) => span.end > span.start, 'A span ends after it starts.');
export type Span = z.infer<typeof spanSchema>;

/**
 * Whether a browser and a terminal may be handed this address as it is written: http, https or mailto, not too long.
 * `URL` alone is too kind: it forgives line breaks and control characters, which would reach the screen.
 */
export function isSafeUrl(url: string): boolean {
  if (url.length > limits.linkAddressMaxLength || /\s/.test(url) || sanitise(url) !== url) return false;
  return URL.canParse(url) && LINK_PROTOCOLS.has(new URL(url).protocol);
}
