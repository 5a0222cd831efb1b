// The state of one room or account after one of its events, as a pure fold: the state of its machine, and the position of the
// event behind each fact. It contains no names or reasons, because machines do not read them.
import type { AnyMachineSnapshot, AnyStateMachine, SnapshotFrom } from 'xstate';
import { type Aggregate, addressOf } from '../../core/actor/aggregate.js';
import { evolve, initial } from '../../core/actor/machine.js';
import { OperatorError } from '../../core/errors.js';
import { isOfEvent } from '../../core/events/unhandled.js';
import { reasonOf } from '../../core/reason.js';
import type { Step } from '../log/steps.js';

/** The state of the machine alone. */
export interface MachineState<Machine extends AnyStateMachine = AnyStateMachine> {
  readonly aggregate: Aggregate<Machine>;
  readonly stream: string;
  /** The number of events that led to the state. */
  readonly version: number;
  /** The position of the last of these events; 0 without events. */
  readonly position: number;
  readonly snapshot: SnapshotFrom<Machine>;
}

export interface SubjectState<Machine extends AnyStateMachine = AnyStateMachine>
  extends MachineState<Machine> {
  readonly sources: Sources;
}

/** The positions of the events that led to the facts of a state. */
export interface Sources {
  /** For each list of the machine's context: the position of the event that added each entry, in the order of the entries. */
  readonly lists: Readonly<Record<string, readonly number[]>>;
  /** The latest event of each type. */
  readonly latest: Readonly<Record<string, number>>;
}

/** An entry of a list of the context, with the position of the event that added it. */
export interface Entry<T> {
  readonly value: T;
  readonly position: number;
}

/** The state before the first event. */
export function emptyState<Machine extends AnyStateMachine>(
  aggregate: Aggregate<Machine>,
  stream: string,
): SubjectState<Machine> {
  const id = addressOf(stream)?.id ?? stream;
  return {
    aggregate,
    stream,
    version: 0,
    position: 0,
    snapshot: initial(aggregate, id),
    sources: { lists: {}, latest: {} },
  };
}

/** A state after one more event, or why the event cannot be applied. */
export type Applied<Machine extends AnyStateMachine = AnyStateMachine> =
  | { readonly state: MachineState<Machine> }
  | { readonly reason: string; readonly cause?: unknown };

/** Applies one more event to the state of a machine. A quarantined event only counts. */
export function apply<Machine extends AnyStateMachine>(
  { aggregate, stream, version, snapshot }: MachineState<Machine>,
  step: Step,
): Applied<Machine> {
  if (step.version !== version + 1) {
    return { reason: `its version is ${step.version} instead of ${version + 1}` };
  }
  const { position, type, schemaVersion, payload } = step;
  const passed = { aggregate, stream, version: step.version, position };
  if (step.quarantine !== undefined) return { state: { ...passed, snapshot } };
  if (step.damage !== undefined) return { reason: step.damage };
  try {
    return { state: { ...passed, snapshot: evolve(aggregate, snapshot, { type, schemaVersion, payload }) } };
  } catch (cause) {
    if (!isOfEvent(cause)) throw cause;
    return { reason: reasonOf(cause), cause };
  }
}

/**
 * As `apply`, with the positions of the events that led to the facts. Throws an `OperatorError` if the event is not the next or cannot be applied.
 */
export function stateAfter<Machine extends AnyStateMachine>(
  state: SubjectState<Machine>,
  step: Step,
): SubjectState<Machine> {
  const { snapshot, sources } = state;
  const applied = apply(state, step);
  if ('reason' in applied) throw unreadable(step, applied.reason, applied.cause);
  const { state: next } = applied;
  if (step.quarantine !== undefined) return { ...next, sources };
  return {
    ...next,
    sources: {
      lists: listsAfter(sources.lists, contextOf(snapshot), contextOf(next.snapshot), step.position),
      latest: { ...sources.latest, [step.type]: step.position },
    },
  };
}

/** The entries of the list `name` of the machine's context. */
export function entriesOf<T>(state: SubjectState, name: string, values: readonly T[]): readonly Entry<T>[] {
  const positions = state.sources.lists[name] ?? [];
  return values.map((value, index) => ({ value, position: positions[index] ?? 0 }));
}

type Context = Readonly<Record<string, unknown>>;

// Every snapshot of a state machine has a context. XState's type of a generic machine does not say so.
const contextOf = <Machine extends AnyStateMachine>(snapshot: SnapshotFrom<Machine>): Context =>
  (snapshot as AnyMachineSnapshot).context;

function listsAfter(
  before: Sources['lists'],
  old: Context,
  next: Context,
  position: number,
): Sources['lists'] {
  if (old === next) return before;
  let lists = before;
  for (const [name, list] of Object.entries(next)) {
    const was = old[name];
    if (list === was || !Array.isArray(list)) continue;
    lists = {
      ...lists,
      [name]: positionsAfter(before[name] ?? [], Array.isArray(was) ? was : [], list, position),
    };
  }
  return lists;
}

/**
 * The position of the event that added each entry of `list`. Entries that remain keep their order and new ones follow them;
 * an entry that moved to the end counts as new.
 */
function positionsAfter(
  positions: readonly number[],
  was: readonly unknown[],
  list: readonly unknown[],
  position: number,
): readonly number[] {
  let index = 0;
  return list.map((value) => {
    const found = was.indexOf(value, index);
    if (found < 0) return position;
    index = found + 1;
    return positions[found] ?? position;
  });
}

function unreadable({ position, stream }: Step, reason: string, cause?: unknown): OperatorError {
  return new OperatorError(
    `the event at position ${position} in ${stream} cannot be applied: ${reason}`,
    'Run `partyline admin verify`. If the log is intact, use the version of Partyline that wrote the event.',
    { cause },
  );
}
