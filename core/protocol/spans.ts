// Formatting: what a styled stretch of a text is, and which addresses a link may have.
import { z } from 'zod';

const LINK_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

const place = { start: z.int().min(0), end: z.int().min(1) };

const urlSchema = z.string().max(2_048).refine(isSafeUrl, 'A link is http, https or mailto.');

/** A styled stretch of a text, in UTF-16 units, end exclusive. */
export const spanSchema = z
  .discriminatedUnion('style', [
    z.object({ style: z.literal('BOLD'), ...place }),
    z.object({ style: z.literal('ITALIC'), ...place }),
    z.object({ style: z.literal('HYPERLINK'), ...place, url: urlSchema }),
  ])
  .refine((span) => span.end > span.start, 'A span ends after it starts.');
export type Span = z.infer<typeof spanSchema>;

/** Whether a browser may be handed this address: http, https or mailto, and nothing else. */
export function isSafeUrl(url: string): boolean {
  return URL.canParse(url) && LINK_PROTOCOLS.has(new URL(url).protocol);
}
