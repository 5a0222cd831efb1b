// The data of an outcome that a spec expects to be a success.
import type { Outcome } from '../../client/chat/outcome.js';

/** Throws for a refusal. */
export function dataOf<T>(outcome: Outcome<T>): T {
  if (!outcome.isOk) throw new Error(`refused: ${outcome.phrase}: ${outcome.message}`);
  return outcome.data;
}
