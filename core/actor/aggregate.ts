// What a kind of aggregate is: its machine, its words, and what its events reserve. It knows no store.
import type { AnyStateMachine } from 'xstate';
import type { ReservationChange } from '../events/store.js';
import { invariant } from '../errors.js';
import type { JsonObject } from '../json.js';
import type { CommandOf, DomainEventOf } from './record.js';
import type { Upcaster } from './upcast.js';

/** Why a command was not done. */
export interface Refusal {
  readonly reason: string;
  readonly detail: JsonObject;
}

export interface Aggregate<Machine extends AnyStateMachine = AnyStateMachine, Kind extends string = string> {
  /** Lower-case letters; the first part of its streams' names. */
  readonly kind: Kind;
  readonly machine: Machine;
  /** The only event types that anyone may send to it. */
  readonly commands: readonly CommandOf<Machine>['type'][];
  /** The schema version in which each domain event is written now. */
  readonly events: Readonly<Record<DomainEventOf<Machine>['type'], number>>;
  /** For each event type whose schema version is above 1, the ways from all earlier versions. */
  readonly upcasters?: readonly Upcaster[];
  /** From 1; counted up whenever the same events could lead to another state, or a state is kept in another shape. */
  readonly machineVersion: number;
  /** The unique names that an event of the aggregate `id` takes or gives back. */
  reservations(event: DomainEventOf<Machine>, id: string): readonly ReservationChange[];
  /** The refusal for a name that somebody else has. */
  reserved(reservation: { readonly kind: string; readonly name: string }): Refusal;
}

/** Checks what types cannot: throws an `InvariantError` for a machine that could not be replayed from its events. */
export function defineAggregate<Machine extends AnyStateMachine, const Kind extends string>(
  aggregate: Aggregate<Machine, Kind>,
): Aggregate<Machine, Kind> {
  const { kind, machine, commands, events, upcasters = [] } = aggregate;
  invariant(/^[a-z]+$/.test(kind), `the kind "${kind}" is not made of lower-case letters`);
  const names: readonly string[] = commands;
  for (const command of names) {
    const isApart = !Object.hasOwn(events, command) && !RESERVED.has(command) && !/[*.]/.test(command);
    invariant(isApart, `"${command}" of ${kind} cannot be a command and an event`);
  }
  for (const [event, schemaVersion] of Object.entries<number>(events)) {
    invariant(Number.isInteger(schemaVersion) && schemaVersion > 0, `${event} has no schema version`);
    for (let from = 1; from < schemaVersion; from += 1) {
      const ways = upcasters.filter((upcaster) => upcaster.type === event && upcaster.from === from);
      invariant(ways.length === 1, `${event} needs one way from version ${from} to the next`);
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

// A final state ends a machine for good, deaf to commands; time and I/O come in as commands.
function checkStates(state: StateShape): void {
  invariant(state.type !== 'final', `the state ${state.id} is final: it could not even refuse`);
  invariant(state.type !== 'history', `the state ${state.id} is history, which a snapshot does not keep`);
  invariant(state.invoke.length === 0, `the state ${state.id} invokes something: a replay would do so again`);
  invariant(state.after.length === 0, `the state ${state.id} waits for time, which a replay has not`);
  for (const child of Object.values(state.states)) checkStates(child);
}

/** The name of an aggregate's stream. */
export function streamOf(kind: string, id: string): string {
  return `${kind}-${id}`;
}

/** The kind and id of a stream's aggregate; null if the name is none of ours. */
export function addressOf(stream: string): { readonly kind: string; readonly id: string } | null {
  const [, kind, id] = /^([a-z]+)-(.+)$/s.exec(stream) ?? [];
  return kind === undefined || id === undefined ? null : { kind, id };
}
