// Who is online, as the broker's own connections tell it. It keeps no history and asks nobody.
import type { Schedule } from '../../core/clock.js';
import type { AccountId, DeviceId } from '../../core/ids.js';

/** One connection of a device to the broker. */
export interface DeviceConnection {
  /** Unique among all servers and all time. */
  readonly id: string;
  readonly account: AccountId;
  readonly device: DeviceId;
}

export interface Presence {
  isOnline(account: AccountId): boolean;
  /** The devices of an account that are connected now. */
  devicesOf(account: AccountId): readonly DeviceId[];
  accounts(): readonly AccountId[];
}

export interface PresenceRecorder extends Presence {
  connected(connection: DeviceConnection): void;
  disconnected(id: string): void;
}

/** A device that reconnects within this time was never away. */
const DEBOUNCE_MS = 2_000;

export function createPresence(schedule: Schedule): PresenceRecorder {
  const connections = new Map<string, DeviceConnection>();
  /** The same, by account; no set is empty. */
  const byAccount = new Map<AccountId, Set<DeviceConnection>>();
  const leaving = new Map<string, () => void>();

  function forget(id: string): void {
    const connection = connections.get(id);
    leaving.delete(id);
    connections.delete(id);
    if (connection === undefined) return;
    const others = byAccount.get(connection.account);
    others?.delete(connection);
    if (others?.size === 0) byAccount.delete(connection.account);
  }

  return {
    connected(connection) {
      leaving.get(connection.id)?.();
      forget(connection.id);
      connections.set(connection.id, connection);
      byAccount.set(connection.account, (byAccount.get(connection.account) ?? new Set()).add(connection));
    },
    disconnected(id) {
      if (!connections.has(id) || leaving.has(id)) return;
      leaving.set(
        id,
        schedule(DEBOUNCE_MS, () => forget(id)),
      );
    },
    isOnline: (account) => byAccount.has(account),
    devicesOf: (account) => [...new Set([...(byAccount.get(account) ?? [])].map(({ device }) => device))],
    accounts: () => [...byAccount.keys()],
  };
}
