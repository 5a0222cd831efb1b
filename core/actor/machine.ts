// The adapter to XState: decides what a command does and evolves the state by events. Its functions are pure, without a
// store or a clock.
import type { AnyStateMachine, EventObject, SnapshotFrom } from 'xstate';
import { invariant } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Aggregate, Refusal } from './aggregate.js';
import type { CommandOf, DomainEventOf, Refused } from './record.js';
import { firstStep, step } from './transition.js';
import { upcast } from './upcast.js';

export type Decision<Machine extends AnyStateMachine = AnyStateMachine> =
  /** `next` is the state after `events`. */
  | {
      readonly kind: 'recorded';
      readonly events: readonly DomainEventOf<Machine>[];
      readonly next: SnapshotFrom<Machine>;
    }
  | ({ readonly kind: 'refused' } & Refusal)
  /** The command needs no change. */
  | { readonly kind: 'nothing' };

/**
 * Decides what `command` does in the state `snapshot`. Throws an `InvariantError` if the type is not a listed command
 * (a domain event is never accepted), or if the machine throws, has a side effect, or gives no answer or more than one.
 */
export function decide<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  snapshot: SnapshotFrom<Machine>,
  command: CommandOf<Machine>,
): Decision<Machine> {
  const { kind, machine } = aggregate;
  const { type }: EventObject = command;
  const commands: readonly string[] = aggregate.commands;
  invariant(commands.includes(type), `"${type}" is not a command of ${kind}`);
  const { next, emitted } = step(machine, snapshot, command);
  const [first] = emitted;
  invariant(first !== undefined, `${kind} gave no answer to ${type}`);
  const answer = answerOf(first);
  if (answer !== null) {
    invariant(emitted.length === 1, `${kind} gave more than one answer to ${type}`);
    return answer;
  }
  for (const event of emitted) {
    invariant(
      Object.hasOwn(aggregate.events, event.type),
      `"${event.type}" is not a domain event of ${kind}`,
    );
  }
  // The two loops have checked that every emitted event is a domain event of the aggregate. XState's types cannot express that.
  return {
    kind: 'recorded',
    events: emitted as readonly DomainEventOf<Machine>[],
    next: next as SnapshotFrom<Machine>,
  };
}

/** A domain event from the log, as the input of `evolve`. */
export interface StoredEvent {
  readonly type: string;
  /** The schema version in which the event was written. */
  readonly schemaVersion: number;
  readonly payload: JsonObject;
  /** Never present: a quarantined event is not applied. */
  readonly quarantine?: undefined;
}

/**
 * The state after `event`, which may have any schema version. Throws an `InvariantError` if the machine answers an
 * event or does not know it.
 */
export function evolve<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  snapshot: SnapshotFrom<Machine>,
  event: StoredEvent,
): SnapshotFrom<Machine> {
  const { kind, machine, upcasters = [] } = aggregate;
  const events: Readonly<Record<string, number>> = aggregate.events;
  const wanted = Object.hasOwn(events, event.type) ? events[event.type] : undefined;
  invariant(wanted !== undefined, `"${event.type}" is not a domain event of ${kind}`);
  const payload = upcast(upcasters, event, wanted);
  const { next, emitted } = step(machine, snapshot, { ...payload, type: event.type });
  invariant(
    emitted.length === 0,
    `${kind} answered the event ${event.type}, but only commands may be answered`,
  );
  return next as SnapshotFrom<Machine>;
}

/** The state of an aggregate without events. */
export function initial<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  id: string,
): SnapshotFrom<Machine> {
  const { next, emitted } = firstStep(aggregate.machine, id);
  invariant(emitted.length === 0, `${aggregate.kind} records an event before any command`);
  return next as SnapshotFrom<Machine>;
}

function answerOf(emitted: EventObject): Exclude<Decision, { readonly kind: 'recorded' }> | null {
  if (emitted.type === 'NothingToDo') return { kind: 'nothing' };
  if (emitted.type !== 'Refused') return null;
  const { reason, detail } = emitted as Refused;
  return { kind: 'refused', reason, detail };
}
