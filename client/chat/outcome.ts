// What an action comes to, taken from the one status table: a local outcome, or the tracker's answer made safe to show.
import { z } from 'zod';
import type { Json } from '../../core/json.js';
import type { Response } from '../../core/protocol/envelope.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { type Family, type PhraseOf, statusOf, statusTable } from '../../core/protocol/status.js';
import type { Outcome } from './events.js';

/** An outcome of this terminal's own; the message is the table's unless told. */
export function outcome<F extends Family>(
  family: F,
  phrase: PhraseOf<F>,
  told: { readonly message?: string; readonly data?: Json } = {},
): Outcome {
  const row = statusOf(family, phrase);
  return {
    status: row.code,
    phrase: row.phrase,
    message: told.message ?? [row.meaning, row.remedy].filter(Boolean).join(' '),
    ...(told.data === undefined ? {} : { data: told.data }),
  };
}

/** The tracker's answer with `data` in the form a face shows. */
export function outcomeOf(response: Response, data?: Json): Outcome {
  return {
    status: response.status,
    phrase: sanitiseLine(response.phrase),
    message: sanitiseLine(response.message),
    ...(data === undefined ? {} : { data }),
  };
}

const reasonSchema = z.object({ reason: z.string() });

/** The tracker's refusal, with the reason it gives for programs. */
export function refused(response: Response): Outcome {
  const told = reasonSchema.safeParse(response.data);
  return outcomeOf(response, told.success ? { reason: sanitiseLine(told.data.reason) } : undefined);
}

/** The tracker said yes in a way that cannot be believed or read. */
export function unusable(fault: string): Outcome {
  const message = `The tracker's answer cannot be used: ${fault}. The older of the two may need an update.`;
  return outcome(5, 'INTERNAL', { message });
}

/** What the status table advises about the reason given, or else the phrase; empty when nothing need be done. */
export function remedyOf({ status, phrase, data }: Pick<Outcome, 'status' | 'phrase' | 'data'>): string {
  const told = reasonSchema.safeParse(data);
  const rows = statusTable.filter(({ code }) => code === status);
  const row = rows.find((one) => told.success && one.phrase === told.data.reason);
  return (row ?? rows.find((one) => one.phrase === phrase))?.remedy ?? '';
}
