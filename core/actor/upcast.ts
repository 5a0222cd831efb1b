// The conversion of old event payloads to the current schema version. Stored events do not change.
import { invariant } from '../errors.js';
import type { JsonObject } from '../json.js';

/**
 * Converts the payload of an event type from schema version `from` to the next. Pure; the stored event does not change.
 */
export interface Upcaster {
  readonly type: string;
  readonly from: number;
  readonly upcast: (payload: JsonObject) => JsonObject;
}

interface Versioned {
  readonly type: string;
  readonly schemaVersion: number;
  readonly payload: JsonObject;
}

/**
 * Returns the payload in the schema version `wanted`. Throws an `InvariantError` if no upcaster leads from the event's
 * version to it, or if a newer program wrote the event.
 */
export function upcast(upcasters: readonly Upcaster[], event: Versioned, wanted: number): JsonObject {
  const { type } = event;
  let { schemaVersion, payload } = event;
  while (schemaVersion < wanted) {
    const from = schemaVersion;
    const next = upcasters.find((upcaster) => upcaster.type === type && upcaster.from === from);
    invariant(next !== undefined, `no upcaster leads from version ${from} of ${type} to ${wanted}`);
    payload = next.upcast(payload);
    schemaVersion += 1;
  }
  invariant(
    schemaVersion === wanted,
    `${type} has version ${schemaVersion}, but this program knows only versions up to ${wanted}`,
  );
  return payload;
}
