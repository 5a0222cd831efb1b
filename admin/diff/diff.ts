// The differences between two moments: of one room or account, or of every room and account that has events between the moments.
import { z } from 'zod';
import { bytes, decoded } from '../../core/events/verification/log-reader.js';
import { readStreamSteps, type Step } from '../log/steps.js';
import { type Look, type Point, pointOf } from '../look.js';
import { stateOf } from '../state/reader.js';
import { stateAfter } from '../state/state.js';
import { type Difference, differencesOf, factsOf, keyOf, noteChanges, TEXT_FACTS } from './facts.js';

/** A difference, and the last event between the two moments that changed the fact. `from` and `to` are ids or texts. */
export interface Change extends Difference {
  readonly event: Point & { readonly type: string };
}

export interface SubjectDiff {
  readonly id: string;
  /** As `#lobby` or `@alice`, at the later moment. */
  readonly name: string | null;
  /** The number of the subject's events between the moments. */
  readonly events: number;
  readonly changes: readonly Change[];
}

const withText = z.union([
  z.object({ topic: z.string() }).transform(({ topic }) => topic),
  z.object({ username: z.string() }).transform(({ username }) => username),
  z.object({ name: z.string() }).transform(({ name }) => name),
]);

/**
 * The changes that lead from the subject's state at `from` to its state at `to`. `from` may be later than `to`.
 */
export async function diffSubject(
  look: Look,
  stream: string,
  from: number,
  to: number,
): Promise<SubjectDiff> {
  const [early, late] = [Math.min(from, to), Math.max(from, to)];
  const start = await stateOf(look.states, stream, early);
  const last = new Map<string, Step>();
  let state = start;
  for await (const steps of readStreamSteps(look.sql, { stream, afterVersion: start.version, upTo: late })) {
    for (const step of steps) {
      const next = stateAfter(state, step);
      noteChanges(last, state, next, step);
      state = next;
    }
  }
  const [old, next] = from <= to ? [start, state] : [state, start];
  const differences = differencesOf(factsOf(old), factsOf(next));
  return {
    id: stream,
    name: await look.names.ofStreamAt(stream, late),
    events: state.version - start.version,
    changes: await Promise.all(differences.map((difference) => changeOf(look, difference, last))),
  };
}

async function changeOf(
  look: Look,
  difference: Difference,
  last: ReadonlyMap<string, Step>,
): Promise<Change> {
  const step = last.get(keyOf(difference));
  const event = step === undefined ? null : { ...pointOf(step), type: step.type };
  return {
    ...difference,
    from: await valueOf(look, difference.fact, difference.from),
    to: await valueOf(look, difference.fact, difference.to),
    event: event ?? { position: 0, time: null, type: '' },
  };
}

/**
 * The value of a fact for display. The facts of `TEXT_FACTS` hold the position of an event; their text is read from that event,
 * and is null if it was redacted.
 */
async function valueOf(look: Look, fact: string, value: string | null): Promise<string | null> {
  if (value === null || !TEXT_FACTS.has(fact)) return value;
  const position = Number(value);
  const event = await look.events([position]);
  return withText.safeParse(event(position).personal).data ?? null;
}

const streamRow = z.object({ stream: z.string() });

/**
 * The differences of all subjects with events between two positions, in the order of their first event between these positions.
 */
export async function* diffAll(look: Look, from: number, to: number): AsyncGenerator<SubjectDiff, void> {
  const rows = await look.sql.all(
    `SELECT ${bytes('events.stream')} AS stream FROM events WHERE position > ? AND position <= ?
     GROUP BY events.stream ORDER BY MIN(position)`,
    [Math.min(from, to), Math.max(from, to)],
  );
  for (const row of rows) {
    const { stream } = streamRow.parse(decoded(row));
    const diff = await diffSubject(look, stream, from, to);
    if (diff.changes.length > 0) yield diff;
  }
}
