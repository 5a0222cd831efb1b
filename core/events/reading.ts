// Reading a slice of the log event by event, so that one unreadable row does not hide the other rows.
import { invariant } from '../errors.js';
import { reasonOf } from '../reason.js';
import type { LoggedEvent } from './event.js';
import type { EventStore, Slice } from './store.js';
import { isOfEvent } from './unhandled.js';

/** A row of the log whose texts are not those of an event. */
export interface UnreadableEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly reason: string;
}

export const isUnreadable = (item: LoggedEvent | UnreadableEvent): item is UnreadableEvent =>
  'reason' in item;

/** Why a row is not an event, from the reason of its parser. */
export const rowReason = (reason: string): string => `its row cannot be read (${reason})`;

/** Reads like `EventStore.readAll`. An unreadable row that is not quarantined becomes an `UnreadableEvent`. */
export async function readEachEvent(
  store: EventStore,
  slice: Slice,
): Promise<readonly (LoggedEvent | UnreadableEvent)[]> {
  try {
    return await store.readAll(slice);
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
  }
  const { position: head } = await store.head();
  const end = Math.min(head, slice.fromPosition + slice.limit - 1);
  const items: (LoggedEvent | UnreadableEvent)[] = [];
  for (let position = slice.fromPosition; position <= end; position += 1) {
    items.push(...(await readOne(store, position)));
  }
  return items;
}

async function readOne(
  store: EventStore,
  position: number,
): Promise<readonly (LoggedEvent | UnreadableEvent)[]> {
  try {
    return await store.readAll({ fromPosition: position, limit: 1 });
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    const place = await store.placeOf(position);
    invariant(place !== null, `the log has no row at position ${position}`);
    return [{ ...place, position, reason: rowReason(reasonOf(thrown)) }];
  }
}
