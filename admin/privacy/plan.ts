// The plan of a redaction: the events whose personal parts are removed, and the texts in them. It changes nothing.
import { z } from 'zod';
import { streamOf } from '../../core/actor/aggregate.js';
import { OperatorError } from '../../core/errors.js';
import { parseEventRow, quarantinedEvent, readEvent, type RecordedEvent } from '../../core/events/event.js';
import { isOfEvent } from '../../core/events/unhandled.js';
import type { Row, Sql } from '../../core/events/sql/sql.js';
import { type LogQuery, readLogRows } from '../../core/events/verification/log-reader.js';
import type { Json } from '../../core/json.js';
import { lastPosition } from '../moment.js';

export type RedactionSubject =
  /** All personal data of an account. */
  | { readonly kind: 'account'; readonly account: string }
  /** The personal parts of some events. */
  | { readonly kind: 'positions'; readonly positions: readonly number[] };

export interface RedactionPlan {
  /** In the order of positions. Empty if everything was removed before. */
  readonly events: readonly RecordedEvent[];
  /** The texts to remove, which no other place may keep. */
  readonly texts: readonly string[];
  /** All names that the account ever had; empty for positions. */
  readonly names: readonly string[];
  /** All devices that the account ever had; empty for positions. */
  readonly devices: readonly string[];
  /** The creations of open rooms whose names mention the account. They are kept, because others could no longer find the room. */
  readonly kept: readonly RecordedEvent[];
}

const SLICE_EVENTS = 500;
const namingTypes: ReadonlySet<string> = new Set(['AccountRegistered', 'UsernameChanged']);
/** The texts of these events are about the room, and not about the account that they name. */
const aboutRoom: ReadonlySet<string> = new Set(['RoomCreated', 'TopicChanged', 'RoomClosed']);
const naming = z.object({ username: z.string(), formerly: z.string().optional() });
const ofAccount = z.object({ account: z.string() });
const ofDevice = z.object({ device: z.string() });

/** The account that an event is about. Null for a quarantine, and for an event whose payload cannot be read. */
export const accountOf = ({ payload }: Pick<RecordedEvent, 'payload'>): string | null =>
  ofAccount.safeParse(payload).data?.account ?? null;

/** The event of a row. The parts of an unreadable event are its whole texts, so that a name in them is still found. */
function eventIn(row: Row): RecordedEvent {
  const parsed = parseEventRow(row);
  try {
    return readEvent(parsed);
  } catch (thrown) {
    if (!isOfEvent(thrown)) throw thrown;
    const personal = parsed.personal === null ? null : { text: parsed.personal };
    return { ...quarantinedEvent(parsed, { by: 0, reason: '' }), personal, quarantine: undefined };
  }
}

/** Throws an `OperatorError` if a position has no event, or one that never had a personal part. */
export async function planRedaction(
  sql: Pick<Sql, 'all'>,
  subject: RedactionSubject,
): Promise<RedactionPlan> {
  return subject.kind === 'account'
    ? planAccount(sql, subject.account)
    : planPositions(sql, subject.positions);
}

async function planPositions(sql: Pick<Sql, 'all'>, positions: readonly number[]): Promise<RedactionPlan> {
  const events: RecordedEvent[] = [];
  for (const position of [...new Set(positions)].toSorted((one, other) => one - other)) {
    const [row] = await readLogRows(sql, { after: position - 1, limit: 1 });
    const event = row && eventIn(row);
    if (event?.position !== position) {
      throw new OperatorError(
        `the log has no event at position ${position}: it ends at position ${await lastPosition(sql)}`,
        'Run `partyline admin log` to find the position.',
      );
    }
    if (event.personalDigest === null) {
      throw new OperatorError(
        `the event at position ${position} never had a personal part`,
        'Run `partyline admin log` to find the events with a personal part.',
      );
    }
    if (accountOf(event) === null) {
      throw new OperatorError(
        `the event at position ${position} is about no account, so that no account can record its redaction`,
        'Redact an account whose name is in its texts: partyline admin redact --account USER',
      );
    }
    if (event.personal !== null) events.push(event);
  }
  return { events, texts: textsOf(events), names: [], devices: [], kept: [] };
}

async function planAccount(sql: Pick<Sql, 'all'>, account: string): Promise<RedactionPlan> {
  const stream = streamOf('account', account);
  const own = await all(sql, [['stream = ?', stream]]);
  const names = namesIn(own);
  const devices = own.filter(({ type }) => type === 'DeviceEnrolled');
  const mentioned = mentionOf(names);
  const isConcerned = (event: RecordedEvent): boolean => {
    // The reason of the disabling that belongs to a redaction is empty.
    if (textsOf([event]).length === 0) return false;
    if (event.stream === stream) return event.type !== 'PersonalDataRedacted';
    const isAboutRoom = aboutRoom.has(event.type) || event.stream.startsWith('account-');
    if (!isAboutRoom && accountOf(event) === account) return true;
    // Names of other accounts stay, even if this account had them before.
    if (namingTypes.has(event.type) || event.type === 'PersonalDataRedacted') return false;
    return textsOf([event]).some(mentioned);
  };
  const events: RecordedEvent[] = [];
  const kept: RecordedEvent[] = [];
  for await (const slice of slices(sql, [['personal IS NOT ?', null]])) {
    for (const event of slice.filter(isConcerned)) {
      const isOpen = event.type === 'RoomCreated' && !(await isClosed(sql, event.stream));
      (isOpen ? kept : events).push(event);
    }
  }
  const texts = [...new Set([...names, ...textsOf(events)])];
  return {
    events,
    texts,
    names,
    devices: [...new Set(devices.map(({ payload }) => ofDevice.parse(payload).device))],
    kept,
  };
}

/** All names in the events of an account that still have them. */
function namesIn(events: readonly RecordedEvent[]): readonly string[] {
  const names = events
    .filter(({ type, personal }) => namingTypes.has(type) && personal !== null)
    .flatMap(({ personal }) => {
      const { username, formerly } = naming.parse(personal);
      return formerly === undefined ? [username] : [username, formerly];
    });
  return [...new Set(names)];
}

/** Shorter texts also occur by chance in unrelated texts. */
const LEAST_CHARACTERS = 4;

/** Whether a text has one of the names as a whole word, or another of the texts, in any case. */
export function hasTextOf(names: readonly string[], texts: readonly string[]): (text: string) => boolean {
  const mentioned = mentionOf(names);
  const parts = texts.filter((part) => part.length >= LEAST_CHARACTERS).map((part) => part.toLowerCase());
  return (text) => mentioned(text) || parts.some((part) => text.toLowerCase().includes(part));
}

/** Whether a text has one of the names as a whole word, in any case. */
function mentionOf(names: readonly string[]): (text: string) => boolean {
  if (names.length === 0) return () => false;
  const words = new RegExp(`(?<![A-Za-z0-9_-])(?:${names.map(literal).join('|')})(?![A-Za-z0-9_-])`, 'i');
  return (text) => words.test(text);
}

const literal = (name: string): string => name.replaceAll(/[^A-Za-z0-9_-]/g, '\\$&');

const textsOf = (events: readonly RecordedEvent[]): readonly string[] => [
  ...new Set(events.flatMap(({ personal }) => (personal === null ? [] : stringsIn(personal)))),
];

function stringsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

async function isClosed(sql: Pick<Sql, 'all'>, stream: string): Promise<boolean> {
  const where = [
    ['stream = ?', stream],
    ['type = ?', 'RoomClosed'],
  ] as const;
  return (await readLogRows(sql, { after: 0, limit: 1, where })).length > 0;
}

async function all(sql: Pick<Sql, 'all'>, where: LogQuery['where']): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const slice of slices(sql, where)) events.push(...slice);
  return events;
}

async function* slices(
  sql: Pick<Sql, 'all'>,
  where: LogQuery['where'] = [],
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let after = 0; ; ) {
    const rows = await readLogRows(sql, { after, limit: SLICE_EVENTS, where });
    const events = rows.map(eventIn);
    yield events;
    if (events.length < SLICE_EVENTS) return;
    after = events.at(-1)?.position ?? after;
  }
}
