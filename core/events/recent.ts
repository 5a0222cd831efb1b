// The end of the log as this process wrote it, in memory: whoever follows the log reads each event soon after it was
// written, and several do. It knows no table; what it does not have, the log has.
import type { RecordedEvent } from './event.js';
import type { Slice } from './store.js';

export interface Recent {
  /** Takes events that are committed, in the order of positions. */
  add(events: readonly RecordedEvent[]): void;
  /** What it has of a slice, from its first position on; empty where it has not even that, and the log may. */
  read(slice: Slice): readonly RecordedEvent[];
}

/** @param capacity how many events it keeps at least, once there were as many */
export function createRecent(capacity: number): Recent {
  /** Without gaps. */
  let kept: RecordedEvent[] = [];

  return {
    add(events) {
      const [first] = events;
      if (first === undefined) return;
      // Another process has written in between: that is read from the log.
      if (kept.at(-1)?.position !== first.position - 1) kept = [];
      kept.push(...events);
      if (kept.length > 2 * capacity) kept = kept.slice(-capacity);
    },
    read({ fromPosition, limit }) {
      const start = fromPosition - (kept[0]?.position ?? fromPosition);
      return start < 0 ? [] : kept.slice(start, start + limit);
    },
  };
}
