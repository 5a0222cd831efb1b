// Where devices and guests connect from, as the broker's own connections tell it. It keeps nothing on the disk.
import type { DeviceId } from '../../core/ids.js';
import { type Origin, originOf, UNKNOWN_ORIGIN } from '../../core/origin.js';
import type { Schedule } from '../../core/time/clock.js';

/** One connection of a device or a guest to the broker. */
export interface OriginConnection {
  /** Unique among all servers and all time. */
  readonly id: string;
  readonly device: DeviceId;
  readonly clientIp: string | undefined;
  /** Since when; milliseconds since the epoch. */
  readonly since: number;
}

export interface Origins {
  /**
   * Where the device's newest connection comes from. A request may overtake the broker's word of its connection: that
   * is waited for, briefly. After that, where the device was last, else unknown.
   */
  of(device: DeviceId): Promise<Origin>;
}

export interface OriginRecorder extends Origins {
  connected(connection: OriginConnection): void;
  disconnected(id: string): void;
}

/** The broker's word comes within milliseconds. */
const PATIENCE_MS = 1_000;
/** Devices that are gone and may have a request on its way. */
const REMEMBERED = 10_000;

export function createOrigins(schedule: Schedule): OriginRecorder {
  const connections = new Map<string, OriginConnection>();
  /** The same, by device; no set is empty. */
  const byDevice = new Map<DeviceId, Set<OriginConnection>>();
  /** The longest gone first. */
  const gone = new Map<DeviceId, Origin>();
  const waiting = new Map<DeviceId, Set<() => void>>();

  function present(device: DeviceId): Origin | undefined {
    const [first, ...others] = byDevice.get(device) ?? [];
    if (first === undefined) return undefined;
    // Of those that began at the same moment, the one that was heard of last.
    const newest = others.reduce((latest, next) => (next.since >= latest.since ? next : latest), first);
    return originOf(newest.clientIp);
  }

  function remember(device: DeviceId, origin: Origin): void {
    gone.delete(device);
    gone.set(device, origin);
    for (const [longest] of gone) {
      if (gone.size <= REMEMBERED) return;
      gone.delete(longest);
    }
  }

  function heardOf(device: DeviceId): Promise<void> {
    return new Promise((resolve) => {
      const waiters = waiting.get(device) ?? new Set();
      waiting.set(device, waiters);
      const done = (): void => {
        cancel();
        waiters.delete(done);
        if (waiters.size === 0) waiting.delete(device);
        resolve();
      };
      const cancel = schedule(PATIENCE_MS, done);
      waiters.add(done);
    });
  }

  return {
    connected(connection) {
      const { id, device } = connection;
      connections.set(id, connection);
      byDevice.set(device, (byDevice.get(device) ?? new Set()).add(connection));
      gone.delete(device);
      for (const done of waiting.get(device) ?? []) done();
    },
    disconnected(id) {
      const connection = connections.get(id);
      if (connection === undefined) return;
      const { device } = connection;
      connections.delete(id);
      const others = byDevice.get(device);
      others?.delete(connection);
      if (others?.size !== 0) return;
      byDevice.delete(device);
      remember(device, originOf(connection.clientIp));
    },
    async of(device) {
      if (!byDevice.has(device)) await heardOf(device);
      return present(device) ?? gone.get(device) ?? UNKNOWN_ORIGIN;
    },
  };
}
