// The rehearsal of a log with the machines of this version: each recorded command is decided again on the state before it, and each
// event is applied. It changes nothing. Names and texts are not compared, because the log stores commands without them.
import type { Sql } from '../../core/events/sql/sql.js';
import type { JsonObject } from '../../core/json.js';
import { type CommandStep, type RecordedCommand, readCommands } from '../log/commands.js';
import { aggregateOf } from '../state/aggregates.js';
import { apply, emptyState, type MachineState } from '../state/state.js';
import { areFirstOf, type CommandBody, decideAgain, type Outcome } from './outcome.js';

/** A command that this version decides differently, or an event that it cannot apply. */
export interface Mismatch {
  /** The position of the first stored event that differs. */
  readonly position: number;
  /** When that event was recorded, in milliseconds since the epoch. */
  readonly recordedAt: number;
  readonly stream: string;
  readonly version: number;
  /** Null for an event without a recorded command. */
  readonly command: CommandBody | null;
  /** The account that sent the command; null for the tracker and the operator. */
  readonly account: string | null;
  readonly stored: readonly { readonly type: string; readonly payload: JsonObject }[];
  readonly now: Outcome | { readonly kind: 'unreadable'; readonly reason: string };
}

export interface Rehearsal {
  readonly events: number;
  readonly streams: number;
  /** The commands that were decided again. */
  readonly commands: number;
  /** The events without a recorded command. They were only applied. */
  readonly eventsWithoutCommand: number;
  /** The events that follow an unreadable event in the same room or account. They were not checked. */
  readonly eventsSkipped: number;
  readonly mismatches: number;
  /** The first mismatches in the order of the log, at most 20. */
  readonly first: readonly Mismatch[];
}

const MISMATCHES_KEPT = 20;

interface Redecided {
  readonly state: MachineState;
  /** The stored events that are not applied yet. */
  readonly rest: readonly CommandStep[];
  /** The outcome, if it differs from the events in `rest`; null if all events were decided as stored, or need no decision. */
  readonly different: Outcome | null;
}

/** @param onProgress receives the number of events processed so far */
export async function rehearse(
  sql: Pick<Sql, 'all'>,
  upTo: number,
  onProgress: (events: number) => void,
): Promise<Rehearsal> {
  const states = new Map<string, MachineState>();
  const stopped = new Set<string>();
  const first: Mismatch[] = [];
  const count = { events: 0, commands: 0, eventsWithoutCommand: 0, eventsSkipped: 0, mismatches: 0 };

  function report(
    { command, origin }: RecordedCommand,
    steps: readonly CommandStep[],
    now: Mismatch['now'],
  ): void {
    count.mismatches += 1;
    const [step] = steps;
    if (step === undefined || first.length >= MISMATCHES_KEPT) return;
    const { position, recordedAt, stream, version } = step;
    const stored = steps.map(({ type, payload }) => ({ type, payload }));
    first.push({ position, recordedAt, stream, version, command, account: origin.account, stored, now });
  }

  /** Decides a command again. `state` includes those of its stored events that the machine decides in the same way. */
  function redecide(before: MachineState, stored: readonly CommandStep[], command: CommandBody): Redecided {
    let state = before;
    count.commands += 1;
    // Two requests with the same id and content look like one command in the log. If stored events remain after a decision, the
    // command is decided once more.
    for (let rest = stored; ; ) {
      const { outcome, snapshot } = decideAgain(state, command);
      if (outcome.kind !== 'recorded' || !areFirstOf(outcome.events, rest, state.aggregate)) {
        return { state, rest, different: outcome };
      }
      const last = rest[outcome.events.length - 1];
      if (last === undefined) return { state, rest, different: null };
      // The decision already applied these events to `snapshot`.
      state = { ...state, version: last.version, position: last.position, snapshot };
      rest = rest.slice(outcome.events.length);
      if (rest.length === 0) return { state, rest, different: null };
    }
  }

  function stop(recorded: RecordedCommand, steps: readonly CommandStep[], reason: string): void {
    report(recorded, steps, { kind: 'unreadable', reason });
    count.eventsSkipped += steps.length - 1;
    stopped.add(recorded.stream);
  }

  function take(recorded: RecordedCommand): void {
    const { stream, command, damage, steps } = recorded;
    count.events += steps.length;
    if (stopped.has(stream)) {
      count.eventsSkipped += steps.length;
      return;
    }
    const before = states.get(stream) ?? newState(stream);
    if (before === null) return stop(recorded, steps, 'this version has no machine for it');
    if (damage !== null) return stop(recorded, steps, damage);
    if (command === null) count.eventsWithoutCommand += steps.length;
    const isNext = steps[0]?.version === before.version + 1;
    const { state, rest, different }: Redecided =
      command !== null && isNext
        ? redecide(before, steps, command)
        : { state: before, rest: steps, different: null };
    let last = state;
    for (const [index, step] of rest.entries()) {
      const done = apply(last, step);
      if ('reason' in done) {
        states.set(stream, last);
        return stop(recorded, rest.slice(index), done.reason);
      }
      last = done.state;
    }
    states.set(stream, last);
    if (different !== null) report(recorded, rest, different);
  }

  for await (const commands of readCommands(sql, { after: 0, upTo, withPersonal: false })) {
    for (const command of commands) take(command);
    onProgress(count.events);
  }
  return { ...count, streams: states.size, first };
}

/** Null if this version has no machine for the stream. */
function newState(stream: string): MachineState | null {
  const aggregate = aggregateOf(stream);
  return aggregate === null ? null : emptyState(aggregate, stream);
}
