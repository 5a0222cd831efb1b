// The host of the tracker's two kinds of aggregate, the check for unknown events, and replays of streams.
import { createHost, type Host, type HostParts } from '../core/actor/host.js';
import { createReplays, createWhyUnknown } from '../core/actor/known-events.js';
import { accountAggregate } from './account/aggregate.js';
import { roomAggregate } from './room/aggregate.js';

export const trackerAggregates = [accountAggregate, roomAggregate] as const;

export type TrackerHost = Host<(typeof trackerAggregates)[number]>;

export const whyUnknown = createWhyUnknown(trackerAggregates);
export const startReplay = createReplays(trackerAggregates);

export function createTrackerHost(
  parts: Omit<HostParts<(typeof trackerAggregates)[number]>, 'aggregates'>,
): TrackerHost {
  return createHost({ ...parts, aggregates: trackerAggregates });
}
