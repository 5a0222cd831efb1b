// The text of one event: a line for people that is safe on any screen, or JSON for programs.
import type { RecordedEvent } from '../core/events/event.js';
import { sanitiseLine } from '../core/protocol/message/sanitise.js';
import type { Names } from './names.js';

/** The commands that only the operator can send. */
const OF_OPERATOR: ReadonlySet<string> = new Set(['DisableAccount', 'EnableAccount']);
const POSITION_WIDTH = 8;
// Characters that a terminal could interpret or a person could not see. Escaping keeps the JSON equivalent.
const NOT_PLAIN = /[^\x20-\x7e]/g;

/** The fields are position, time, stream, version, type, actor, payload and personal data. */
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

/** The whole event with the actor's name, as JSON in ASCII. */
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

/** ISO 8601 in UTC; the plain number if the time is outside the calendar. */
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
