// The host of the tracker's two kinds of aggregate.
import { createHost, type Host, type HostParts } from '../core/actor/host.js';
import { accountAggregate } from './account/aggregate.js';
import { roomAggregate } from './room/aggregate.js';

const aggregates = [accountAggregate, roomAggregate] as const;

export type TrackerHost = Host<(typeof aggregates)[number]>;

export function createTrackerHost(
  parts: Omit<HostParts<(typeof aggregates)[number]>, 'aggregates'>,
): TrackerHost {
  return createHost({ ...parts, aggregates });
}
