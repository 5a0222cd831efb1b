// One step of a state machine: the state after an event, and the answers of the machine. XState selects the transition. The
// transitions of an aggregate only assign and answer. Their result is computed here, in a tenth of the time that XState takes;
// XState carries out all other transitions.
import {
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type AnyTransitionDefinition,
  createEmptyActor,
  type EventObject,
} from 'xstate';
import { InvariantError, invariant, messageOf } from '../errors.js';
import { type Answering, answeringOf, withoutPersonal } from './record.js';

export interface Step {
  readonly next: AnyMachineSnapshot;
  /** The answers of the machine, in order. */
  readonly emitted: readonly EventObject[];
}

/** Throws an `InvariantError` if the machine throws or has a side effect. */
export function step(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Step {
  return guarded(
    machine,
    event,
    () => shortStep(machine, snapshot, event) ?? wholeStep(machine, snapshot, event),
  );
}

/** As `step`, with XState alone. */
export function stepByXState(
  machine: AnyStateMachine,
  snapshot: AnyMachineSnapshot,
  event: EventObject,
): Step {
  return guarded(machine, event, () => wholeStep(machine, snapshot, event));
}

const knownFirst = new WeakMap<AnyStateMachine, Step>();

/** The state of a new machine, and its answers. */
export function firstStep(machine: AnyStateMachine, id: string): Step {
  const known = knownFirst.get(machine);
  if (known !== undefined) return known;
  const { scope, emitted } = collect();
  const first = { next: machine.getInitialSnapshot(scope, { id }), emitted };
  // Such a state does not depend on the id.
  if (typeof machine.config.context !== 'function' && isBare(machine)) knownFirst.set(machine, first);
  return first;
}

function guarded(machine: AnyStateMachine, event: EventObject, work: () => Step): Step {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof InvariantError) throw thrown;
    const what = `the machine ${machine.id} threw an error for ${event.type}: ${messageOf(thrown)}`;
    throw new InvariantError(what, { cause: thrown });
  }
}

function wholeStep(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Step {
  const { scope, emitted } = collect();
  return { next: machine.transition(snapshot, event, scope), emitted };
}

/** Null if only XState can carry out the step. */
function shortStep(machine: AnyStateMachine, snapshot: AnyMachineSnapshot, event: EventObject): Step | null {
  if (snapshot.status !== 'active' || event.type.startsWith('xstate.') || !isBare(machine)) return null;
  let next = snapshot;
  const emitted: EventObject[] = [];
  // As in XState, raised events follow in the order in which they were raised.
  const queue = [event];
  for (const [index, current] of queue.entries()) {
    const [transition, ...others] = machine.getTransitionData(next, current);
    if (transition === undefined) continue;
    const effects = others.length === 0 ? effectsOf(transition) : null;
    if (effects === null) {
      // XState takes the last event of the queue and all that follows from it.
      if (index < queue.length - 1) return null;
      const rest = wholeStep(machine, next, current);
      return { next: rest.next, emitted: [...emitted, ...rest.emitted] };
    }
    let { context } = next;
    for (const effect of effects) {
      if (effect.kind === 'assign')
        context = { ...context, ...assigned(effect.assignment, context, current) };
      else {
        for (const answer of effect.answers({ context, event: current })) {
          emitted.push(answer);
          if (effect.isRaised) queue.push(withoutPersonal(answer));
        }
      }
    }
    if (transition?.target !== undefined)
      next = { ...next, ...placeAfter(machine, next, transition, current), context };
    else if (context !== next.context) next = { ...next, context };
  }
  return { next, emitted };
}

type Context = AnyMachineSnapshot['context'];
type Update = (args: object) => unknown;
type Assignment = Update | Readonly<Record<string, unknown>>;
type Effect =
  | { readonly kind: 'assign'; readonly assignment: Assignment }
  | ({ readonly kind: 'answer' } & Answering);

const knownEffects = new WeakMap<object, readonly Effect[] | null>();

/** The effects of a transition; null if it has another kind of action, or answers and has a target. */
function effectsOf(transition: AnyTransitionDefinition): readonly Effect[] | null {
  const known = knownEffects.get(transition);
  if (known !== undefined) return known;
  const effects = transition.actions.map(effectOf);
  const isAllowed = (effect: Effect | null): effect is Effect =>
    effect !== null && (effect.kind === 'assign' || transition.target === undefined);
  const found = effects.every(isAllowed) ? effects : null;
  knownEffects.set(transition, found);
  return found;
}

function effectOf(action: unknown): Effect | null {
  if (typeof action !== 'function') return null;
  const answering = answeringOf(action);
  if (answering !== null) return { kind: 'answer', ...answering };
  // The fields of an `assign` action are not in XState's types. Without them XState carries out the transition.
  if (!('type' in action && action.type === 'xstate.assign' && 'assignment' in action)) return null;
  const { assignment } = action;
  const isKnown = typeof assignment === 'function' || (typeof assignment === 'object' && assignment !== null);
  return isKnown ? { kind: 'assign', assignment: assignment as Assignment } : null;
}

function assigned(assignment: Assignment, context: Context, event: EventObject): Context {
  const args = { context, event, spawn, self: bystander, system: bystander.system };
  if (typeof assignment === 'function') return assignment(args) as Context;
  const update: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(assignment)) {
    update[field] = typeof value === 'function' ? value(args) : value;
  }
  return update;
}

function spawn(): never {
  throw new InvariantError('a machine must not execute "xstate.spawnChild"');
}

/** The parts of a snapshot that depend on the active states alone. */
type Place = Pick<AnyMachineSnapshot, 'value' | 'tags' | '_nodes'>;

const knownPlaces = new WeakMap<AnyTransitionDefinition, Map<string, Place>>();

/** The place after a transition with a target. In a bare machine it depends on the place before alone. */
function placeAfter(
  machine: AnyStateMachine,
  before: AnyMachineSnapshot,
  transition: AnyTransitionDefinition,
  event: EventObject,
): Place {
  const places = knownPlaces.get(transition) ?? new Map<string, Place>();
  knownPlaces.set(transition, places);
  const key = JSON.stringify(before.value);
  let place = places.get(key);
  if (place === undefined) {
    const { value, tags, _nodes } = wholeStep(machine, before, event).next;
    place = { value, tags, _nodes };
    places.set(key, place);
  }
  return place;
}

const knownBare = new WeakMap<AnyStateMachine, boolean>();

/** Whether a machine has nothing but states and the transitions of events, so that entering or leaving a state has no effect. */
function isBare(machine: AnyStateMachine): boolean {
  let found = knownBare.get(machine);
  if (found === undefined) {
    found = isBareState(machine.root);
    knownBare.set(machine, found);
  }
  return found;
}

interface StateShape {
  readonly type: string;
  readonly always?: readonly unknown[] | undefined;
  readonly entry: readonly unknown[];
  readonly exit: readonly unknown[];
  readonly invoke: readonly unknown[];
  readonly after: readonly unknown[];
  readonly states: Readonly<Record<string, StateShape>>;
  readonly initial?: { readonly actions: readonly unknown[] } | undefined;
}

function isBareState({ type, always, entry, exit, invoke, after, states, initial }: StateShape): boolean {
  const isPlain = type === 'atomic' || type === 'compound';
  const effects = [always, entry, exit, invoke, after, type === 'compound' ? initial?.actions : []];
  return (
    isPlain && effects.every((list = []) => list.length === 0) && Object.values(states).every(isBareState)
  );
}

// XState's own `transition` creates an actor for each call, which takes five times as long as the step itself.
const bystander = createEmptyActor();

// An actor scope that executes nothing: it collects emitted events and leaves raised events to the machine.
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
      else invariant(type === 'xstate.raise' && delay === undefined, `a machine must not execute "${type}"`);
    },
  };
  return { scope, emitted };
}
