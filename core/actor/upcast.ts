// Old events in today's shape: what was once written stays as it was, and is read as if it were written now.
import { invariant } from '../errors.js';
import type { JsonObject } from '../json.js';

/** Brings the payload of an event type from schema version `from` to the next one. Pure; the log keeps what it has. */
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
 * The payload as the schema version `wanted` has it. Throws an `InvariantError` when there is no way from the version in
 * which the event was written; so for one of a newer program.
 */
export function upcast(upcasters: readonly Upcaster[], event: Versioned, wanted: number): JsonObject {
  const { type } = event;
  let { schemaVersion, payload } = event;
  while (schemaVersion < wanted) {
    const from = schemaVersion;
    const next = upcasters.find((upcaster) => upcaster.type === type && upcaster.from === from);
    invariant(next !== undefined, `there is no way from version ${from} of ${type} to ${wanted}`);
    payload = next.upcast(payload);
    schemaVersion += 1;
  }
  invariant(
    schemaVersion === wanted,
    `${type} is of version ${schemaVersion}, and this program knows ${wanted}`,
  );
  return payload;
}
