// The event store of a dry run: it reads a log and returns the events that an append would record. It writes nothing.
import { InvariantError } from '../../core/errors.js';
import { sealEvent } from '../../core/events/chain.js';
import { type RecordedEvent, readEvent } from '../../core/events/event.js';
import type { ReadSql } from '../../core/events/sql/sql.js';
import { createSqlStore } from '../../core/events/sql/store.js';
import type { Writer } from '../../core/events/sql/writer.js';
import type { Append, Appended, EventStore } from '../../core/events/store.js';
import type { Clock } from '../../core/time/clock.js';

export interface DryRunStoreParts {
  readonly reads: ReadSql;
  readonly clock: Clock;
  readonly newSalt: () => string;
}

const refuseToWrite = async (): Promise<never> => {
  throw new InvariantError('a dry run does not write');
};

const noWriter: Writer = {
  write: refuseToWrite,
  extend: refuseToWrite,
  onExtended: () => () => undefined,
  drain: async () => undefined,
  isLockedOut: false,
};

export function createDryRunStore({ reads, clock, newSalt }: DryRunStoreParts): EventStore {
  const store = createSqlStore({ reads, writer: noWriter, clock, newSalt, projections: [] });

  async function append(asked: Append): Promise<Appended> {
    const { stream, expectedVersion, expectedQuarantineChange, events, reservations } = asked;
    const change = await store.quarantineChange(stream);
    if (change !== expectedQuarantineChange) return { kind: 'conflict' };
    const later = await store.readStream(stream, { fromVersion: expectedVersion + 1, limit: 1 });
    if (later.length > 0) return { kind: 'conflict' };
    for (const change of reservations) {
      if (change.action !== 'claim') continue;
      const { kind, name, owner } = change;
      const holder = await store.reservation(kind, name);
      if (holder !== null && holder.owner !== owner) return { kind: 'reserved', reservation: { kind, name } };
    }
    const recorded: RecordedEvent[] = [];
    let { position, hash } = await store.head();
    for (const event of events) {
      const version = expectedVersion + recorded.length + 1;
      const place = { stream, version, recordedAt: clock.now(), newSalt };
      const row = sealEvent({ position, hash }, place, event);
      recorded.push(readEvent(row));
      ({ position, hash } = row);
    }
    return { kind: 'appended', events: recorded };
  }

  return { ...store, append };
}
