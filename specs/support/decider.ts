// Specifications of machines: given past events, when a command comes, then it causes events, a refusal, or nothing.
import test from 'ava';
import type { AnyStateMachine, SnapshotFrom } from 'xstate';
import type { Aggregate } from '../../core/actor/aggregate.js';
import { decide, evolve, initial } from '../../core/actor/machine.js';
import { type CommandOf, type DomainEventOf, withoutPersonal } from '../../core/actor/record.js';

export interface Story<Machine extends AnyStateMachine> {
  readonly given: readonly DomainEventOf<Machine>[];
  readonly when: CommandOf<Machine>;
  readonly expect: readonly DomainEventOf<Machine>[] | { readonly refused: string } | 'nothing';
}

/**
 * The macro for the cases of one aggregate: `test('room: given …, when …, then …', story, { given, when, expect })`.
 */
export const stories = <Machine extends AnyStateMachine>(aggregate: Aggregate<Machine>) =>
  test.macro((t, { given, when, expect }: Story<Machine>) => {
    const decision = decide(aggregate, after(aggregate, given), when);
    if (decision.kind === 'recorded') t.deepEqual(decision.events, expect);
    else t.deepEqual(decision.kind === 'refused' ? { refused: decision.reason } : decision.kind, expect);
  });

/** The state after `events`. The machine receives only the fields that the log's payload keeps. */
export function after<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  events: readonly DomainEventOf<Machine>[],
): SnapshotFrom<Machine> {
  let state = initial(aggregate, 'a');
  for (const event of events) {
    const { type, ...payload } = withoutPersonal(event);
    const versions: Readonly<Record<string, number>> = aggregate.events;
    state = evolve(aggregate, state, { type, schemaVersion: versions[type] ?? 0, payload });
  }
  return state;
}
