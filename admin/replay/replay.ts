// The replay of stored events through the machines, in the order of the log. The result depends on the log alone.
import { createHash } from 'node:crypto';
import { accountAggregate } from '../../actors/account/aggregate.js';
import { roomAggregate } from '../../actors/room/aggregate.js';
import { type Aggregate, addressOf } from '../../core/actor/aggregate.js';
import { persisted } from '../../core/actor/snapshot.js';
import { OperatorError } from '../../core/errors.js';
import { readAllSteps, readStreamSteps, type Step } from '../log/steps.js';
import type { Look } from '../look.js';
import type { Span } from '../moment.js';
import { emptyState, type MachineState, machineStateAfter } from '../state/state.js';

/** One event and the state of its room or account after it. */
export interface Replayed {
  readonly step: Step;
  readonly state: MachineState;
}

export interface ReplaySummary {
  readonly events: number;
  readonly streams: number;
  /** SHA-256 over the last state of each stream, in the order of their first events in the replay. */
  readonly digest: string;
}

export interface Replay {
  /** Reads and applies the events slice by slice. Throws an `OperatorError` at an event that cannot be applied. */
  slices(): AsyncGenerator<readonly Replayed[], void>;
  /** The summary of the events that were read so far. */
  summary(): ReplaySummary;
}

const AGGREGATES: ReadonlyMap<string, Aggregate> = new Map<string, Aggregate>([
  [accountAggregate.kind, accountAggregate],
  [roomAggregate.kind, roomAggregate],
]);

/** @param stream only the events of this stream; null for the whole log */
export function createReplay(look: Look, stream: string | null, span: Span): Replay {
  const states = new Map<string, MachineState>();
  let events = 0;

  async function* read(): AsyncGenerator<readonly Step[], void> {
    if (stream === null) return yield* readAllSteps(look.sql, span);
    const { version } = await startOf(stream);
    yield* readStreamSteps(look.sql, { stream, afterVersion: version, upTo: span.upTo });
  }

  /** The state of a stream before the replay. */
  async function startOf(name: string): Promise<MachineState> {
    const kind = addressOf(name)?.kind;
    if (kind === roomAggregate.kind) return look.states.room(name, span.after);
    return look.states.account(name, span.after);
  }

  async function before({ stream: name, version, position }: Step): Promise<MachineState> {
    const known = states.get(name);
    if (known !== undefined) return known;
    const aggregate = AGGREGATES.get(addressOf(name)?.kind ?? '');
    if (aggregate === undefined) {
      throw new OperatorError(
        `the event at position ${position} in ${name} cannot be replayed: this version has no machine for it`,
        'Use the version of Partyline that wrote the event, or a newer one.',
      );
    }
    return version === 1 ? emptyState(aggregate, name) : startOf(name);
  }

  return {
    async *slices() {
      for await (const steps of read()) {
        const replayed: Replayed[] = [];
        for (const step of steps) {
          const state = machineStateAfter(states.get(step.stream) ?? (await before(step)), step);
          states.set(step.stream, state);
          replayed.push({ step, state });
        }
        events += steps.length;
        yield replayed;
      }
    },
    summary() {
      const digest = createHash('sha256');
      for (const [name, { version, snapshot }] of states) {
        digest.update(JSON.stringify([name, version, persisted(snapshot)]));
      }
      return { events, streams: states.size, digest: digest.digest('hex') };
    },
  };
}
