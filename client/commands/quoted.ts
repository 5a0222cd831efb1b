// What somebody typed, as it can be repeated to them.
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';

const QUOTED_MAX = 40;

/** What somebody typed, safe and short enough to be repeated in a sentence. */
export function quoted(typed: string): string {
  const clean = sanitiseLine(typed.slice(0, QUOTED_MAX * 2));
  return `"${clean.length > QUOTED_MAX ? `${clean.slice(0, QUOTED_MAX).toWellFormed()}…` : clean}"`;
}
