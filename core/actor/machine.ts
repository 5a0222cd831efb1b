// The bridge to XState: decide what a command does, evolve by what happened. Pure; it knows no store and no clock.
import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createEmptyActor,
  type EventObject,
  type SnapshotFrom,
} from 'xstate';
import { InvariantError, invariant, messageOf } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { Aggregate, Refusal } from './aggregate.js';
import type { CommandOf, DomainEventOf, Refused } from './record.js';
import { upcast } from './upcast.js';

export type Decision<Machine extends AnyStateMachine = AnyStateMachine> =
  /** `next` is the state that evolving by `events` gives. */
  | {
      readonly kind: 'recorded';
      readonly events: readonly DomainEventOf<Machine>[];
      readonly next: SnapshotFrom<Machine>;
    }
  | ({ readonly kind: 'refused' } & Refusal)
  /** The command is fulfilled already. */
  | { readonly kind: 'nothing' };

/**
 * What `command` does in the state `snapshot`. Throws an `InvariantError` when the type is not a command that the
 * aggregate lists (a domain event never gets in), when the machine throws, has a side effect, or gives no answer
 * or several.
 */
export function decide<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  snapshot: SnapshotFrom<Machine>,
  command: CommandOf<Machine>,
): Decision<Machine> {
  const { kind, machine } = aggregate;
  const { type }: EventObject = command;
  const commands: readonly string[] = aggregate.commands;
  invariant(commands.includes(type), `"${type}" is no command of ${kind}`);
  const { next, emitted } = step(machine, snapshot, command);
  const [first] = emitted;
  invariant(first !== undefined, `${kind} gave no answer to ${type}`);
  const answer = answerOf(first);
  if (answer !== null) {
    invariant(emitted.length === 1, `${kind} answered ${type} in more than one way`);
    return answer;
  }
  for (const event of emitted) {
    invariant(Object.hasOwn(aggregate.events, event.type), `"${event.type}" is no domain event of ${kind}`);
  }
  // What a machine emits was checked by type and name above; XState's types cannot carry that through.
  return {
    kind: 'recorded',
    events: emitted as readonly DomainEventOf<Machine>[],
    next: next as SnapshotFrom<Machine>,
  };
}

/** A domain event as evolving reads it from the log. */
export interface StoredEvent {
  readonly type: string;
  /** In which it was written. */
  readonly schemaVersion: number;
  readonly payload: JsonObject;
}

/** The state after `event`, whichever schema version it was written in. Throws an `InvariantError` if the machine answers an event or does not know it. */
export function evolve<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  snapshot: SnapshotFrom<Machine>,
  event: StoredEvent,
): SnapshotFrom<Machine> {
  const { kind, machine, upcasters = [] } = aggregate;
  const events: Readonly<Record<string, number>> = aggregate.events;
  const wanted = Object.hasOwn(events, event.type) ? events[event.type] : undefined;
  invariant(wanted !== undefined, `"${event.type}" is no domain event of ${kind}`);
  const payload = upcast(upcasters, event, wanted);
  const { next, emitted } = step(machine, snapshot, { ...payload, type: event.type });
  invariant(emitted.length === 0, `${kind} answered the event ${event.type}; only commands are answered`);
  return next as SnapshotFrom<Machine>;
}

/** The state of an aggregate to which nothing has happened. */
export function initial<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  id: string,
): SnapshotFrom<Machine> {
  const { scope, emitted } = collect();
  const snapshot = aggregate.machine.getInitialSnapshot(scope, { id });
  invariant(emitted.length === 0, `${aggregate.kind} records something before any command`);
  return snapshot as SnapshotFrom<Machine>;
}

interface Step {
  readonly next: AnyMachineSnapshot;
  readonly emitted: readonly EventObject[];
}

function step(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Step {
  const { scope, emitted } = collect();
  try {
    return { next: machine.transition(snapshot, event, scope), emitted };
  } catch (thrown) {
    if (thrown instanceof InvariantError) throw thrown;
    const what = `the machine ${machine.id} threw at ${event.type}: ${messageOf(thrown)}`;
    throw new InvariantError(what, { cause: thrown });
  }
}

// XState's own `transition` makes an actor for each call, which takes five times as long as the step itself.
const bystander = createEmptyActor();

// A scope in which nothing is executed: emitted events are collected, raised ones are the machine's own affair.
function collect() {
  const emitted: EventObject[] = [];
  const scope: Parameters<AnyStateMachine['transition']>[2] = {
    self: bystander as unknown as AnyActorRef,
    system: bystander.system,
    id: '',
    sessionId: '',
    logger: () => {},
    defer: () => {},
    emit: () => {},
    stopChild: () => {},
    actionExecutor({ type, params }) {
      const { event, delay }: { event?: EventObject; delay?: unknown } = params ?? {};
      if (type === 'xstate.emit' && event !== undefined) emitted.push(event);
      else invariant(type === 'xstate.raise' && delay === undefined, `a machine must not do "${type}"`);
    },
  };
  return { scope, emitted };
}

function answerOf(emitted: EventObject): Exclude<Decision, { readonly kind: 'recorded' }> | null {
  if (emitted.type === 'NothingToDo') return { kind: 'nothing' };
  if (emitted.type !== 'Refused') return null;
  const { reason, detail } = emitted as Refused;
  return { kind: 'refused', reason, detail };
}
