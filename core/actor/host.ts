// The host of all aggregates: wakes them for commands, unloads the least recently used, and drains at shutdown.
import type { SnapshotFrom } from 'xstate';
import type { Clock } from '../time/clock.js';
import { invariant } from '../errors.js';
import type { Snapshots } from '../events/sql/snapshots.js';
import type { EventStore } from '../events/store.js';
import { type Actor, type ActorRequest, createActor } from './actor.js';
import { type Aggregate, streamOf } from './aggregate.js';
import { createMailbox, type Mailbox } from './mailbox.js';
import type { CommandOf } from './record.js';
import type { Outcome, Request } from './request.js';

export interface HostLimits {
  /** The maximum number of queued commands per aggregate; 1,000 by default. */
  readonly mailbox?: number;
  /** The maximum number of queued commands that one append executes; 64 by default. */
  readonly together?: number;
  /** The maximum number of aggregates in memory; 10,000 by default. Busy aggregates are never unloaded. */
  readonly live?: number;
  /** How long to retry the decision after conflicts with other writers; 1,000 ms by default. */
  readonly conflictMs?: number;
  /** The retry delay in a busy answer; 250 ms by default. */
  readonly retryAfterMs?: number;
}

export interface HostParts<Kinds extends Aggregate> {
  readonly store: EventStore;
  /** Without snapshots, an aggregate is replayed from its first event at each wake. */
  readonly snapshots?: Snapshots;
  readonly aggregates: readonly Kinds[];
  readonly clock: Clock;
  readonly limits?: HostLimits;
}

type Named<Kinds extends Aggregate, Kind> = Extract<Kinds, { readonly kind: Kind }>;

export interface Host<Kinds extends Aggregate> {
  /**
   * Resolves when the outcome is durable. Rejects with `StoreUnavailableError` if nothing could be committed, and with
   * `InvariantError` if the type is not a command of the kind or the machine has a defect.
   */
  send<Kind extends Kinds['kind']>(
    request: Request<Kind, CommandOf<Named<Kinds, Kind>['machine']>>,
  ): Promise<Outcome>;
  /** The aggregate's state as of the end of the log, for reads that no table answers. */
  peek<Kind extends Kinds['kind']>(
    kind: Kind,
    id: string,
  ): Promise<SnapshotFrom<Named<Kinds, Kind>['machine']>>;
  /** Answers `busy` to all later commands; resolves when all earlier commands are answered. */
  drain(): Promise<void>;
}

interface Letter {
  readonly request: ActorRequest;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Resident {
  readonly actor: Actor;
  readonly mailbox: Mailbox<Letter>;
}

export function createHost<Kinds extends Aggregate>(parts: HostParts<Kinds>): Host<Kinds> {
  const { store, snapshots, clock, limits = {} } = parts;
  const { mailbox: capacity = 1_000, together = 64, live = 10_000 } = limits;
  const { conflictMs = 1_000, retryAfterMs = 250 } = limits;
  const aggregates = new Map<string, Aggregate>(
    parts.aggregates.map((aggregate) => [aggregate.kind, aggregate]),
  );
  invariant(aggregates.size === parts.aggregates.length, 'two aggregates have the same kind');
  // The least recently used aggregate comes first. An lru-cache could evict a busy aggregate, so this is a plain map.
  const residents = new Map<string, Resident>();
  let isDraining = false;

  function residentOf(kind: string, id: string): Resident {
    const stream = streamOf(kind, id);
    const resident = residents.get(stream) ?? settle(kind, id);
    residents.delete(stream);
    residents.set(stream, resident);
    return resident;
  }

  function settle(kind: string, id: string): Resident {
    const aggregate = aggregates.get(kind);
    invariant(aggregate !== undefined, `there is no aggregate of the kind "${kind}"`);
    const actor = createActor({ aggregate, id, store, snapshots, clock, conflictMs, retryAfterMs });
    const handle = async (letters: readonly Letter[]): Promise<void> => {
      const results = await actor.perform(letters.map(({ request }) => request));
      for (const [index, { resolve, reject }] of letters.entries()) {
        const result = results[index];
        invariant(result !== undefined, 'a command got no answer');
        if (result.status === 'fulfilled') resolve(result.value);
        else reject(result.reason);
      }
    };
    putToRest(live - 1);
    return { actor, mailbox: createMailbox({ capacity, together, handle }) };
  }

  function putToRest(remaining: number): void {
    for (const [stream, { mailbox }] of residents) {
      if (residents.size <= remaining) return;
      if (mailbox.isIdle()) residents.delete(stream);
    }
  }

  return {
    send: async ({ kind, id, ...request }) => {
      if (isDraining) return { kind: 'busy', retryAfterMs };
      const { mailbox } = residentOf(kind, id);
      return new Promise((resolve, reject) => {
        if (!mailbox.offer({ request, resolve, reject })) resolve({ kind: 'busy', retryAfterMs });
      });
    },
    // The cast is safe: the actor of this kind made the snapshot.
    peek: async <Kind extends Kinds['kind']>(kind: Kind, id: string) =>
      (await residentOf(kind, id).actor.peek()) as SnapshotFrom<Named<Kinds, Kind>['machine']>,
    async drain() {
      isDraining = true;
      await Promise.all([...residents.values()].map(({ mailbox }) => mailbox.idle()));
    },
  };
}
