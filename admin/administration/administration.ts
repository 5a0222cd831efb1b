// One task of the operator, from its subjects to the result: the events, and the people who learn of them.
import type { RecordedEvent } from '../../core/events/event.js';
import { type Audience, audienceOf } from './audience.js';
import { asOperator, type OperatorParts } from './operation.js';
import { refusalError } from './refusals.js';
import type { Prepared, Task } from './tasks.js';

export interface Administered extends Audience {
  readonly isDryRun: boolean;
  readonly task: Prepared;
  /** Empty if nothing had to change. In a dry run, positions, times and hashes are those of an append now. */
  readonly events: readonly RecordedEvent[];
}

/** Throws an `OperatorError` and changes nothing if a subject does not exist, or if a machine refuses the task. */
export function administer(parts: OperatorParts, task: Task, isDryRun: boolean): Promise<Administered> {
  const { home, clock } = parts;
  return asOperator(parts, isDryRun, async (operator) => {
    const { directory } = operator;
    const prepared = await task({ sql: home.reader, directory, clock });
    const decision = await operator.decide(prepared.operation);
    if (decision.kind === 'refused') throw refusalError(decision, prepared);
    const { events } = decision;
    return { isDryRun, task: prepared, events, ...(await audienceOf(directory, events)) };
  });
}
