// Formatting: styled spans of a text, and the addresses that a link may have.
import { z } from 'zod';
import { limits } from '../limits.js';
import { parseUrl } from '../url.js';
import { sanitise } from './sanitise.js';

const LINK_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

const place = { start: z.int().min(0), end: z.int().min(1) };

const urlSchema = z.string().refine(isSafeUrl, 'A link must be http, https or mailto, without spaces.');

/** A styled part of a text, in UTF-16 units, with an exclusive end. */
export const spanSchema = z
  .discriminatedUnion('style', [
    z.object({ style: z.literal('BOLD'), ...place }),
    z.object({ style: z.literal('ITALIC'), ...place }),
    z.object({ style: z.literal('HYPERLINK'), ...place, url: urlSchema }),
  ])
  .refine((span) => span.end > span.start, 'A span must end after it starts.');
export type Span = z.infer<typeof spanSchema>;

/**
 * Whether an address may be passed unchanged to a browser or a terminal: http, https or mailto, and not too long. `URL`
 * alone is not enough: it accepts line breaks and control characters, which would reach the screen.
 */
export function isSafeUrl(url: string): boolean {
  if (url.length > limits.linkAddressMaxLength || /\s/.test(url) || sanitise(url) !== url) return false;
  return LINK_PROTOCOLS.has(parseUrl(url)?.protocol ?? '');
}
