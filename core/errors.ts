// The two kinds of error that are thrown. What a user did wrong is never thrown: a refusal is a value.
import { inspect } from 'node:util';

/** Something the person at this machine has to mend; the command line prints it and exits 1. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';

  /**
   * @param message what happened, as one sentence
   * @param remedy what to do about it, as one sentence
   */
  constructor(
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The program contradicts itself: a defect here, never a user's doing. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws `InvariantError` unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The text of whatever was thrown, be it an error or not. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}
