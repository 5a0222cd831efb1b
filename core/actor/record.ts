// The possible answers of a machine to a command: record domain events, refuse, or do nothing. This file is for authors
// of machines and does not run them.
import {
  type ActionFunction,
  type AnyStateMachine,
  type EmittedFrom,
  type EventFromLogic,
  type EventObject,
  emit,
  enqueueActions,
  type MachineContext,
} from 'xstate';
import type { JsonObject } from '../json.js';

/** The answer of a machine that refuses a command; `detail` explains the reason. */
export interface Refused<Reason extends string = string> {
  readonly type: 'Refused';
  readonly reason: Reason;
  readonly detail: JsonObject;
}

/** The answer of a machine if the command needs no change. */
export interface NothingToDo {
  readonly type: 'NothingToDo';
}

/** A domain event without its personal part, which redaction may delete: the input of `evolve`. */
export type Fact<DomainEvent> = DomainEvent extends EventObject ? Omit<DomainEvent, 'personal'> : never;

interface MachineTypes<Context, Command, DomainEvent, Reason extends string> {
  readonly context: Context;
  readonly events: Command | Fact<DomainEvent>;
  readonly emitted: DomainEvent | Refused<Reason> | NothingToDo;
  /** The aggregate's id. */
  readonly input: { readonly id: string };
}

/** The `types` of a machine's `setup`: `types: machineTypes<Context, Command, DomainEvent, Reason>()`. */
export function machineTypes<Context, Command, DomainEvent, Reason extends string>() {
  // XState reads only the type.
  return {} as MachineTypes<Context, Command, DomainEvent, Reason>;
}

type Answer = Refused | NothingToDo;
type Recordable<Emitted> = Exclude<Emitted, Answer>;
type ReasonOf<Emitted> = Emitted extends Refused<infer Reason> ? Reason : never;

/** The domain events of a machine, with `personal` for the events that have it. */
export type DomainEventOf<Machine extends AnyStateMachine> = Recordable<EmittedFrom<Machine>>;

/** The commands of a machine, without the types of its domain events. */
export type CommandOf<Machine extends AnyStateMachine> = Exclude<
  EventFromLogic<Machine>,
  { readonly type: DomainEventOf<Machine>['type'] | Answer['type'] }
>;

type MachineAction<
  Context extends MachineContext,
  Expression extends EventObject,
  Event extends EventObject,
  Emitted extends EventObject,
> = ActionFunction<Context, Expression, Event, undefined, never, never, never, never, Emitted>;

/** What an action of this file answers, apart from XState: `transition.ts` carries out the action with it. */
export interface Answering {
  readonly answers: (args: { context: MachineContext; event: EventObject }) => readonly EventObject[];
  /** Whether the machine itself receives the answers too. */
  readonly isRaised: boolean;
}

const answerings = new WeakMap<object, Answering>();

/** Null for an action that is not of this file. */
export const answeringOf = (action: object): Answering | null => answerings.get(action) ?? null;

/** Registers what `action` answers. The types of a single machine are those of all its events and states. */
function answering(action: object, answers: unknown, isRaised: boolean): unknown {
  answerings.set(action, { answers: answers as Answering['answers'], isRaised });
  return action;
}

/**
 * The action with which a command's transition records domain events. It emits whole events for the log and raises them
 * without `personal` for the machine itself. Events are computed from the state before the command.
 */
export function record<
  Context extends MachineContext,
  Expression extends EventObject,
  Event extends EventObject,
  Emitted extends EventObject,
>(
  events: (args: { context: Context; event: Expression }) => readonly Recordable<NoInfer<Emitted>>[],
): MachineAction<Context, Expression, Event, Emitted> {
  const action = enqueueActions<Context, Expression, undefined, EventObject>(
    ({ context, event, enqueue }) => {
      for (const recorded of events({ context, event })) {
        enqueue.emit(recorded);
        enqueue.raise(withoutPersonal(recorded));
      }
    },
  );
  // XState has no type for an action that emits and raises and needs nothing from the setup.
  return answering(action, events, true) as MachineAction<Context, Expression, Event, Emitted>;
}

/** A domain event without its personal part, which redaction may delete. */
export function withoutPersonal(event: EventObject): EventObject {
  const { personal: _, ...fact }: EventObject & { readonly personal?: unknown } = event;
  return fact;
}

/** The action by which a transition refuses its command. */
export function refuse<
  Context extends MachineContext,
  Expression extends EventObject,
  Event extends EventObject,
  Emitted extends EventObject,
>(
  reason: ReasonOf<Emitted>,
  detail?: (args: { context: Context; event: Expression }) => JsonObject,
): MachineAction<Context, Expression, Event, Emitted> {
  const refused = (args: { context: Context; event: Expression }): Refused => ({
    type: 'Refused',
    reason,
    detail: detail?.(args) ?? {},
  });
  const action = emit<Context, Expression, undefined, EventObject, Refused>(({ context, event }) =>
    refused({ context, event }),
  );
  const answers = (args: { context: Context; event: Expression }) => [refused(args)];
  return answering(action, answers, false) as MachineAction<Context, Expression, Event, Emitted>;
}

/** The action with which a command's transition reports that no change is needed. */
export function nothingToDo<
  Context extends MachineContext,
  Expression extends EventObject,
  Event extends EventObject,
  Emitted extends EventObject,
>(): MachineAction<Context, Expression, Event, Emitted> {
  const action = emit<Context, Expression, undefined, EventObject, NothingToDo>({ type: 'NothingToDo' });
  return answering(action, () => [{ type: 'NothingToDo' }], false) as MachineAction<
    Context,
    Expression,
    Event,
    Emitted
  >;
}
