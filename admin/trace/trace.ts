// The trace of a request: the command that started it, the events that it recorded, and the commands that reactors derived from
// these events, across all streams.
import { z } from 'zod';
import type { LoggedEvent, Quarantine } from '../../core/events/event.js';
import { readQuarantines } from '../../core/events/quarantine/quarantines.js';
import { readLogRows } from '../../core/events/verification/log-reader.js';
import { OperatorError } from '../../core/errors.js';
import { loggedEventOfRow } from '../log/event-row.js';
import { type Look, type Point, pointOf } from '../look.js';
import { type Person, personAt } from '../subject/person.js';

export interface TracedEvent extends Point {
  readonly stream: string;
  readonly version: number;
  /** The name of the room or account at the position of the event. */
  readonly subject: string | null;
  readonly type: string;
  readonly payload: LoggedEvent['payload'];
  /** Present if the operator quarantined the event. */
  readonly quarantine?: Quarantine | undefined;
  /** The commands that this event caused. */
  readonly effects: readonly TracedCommand[];
}

export interface TracedCommand {
  readonly commandId: string;
  /** The type of the command; null if the events do not contain it. */
  readonly type: string | null;
  /** The account that sent the command; null if the tracker or the operator sent it. */
  readonly by: Person | null;
  readonly device: string | null;
  readonly events: readonly TracedEvent[];
}

export interface Trace {
  readonly correlationId: string;
  readonly commands: readonly TracedCommand[];
}

const POSITION = /^\d{1,15}$/;
const PLACE = /^([a-z]+-.+)\/(\d{1,15})$/;
const SLICE_EVENTS = 1_000;
const placeRow = z.object({ position: z.number() });

/**
 * `id` is a position, a stream and version (`room-01J…/7`), or the id of a command or a correlation. Throws an `OperatorError` if
 * the log has no such event. An id is searched by a scan of the whole log.
 */
export async function readTrace(look: Look, id: string): Promise<Trace> {
  const first = await firstEvent(look, id);
  if (first === undefined) {
    throw new OperatorError(
      `the log has no event of ${id}`,
      'Give a position, a stream and version such as room-01…/7, or a command id or correlation id that `partyline admin log --json` shows.',
    );
  }
  const { correlationId } = first.metadata;
  if (correlationId === '' && first.quarantine !== undefined) {
    throw new OperatorError(
      `the event at position ${first.position} is quarantined, and its command cannot be read`,
      `Run \`partyline admin log --from ${first.position} --limit 1\` to see the event.`,
    );
  }
  const events = await eventsWith(
    look,
    correlationId,
    ({ metadata }) => metadata.correlationId === correlationId,
  );
  const end = await look.end();
  const byCommand = grouped(events, ({ metadata }) => metadata.commandId);
  const byCause = grouped([...byCommand.values()], ([event]) => event?.metadata.causationId ?? null);

  async function commandsAfter(cause: string | null): Promise<readonly TracedCommand[]> {
    return Promise.all((byCause.get(cause) ?? []).map(commandOf));
  }

  async function commandOf(recorded: readonly LoggedEvent[]): Promise<TracedCommand> {
    const [event] = recorded;
    const { account = null, device = null, command = null, commandId = '' } = event?.metadata ?? {};
    return {
      commandId,
      type: command?.type ?? null,
      by:
        account === null || event === undefined
          ? null
          : await personAt(look.names, account, event.position, end),
      device,
      events: await Promise.all(recorded.map(tracedEvent)),
    };
  }

  async function tracedEvent(event: LoggedEvent): Promise<TracedEvent> {
    const { stream, version, type, payload, position } = event;
    const effects = await commandsAfter(`${stream}/${version}`);
    const subject = await look.names.ofStreamAt(stream, position);
    const { quarantine } = event;
    const traced = { ...pointOf(event), stream, version, subject, type, payload, effects };
    return quarantine === undefined ? traced : { ...traced, quarantine };
  }

  // A command whose cause is not among these events starts a separate tree.
  const places = new Set(events.map(({ stream, version }) => `${stream}/${version}`));
  const roots = [...byCause.keys()].filter((cause) => cause === null || !places.has(cause));
  return { correlationId, commands: (await Promise.all(roots.map(commandsAfter))).flat() };
}

function grouped<T, K>(values: readonly T[], keyOf: (value: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

async function firstEvent(look: Look, id: string): Promise<LoggedEvent | undefined> {
  if (POSITION.test(id)) return eventAt(look, Number(id));
  const [, stream, version] = PLACE.exec(id) ?? [];
  if (stream !== undefined) {
    const select = 'SELECT position FROM events WHERE stream = ? AND version = ?';
    const [row] = await look.sql.all(select, [stream, Number(version)]);
    return row && eventAt(look, placeRow.parse(row).position);
  }
  const [event] = await eventsWith(look, id, ({ metadata }) =>
    [metadata.correlationId, metadata.commandId].includes(id),
  );
  return event;
}

async function eventAt({ sql }: Look, position: number): Promise<LoggedEvent | undefined> {
  const where = [['position = ?', position]] as const;
  const [row] = await readLogRows(sql, { after: position - 1, limit: 1, where });
  return row && loggedEventOfRow(row, await readQuarantines(sql));
}

/**
 * The events whose metadata contains `text` and that pass `isMeant`. All events are scanned, because no index covers the
 * metadata.
 */
async function eventsWith(
  { sql }: Look,
  text: string,
  isMeant: (event: LoggedEvent) => boolean,
): Promise<readonly LoggedEvent[]> {
  const where = [['instr(metadata, ?) > 0', text]] as const;
  const events: LoggedEvent[] = [];
  const quarantines = await readQuarantines(sql);
  for (let after = 0; ; ) {
    const rows = await readLogRows(sql, { after, limit: SLICE_EVENTS, where });
    const found = rows.map((row) => loggedEventOfRow(row, quarantines));
    events.push(...found.filter(isMeant));
    if (rows.length < SLICE_EVENTS) return events;
    after = found.at(-1)?.position ?? after;
  }
}
