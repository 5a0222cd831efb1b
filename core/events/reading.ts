// Reading a slice of the log event by event, so that one unreadable row does not hide the other rows.
import { invariant } from '../errors.js';
import { reasonOf } from '../reason.js';
import type { RecordedEvent } from './event.js';
import type { EventStore, Slice } from './store.js';
import { isOfEvent } from './unhandled.js';

/** A row of the log whose texts are not those of an event. */
export interface UnreadableEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly reason: string;
}

export const isUnreadable = (item: RecordedEvent | UnreadableEvent): item is UnreadableEvent =>
  'reason' in item;

/** Reads like `EventStore.readAll`. An unreadable row becomes an `UnreadableEvent`. */
export async function readEachEvent(
  store: EventStore,
  slice: Slice,
): Promise<readonly (RecordedEvent | UnreadableEvent)[]> {
  try {
    return await store.readAll(slice);
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
  }
  const { position: head } = await store.head();
  const end = Math.min(head, slice.fromPosition + slice.limit - 1);
  const items: (RecordedEvent | UnreadableEvent)[] = [];
  for (let position = slice.fromPosition; position <= end; position += 1) {
    items.push(...(await readOne(store, position)));
  }
  return items;
}

async function readOne(
  store: EventStore,
  position: number,
): Promise<readonly (RecordedEvent | UnreadableEvent)[]> {
  try {
    return await store.readAll({ fromPosition: position, limit: 1 });
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    const place = await store.placeOf(position);
    invariant(place !== null, `the log has no row at position ${position}`);
    return [{ ...place, position, reason: `its row cannot be read (${reasonOf(thrown)})` }];
  }
}
