// The error of a history that cannot be read or written now, with a sentence for users. It retries nothing.
import { codeOf } from '../../../core/events/sql/sqlite.js';
import { messageOf } from '../../../core/errors.js';

/** The history could not be used, and nothing of the job was stored. `message` says what happened and what to do. */
export class HistoryUnavailableError extends Error {
  override readonly name = 'HistoryUnavailableError';
}

const OF_THE_MACHINE = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|NOMEM|READONLY|CANTOPEN|PROTOCOL|INTERRUPT)(_|$)/;

/** Whether another connection holds the lock of the file. */
export const isLocked = (thrown: unknown): boolean => /^SQLITE_(BUSY|LOCKED)(_|$)/.test(codeOf(thrown));

/** The error as `HistoryUnavailableError` if its cause is outside this program, else unchanged. */
export function unavailableOf(thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (!OF_THE_MACHINE.test(code)) return thrown;
  return new HistoryUnavailableError(sentenceOf(thrown, code), { cause: thrown });
}

function sentenceOf(thrown: unknown, code: string): string {
  if (isLocked(thrown))
    return 'Another program holds the lock of history.db, so nothing was stored. Close that program and try again.';
  if (code.startsWith('SQLITE_FULL'))
    return 'The disk is full, so nothing was stored in the history. Free some space and try again.';
  return `The history cannot be used now (${messageOf(thrown)}), so nothing was stored. Check the disk and try again.`;
}
