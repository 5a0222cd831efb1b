// The aggregate behind each stream of the log.
import { accountAggregate } from '../../actors/account/aggregate.js';
import { quarantineAggregate } from '../../actors/quarantine/aggregate.js';
import { integrationAggregate } from '../../actors/integration/aggregate.js';
import { roomAggregate } from '../../actors/room/aggregate.js';
import { type Aggregate, addressOf } from '../../core/actor/aggregate.js';

const BY_KIND: ReadonlyMap<string, Aggregate> = new Map<string, Aggregate>([
  [accountAggregate.kind, accountAggregate],
  [roomAggregate.kind, roomAggregate],
  [quarantineAggregate.kind, quarantineAggregate],
  [integrationAggregate.kind, integrationAggregate],
]);

/** Null if this version has no machine for the stream. */
export const aggregateOf = (stream: string): Aggregate | null =>
  BY_KIND.get(addressOf(stream)?.kind ?? '') ?? null;
