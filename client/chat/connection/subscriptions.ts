// Subscriptions to the session and the machine's network: which part acts on which event. Decides nothing itself.
import type { Network } from '../../network.js';
import type { Session } from '../../session/port.js';
import type { Why } from '../diagnostics/why.js';
import type { Introducer } from '../peers/introducer.js';
import type { Blocks } from '../people/blocks.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';
import type { Outage } from './outage.js';
import type { ConnectionStatus } from './status.js';
import type { SyncOnConnect } from './sync-on-connect.js';

export interface SubscriptionsParts {
  readonly session: Pick<Session, 'events'>;
  readonly network: Pick<Network, 'onChanged'>;
  readonly connectionStatus: Pick<ConnectionStatus, 'changed'>;
  readonly outage: Pick<Outage, 'changed' | 'caughtUp'>;
  readonly syncOnConnect: Pick<SyncOnConnect, 'events' | 'changed' | 'moved'>;
  readonly why: Pick<Why, 'expelled'>;
  readonly blocks: Pick<Blocks, 'refresh'>;
  readonly trackerSync: Pick<TrackerSync, 'push'>;
  readonly introducer: Pick<Introducer, 'accept'>;
  /** Runs work that nothing waits for; logs `failure` if it fails. */
  readonly run: (work: Promise<unknown>, failure: string) => void;
}

/** Subscribes every part; the function returned ends all subscriptions. */
export function subscribeAll(parts: SubscriptionsParts): () => void {
  const { session, network, connectionStatus, outage, syncOnConnect } = parts;
  const { why, blocks, trackerSync, introducer, run } = parts;
  const stop = [
    session.events.on('state', (state) => {
      connectionStatus.changed(state);
      outage.changed(state);
      syncOnConnect.changed();
    }),
    session.events.on('renewed', () => syncOnConnect.changed()),
    syncOnConnect.events.on('synced', () => outage.caughtUp()),
    network.onChanged(() => syncOnConnect.moved()),
    session.events.on('expelled', (expulsion) => why.expelled(expulsion)),
    session.events.on('blocks', () => run(blocks.refresh(), 'the block list cannot be fetched')),
    session.events.on('notice', (signed) => run(trackerSync.push(signed), 'a notice cannot be applied')),
    session.events.on('introduction', (signed) =>
      run(introducer.accept(signed, null), 'an introduction cannot be used'),
    ),
  ];
  return () => {
    for (const off of stop) off();
  };
}
