// One command in a changed history: its decision, and the comparison with the events that the log has.
import type { JsonObject } from '../../../core/json.js';
import type { CommandStep, Origin } from '../../log/commands.js';
import { aggregateOf } from '../../state/aggregates.js';
import type { MachineState } from '../../state/state.js';
import { areFirstOf, type CommandBody, type DecidedEvent, type Outcome } from '../outcome.js';

export type Fate =
  | Outcome
  /** The command is not sent: it was dropped, or the event that caused it does not happen. */
  | { readonly kind: 'notSent'; readonly because: 'dropped' | 'noCause' };

/** One command in the changed history. */
export interface Ruling {
  /** The position of its first stored event; for a command that the log does not have, the position before which it acts. */
  readonly position: number;
  readonly recordedAt: number;
  readonly source: 'log' | 'inserted' | 'consequence';
  /** The room or account that the command reaches. */
  readonly stream: string;
  readonly command: CommandBody | null;
  readonly sender: string | null;
  /** Null for a command that the log does not have. */
  readonly stored: readonly DecidedEvent[] | null;
  readonly fate: Fate;
  readonly isDifferent: boolean;
}

/** A command on its way. */
export interface Sending {
  readonly position: number;
  readonly recordedAt: number;
  readonly source: Ruling['source'];
  readonly stream: string;
  readonly command: CommandBody;
  readonly texts: JsonObject;
  readonly origin: Origin;
}

/** A decision with the state after it in the changed history; `now` is null if no state was needed. */
export interface Decided {
  readonly stream: string;
  readonly fate: Fate;
  readonly texts: readonly (JsonObject | null)[];
  readonly now: MachineState | null;
}

export const TRACKER: Origin = { account: null, device: null, commandId: '', causationId: null };

export const unsent = (stream: string, because: 'dropped' | 'noCause'): Decided => ({
  stream,
  fate: { kind: 'notSent', because },
  texts: [],
  now: null,
});

export const refused = (stream: string, reason: string): Decided => ({
  stream,
  fate: { kind: 'refused', reason, detail: {} },
  texts: [],
  now: null,
});

export function isAsStored(
  { stream: reached, fate }: Decided,
  stream: string,
  steps: readonly CommandStep[],
): boolean {
  const aggregate = aggregateOf(stream);
  return (
    aggregate !== null &&
    reached === stream &&
    fate.kind === 'recorded' &&
    fate.events.length === steps.length &&
    areFirstOf(fate.events, steps, aggregate)
  );
}

/** The stored events that have no counterpart: an event of the same type about the same account. */
export function unmatched({ fate }: Decided, steps: readonly CommandStep[]): readonly CommandStep[] {
  const events = fate.kind === 'recorded' ? fate.events : [];
  return steps.filter(
    ({ type, payload }) =>
      !events.some((event) => event.type === type && event.payload['account'] === payload['account']),
  );
}

/** The names and texts of a command. Its events have them. */
export function textsOf(steps: readonly CommandStep[]): JsonObject {
  let texts: JsonObject = {};
  for (const { personal } of steps) if (personal !== null) texts = { ...texts, ...personal };
  const device = steps.find(({ type }) => type === 'DeviceEnrolled')?.personal?.['name'];
  return device === undefined ? texts : { ...texts, deviceName: device };
}

export function topicIn(personal: JsonObject | null): string | null {
  const topic = personal?.['topic'];
  return typeof topic === 'string' ? topic : null;
}
