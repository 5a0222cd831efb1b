// The quarantined events of a log, read from its events alone: each event that was ever quarantined has a stream of its own, whose
// last event says whether it still is. The table `quarantined_events` has the same content.
import { z } from 'zod';
import type { Quarantine } from '../event.js';
import type { Row, Sql } from '../sql/sql.js';
import { events } from '../sql/tables.js';
import { decoded, uncheckedColumnsOf } from '../verification/log-reader.js';

/** The kind of the streams. The stream of an event is named after the position of the event, as in `quarantine-57`. */
export const QUARANTINE = 'quarantine';
/** The only schema version of the two events. */
export const QUARANTINE_SCHEMA = 1;

/** The payload of both events. */
export const quarantinePayload = z.object({
  position: z.int().positive(),
  stream: z.string(),
  version: z.int().positive(),
});
/** The personal part of both events. */
export const quarantinePersonal = z.object({ reason: z.string() });

export const isOfQuarantine = (stream: string): boolean => stream.startsWith(`${QUARANTINE}-`);

/** An event that is quarantined now. */
export interface QuarantinedPlace extends Quarantine {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
}

/** The quarantined events by their positions. */
export type Quarantines = ReadonlyMap<number, QuarantinedPlace>;

/** The last change of the quarantine of one event. */
interface Change extends QuarantinedPlace {
  readonly isQuarantined: boolean;
}

// The streams whose names begin with `quarantine-`: a dot follows the hyphen in ASCII. The plus sign keeps SQLite from a scan of the
// whole log in the order of positions; the index of streams gives the few rows.
const SELECT = `SELECT ${uncheckedColumnsOf(events, ['position', 'type', 'schemaVersion', 'payload', 'personal'])} FROM events
  WHERE events.stream >= '${QUARANTINE}-' AND events.stream < '${QUARANTINE}.' ORDER BY +events.position`;

const changeRow = z.object({
  position: z.int(),
  type: z.enum(['EventQuarantined', 'EventReleased']),
  schemaVersion: z.literal(QUARANTINE_SCHEMA),
  payload: json(quarantinePayload),
  personal: json(quarantinePersonal).nullable(),
});

/**
 * Reads the quarantines as of the last event. An event of a quarantine stream that this version cannot read has no effect. It can be
 * quarantined itself.
 */
export async function readQuarantines(sql: Pick<Sql, 'all'>): Promise<Quarantines> {
  const byTarget = new Map<number, Change[]>();
  for (const row of await sql.all(SELECT)) {
    const change = changeIn(decoded(row));
    if (change === null) continue;
    const changes = byTarget.get(change.position) ?? [];
    changes.push(change);
    byTarget.set(change.position, changes);
  }
  const quarantined = new Map<number, QuarantinedPlace>();
  // A quarantine comes after its event. So the quarantines of quarantine events are known before they are needed.
  for (const [target, changes] of [...byTarget].toSorted(([one], [other]) => other - one)) {
    const last = changes.findLast(({ by }) => !quarantined.has(by));
    if (last?.isQuarantined !== true) continue;
    const { position, stream, version, by, reason } = last;
    quarantined.set(target, { position, stream, version, by, reason });
  }
  return new Map([...quarantined].toReversed());
}

/** Null if the row is not one of the two events in a version that is known here. */
function changeIn(row: Row): Change | null {
  const parsed = changeRow.safeParse(row);
  if (!parsed.success) return null;
  const { position: by, type, payload, personal } = parsed.data;
  const isQuarantined = type === 'EventQuarantined';
  return { ...payload, by, reason: personal?.reason ?? '', isQuarantined };
}

/** A text that holds a value of the schema as JSON. */
function json<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context) => {
      try {
        const value: unknown = JSON.parse(text);
        return value;
      } catch (thrown) {
        if (!(thrown instanceof SyntaxError)) throw thrown;
        context.addIssue('not JSON');
        return z.NEVER;
      }
    })
    .pipe(schema);
}
