// One live aggregate: its state as far as it knows the log, and how it does a command. One command at a time.
import type { AnyMachineSnapshot } from 'xstate';
import type { Clock } from '../clock.js';
import { invariant } from '../errors.js';
import type { NewEvent, RecordedEvent } from '../events/event.js';
import type { Append, EventStore, NewReceipt, Receipt } from '../events/store.js';
import type { JsonObject } from '../json.js';
import { type Aggregate, streamOf } from './aggregate.js';
import { decide, evolve, initial } from './machine.js';
import type { CommandOf, DomainEventOf } from './record.js';
import { COMMAND_ID_REUSED, type Outcome, type Request } from './request.js';

export interface ActorParts {
  readonly aggregate: Aggregate;
  readonly id: string;
  readonly store: EventStore;
  readonly clock: Clock;
  /** How long conflicts with other writers are met by deciding again. */
  readonly conflictMs: number;
  readonly retryAfterMs: number;
}

export type ActorRequest = Omit<Request<string, CommandOf<Aggregate['machine']>>, 'kind' | 'id'>;

export interface Actor {
  /** Rejects with `StoreUnavailableError` if nothing could be committed, `InvariantError` if the machine is at fault. */
  perform(request: ActorRequest): Promise<Outcome>;
  /** The state as of the log now, whoever wrote it. */
  peek(): Promise<AnyMachineSnapshot>;
}

interface State {
  readonly snapshot: AnyMachineSnapshot;
  readonly version: number;
}

export function createActor({ aggregate, id, store, clock, conflictMs, retryAfterMs }: ActorParts): Actor {
  const stream = streamOf(aggregate.kind, id);
  let known: State = { snapshot: initial(aggregate, id), version: 0 };
  let isCurrent = false;

  async function caughtUp(): Promise<State> {
    return after(known, await store.readStream(stream, { fromVersion: known.version + 1 }));
  }

  function after(state: State, events: readonly RecordedEvent[]): State {
    let { snapshot, version } = state;
    for (const event of events) {
      snapshot = evolve(aggregate, snapshot, event);
      version = event.version;
    }
    return { snapshot, version };
  }

  // Null if it was decided on a state that the log has left behind.
  async function attempt(request: ActorRequest): Promise<Outcome | null> {
    const { receipt } = request;
    const decision = decide(aggregate, known.snapshot, request.command);
    if (decision.kind === 'refused') {
      // A retry of what was done may look impossible by now; it gets the first outcome all the same.
      const before = receipt && (await store.receipt(receipt.scope, receipt.commandId));
      if (before) return repeat(before, receipt);
      return (await isBehind()) ? null : decision;
    }
    const events = decision.kind === 'recorded' ? decision.events : [];
    if (events.length === 0 && receipt === undefined) {
      return (await isBehind()) ? null : { kind: 'done', events: [], version: known.version };
    }
    const appended = await store.append(appendOf(request, events));
    if (appended.kind === 'conflict') return null;
    if (appended.kind === 'duplicate') return repeat(appended.receipt, receipt);
    if (appended.kind === 'reserved') {
      return { kind: 'refused', ...aggregate.reserved(appended.reservation) };
    }
    known = after(known, appended.events);
    return { kind: 'done', events: appended.events, version: known.version };
  }

  // An append notices what another writer did; an answer without one has to look.
  async function isBehind(): Promise<boolean> {
    return (await store.readStream(stream, { fromVersion: known.version + 1 })).length > 0;
  }

  function appendOf(request: ActorRequest, events: readonly DomainEventOf<Aggregate['machine']>[]): Append {
    const metadata = { ...request.metadata, command: withoutPersonal(request.command) };
    return {
      stream,
      expectedVersion: known.version,
      events: events.map((event) => newEvent(aggregate, event, metadata)),
      reservations: events.flatMap((event) => aggregate.reservations(event, id)),
      secrets: events.length === 0 ? [] : (request.secrets ?? []),
      receipts: request.receipt === undefined ? [] : [request.receipt],
    };
  }

  return {
    async perform(request) {
      for (const end = clock.now() + conflictMs; ; ) {
        if (!isCurrent) known = await caughtUp();
        // Until the outcome is known, the log may be ahead of us: after a conflict, and after a failure.
        isCurrent = false;
        const outcome = await attempt(request);
        if (outcome !== null) {
          isCurrent = true;
          return outcome;
        }
        if (clock.now() >= end) return { kind: 'busy', retryAfterMs };
      }
    },
    peek: async () => (await caughtUp()).snapshot,
  };
}

function newEvent(
  aggregate: Aggregate,
  event: DomainEventOf<Aggregate['machine']>,
  metadata: NewEvent['metadata'],
): NewEvent {
  const { type, personal, ...payload }: { type: string; personal?: JsonObject } = event;
  const schemaVersion = aggregate.events[type];
  invariant(schemaVersion !== undefined, `"${type}" is no domain event of ${aggregate.kind}`);
  return { type, schemaVersion, payload, personal: personal ?? null, metadata };
}

function withoutPersonal(command: { readonly type: string; readonly personal?: unknown }) {
  const { personal: _, ...kept } = command;
  return kept;
}

function repeat(receipt: Receipt, asked: NewReceipt | undefined): Outcome {
  return receipt.digest === asked?.digest
    ? { kind: 'repeated', outcome: receipt.outcome }
    : { kind: 'refused', reason: COMMAND_ID_REUSED, detail: { commandId: receipt.commandId } };
}
