// The definition of one kind of aggregate: its machine, commands, events and the names that its events reserve. It does
// not access a store.
import type { AnyStateMachine } from 'xstate';
import type { ReservationChange } from '../events/store.js';
import { invariant } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { CommandOf, DomainEventOf } from './record.js';
import type { Upcaster } from './upcast.js';

/** Why a command was refused. */
export interface Refusal {
  readonly reason: string;
  readonly detail: JsonObject;
}

export interface Aggregate<Machine extends AnyStateMachine = AnyStateMachine, Kind extends string = string> {
  /** Lower-case letters; the first part of the stream names of this kind. */
  readonly kind: Kind;
  readonly machine: Machine;
  /** The only event types that callers may send to the aggregate. */
  readonly commands: readonly CommandOf<Machine>['type'][];
  /** The current schema version of each domain event. */
  readonly events: Readonly<Record<DomainEventOf<Machine>['type'], number>>;
  /** For each event type with a schema version above 1: upcasters from all earlier versions. */
  readonly upcasters?: readonly Upcaster[];
  /**
   * Starts at 1. Increase it whenever the same events could lead to another state, or the stored state has another
   * shape.
   */
  readonly machineVersion: number;
  /** The unique names that an event of the aggregate `id` claims or releases. */
  reservations(event: DomainEventOf<Machine>, id: string): readonly ReservationChange[];
  /** The refusal for a name that another owner has. */
  reserved(reservation: { readonly kind: string; readonly name: string }): Refusal;
}

/**
 * Checks what the types cannot check. Throws an `InvariantError` for a machine whose state could not be replayed from its events.
 */
export function defineAggregate<Machine extends AnyStateMachine, const Kind extends string>(
  aggregate: Aggregate<Machine, Kind>,
): Aggregate<Machine, Kind> {
  const { kind, machine, commands, events, upcasters = [] } = aggregate;
  invariant(/^[a-z]+$/.test(kind), `the kind "${kind}" must consist of lower-case letters`);
  const names: readonly string[] = commands;
  for (const command of names) {
    const isApart = !Object.hasOwn(events, command) && !RESERVED.has(command) && !/[*.]/.test(command);
    invariant(isApart, `"${command}" of ${kind} must not be both a command and an event`);
  }
  for (const [event, schemaVersion] of Object.entries<number>(events)) {
    invariant(Number.isInteger(schemaVersion) && schemaVersion > 0, `${event} has no schema version`);
    for (let from = 1; from < schemaVersion; from += 1) {
      const ways = upcasters.filter((upcaster) => upcaster.type === event && upcaster.from === from);
      invariant(ways.length === 1, `${event} needs exactly one upcaster from version ${from} to the next`);
    }
  }
  checkStates(machine.root);
  return aggregate;
}

const RESERVED: ReadonlySet<string> = new Set(['Refused', 'NothingToDo']);

interface StateShape {
  readonly id: string;
  readonly type: string;
  readonly invoke: readonly unknown[];
  readonly after: readonly unknown[];
  readonly states: Readonly<Record<string, StateShape>>;
}

// Refuses states that an aggregate must not have. A machine in a final state ignores commands. Time and I/O must arrive as
// commands.
function checkStates(state: StateShape): void {
  invariant(state.type !== 'final', `the state ${state.id} is final and could not even refuse a command`);
  invariant(
    state.type !== 'history',
    `the state ${state.id} is a history state, which a snapshot does not store`,
  );
  invariant(
    state.invoke.length === 0,
    `the state ${state.id} invokes an effect, which a replay would repeat`,
  );
  invariant(state.after.length === 0, `the state ${state.id} has a delay, which a replay cannot wait for`);
  for (const child of Object.values(state.states)) checkStates(child);
}

/** The stream name of an aggregate. */
export function streamOf(kind: string, id: string): string {
  return `${kind}-${id}`;
}

/** The kind and id of the aggregate with this stream name; null if the name is not valid. */
export function addressOf(stream: string): { readonly kind: string; readonly id: string } | null {
  const [, kind, id] = /^([a-z]+)-(.+)$/s.exec(stream) ?? [];
  return kind === undefined || id === undefined ? null : { kind, id };
}
