// One live aggregate: its state as of the last log position read, and the execution of its commands. It runs one append
// at a time.
import type { AnyMachineSnapshot } from 'xstate';
import type { Clock } from '../time/clock.js';
import { GENESIS, type Head } from '../events/chain.js';
import { StoreUnavailableError } from '../events/errors.js';
import { isQuarantined, type LoggedEvent, type NewEvent, type RecordedEvent } from '../events/event.js';
import type { Snapshots } from '../events/sql/snapshots.js';
import type {
  Append,
  EventStore,
  NewReceipt,
  ReservationChange,
  SecretChange,
  StreamSlice,
} from '../events/store.js';
import { isOfEvent, UnreadableStreamError } from '../events/unhandled.js';
import { type Aggregate, streamOf } from './aggregate.js';
import { decideAll, type Step, withoutRepeats } from './fold.js';
import { evolve, initial } from './machine.js';
import type { CommandOf } from './record.js';
import { persisted, restored } from './snapshot.js';
import { newEvent, withoutPersonal } from './new-event.js';
import { type Outcome, type Request, repeat } from './request.js';

export interface ActorParts {
  readonly aggregate: Aggregate;
  readonly id: string;
  readonly store: EventStore;
  readonly snapshots: Snapshots | undefined;
  readonly clock: Clock;
  /** How long to retry the decision after conflicts with other writers. */
  readonly conflictMs: number;
  readonly retryAfterMs: number;
}

export type ActorRequest = Omit<Request<string, CommandOf<Aggregate['machine']>>, 'kind' | 'id'>;

export interface Actor {
  /**
   * Executes commands in order, several in one append where possible. The results equal those of one append per
   * command. Never rejects: a result is `rejected` with a `StoreUnavailableError` if nothing could be committed, with an
   * `UnreadableStreamError` if an event of the aggregate cannot be applied, and with an `InvariantError` if the machine has a defect.
   */
  perform(requests: readonly ActorRequest[]): Promise<readonly Result[]>;
  /** The state as of the end of the log, including events of other writers. */
  peek(): Promise<AnyMachineSnapshot>;
}

type Result = PromiseSettledResult<Outcome>;

interface State {
  readonly snapshot: AnyMachineSnapshot;
  readonly version: number;
  /** The position and hash of the last event of the stream. */
  readonly at: Head;
  /** The last change of a quarantine in the stream before the state was read. */
  readonly quarantineChange: number;
}

/** The number of events read at once. */
const SLICE_EVENTS = 500;
/** The number of events after which the next snapshot is stored. */
const SNAPSHOT_EVENTS = 200;

export function createActor(parts: ActorParts): Actor {
  const { aggregate, id, store, snapshots, clock, conflictMs, retryAfterMs } = parts;
  const stream = streamOf(aggregate.kind, id);
  const beginning = { snapshot: initial(aggregate, id), version: 0, at: GENESIS, quarantineChange: 0 };
  let known: State = beginning;
  let isCurrent = false;
  let waking: Promise<void> | null = null;
  let keptVersion = 0;

  async function caughtUp(): Promise<State> {
    waking ??= wake();
    await waking;
    // Read before the events: if it changes afterwards, the append conflicts, and the events are read again.
    const quarantineChange = await store.quarantineChange(stream);
    let state = quarantineChange === known.quarantineChange ? known : { ...beginning, quarantineChange };
    for (;;) {
      const slice = { fromVersion: state.version + 1, limit: SLICE_EVENTS };
      const events = await read(slice);
      state = after(state, events);
      if (events.length < SLICE_EVENTS) return state;
    }
  }

  // Runs once, before the first command.
  async function wake(): Promise<void> {
    try {
      // A snapshot that is stored after this change reflects it; see `Snapshots.keep`.
      const quarantineChange = await store.quarantineChange(stream);
      const kept = snapshots && (await snapshots.load(stream, aggregate.machineVersion));
      const snapshot = kept && restored(aggregate, kept.state);
      if (!snapshot) return;
      known = { snapshot, version: kept.version, at: kept.at, quarantineChange };
      keptVersion = kept.version;
    } catch (thrown) {
      waking = null;
      throw thrown;
    }
  }

  function keepNowAndThen(): void {
    const { snapshot, version, at, quarantineChange } = known;
    if (snapshots === undefined || version < keptVersion + SNAPSHOT_EVENTS) return;
    keptVersion = version;
    snapshots.keep(stream, {
      machineVersion: aggregate.machineVersion,
      version,
      at,
      state: persisted(snapshot),
      quarantineChange,
    });
  }

  async function read(slice: StreamSlice): Promise<readonly LoggedEvent[]> {
    try {
      return await store.readStream(stream, slice);
    } catch (thrown) {
      throw unlessOfEvent(slice.fromVersion, thrown);
    }
  }

  function after(state: State, events: readonly LoggedEvent[]): State {
    let { snapshot } = state;
    for (const event of events) {
      if (isQuarantined(event)) continue;
      try {
        snapshot = evolve(aggregate, snapshot, event);
      } catch (thrown) {
        throw unlessOfEvent(event.version, thrown);
      }
    }
    return endOf({ ...state, snapshot }, events);
  }

  /** An error that belongs to an event becomes an `UnreadableStreamError`. */
  const unlessOfEvent = (version: number, thrown: unknown): unknown =>
    isOfEvent(thrown) ? new UnreadableStreamError(stream, version, thrown) : thrown;

  // `behind`: other writers extended the stream after the decision. `apart`: one of the commands may be the only cause of a
  // failure, so each command needs an append of its own.
  async function attempt(requests: readonly ActorRequest[]): Promise<readonly Result[] | 'behind' | 'apart'> {
    const { steps, next } = decideAll(aggregate, known.snapshot, requests);
    const append = appendOf(requests, steps);
    if (append.events.length === 0 && append.receipts.length === 0) {
      return (await isBehind()) ? 'behind' : results(requests, steps, known.version, []);
    }
    const appended = await store.append(append);
    if (appended.kind === 'conflict') return 'behind';
    if (appended.kind === 'appended') {
      const { version } = known;
      known = endOf({ ...known, snapshot: next }, appended.events);
      return results(requests, steps, version, appended.events);
    }
    const [request, ...others] = requests;
    if (others.length > 0) return 'apart';
    return appended.kind === 'duplicate'
      ? [fulfilled(repeat(appended.receipt, request?.receipt))]
      : [fulfilled({ kind: 'refused', ...aggregate.reserved(appended.reservation) })];
  }

  async function results(
    requests: readonly ActorRequest[],
    steps: readonly Step[],
    before: number,
    recorded: readonly RecordedEvent[],
  ): Promise<readonly Result[]> {
    let count = 0;
    const answers: Result[] = [];
    for (const [index, step] of steps.entries()) {
      switch (step.kind) {
        case 'accepted': {
          const events = recorded.slice(count, count + step.events.length);
          count += events.length;
          answers.push(fulfilled({ kind: 'done', events, version: before + count }));
          break;
        }
        case 'refused':
          answers.push(await refusal(step, requests[index]?.receipt));
          break;
        case 'failed':
          answers.push({ status: 'rejected', reason: step.error });
          break;
      }
    }
    return answers;
  }

  // A retry of a completed command may be refused by the current state. The retry still gets the first outcome. If its receipt is
  // unreadable, only this command fails; the other commands of the append may be complete.
  async function refusal(refused: Outcome, receipt: NewReceipt | undefined): Promise<Result> {
    try {
      const first = receipt && (await store.receipt(receipt.scope, receipt.commandId));
      return fulfilled(first ? repeat(first, receipt) : refused);
    } catch (reason) {
      return { status: 'rejected', reason };
    }
  }

  // An append detects events of other writers. An answer without an append must check for them.
  async function isBehind(): Promise<boolean> {
    if ((await store.quarantineChange(stream)) !== known.quarantineChange) return true;
    return (await store.readStream(stream, { fromVersion: known.version + 1, limit: 1 })).length > 0;
  }

  function appendOf(requests: readonly ActorRequest[], steps: readonly Step[]): Append {
    const events: NewEvent[] = [];
    const reservations: ReservationChange[] = [];
    const secrets: SecretChange[] = [];
    const receipts: NewReceipt[] = [];
    for (const [index, request] of requests.entries()) {
      const step = steps[index];
      if (step?.kind !== 'accepted') continue;
      const { receipt } = request;
      const from = events.length;
      const to = from + step.events.length;
      const metadata = { ...request.metadata, command: withoutPersonal(request.command) };
      for (const event of step.events) {
        events.push(newEvent(aggregate, event, metadata));
        reservations.push(...aggregate.reservations(event, id));
      }
      if (to > from) secrets.push(...(request.secrets ?? []));
      if (receipt) receipts.push({ ...receipt, outcome: (all) => receipt.outcome(all.slice(from, to)) });
    }
    const { version: expectedVersion, quarantineChange: expectedQuarantineChange } = known;
    return { stream, expectedVersion, expectedQuarantineChange, events, reservations, secrets, receipts };
  }

  async function together(requests: readonly ActorRequest[]): Promise<readonly Result[]> {
    for (const end = clock.now() + conflictMs; ; ) {
      if (!isCurrent) known = await caughtUp();
      // After a conflict or a failure, the log may be ahead of this state until the outcome is known.
      isCurrent = false;
      const outcome = await attempt(requests);
      if (outcome === 'apart') return apart(requests);
      if (outcome !== 'behind') {
        isCurrent = true;
        keepNowAndThen();
        return outcome;
      }
      if (clock.now() >= end) return requests.map(() => fulfilled({ kind: 'busy', retryAfterMs }));
    }
  }

  async function apart(requests: readonly ActorRequest[]): Promise<readonly Result[]> {
    const answers: Result[] = [];
    for (const request of requests) answers.push(...(await settled([request])));
    return answers;
  }

  async function settled(requests: readonly ActorRequest[]): Promise<readonly Result[]> {
    try {
      return await together(requests);
    } catch (reason) {
      // A database failure or an unreadable event affects all commands. Any other error may come from a single command.
      const isShared =
        requests.length === 1 ||
        reason instanceof StoreUnavailableError ||
        reason instanceof UnreadableStreamError;
      return isShared ? requests.map(() => ({ status: 'rejected', reason })) : apart(requests);
    }
  }

  return {
    async perform(requests) {
      const answers: Result[] = [];
      for (const run of withoutRepeats(requests)) answers.push(...(await settled(run)));
      return answers;
    },
    peek: async () => (await caughtUp()).snapshot,
  };
}

// The state with the version, position and hash of the last event in `events`.
function endOf(state: State, events: readonly LoggedEvent[]): State {
  const last = events.at(-1);
  if (last === undefined) return state;
  const { version, position, hash } = last;
  return { ...state, version, at: { position, hash } };
}

const fulfilled = (value: Outcome): Result => ({ status: 'fulfilled', value });
