// The text of one event: a line for people that is safe on any screen, or JSON for programs.
import { isByOperator } from '../../actors/operator.js';
import type { LoggedEvent, Quarantine } from '../../core/events/event.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Names } from '../subject/names.js';
import { jsonText } from '../text/json.js';
import { timeText } from '../text/time.js';

const POSITION_WIDTH = 8;

/** The fields are position, time, stream, version, type, actor, payload and personal data. */
export async function entryText(event: LoggedEvent, names: Names): Promise<string> {
  const parts = [
    String(event.position).padStart(POSITION_WIDTH),
    timeText(event.recordedAt),
    `${event.stream} v${event.version}`,
    event.type,
    `by ${await actorOf(event, names)}`,
    JSON.stringify(event.payload),
    ...(event.personalDigest === null ? [] : [personalText(event)]),
    ...(event.quarantine === undefined ? [] : [quarantineText(event.quarantine)]),
  ];
  return sanitiseLine(parts.join('  '));
}

/** The name, at that moment, of the account that caused an event; the operator or the tracker if no account did. */
export async function actorOf({ metadata, position }: LoggedEvent, names: Names): Promise<string> {
  const { account, commandId } = metadata;
  if (commandId === '') return 'an unknown actor';
  if (account !== null) return (await names.ofAccount(account, position)) ?? account;
  return `the ${isByOperator(metadata) ? 'operator' : 'tracker'}`;
}

/** The whole event with the name that the actor had then, as JSON in ASCII. */
export async function entryJson(event: LoggedEvent, names: Names): Promise<string> {
  const { account } = event.metadata;
  return jsonText('event/1', {
    position: event.position,
    at: timeText(event.recordedAt),
    stream: event.stream,
    version: event.version,
    type: event.type,
    schemaVersion: event.schemaVersion,
    by: account === null ? null : await names.ofAccount(account, event.position),
    payload: event.payload,
    personal: event.personal,
    redacted: event.personalDigest !== null && event.personal === null,
    metadata: event.metadata,
    hash: event.hash,
    ...(event.quarantine === undefined
      ? {}
      : { quarantine: { by: event.quarantine.by, reason: event.quarantine.reason } }),
  });
}

/** `quarantined by position 60: REASON`. */
export const quarantineText = ({ by, reason }: Quarantine): string =>
  `quarantined by position ${by}: ${reason || 'its reason was redacted'}`;

function personalText({ personal }: LoggedEvent): string {
  return `personal ${personal === null ? 'redacted' : JSON.stringify(personal)}`;
}
