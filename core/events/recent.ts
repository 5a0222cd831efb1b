// The latest events that this process appended, in memory. The followers of the log read each event soon after it is
// written. Older events are read from the log.
import type { RecordedEvent } from './event.js';
import type { Slice } from './store.js';

export interface Recent {
  /** Adds committed events in the order of positions. */
  add(events: readonly RecordedEvent[]): void;
  /**
   * The events of a slice from its first position. Empty if the first event is not in memory, although the log may
   * contain it.
   */
  read(slice: Slice): readonly RecordedEvent[];
}

/** @param capacity when more than twice this number of events are in memory, only the latest `capacity` remain */
export function createRecent(capacity: number): Recent {
  /** The positions have no gaps. */
  let kept: RecordedEvent[] = [];

  return {
    add(events) {
      const [first] = events;
      if (first === undefined) return;
      // Another process wrote events in between. Those events must be read from the log.
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
