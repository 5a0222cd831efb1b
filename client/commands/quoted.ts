// Quotes of typed text for use in sentences.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';

const QUOTED_MAX = 40;

/** Quotes typed text: without control characters, and shortened. */
export function quoted(typed: string): string {
  const clean = sanitiseLine(typed.slice(0, QUOTED_MAX * 2));
  return `"${clean.length > QUOTED_MAX ? `${clean.slice(0, QUOTED_MAX).toWellFormed()}…` : clean}"`;
}
