// The way to the tracker, open or shut. What waits before it looks again whenever it changes.
import type { Bus } from '../../../core/bus/bus.js';
import type { Timers } from '../timers.js';

/** As whom the broker knows this terminal. */
export type Role = 'guest' | 'device';

export interface Passage {
  readonly role: Role;
  readonly bus: Bus;
}

export interface Gate {
  /** Null while it is shut. */
  readonly passage: Passage | null;
  /** Whether it is shut for good. */
  readonly isClosed: boolean;
  open(passage: Passage): void;
  shut(): void;
  /** Shuts it for good. */
  close(): void;
  /** Resolves as soon as the gate opens or shuts, at the latest after `withinMs`; at once when it is closed. */
  change(withinMs: number): Promise<void>;
}

export function createGate(timers: Timers): Gate {
  const waiting = new Set<() => void>();
  let current: Passage | null = null;
  let isClosed = false;
  const become = (next: Passage | null): void => {
    current = isClosed ? null : next;
    for (const look of waiting) look();
  };
  return {
    get passage() {
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
    },
    change: (withinMs) =>
      new Promise((resolve) => {
        if (isClosed) return resolve();
        const look = (): void => {
          waiting.delete(look);
          cancel();
          resolve();
        };
        const cancel = timers.after(withinMs, look);
        waiting.add(look);
      }),
  };
}
