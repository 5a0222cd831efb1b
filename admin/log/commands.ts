// The recorded commands of a log, in the order of the log, each with the events that it recorded. The log contains only commands
// that recorded an event; a command that was refused or changed nothing leaves no trace.
import { z } from 'zod';
import { OperatorError } from '../../core/errors.js';
import type { Sql } from '../../core/events/sql/sql.js';
import { decoded } from '../../core/events/verification/log-reader.js';
import type { JsonObject } from '../../core/json.js';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import { hasStepColumns, isObject, jsonObjectOf, payloadAt, STEP_COLUMNS, type Step } from './steps.js';

export interface CommandStep extends Step {
  /** Null if the event has no personal part, or the part was redacted. */
  readonly personal: JsonObject | null;
}

/** The origin of a command. `account` and `device` are null if the tracker or the operator sent it. */
export interface Origin {
  readonly account: string | null;
  readonly device: string | null;
  readonly commandId: string;
  /** The stream and version of the event that caused the command; null for a request. */
  readonly causationId: string | null;
}

export interface RecordedCommand {
  readonly stream: string;
  /** The command without its names and texts. Null if the log does not contain it. */
  readonly command: (JsonObject & { readonly type: string }) | null;
  readonly origin: Origin;
  /** Why the metadata cannot be read; null if they are intact. */
  readonly damage: string | null;
  /** In order; at least one. */
  readonly steps: readonly CommandStep[];
}

export interface CommandQuery {
  readonly after: number;
  readonly upTo: number;
  /** Whether to read the personal parts of the events. */
  readonly withPersonal: boolean;
}

// As in steps.ts, few at a time.
const SLICE_EVENTS = 250;

// Selects a slice as one JSON text in bytes, as steps.ts does.
const select = (personal: string): string =>
  `SELECT CAST(json_group_array(json_array(position, stream, version, type, schema_version, recorded_at, payload, metadata, ${personal})) AS BLOB) AS steps
   FROM (SELECT * FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?)`;
const BARE = select('NULL');
const WHOLE = select('personal');

const sliceRow = z.object({ steps: z.string() });
type CommandColumns = [
  position: number,
  stream: string,
  version: number,
  type: string,
  schemaVersion: number,
  recordedAt: number,
  payload: string,
  metadata: string,
  personal: string | null,
];
const sliceSchema = z.custom<readonly CommandColumns[]>(
  (rows) => Array.isArray(rows) && rows.every((row) => Array.isArray(row) && hasCommandColumns(row)),
  'not the columns of commands',
);

function hasCommandColumns(row: readonly unknown[]): boolean {
  const [metadata, personal] = row.slice(STEP_COLUMNS);
  return hasStepColumns(row) && typeof metadata === 'string' && isTextOrNull(personal);
}

interface Metadata extends Origin {
  readonly command: RecordedCommand['command'];
}

/** The parts of the metadata that a command needs. */
const metadataSchema = z.custom<Metadata>((value) => {
  if (!isObject(value)) return false;
  const { account, device, command, commandId, causationId } = value;
  return (
    isTextOrNull(account) &&
    isTextOrNull(device) &&
    (command === null || (isObject(command) && typeof command['type'] === 'string')) &&
    typeof commandId === 'string' &&
    isTextOrNull(causationId)
  );
}, 'not the metadata of an event');

const isTextOrNull = (value: unknown): value is string | null => value === null || typeof value === 'string';

interface Open {
  readonly metadata: string;
  readonly steps: [CommandStep, ...CommandStep[]];
}

/**
 * The commands that recorded the events of a part of the log, slice by slice. The part must begin at the first event of a command.
 * A quarantined event has no command.
 */
export async function* readCommands(
  sql: Pick<Sql, 'all'>,
  { after, upTo, withPersonal }: CommandQuery,
): AsyncGenerator<readonly RecordedCommand[], void> {
  const quarantines = await readQuarantines(sql);
  const statement = withPersonal ? WHOLE : BARE;
  const end = Math.min(upTo, Number.MAX_SAFE_INTEGER);
  // The events of a command have the same metadata and successive positions. They may continue in the next slice.
  const pending: { open: Open | null } = { open: null };
  for (let from = after; ; ) {
    const slice = sliceIn(await sql.all(statement, [from, end, SLICE_EVENTS]), from);
    const commands: RecordedCommand[] = [];
    for (const [
      position,
      stream,
      version,
      type,
      schemaVersion,
      recordedAt,
      payload,
      metadata,
      personal,
    ] of slice) {
      const step: CommandStep = {
        position,
        stream,
        version,
        type,
        schemaVersion,
        recordedAt,
        ...payloadAt(position, payload, quarantines),
        personal: personal === null || quarantines.has(position) ? null : jsonObjectOf(personal),
      };
      const { open } = pending;
      const last = open?.steps.at(-1);
      const isContinued =
        open?.metadata === metadata && last?.stream === stream && last.version === version - 1;
      if (quarantines.has(position)) {
        if (open !== null) commands.push(commandOf(open));
        pending.open = null;
        commands.push({ stream, command: null, origin: NOBODY, damage: null, steps: [step] });
      } else if (isContinued) {
        open.steps.push(step);
      } else {
        if (open !== null) commands.push(commandOf(open));
        pending.open = { metadata, steps: [step] };
      }
    }
    const isLast = slice.length < SLICE_EVENTS;
    if (isLast && pending.open !== null) commands.push(commandOf(pending.open));
    if (commands.length > 0) yield commands;
    if (isLast) return;
    from = slice.at(-1)?.[0] ?? from;
  }
}

const NOBODY: Origin = { account: null, device: null, commandId: '', causationId: null };

function commandOf({ metadata, steps }: Open): RecordedCommand {
  const [{ stream }] = steps;
  const parsed = metadataSchema.safeParse(jsonObjectOf(metadata)).data;
  if (parsed === undefined) {
    return {
      stream,
      command: null,
      origin: NOBODY,
      damage: 'its metadata is not the metadata of an event',
      steps,
    };
  }
  const { account, device, command, commandId, causationId } = parsed;
  return { stream, command, origin: { account, device, commandId, causationId }, damage: null, steps };
}

function sliceIn([row]: Awaited<ReturnType<Sql['all']>>, after: number): readonly CommandColumns[] {
  try {
    return sliceSchema.parse(JSON.parse(sliceRow.parse(decoded(row ?? {})).steps));
  } catch (cause) {
    throw new OperatorError(
      `an event of the log after position ${after} cannot be read`,
      'Run `partyline admin verify` to find where the damage begins.',
      { cause },
    );
  }
}
