// The replay of stored events through the machines, in the order of the log. The result depends on the log alone.
import { createHash } from 'node:crypto';
import { persisted } from '../../core/actor/snapshot.js';
import { OperatorError } from '../../core/errors.js';
import { readAllSteps, readStreamSteps, type Step } from '../log/steps.js';
import type { Look } from '../look.js';
import type { Span } from '../moment.js';
import { aggregateOf } from '../state/aggregates.js';
import { stateOf } from '../state/reader.js';
import { type Applied, apply, emptyState, type MachineState } from '../state/state.js';

/** One event and the state of its room or account after it. */
export interface Replayed {
  readonly step: Step;
  readonly state: MachineState;
}

/** A room or an account whose replay stopped at an event that cannot be applied. */
export interface Stopped {
  readonly stream: string;
  readonly position: number;
  readonly reason: string;
  /** The number of events of this room or account that were not applied, including the event at `position`. */
  readonly events: number;
}

export interface ReplaySummary {
  /** The number of events that were applied. */
  readonly events: number;
  readonly streams: number;
  /** SHA-256 over the last state of each stream, in the order of their first events in the replay. */
  readonly digest: string;
  /** In the order of the log. All other rooms and accounts are replayed to the end. */
  readonly stopped: readonly Stopped[];
}

export interface Replay {
  /** Reads and applies the events slice by slice. An event that cannot be applied stops only its own room or account. */
  slices(): AsyncGenerator<readonly Replayed[], void>;
  /** The summary of the events that were read so far. */
  summary(): ReplaySummary;
}

/** @param stream only the events of this stream; null for the whole log */
export function createReplay(look: Look, stream: string | null, span: Span): Replay {
  const states = new Map<string, MachineState>();
  const stopped = new Map<string, Stopped>();
  let events = 0;

  async function* read(): AsyncGenerator<readonly Step[], void> {
    if (stream === null) return yield* readAllSteps(look.sql, span);
    const { version } = await startOf(stream);
    yield* readStreamSteps(look.sql, { stream, afterVersion: version, upTo: span.upTo });
  }

  /** The state of a stream before the replay. */
  async function startOf(name: string): Promise<MachineState> {
    return stateOf(look.states, name, span.after);
  }

  /** The state of a stream before its first event in the replay, or the reason why there is no such state. */
  async function before({ stream: name, version }: Step): Promise<Applied> {
    const aggregate = aggregateOf(name);
    if (aggregate === null) return { reason: 'this version has no machine for it' };
    if (version === 1) return { state: emptyState(aggregate, name) };
    try {
      return { state: await startOf(name) };
    } catch (cause) {
      if (!(cause instanceof OperatorError)) throw cause;
      return { reason: cause.message, cause };
    }
  }

  /** The state after an event; null for an event that is not applied. */
  function advance(start: Applied, step: Step): MachineState | null {
    const { stream: name, position } = step;
    const next = 'state' in start ? apply(start.state, step) : start;
    if ('state' in next) {
      states.set(name, next.state);
      return next.state;
    }
    stopped.set(name, { stream: name, position, reason: next.reason, events: 1 });
    return null;
  }

  function skip(halt: Stopped): void {
    stopped.set(halt.stream, { ...halt, events: halt.events + 1 });
  }

  return {
    async *slices() {
      for await (const steps of read()) {
        const replayed: Replayed[] = [];
        for (const step of steps) {
          const halt = stopped.get(step.stream);
          if (halt !== undefined) {
            skip(halt);
            continue;
          }
          const known = states.get(step.stream);
          // Most events follow one of the same stream. An event is applied in the time that an await takes.
          const state = advance(known === undefined ? await before(step) : { state: known }, step);
          if (state !== null) replayed.push({ step, state });
        }
        events += replayed.length;
        yield replayed;
      }
    },
    summary() {
      const digest = createHash('sha256');
      for (const [name, { version, snapshot }] of states) {
        digest.update(JSON.stringify([name, version, persisted(snapshot)]));
      }
      return {
        events,
        streams: states.size,
        digest: digest.digest('hex'),
        stopped: [...stopped.values()],
      };
    },
  };
}
