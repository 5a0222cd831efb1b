// One event as a line: for people, safe on any screen; or for programs, as JSON.
import type { RecordedEvent } from '../core/events/event.js';
import { sanitiseLine } from '../core/protocol/message/sanitise.js';
import type { Names } from './names.js';

/** The commands that only the administration gives. */
const OF_OPERATOR: ReadonlySet<string> = new Set(['DisableAccount', 'EnableAccount']);
const POSITION_WIDTH = 8;
// What a terminal might obey or a person could not see, escaped: the JSON says the same.
const NOT_PLAIN = /[^\x20-\x7e]/g;

/** `position time stream version type by whom payload personal`. */
export async function entryText(event: RecordedEvent, names: Names): Promise<string> {
  const { account, command } = event.metadata;
  const isOfOperator = OF_OPERATOR.has(command?.type ?? '');
  const who =
    account === null
      ? `the ${isOfOperator ? 'operator' : 'tracker'}`
      : ((await names.of(account)) ?? account);
  const parts = [
    String(event.position).padStart(POSITION_WIDTH),
    timeOf(event.recordedAt),
    `${event.stream} v${event.version}`,
    event.type,
    `by ${who}`,
    JSON.stringify(event.payload),
    ...(event.personalDigest === null ? [] : [personalText(event)]),
  ];
  return sanitiseLine(parts.join('  '));
}

/** All of the event, with the actor's name, in characters of ASCII. */
export async function entryJson(event: RecordedEvent, names: Names): Promise<string> {
  const { account } = event.metadata;
  const entry = {
    position: event.position,
    at: timeOf(event.recordedAt),
    stream: event.stream,
    version: event.version,
    type: event.type,
    schemaVersion: event.schemaVersion,
    by: account === null ? null : await names.of(account),
    payload: event.payload,
    personal: event.personal,
    redacted: event.personalDigest !== null && event.personal === null,
    metadata: event.metadata,
    hash: event.hash,
  };
  return JSON.stringify(entry).replace(NOT_PLAIN, (unit) => `\\u${hex(unit)}`);
}

/** ISO 8601, UTC; a number where the time is beyond the calendar. */
export function timeOf(recordedAt: number): string {
  const date = new Date(recordedAt);
  return Number.isNaN(date.getTime()) ? String(recordedAt) : date.toISOString();
}

function personalText({ personal }: RecordedEvent): string {
  return `personal ${personal === null ? 'redacted' : JSON.stringify(personal)}`;
}

function hex(unit: string): string {
  return unit.charCodeAt(0).toString(16).padStart(4, '0');
}
