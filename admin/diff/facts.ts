// The facts of a state that are compared between two moments: the list entries and single values of the machine's context, and
// the events that set the name and topic, which machines do not read. All pure.
import type { AnyMachineSnapshot } from 'xstate';
import type { Step } from '../log/steps.js';
import type { SubjectState } from '../state/state.js';
import { valueText } from '../state/value.js';

export interface Facts {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly values: ReadonlyMap<string, string | null>;
}

/** A fact that differs: an entry of a list, or a value. */
export interface Difference {
  /** The property of the machine's context; or `state`, `name` or `topic`, which are not in the context. */
  readonly fact: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly from: string | null;
  readonly to: string | null;
}

/** The name and the topic, which machines do not read. The value of each of these facts is the position of its latest event. */
const TEXTS: readonly (readonly [fact: string, type: string])[] = [
  ['name', 'AccountRegistered'],
  ['name', 'UsernameChanged'],
  ['name', 'RoomCreated'],
  ['topic', 'TopicChanged'],
];

export const TEXT_FACTS: ReadonlySet<string> = new Set(TEXTS.map(([fact]) => fact));

export function factsOf(state: SubjectState): Facts {
  const { context, value }: AnyMachineSnapshot = state.snapshot;
  const lists = new Map<string, readonly string[]>();
  const values = new Map<string, string | null>([['state', valueText(value)]]);
  for (const [fact, content] of Object.entries<unknown>(context)) {
    if (Array.isArray(content)) lists.set(fact, content.map(textOf));
    else values.set(fact, content === null ? null : textOf(content));
  }
  for (const [fact, type] of TEXTS) {
    const position = state.sources.latest[type];
    if (position !== undefined) values.set(fact, String(position));
  }
  return { lists, values };
}

/** The differences between the facts of an earlier and a later state. */
export function differencesOf(from: Facts, to: Facts): readonly Difference[] {
  const differences: Difference[] = [];
  for (const fact of new Set([...from.values.keys(), ...to.values.keys()])) {
    const [old, next] = [from.values.get(fact) ?? null, to.values.get(fact) ?? null];
    if (old !== next) differences.push({ fact, change: 'changed', from: old, to: next });
  }
  for (const fact of new Set([...from.lists.keys(), ...to.lists.keys()])) {
    const old = new Set(from.lists.get(fact));
    const next = new Set(to.lists.get(fact));
    for (const one of old)
      if (!next.has(one)) differences.push({ fact, change: 'removed', from: one, to: null });
    for (const one of next)
      if (!old.has(one)) differences.push({ fact, change: 'added', from: null, to: one });
  }
  return differences;
}

/** The key of a difference in the map that holds the last step that changed each fact. */
export const keyOf = ({ fact, change, from, to }: Difference): string =>
  change === 'changed' ? fact : `${fact} ${from ?? to ?? ''}`;

/** Records in `last` which facts a step changed. */
export function noteChanges(
  last: Map<string, Step>,
  before: SubjectState,
  after: SubjectState,
  step: Step,
): void {
  for (const difference of differencesOf(factsOf(before), factsOf(after))) last.set(keyOf(difference), step);
}

/** A text, such as an id, stays unchanged; any other value becomes JSON. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
