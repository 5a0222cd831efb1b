// The connection gate: the current route to the tracker, and methods that wait for its change. It opens no connection itself.
import type { Bus } from '../../../core/bus/bus.js';
import type { Schedule } from '../../../core/time/clock.js';
import { createChanges } from '../../../core/time/wait.js';

/** The role in which the broker has admitted this terminal. */
export type Role = 'guest' | 'device';

export interface Route {
  readonly role: Role;
  readonly bus: Bus;
}

export interface ConnectionGate {
  /** The current route to the tracker; null while the gate is shut. */
  readonly route: Route | null;
  /** Whether the gate was closed. A closed gate never opens again. */
  readonly isClosed: boolean;
  open(route: Route): void;
  shut(): void;
  /** Shuts the gate and ends every wait. */
  close(): void;
  /** Resolves as soon as the gate opens, shuts or closes, or after `timeoutMs`; at once when it is closed. */
  changed(timeoutMs: number): Promise<void>;
  /** Resolves as soon as the gate is open in `role` or closed, or after `timeoutMs`. */
  opened(role: Role, timeoutMs: number): Promise<void>;
}

export function createConnectionGate(schedule: Schedule): ConnectionGate {
  const changes = createChanges(schedule);
  let current: Route | null = null;
  let isClosed = false;
  let changeCount = 0;
  const become = (next: Route | null): void => {
    current = isClosed ? null : next;
    changeCount += 1;
    changes.notify();
  };
  return {
    get route() {
      return current;
    },
    get isClosed() {
      return isClosed;
    },
    open: become,
    shut: () => become(null),
    close() {
      isClosed = true;
      become(null);
      changes.close();
    },
    async changed(timeoutMs) {
      const seen = changeCount;
      await changes.until(() => changeCount !== seen, timeoutMs);
    },
    async opened(role, timeoutMs) {
      await changes.until(() => current?.role === role, timeoutMs);
    },
  };
}
