// The decision of a machine about a recorded command, and its comparison with the events that the log has.
import { isDeepStrictEqual } from 'node:util';
import type { Aggregate } from '../../core/actor/aggregate.js';
import { type Decision, decide } from '../../core/actor/machine.js';
import { upcast } from '../../core/actor/upcast.js';
import { isOfEvent } from '../../core/events/unhandled.js';
import type { JsonObject } from '../../core/json.js';
import { reasonOf } from '../../core/reason.js';
import type { Step } from '../log/steps.js';
import type { MachineState } from '../state/state.js';

/** An event with the payload of the present schema version. */
export interface DecidedEvent {
  readonly type: string;
  readonly payload: JsonObject;
}

/** The decision about a command, as commands show it. */
export type Outcome =
  | { readonly kind: 'recorded'; readonly events: readonly DecidedEvent[] }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: JsonObject }
  /** The command changes nothing. */
  | { readonly kind: 'nothing' }
  /** This version has no such command, or its machine has a defect. */
  | { readonly kind: 'failed'; readonly reason: string };

export type CommandBody = JsonObject & { readonly type: string };

/** The outcome with the state after its events. */
export interface Decided {
  readonly outcome: Outcome;
  /** The state before, unless events were recorded. */
  readonly snapshot: MachineState['snapshot'];
}

/** Fields that the commands of earlier versions lack, with the only value that these versions knew. */
const FORMER: Readonly<Record<string, JsonObject>> = { CreateRoom: { isPrivate: false } };
/** The names and texts of a command, which the log does not store with it. Machines only copy them. */
const NO_TEXTS: JsonObject = {};

export function decideAgain(
  { aggregate, snapshot }: Pick<MachineState, 'aggregate' | 'snapshot'>,
  command: CommandBody,
): Decided {
  try {
    const decision: Decision = decide(aggregate, snapshot, {
      ...FORMER[command.type],
      personal: NO_TEXTS,
      ...command,
    });
    switch (decision.kind) {
      case 'recorded':
        return {
          outcome: { kind: 'recorded', events: decision.events.map(eventOf) },
          snapshot: decision.next,
        };
      case 'refused':
        return {
          outcome: { kind: 'refused', reason: decision.reason, detail: decision.detail },
          snapshot,
        };
      case 'nothing':
        return { outcome: { kind: 'nothing' }, snapshot };
    }
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    return { outcome: { kind: 'failed', reason: reasonOf(thrown) }, snapshot };
  }
}

function eventOf(event: { readonly type: string; readonly personal?: unknown }): DecidedEvent {
  const { type, personal: _, ...payload } = event;
  return { type, payload };
}

/** Whether the events are the first of the stored ones, apart from names and texts. */
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

/** The payload in the present schema version; null if this version cannot read it. */
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
