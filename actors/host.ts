// The host of the tracker's kinds of aggregate, the check for unknown events, and replays of streams.
import { createHost, type Host, type HostParts } from '../core/actor/host.js';
import { invariant } from '../core/errors.js';
import { createReplays, createWhyUnknown } from '../core/actor/known-events.js';
import { accountAggregate } from './account/aggregate.js';
import { integrationAggregate } from './integration/aggregate.js';
import { isOperatorCommand } from './operator.js';
import { quarantineAggregate } from './quarantine/aggregate.js';
import { roomAggregate } from './room/aggregate.js';

export const trackerAggregates = [
  accountAggregate,
  roomAggregate,
  quarantineAggregate,
  integrationAggregate,
] as const;

export type TrackerHost = Host<(typeof trackerAggregates)[number]>;

export const whyUnknown = createWhyUnknown(trackerAggregates);
export const startReplay = createReplays(trackerAggregates);

type TrackerHostParts = Omit<HostParts<(typeof trackerAggregates)[number]>, 'aggregates'>;

/** The host of a tracker. It rejects commands of the operator with an `InvariantError`, so that no request can lead to one. */
export function createTrackerHost(parts: TrackerHostParts): TrackerHost {
  const host = createOperatorHost(parts);
  return {
    ...host,
    async send(request) {
      const { type }: { readonly type: string } = request.command;
      invariant(!isOperatorCommand(type), `"${type}" is a command of the operator`);
      return host.send(request);
    },
  };
}

/** The host of the operator's command line, which accepts every command. */
export function createOperatorHost(parts: TrackerHostParts): TrackerHost {
  return createHost({ ...parts, aggregates: trackerAggregates });
}
