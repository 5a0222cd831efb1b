// The outcome of an action, with its status from the one status table. It carries no JSON: each face writes its own form.
import { z } from 'zod';
import type { Response } from '../../core/protocol/envelope.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import { type Family, type PhraseOf, statusOf, statusTable } from '../../core/protocol/status.js';

interface Answer {
  readonly status: number;
  readonly phrase: string;
  /** A sentence that a person can act on. */
  readonly message: string;
}

export interface Success<T = null> extends Answer {
  readonly isOk: true;
  readonly data: T;
}

export interface Refusal extends Answer {
  readonly isOk: false;
  /** A phrase for programs that is more exact than `phrase`, if the tracker gave one. */
  readonly reason: string | null;
}

export type Outcome<T = null> = Success<T> | Refusal;

type Row = (typeof statusTable)[number];
type SuccessPhrase = Extract<Row, { readonly code: 100 | 200 | 300 | 400 | 500 }>['phrase'];
type Phrase = PhraseOf<Family>;
type RefusalPhrase = Exclude<Phrase, SuccessPhrase>;

/** A success that this terminal decided. The message is the table's unless given. */
export function success<F extends Family, T>(
  family: F,
  phrase: PhraseOf<F> & SuccessPhrase,
  data: T,
  message?: string,
): Success<T>;
export function success<T>(family: Family, phrase: Phrase, data: T, message?: string): Success<T> {
  return { isOk: true, ...answerOf(family, phrase, message), data };
}

/** A refusal that this terminal decided. The message is the table's unless given. */
export function refusal<F extends Family>(
  family: F,
  phrase: PhraseOf<F> & RefusalPhrase,
  message?: string,
): Refusal;
export function refusal(family: Family, phrase: Phrase, message?: string): Refusal {
  return { isOk: false, ...answerOf(family, phrase, message), reason: null };
}

function answerOf(family: Family, phrase: Phrase, message: string | undefined): Answer {
  const row = statusOf(family, phrase);
  const sentence = message ?? [row.meaning, row.remedy].filter(Boolean).join(' ');
  return { status: row.code, phrase: row.phrase, message: sentence };
}

/** An answer of the tracker, without its envelope. */
export type Answered = Pick<Response, 'status' | 'phrase' | 'message' | 'data'>;

/** The tracker's success, with `data` in the form that faces need. */
export function granted<T>(response: Answered, data: T): Success<T> {
  return { isOk: true, ...safeAnswer(response), data };
}

const reasonSchema = z.object({ reason: z.string() });

/** The tracker's refusal. */
export function refused(response: Answered): Refusal {
  const parsed = reasonSchema.safeParse(response.data);
  const reason = parsed.success ? sanitiseLine(parsed.data.reason) : null;
  return { isOk: false, ...safeAnswer(response), reason };
}

function safeAnswer({ status, phrase, message }: Answered): Answer {
  return { status, phrase: sanitiseLine(phrase), message: sanitiseLine(message) };
}

/** The refusal for a tracker's success that cannot be parsed or verified. */
export function unusable(fault: string): Refusal {
  const message = `The tracker's answer cannot be used: ${fault}. This terminal or the tracker may need an update.`;
  return refusal(5, 'INTERNAL', message);
}

/** The table's remedy for the reason of a refusal, or else for its phrase; empty when there is nothing to do. */
export function remedyOf({ status, phrase, reason }: Pick<Refusal, 'status' | 'phrase' | 'reason'>): string {
  const rows = statusTable.filter(({ code }) => code === status);
  const row = rows.find((one) => one.phrase === reason) ?? rows.find((one) => one.phrase === phrase);
  return row?.remedy ?? '';
}
