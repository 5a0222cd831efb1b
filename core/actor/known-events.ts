// The events that this version of the program knows, and the replay of a stream with them. It does not access a store.
import type { WhyUnknown } from '../events/event.js';
import type { SnapshotCheck } from '../events/verification/snapshot-check.js';
import { type Aggregate, addressOf } from './aggregate.js';
import { evolve, initial } from './machine.js';
import { persisted } from './snapshot.js';

/** Explains why this version cannot interpret an event of these aggregates; null if it can. */
export function createWhyUnknown(aggregates: readonly Aggregate[]): WhyUnknown {
  const byKind = new Map(aggregates.map((aggregate) => [aggregate.kind, aggregate]));
  return ({ stream, type, schemaVersion }) => {
    const aggregate = byKind.get(addressOf(stream)?.kind ?? '');
    if (aggregate === undefined) return `this version of Partyline has no streams of this kind`;
    const events: Readonly<Record<string, number>> = aggregate.events;
    const known = Object.hasOwn(events, type) ? events[type] : undefined;
    if (known === undefined) return `this version of Partyline does not know events of the type "${type}"`;
    if (schemaVersion <= known) return null;
    return `this version of Partyline knows "${type}" only up to version ${known}, and the event has version ${schemaVersion}`;
  };
}

/** Starts replays of streams of these aggregates. */
export function createReplays(aggregates: readonly Aggregate[]): SnapshotCheck['startReplay'] {
  return (stream, machineVersion) => {
    const address = addressOf(stream);
    const aggregate = aggregates.find(({ kind }) => kind === address?.kind);
    if (address === null || aggregate?.machineVersion !== machineVersion) return null;
    let snapshot = initial(aggregate, address.id);
    return {
      next(event) {
        snapshot = evolve(aggregate, snapshot, event);
      },
      state: () => persisted(snapshot),
    };
  };
}
