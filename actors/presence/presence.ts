// The presence of accounts. Whether an account is online follows from its connections to the broker; its state follows from the
// reports of its devices. No history is kept.
import type { Schedule } from '../../core/time/clock.js';
import type { AccountId, DeviceId } from '../../core/ids.js';
import type { PresenceState } from '../../core/protocol/operations.js';
import type { Caller } from '../caller.js';

/** One connection of a device to the broker. */
export interface DeviceConnection {
  /** Unique across servers and restarts. */
  readonly id: string;
  readonly account: AccountId;
  readonly device: DeviceId;
}

export interface Presence {
  isOnline(account: AccountId): boolean;
  /** The state of an online account: `dnd` if any device reports it, `away` if all devices do, else `online`. */
  stateOf(account: AccountId): PresenceState;
  /** Whether a connected device of the account reports that a program uses it. */
  isBot(account: AccountId): boolean;
  /** The devices of an account that are connected now. */
  devicesOf(account: AccountId): readonly DeviceId[];
  accounts(): readonly AccountId[];
}

export interface PresenceRecorder extends Presence {
  connected(connection: DeviceConnection): void;
  /** The connection ended; the device counts as offline if it does not reconnect soon. */
  disconnected(id: string): void;
  /** The connection ended, and no reconnect is expected. */
  gone(id: string): void;
  /** The device announced that it leaves; its connection may still be open. */
  left(caller: Caller): void;
  /**
   * Stores the state that a device reports, and whether a program uses it, until the device disconnects. Each enrolled device has
   * at most one state.
   */
  setState(caller: Caller, state: PresenceState, isBot?: boolean): void;
}

/** A device that reconnects within this time stays online. */
const DEBOUNCE_MS = 2_000;

export function createPresence(schedule: Schedule): PresenceRecorder {
  const connections = new Map<string, DeviceConnection>();
  /** The connections by account; no set is empty. */
  const byAccount = new Map<AccountId, Set<DeviceConnection>>();
  const leaving = new Map<string, () => void>();
  /** The reported states. A report may arrive before the broker reports the connection. */
  const states = new Map<DeviceId, { readonly state: PresenceState; readonly isBot: boolean }>();

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
    setState: ({ device }, state, isBot = false) => void states.set(device, { state, isBot }),
    isOnline: (account) => byAccount.has(account),
    stateOf(account) {
      const reported = devicesOf(account).map((device) => states.get(device)?.state ?? 'online');
      if (reported.includes('dnd')) return 'dnd';
      return reported.length > 0 && reported.every((state) => state === 'away') ? 'away' : 'online';
    },
    isBot: (account) => devicesOf(account).some((device) => states.get(device)?.isBot === true),
    devicesOf,
    accounts: () => [...byAccount.keys()],
  };
}
