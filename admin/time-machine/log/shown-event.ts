// An event as the time machine shows it: a line of the list, and all its parts as names and values.
import { z } from 'zod';
import type { EventMetadata, LoggedEvent } from '../../../core/events/event.js';
import { sanitiseLine } from '../../../core/protocol/message/sanitise.js';
import { actorOf, quarantineText } from '../../log/entry.js';
import type { Look } from '../../look.js';
import { payloadText } from '../../text/payload.js';
import type { EventLine, EventShown } from '../reads.js';

export async function eventLine({ names }: Look, event: LoggedEvent): Promise<EventLine> {
  const { position, recordedAt, type, stream, metadata } = event;
  const actor = await actorOf(event, names);
  return {
    position,
    recordedAt,
    type: sanitiseLine(type),
    subject: sanitiseLine((await names.ofStreamAt(stream, position)) ?? stream),
    actor: sanitiseLine(metadata.account === null ? actor : `@${actor}`),
  };
}

export async function eventShown(look: Look, event: LoggedEvent): Promise<EventShown> {
  const { stream, version, position, payload, personal, personalDigest, metadata, hash } = event;
  const { device, command, commandId, correlationId } = metadata;
  const line = await eventLine(look, event);
  const { type: commandType = 'not recorded', ...rest } = command ?? {};
  const words = await payloadText(look.names, rest, position);
  const fields: readonly (readonly [name: string, text: string])[] = [
    ['by', line.actor],
    ['command', words === '' ? commandType : `${commandType}: ${words}`],
    ['payload', await payloadText(look.names, payload, position)],
    ['personal', personalDigest === null ? '' : personalText(personal)],
    ['quarantine', event.quarantine === undefined ? '' : quarantineText(event.quarantine)],
    ['cause', await causeText(look, metadata)],
    ['correlation', correlationId],
    ['command id', commandId],
    ['terminal', device ?? ''],
    ['stream', `${stream}, version ${version}`],
    ['hash', hash],
  ];
  return {
    ...line,
    stream,
    version,
    fields: fields
      .filter(([, text]) => text !== '')
      .map(([name, text]) => ({ name, text: sanitiseLine(text) })),
  };
}

const personalText = (personal: LoggedEvent['personal']): string =>
  personal === null
    ? 'redacted'
    : Object.entries(personal)
        .map(([field, value]) => `${field} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ');

const CAUSE = /^([a-z]+-.+)\/(\d{1,15})$/;
const causeRow = z.object({ position: z.number() });

/** The event that caused the command, or `a request` if a person sent the command. */
async function causeText(look: Look, { causationId, account }: EventMetadata): Promise<string> {
  if (causationId === null) return account === null ? 'none' : 'a request';
  const [, stream, version] = CAUSE.exec(causationId) ?? [];
  if (stream === undefined) return causationId;
  const select = 'SELECT position FROM events WHERE stream = ? AND version = ?';
  const [row] = await look.sql.all(select, [stream, Number(version)]);
  const position = causeRow.safeParse(row).data?.position;
  if (position === undefined) return causationId;
  const event = (await look.events([position]))(position);
  const subject = (await look.names.ofStreamAt(event.stream, position)) ?? event.stream;
  return `the event ${position}, ${event.type} in ${subject}`;
}
