// Who of the chat acts on what the session and the machine's network tell. It decides nothing itself.
import type { Network } from '../../network.js';
import type { Session } from '../../session/port.js';
import type { Outage } from './outage.js';
import type { SyncOnConnect } from './sync-on-connect.js';
import type { Blocks } from '../people/blocks.js';
import type { ConnectionStatus } from './status.js';
import type { Introducer } from '../peers/introducer.js';
import type { TrackerSync } from '../rooms/tracker-sync.js';
import type { Why } from '../diagnostics/why.js';

export interface SubscriptionsParts {
  readonly session: Pick<Session, 'events'>;
  readonly network: Pick<Network, 'onChanged'>;
  readonly connectionStatus: Pick<ConnectionStatus, 'changed'>;
  readonly outage: Pick<Outage, 'changed'>;
  readonly syncOnConnect: Pick<SyncOnConnect, 'changed' | 'moved'>;
  readonly why: Pick<Why, 'expelled'>;
  readonly blocks: Pick<Blocks, 'refresh'>;
  readonly trackerSync: Pick<TrackerSync, 'push'>;
  readonly introducer: Pick<Introducer, 'introduced'>;
  /** Work that nobody waits for, and what is said if it fails. */
  readonly run: (work: Promise<unknown>, failure: string) => void;
}

/** Returns what ends it. */
export function subscribeAll(parts: SubscriptionsParts): () => void {
  const {
    session,
    network,
    connectionStatus,
    outage,
    syncOnConnect,
    why,
    blocks,
    trackerSync,
    introducer,
    run,
  } = parts;
  const stop = [
    session.events.on('state', (state) => {
      connectionStatus.changed(state);
      outage.changed(state);
      syncOnConnect.changed();
    }),
    session.events.on('renewed', () => syncOnConnect.changed()),
    network.onChanged(() => syncOnConnect.moved()),
    session.events.on('expelled', (expulsion) => why.expelled(expulsion)),
    session.events.on('blocks', () => run(blocks.refresh(), 'who is blocked was not asked')),
    session.events.on('notice', (signed) => run(trackerSync.push(signed), 'a notice was not taken')),
    session.events.on('introduction', (signed) =>
      run(introducer.introduced(signed, null), 'an introduction was not taken'),
    ),
  ];
  return () => {
    for (const off of stop) off();
  };
}
