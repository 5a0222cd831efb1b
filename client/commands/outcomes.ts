// The outcomes that commands make themselves, in the words of the status table.
import type { Json } from '../../core/json.js';
import { sanitiseLine } from '../../core/protocol/sanitise.js';
import { type Family, type PhraseOf, statusOf } from '../../core/protocol/status.js';
import type { Outcome } from '../chat/events.js';

const QUOTED_MAX = 40;

/** `phrase` for a request of `family`; the table's own sentences unless told better. */
export function outcome<F extends Family>(
  family: F,
  phrase: PhraseOf<F>,
  told: { readonly message?: string; readonly data?: Json } = {},
): Outcome {
  const row = statusOf(family, phrase);
  return {
    status: row.code,
    phrase: row.phrase,
    message: told.message ?? `${row.meaning} ${row.remedy}`.trim(),
    ...(told.data === undefined ? {} : { data: told.data }),
  };
}

/** What somebody typed, safe and short enough to be repeated in a sentence. */
export function quoted(typed: string): string {
  const clean = sanitiseLine(typed.slice(0, QUOTED_MAX * 2));
  return `"${clean.length > QUOTED_MAX ? `${clean.slice(0, QUOTED_MAX).toWellFormed()}…` : clean}"`;
}
