// What a machine may answer to a command: record domain events, refuse, or find nothing to do. For the authors of
// machines; it knows not how they are run.
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

/** What a machine answers when it will not do a command; `detail` says more than the reason. */
export interface Refused<Reason extends string = string> {
  readonly type: 'Refused';
  readonly reason: Reason;
  readonly detail: JsonObject;
}

/** What a machine answers when a command is fulfilled already. */
export interface NothingToDo {
  readonly type: 'NothingToDo';
}

/** A domain event as evolving sees it: without what redaction may delete. */
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
  // XState reads the type only.
  return {} as MachineTypes<Context, Command, DomainEvent, Reason>;
}

type Answer = Refused | NothingToDo;
type Recordable<Emitted> = Exclude<Emitted, Answer>;
type ReasonOf<Emitted> = Emitted extends Refused<infer Reason> ? Reason : never;

/** The domain events of a machine, with `personal` where they have it. */
export type DomainEventOf<Machine extends AnyStateMachine> = Recordable<EmittedFrom<Machine>>;

/** The commands of a machine: never a type that is a domain event's. */
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

/**
 * The action by which a command's transition records domain events: they are emitted whole, for the log, and
 * raised without `personal`, for the machine itself. They are computed from the state before the command.
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
  // XState has no type for "emits and raises, and needs nothing of the setup".
  return action as unknown as MachineAction<Context, Expression, Event, Emitted>;
}

/** A domain event without what redaction may delete. */
export function withoutPersonal(event: EventObject): EventObject {
  const { personal: _, ...fact }: EventObject & { readonly personal?: unknown } = event;
  return fact;
}

/** The action by which a command's transition refuses. */
export function refuse<
  Context extends MachineContext,
  Expression extends EventObject,
  Event extends EventObject,
  Emitted extends EventObject,
>(
  reason: ReasonOf<Emitted>,
  detail?: (args: { context: Context; event: Expression }) => JsonObject,
): MachineAction<Context, Expression, Event, Emitted> {
  const action = emit<Context, Expression, undefined, EventObject, Refused>(({ context, event }) => ({
    type: 'Refused',
    reason,
    detail: detail?.({ context, event }) ?? {},
  }));
  return action as unknown as MachineAction<Context, Expression, Event, Emitted>;
}

/** The action by which a command's transition says that it is fulfilled already. */
export function nothingToDo<
  Context extends MachineContext,
  Expression extends EventObject,
  Event extends EventObject,
  Emitted extends EventObject,
>(): MachineAction<Context, Expression, Event, Emitted> {
  const action = emit<Context, Expression, undefined, EventObject, NothingToDo>({ type: 'NothingToDo' });
  return action as unknown as MachineAction<Context, Expression, Event, Emitted>;
}
