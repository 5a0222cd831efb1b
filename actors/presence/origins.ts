// The origins that devices and guests connect from, as the broker reports its connections. It stores nothing on disk.
import { LRUCache } from 'lru-cache';
import type { DeviceId } from '../../core/ids.js';
import { type Origin, originOf, UNKNOWN_ORIGIN } from '../../core/origin.js';
import type { Schedule } from '../../core/time/clock.js';

/** One connection of a device or a guest to the broker. */
export interface OriginConnection {
  /** Unique across servers and restarts. */
  readonly id: string;
  readonly device: DeviceId;
  readonly clientIp: string | undefined;
  /** When it opened, milliseconds since the epoch. */
  readonly since: number;
}

export interface Origins {
  /**
   * The origin of the device's newest connection. A request may arrive before the broker reports the connection, so `of` waits
   * for the report, at most a second. Without a report it resolves with the device's last origin, or to the unknown origin.
   */
  of(device: DeviceId): Promise<Origin>;
}

export interface OriginRecorder extends Origins {
  connected(connection: OriginConnection): void;
  disconnected(id: string): void;
}

/** The broker's report usually takes milliseconds. */
const PATIENCE_MS = 1_000;
/** Disconnected devices whose last origin is kept, because a request may still be under way. */
const MAX_DISCONNECTED = 10_000;

export function createOrigins(schedule: Schedule): OriginRecorder {
  const connections = new Map<string, OriginConnection>();
  /** The connections by device; no set is empty. */
  const byDevice = new Map<DeviceId, Set<OriginConnection>>();
  /** The last origin of each disconnected device. */
  const disconnected = new LRUCache<DeviceId, Origin>({ max: MAX_DISCONNECTED });
  const waiting = new Map<DeviceId, Set<() => void>>();

  function currentOrigin(device: DeviceId): Origin | undefined {
    const [first, ...others] = byDevice.get(device) ?? [];
    if (first === undefined) return undefined;
    // Among connections with the same start, the one reported last wins.
    const newest = others.reduce((latest, next) => (next.since >= latest.since ? next : latest), first);
    return originOf(newest.clientIp);
  }

  function connectionReported(device: DeviceId): Promise<void> {
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
      disconnected.delete(device);
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
      disconnected.set(device, originOf(connection.clientIp));
    },
    async of(device) {
      if (!byDevice.has(device)) await connectionReported(device);
      return currentOrigin(device) ?? disconnected.peek(device) ?? UNKNOWN_ORIGIN;
    },
  };
}
