// The chat's side of the connection to the tracker, put together from its parts: the status shown, the sync after connecting,
// outages, and the subscriptions to the session and the network.
import type { Schedule } from '../../../core/time/clock.js';
import type { Session } from '../../session/port.js';
import { type ClocksParts, compareClocks } from '../diagnostics/clocks.js';
import type { Why } from '../diagnostics/why.js';
import type { SessionChange, Tell } from '../events.js';
import { createOutage, type OutageParts } from './outage.js';
import { createConnectionStatus } from './status.js';
import { subscribeAll, type SubscriptionsParts } from './subscriptions.js';
import { createSyncOnConnect, type SyncOnConnectParts } from './sync-on-connect.js';

export type TrackerConnectionParts = SyncOnConnectParts &
  OutageParts &
  ClocksParts &
  Omit<SubscriptionsParts, 'connectionStatus' | 'outage' | 'syncOnConnect'> & {
    readonly session: Pick<Session, 'state'>;
    readonly schedule: Schedule;
    readonly why: Pick<Why, 'note'>;
    readonly tell: Tell;
  };

export interface TrackerConnection {
  /** The status shown to the user. */
  readonly status: SessionChange;
  /**
   * Resolves true as soon as the terminal is online and has caught up. Resolves false as soon as the tracker is reached and nobody
   * is logged in, or after `timeoutMs`.
   */
  synced(timeoutMs: number): Promise<boolean>;
  close(): void;
}

export function createTrackerConnection(parts: TrackerConnectionParts): TrackerConnection {
  const connectionStatus = createConnectionStatus(parts.session, parts.why, parts.tell);
  const syncOnConnect = createSyncOnConnect(parts);
  const outage = createOutage(parts);
  const clockComparison = compareClocks(parts);
  const unsubscribe = subscribeAll({ ...parts, connectionStatus, outage, syncOnConnect });
  if (parts.session.state.state === 'online') syncOnConnect.changed();
  return {
    get status() {
      return connectionStatus.shown;
    },
    synced: (timeoutMs) => syncOnConnect.done(timeoutMs),
    close() {
      unsubscribe();
      clockComparison.close();
      syncOnConnect.close();
      outage.close();
    },
  };
}
