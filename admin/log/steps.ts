// The steps of a log: for each event, only the columns that a replay reads. SQLite returns a slice as one JSON text, which takes
// a third of the time of separate rows.
import { z } from 'zod';
import { OperatorError } from '../../core/errors.js';
import type { Quarantine } from '../../core/events/event.js';
import { type Quarantines, readQuarantines } from '../../core/events/quarantine/quarantines.js';
import type { Row, Sql, SqlValue } from '../../core/events/sql/sql.js';
import { decoded } from '../../core/events/verification/log-reader.js';
import type { JsonObject } from '../../core/json.js';

export interface Step {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  readonly payload: JsonObject;
  /** Why the payload cannot be read. The payload is then empty. */
  readonly damage?: string;
  /** Present if the operator quarantined the event. Its payload is then empty, and nothing applies it. */
  readonly quarantine?: Quarantine | undefined;
}

/** The part of the log to read, and the greatest number of events. */
type StepQuery =
  | {
      readonly stream: string;
      readonly afterVersion: number;
      readonly upToVersion: number;
      readonly limit: number;
    }
  | { readonly after: number; readonly upTo: number; readonly limit: number };

// The garbage collector copies what is in use. With few steps at a time it has little to copy.
const SLICE_STEPS = 250;

// The text is selected as bytes, because the driver aborts the process on text that is not UTF-8.
const select = (where: string, order: string): string =>
  `SELECT CAST(json_group_array(json_array(position, stream, version, type, schema_version, recorded_at, payload)) AS BLOB) AS steps
   FROM (SELECT * FROM events WHERE ${where} ORDER BY ${order} LIMIT ?)`;
const OF_LOG = select('position > ? AND position <= ?', 'position');
const OF_STREAM = select('stream = ? AND version > ? AND version <= ?', 'version');
const LAST_VERSION = 'SELECT COALESCE(MAX(version), 0) AS found FROM events WHERE stream = ?';
const POSITION = 'SELECT position AS found FROM events WHERE stream = ? AND version = ?';

const numberRow = z.object({ found: z.number() });
const sliceRow = z.object({ steps: z.string() });
type StepColumns = [
  position: number,
  stream: string,
  version: number,
  type: string,
  schemaVersion: number,
  recordedAt: number,
  payload: string,
];
/** The columns of a step in the order of the selection. The schema of a tuple takes as long as the application of an event. */
const sliceSchema = z.custom<readonly StepColumns[]>(
  (rows) => Array.isArray(rows) && rows.every((row) => Array.isArray(row) && hasStepColumns(row)),
  'not the columns of steps',
);

export const STEP_COLUMNS = 7;

/** Whether a row begins with the columns of a step. */
export function hasStepColumns(row: readonly unknown[]): boolean {
  const [position, stream, version, type, schemaVersion, recordedAt, payload] = row;
  return (
    typeof position === 'number' &&
    typeof stream === 'string' &&
    typeof version === 'number' &&
    typeof type === 'string' &&
    typeof schemaVersion === 'number' &&
    typeof recordedAt === 'number' &&
    typeof payload === 'string'
  );
}

/** The first steps of a part of the log, in order. Throws an `OperatorError` if one of them is damaged. */
async function readSteps(
  sql: Pick<Sql, 'all'>,
  query: StepQuery,
  quarantines: Quarantines,
): Promise<readonly Step[]> {
  const [statement, values]: readonly [string, readonly SqlValue[]] =
    'stream' in query
      ? [OF_STREAM, [query.stream, query.afterVersion, query.upToVersion, query.limit]]
      : [OF_LOG, [query.after, Math.min(query.upTo, Number.MAX_SAFE_INTEGER), query.limit]];
  return stepsIn(await sql.all(statement, values), query, quarantines);
}

/** All steps of a part of the log, slice by slice, so that other tasks can read and write between two slices. */
export async function* readAllSteps(
  sql: Pick<Sql, 'all'>,
  part: { readonly after: number; readonly upTo: number },
): AsyncGenerator<readonly Step[], void> {
  const quarantines = await readQuarantines(sql);
  for (let { after } = part; ; ) {
    const steps = await readSteps(sql, { after, upTo: part.upTo, limit: SLICE_STEPS }, quarantines);
    if (steps.length > 0) yield steps;
    if (steps.length < SLICE_STEPS) return;
    after = steps.at(-1)?.position ?? after;
  }
}

/** The steps of one stream after `afterVersion`, up to the position `upTo`; slice by slice, as in `readAllSteps`. */
export async function* readStreamSteps(
  sql: Pick<Sql, 'all'>,
  part: { readonly stream: string; readonly afterVersion: number; readonly upTo: number },
): AsyncGenerator<readonly Step[], void> {
  const { stream } = part;
  const quarantines = await readQuarantines(sql);
  const upToVersion = await versionAt(sql, stream, part.upTo);
  for (let { afterVersion } = part; ; ) {
    const query = { stream, afterVersion, upToVersion, limit: SLICE_STEPS };
    const steps = await readSteps(sql, query, quarantines);
    if (steps.length > 0) yield steps;
    if (steps.length < SLICE_STEPS) return;
    afterVersion = steps.at(-1)?.version ?? afterVersion;
  }
}

/** The number of events of a stream up to a position. A binary search finds it, because later events have later positions. */
export async function versionAt(sql: Pick<Sql, 'all'>, stream: string, position: number): Promise<number> {
  let low = 0;
  let high = (await foundBy(sql, LAST_VERSION, [stream])) + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await foundBy(sql, POSITION, [stream, middle])) <= position) low = middle;
    else high = middle;
  }
  return low;
}

/** The single number that a query returns. Throws an `OperatorError` if the row is missing, which means a missing event. */
async function foundBy(sql: Pick<Sql, 'all'>, select: string, values: readonly SqlValue[]): Promise<number> {
  const [row] = await sql.all(select, values);
  const found = numberRow.safeParse(row).data?.found;
  if (found !== undefined) return found;
  throw new OperatorError(
    `the log lacks the event ${values.join('/')}`,
    'Run `partyline admin verify` to find where the damage begins.',
  );
}

function stepsIn([row]: readonly Row[], query: StepQuery, quarantines: Quarantines): readonly Step[] {
  try {
    const slice = sliceSchema.parse(JSON.parse(sliceRow.parse(decoded(row ?? {})).steps));
    return slice.map(([position, stream, version, type, schemaVersion, recordedAt, payload]) => ({
      position,
      stream,
      version,
      type,
      schemaVersion,
      recordedAt,
      ...payloadAt(position, payload, quarantines),
    }));
  } catch (cause) {
    const place = 'stream' in query ? query.stream : `position ${query.after}`;
    throw new OperatorError(
      `an event of the log after ${place} cannot be read`,
      'Run `partyline admin verify` to find where the damage begins.',
      { cause },
    );
  }
}

/** The payload of an event; empty for a quarantined event. */
export function payloadAt(
  position: number,
  text: string,
  quarantines: Quarantines,
): Pick<Step, 'payload' | 'damage' | 'quarantine'> {
  const quarantine = quarantines.get(position);
  return quarantine === undefined ? payloadOf(text) : { payload: {}, quarantine };
}

/**
 * The payload from its stored text. A text that is not a JSON object counts as damage of this event only; the rest of the slice
 * is read.
 */
function payloadOf(text: string): Pick<Step, 'payload' | 'damage'> {
  const object = jsonObjectOf(text);
  return object === null ? { payload: {}, damage: 'its payload is not a JSON object' } : { payload: object };
}

/** Null if the text is not a JSON object. */
export function jsonObjectOf(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

// A value that JSON.parse returns and that is neither a scalar nor an array is a JSON object.
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
