// The watch over the connections of devices and guests to the broker. It reads the reports that the broker sends to its system
// account.
import type { Bus } from '../../core/bus/bus.js';
import type { Connection } from '../../core/bus/connections.js';
import { guestAccountOf } from '../../core/bus/credentials/credentials.js';
import type { Keyring } from '../../core/bus/credentials/keyring.js';
import { rawPublicKey } from '../../core/bus/credentials/nkey.js';
import { type ConnectionWatch, type WatchOptions, watchConnections } from '../../core/bus/system.js';
import type { DeviceId } from '../../core/ids.js';
import type { Log } from '../../core/log.js';
import type { ShutdownStack } from '../../core/shutdown-stack.js';
import type { Schedule } from '../../core/time/clock.js';
import type { OriginRecorder } from './origins.js';
import type { PresenceRecorder } from './presence.js';

export interface WatchParts {
  /** A connection with the credentials of the system account. */
  readonly system: Bus;
  readonly keyring: Keyring;
  readonly presence: PresenceRecorder;
  readonly origins: OriginRecorder;
  /** A device has connected. */
  readonly onArrival: () => void;
  /** A connection of the device has ended. */
  readonly onDeparture: (device: DeviceId) => void;
  readonly log: Log;
  readonly schedule: Schedule;
  /** Gets the step that ends the watch. */
  readonly shutdown: ShutdownStack;
}

/**
 * Resolves with the watch over devices once all current connections are known. Rejects with a `BusError` if the broker does not
 * report them.
 */
export async function watchPeople(parts: WatchParts): Promise<ConnectionWatch> {
  const { system, keyring, presence, origins, onArrival, onDeparture, log, schedule, shutdown } = parts;
  const heard = {
    onConnect(connection: Connection) {
      const { account } = connection;
      origins.connected(connection);
      if (account === null) return;
      presence.connected({ ...connection, account });
      onArrival();
    },
    onDisconnect({ id, account, device }: Connection, isStale: boolean) {
      origins.disconnected(id);
      // A stale connection was silent for so long that its device is not expected to return.
      if (isStale) presence.gone(id);
      else presence.disconnected(id);
      if (account !== null) onDeparture(device);
    },
    log,
    schedule,
  };
  const watch = async (whom: Pick<WatchOptions, 'account' | 'clients'>): Promise<ConnectionWatch> => {
    const watching = await watchConnections(system, { ...heard, ...whom });
    shutdown.add(() => watching.stop());
    return watching;
  };
  const guests = guestAccountOf(rawPublicKey(keyring.guestSigning.publicKey));
  const [devices] = await Promise.all([
    watch({ account: keyring.account.publicKey }),
    watch({ account: guests, clients: 'guests' }),
  ]);
  return devices;
}
