// The two kinds of thrown errors. A user's mistake is never thrown: a refusal is a value.
import { inspect } from 'node:util';

/** A problem that the person at this machine must fix; the command line prints it and exits with 1. */
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

/** A contradiction in the program itself: a defect, never a user's mistake. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** Throws `InvariantError` unless `condition` holds. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}

/** The text of any thrown value. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : inspect(thrown);
}
