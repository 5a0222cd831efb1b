// The log as the notifier reads it, with the position up to which the notifier has pushed.
import type { EventStore, Slice } from '../../../../core/events/store.js';

export interface NoticeLog {
  readonly store: EventStore;
  /** The position of the last event whose notice has been pushed. */
  handled(): number;
}

/**
 * The position follows from the slices that the notifier reads: it asks for the next slice only after it has handled the previous
 * one.
 */
export function createNoticeLog(store: EventStore): NoticeLog {
  let handled = 0;
  return {
    store: {
      ...store,
      recent(slice: Slice) {
        handled = slice.fromPosition - 1;
        return store.recent(slice);
      },
    },
    handled: () => handled,
  };
}
