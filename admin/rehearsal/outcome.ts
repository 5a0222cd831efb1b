// The decision of a machine about a recorded command, and the comparison of this decision with the events in the log.
import { isDeepStrictEqual } from 'node:util';
import type { Aggregate } from '../../core/actor/aggregate.js';
import { type Decision, decide } from '../../core/actor/machine.js';
import { upcast } from '../../core/actor/upcast.js';
import { isOfEvent } from '../../core/events/unhandled.js';
import type { JsonObject } from '../../core/json.js';
import { reasonOf } from '../../core/reason.js';
import type { Step } from '../log/steps.js';
import type { MachineState } from '../state/state.js';

/** An event with its payload in the current schema version. */
export interface DecidedEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

/** The decision about a command, in the form that `admin` commands show. */
export type Outcome =
  | { readonly kind: 'recorded'; readonly events: readonly DecidedEvent[] }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: JsonObject }
  /** The command changes nothing. */
  | { readonly kind: 'nothing' }
  /** This version has no such command, or its machine has a defect. */
  | { readonly kind: 'failed'; readonly reason: string };

export type CommandBody = JsonObject & { readonly type: string };

/** The outcome, and the machine's state after the events of the outcome. */
export interface Decided {
  readonly outcome: Outcome;
  /** The unchanged state if the outcome has no events. */
  readonly snapshot: MachineState['snapshot'];
  /** The names and texts of each recorded event; null for an event without names and texts. */
  readonly texts: readonly (JsonObject | null)[];
}

/** Fields that commands of earlier versions do not have, with the value that those versions implied. */
const FORMER: Readonly<Record<string, JsonObject>> = { CreateRoom: { isPrivate: false } };
/** Stands for the names and texts of a command. The log does not store them with the command; machines only copy them. */
const NO_TEXTS: JsonObject = {};

/** @param texts the names and texts of the command, if the decision needs them */
export function decideAgain(
  { aggregate, snapshot }: Pick<MachineState, 'aggregate' | 'snapshot'>,
  command: CommandBody,
  texts: JsonObject = NO_TEXTS,
): Decided {
  try {
    const decision: Decision = decide(aggregate, snapshot, {
      ...FORMER[command.type],
      personal: texts,
      ...command,
    });
    switch (decision.kind) {
      case 'recorded':
        return {
          outcome: { kind: 'recorded', events: decision.events.map(eventOf) },
          snapshot: decision.next,
          texts: decision.events.map(textsOf),
        };
      case 'refused':
        return {
          outcome: { kind: 'refused', reason: decision.reason, detail: decision.detail },
          snapshot,
          texts: [],
        };
      case 'nothing':
        return { outcome: { kind: 'nothing' }, snapshot, texts: [] };
    }
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    return { outcome: { kind: 'failed', reason: reasonOf(thrown) }, snapshot, texts: [] };
  }
}

function eventOf(event: { readonly type: string; readonly personal?: unknown }): DecidedEvent {
  const { type, personal: _, ...payload } = event;
  return { type, payload };
}

const textsOf = ({ personal }: { readonly personal?: JsonObject }): JsonObject | null => personal ?? null;

/** Whether `events` equal the first events of `stored`, apart from names and texts. */
export function areFirstOf(
  events: readonly DecidedEvent[],
  stored: readonly Step[],
  aggregate: Aggregate,
): boolean {
  return (
    events.length <= stored.length &&
    events.every((event, index) => {
      const step = stored[index];
      return step !== undefined && isEqual(event, step, aggregate);
    })
  );
}

function isEqual({ type, payload }: DecidedEvent, step: Step, aggregate: Aggregate): boolean {
  if (type !== step.type || step.damage !== undefined) return false;
  const wanted = presentPayload(aggregate, step);
  if (wanted === null) return false;
  const text = JSON.stringify(payload);
  return text === JSON.stringify(wanted) || isDeepStrictEqual(JSON.parse(text), wanted);
}

/** The payload of a stored event in the current schema version; null if this version of the program cannot read it. */
function presentPayload({ events, upcasters = [] }: Aggregate, step: Step): JsonObject | null {
  const versions: Readonly<Record<string, number>> = events;
  const wanted = Object.hasOwn(versions, step.type) ? versions[step.type] : undefined;
  if (wanted === undefined) return null;
  if (wanted === step.schemaVersion) return step.payload;
  try {
    return upcast(upcasters, step, wanted);
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    return null;
  }
}
