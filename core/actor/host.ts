// The host of all aggregates: wakes them when a command comes, lets the longest unused rest, drains at the end.
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
  /** Commands that may wait for one aggregate; 1,000 unless told. */
  readonly mailbox?: number;
  /** Commands of one aggregate that are done in one append when they wait; 64 unless told. */
  readonly together?: number;
  /** Aggregates kept in memory; 10,000 unless told. Those at work are never put to rest. */
  readonly live?: number;
  /** How long conflicts with other writers are met by deciding again; 1,000 ms unless told. */
  readonly conflictMs?: number;
  /** What a busy answer advises; 250 ms unless told. */
  readonly retryAfterMs?: number;
}

export interface HostParts<Kinds extends Aggregate> {
  readonly store: EventStore;
  /** Without them an aggregate is replayed from its first event whenever it wakes. */
  readonly snapshots?: Snapshots;
  readonly aggregates: readonly Kinds[];
  readonly clock: Clock;
  readonly limits?: HostLimits;
}

type Named<Kinds extends Aggregate, Kind> = Extract<Kinds, { readonly kind: Kind }>;

export interface Host<Kinds extends Aggregate> {
  /**
   * Answers once the outcome is durable. Rejects with `StoreUnavailableError` when nothing could be committed, and
   * with `InvariantError` for a type that is no command of the kind or a machine that is at fault.
   */
  send<Kind extends Kinds['kind']>(
    request: Request<Kind, CommandOf<Named<Kinds, Kind>['machine']>>,
  ): Promise<Outcome>;
  /** The aggregate's state as of the log now, for reads that no table answers. */
  peek<Kind extends Kinds['kind']>(
    kind: Kind,
    id: string,
  ): Promise<SnapshotFrom<Named<Kinds, Kind>['machine']>>;
  /** Answers `busy` to all that comes from now on; resolves once what came before is answered. */
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
  invariant(aggregates.size === parts.aggregates.length, 'two aggregates of one kind');
  // In the order of use, the least recently used first. Not an lru-cache: it cannot keep an aggregate that is at work.
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
    invariant(aggregate !== undefined, `no aggregate of the kind "${kind}"`);
    const actor = createActor({ aggregate, id, store, snapshots, clock, conflictMs, retryAfterMs });
    const handle = async (letters: readonly Letter[]): Promise<void> => {
      const results = await actor.perform(letters.map(({ request }) => request));
      for (const [index, { resolve, reject }] of letters.entries()) {
        const result = results[index];
        invariant(result !== undefined, 'a command without an answer');
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
    // The kind named the aggregate, whose machine made the snapshot.
    peek: async <Kind extends Kinds['kind']>(kind: Kind, id: string) =>
      (await residentOf(kind, id).actor.peek()) as SnapshotFrom<Named<Kinds, Kind>['machine']>,
    async drain() {
      isDraining = true;
      await Promise.all([...residents.values()].map(({ mailbox }) => mailbox.idle()));
    },
  };
}
