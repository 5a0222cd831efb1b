// Properties as assertions: a spec counts a property that holds as one passed assertion.
import type { ExecutionContext } from 'ava';
import * as fc from 'fast-check';

/** Asserts that `property` holds. A failure shows the seed, the smallest counterexample and its error. */
export async function holds<Values>(
  t: ExecutionContext,
  property: fc.IRawProperty<Values>,
  parameters: fc.Parameters<Values> = {},
): Promise<void> {
  const run = await fc.check(property, { ...parameters, includeErrorInReport: true });
  t.false(run.failed, fc.defaultReportMessage(run));
}
