// Who is online, as the broker's own connections tell it, and whether they are there, as their devices do. It keeps no
// history and asks nobody.
import type { Schedule } from '../../core/time/clock.js';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { PresenceState } from '../../core/protocol/operations.js';
import type { Caller } from '../caller.js';

/** One connection of a device to the broker. */
export interface DeviceConnection {
  /** Unique among all servers and all time. */
  readonly id: string;
  readonly account: AccountId;
  readonly device: DeviceId;
}

export interface Presence {
  isOnline(account: AccountId): boolean;
  /** Of an account that is online: `dnd` if one of its devices says so, else `online` if one does not say `away`. */
  stateOf(account: AccountId): PresenceState;
  /** The devices of an account that are connected now. */
  devicesOf(account: AccountId): readonly DeviceId[];
  accounts(): readonly AccountId[];
}

export interface PresenceRecorder extends Presence {
  connected(connection: DeviceConnection): void;
  /** It may be back in a moment. */
  disconnected(id: string): void;
  /** It is not about to be back. */
  gone(id: string): void;
  /** The device says that it goes: it is gone while its connection may still be there. */
  left(caller: Caller): void;
  /** The device says whether its user is there; remembered until it goes, one state for each enrolled device at most. */
  setState(caller: Caller, state: PresenceState): void;
}

/** A device that reconnects within this time was never away. */
const DEBOUNCE_MS = 2_000;

export function createPresence(schedule: Schedule): PresenceRecorder {
  const connections = new Map<string, DeviceConnection>();
  /** The same, by account; no set is empty. */
  const byAccount = new Map<AccountId, Set<DeviceConnection>>();
  const leaving = new Map<string, () => void>();
  /** Of devices that have said so; the request may overtake the broker's word of the connection. */
  const states = new Map<DeviceId, PresenceState>();

  function forget(id: string): void {
    const connection = connections.get(id);
    leaving.get(id)?.();
    leaving.delete(id);
    connections.delete(id);
    if (connection === undefined) return;
    const { account, device } = connection;
    const others = byAccount.get(account);
    others?.delete(connection);
    if (others?.size === 0) byAccount.delete(account);
    if (!devicesOf(account).includes(device)) states.delete(device);
  }

  const devicesOf = (account: AccountId): readonly DeviceId[] => [
    ...new Set([...(byAccount.get(account) ?? [])].map(({ device }) => device)),
  ];

  return {
    connected(connection) {
      leaving.get(connection.id)?.();
      leaving.delete(connection.id);
      connections.set(connection.id, connection);
      const others = [...(byAccount.get(connection.account) ?? [])].filter(({ id }) => id !== connection.id);
      byAccount.set(connection.account, new Set([...others, connection]));
    },
    disconnected(id) {
      if (!connections.has(id) || leaving.has(id)) return;
      leaving.set(
        id,
        schedule(DEBOUNCE_MS, () => forget(id)),
      );
    },
    gone: forget,
    left({ account, device }) {
      for (const connection of byAccount.get(account) ?? []) {
        if (connection.device === device) forget(connection.id);
      }
    },
    setState: ({ device }, state) => void states.set(device, state),
    isOnline: (account) => byAccount.has(account),
    stateOf(account) {
      const reported = devicesOf(account).map((device) => states.get(device) ?? 'online');
      if (reported.includes('dnd')) return 'dnd';
      return reported.length > 0 && reported.every((state) => state === 'away') ? 'away' : 'online';
    },
    devicesOf,
    accounts: () => [...byAccount.keys()],
  };
}
