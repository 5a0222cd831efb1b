// The faces of integrations: lines and tables for people, and one JSON object for programs. Secrets are not in them.
import type { Integration } from '../../actors/projections/integrations.js';
import {
  API_PREFIX,
  consumerName,
  eventKindsOf,
  EVENTS_STREAM,
} from '../../core/bus/integration/subjects.js';
import type { RecordedEvent } from '../../core/events/event.js';
import type { JsonObject } from '../../core/json.js';
import { sanitiseLine } from '../../core/protocol/message/sanitise.js';
import type { Names } from '../subject/names.js';
import { jsonText } from '../text/json.js';
import type { Paint } from '../text/paint.js';
import { tableLines } from '../text/table.js';
import { timeText } from '../text/time.js';
import type { Changed, Issued } from './grant.js';

export interface IntegrationShown extends Integration {
  readonly state: 'active' | 'expired' | 'revoked';
  /** The names of its rooms, as `#lobby`; the stream of a room whose name was redacted. */
  readonly roomNames: readonly string[];
}

const APPLIED = 'within a second if the tracker is running, otherwise at its next start';

export async function shown(
  integration: Integration,
  names: Names,
  position: number,
  time: number,
): Promise<IntegrationShown> {
  const { revokedAt, expiresAt, rooms } = integration;
  const isExpired = expiresAt !== null && expiresAt <= time;
  return {
    ...integration,
    state: revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'active',
    roomNames: await Promise.all(rooms.map(async (room) => (await names.ofStreamAt(room, position)) ?? room)),
  };
}

/** @param address the URL of the broker; null if no tracker has run in this home */
export function issuedText(
  { event, path }: Issued,
  integration: IntegrationShown,
  address: string | null,
): readonly string[] {
  const { name } = integration;
  const server = address ?? 'nats://HOST:PORT';
  const lines = [
    event.type === 'IntegrationGranted'
      ? `${name} is granted (${APPLIED})`
      : `${name} has new credentials, and the former ones are void (${APPLIED})`,
    ...factsText(integration),
    `server       ${server}`,
    `credentials  ${path}`,
    'The file is secret and only you can read it. The tracker has no copy.',
    'For the nats command:',
    `  nats context add partyline-${name} --server ${server} --creds ${shellWord(path)} --js-api-prefix ${API_PREFIX}`,
  ];
  return lines.map(sanitiseLine);
}

export const issuedJson = (
  { event, path }: Issued,
  integration: IntegrationShown,
  address: string | null,
): string =>
  jsonText('integration/1', {
    ...fields(integration),
    event: eventField(event),
    credentials: path,
    server: address,
    apiPrefix: API_PREFIX,
  });

export const revokedText = (name: string, changed: Changed | null): string =>
  changed === null
    ? `${name} is revoked already; nothing was changed`
    : `${name} is revoked and disconnected (${APPLIED})`;

export const revokedJson = (name: string, changed: Changed | null): string =>
  jsonText('integration-revoked/1', {
    name,
    changed: changed !== null,
    event: changed === null ? null : eventField(changed.event),
  });

export function listText(list: readonly IntegrationShown[], paint: Paint): readonly string[] {
  if (list.length === 0) return ['There is no integration.'];
  const rows = list.map((one) => [
    one.name,
    one.state,
    one.scopes.join(', '),
    roomsText(one),
    expiryText(one.expiresAt),
  ]);
  const [head = '', ...lines] = tableLines([['NAME', 'STATE', 'SCOPES', 'ROOMS', 'EXPIRES'], ...rows]);
  return [paint.faint(head), ...lines].map(sanitiseLine);
}

export const listJson = (one: IntegrationShown): string => jsonText('integrations/1', fields(one));

export function showText(integration: IntegrationShown, events: readonly RecordedEvent[]): readonly string[] {
  const history = events.map(({ position, recordedAt, type, personal }) => {
    const reason = typeof personal?.['reason'] === 'string' ? `  ${personal['reason']}` : '';
    return `  ${position}  ${timeText(recordedAt)}  ${type}${reason}`;
  });
  const { name, state } = integration;
  return [`${name} is ${state}`, ...factsText(integration), 'history', ...history].map(sanitiseLine);
}

export const showJson = (integration: IntegrationShown, events: readonly RecordedEvent[]): string =>
  jsonText('integration-shown/1', { ...fields(integration), history: events.map(eventField) });

function factsText(integration: IntegrationShown): readonly string[] {
  const { name, scopes, from, expiresAt, key } = integration;
  const kinds = eventKindsOf(integration);
  const consumers = kinds.map((kind) => consumerName(name, kind)).join(', ');
  return [
    `scopes       ${scopes.join(', ')}`,
    `rooms        ${roomsText(integration)}`,
    `expires      ${expiryText(expiresAt)}`,
    `key          ${key}`,
    ...(kinds.length === 0
      ? []
      : [`consumers    ${consumers} of the stream ${EVENTS_STREAM}, from position ${from}`]),
  ];
}

const roomsText = ({ roomNames }: IntegrationShown): string =>
  roomNames.length === 0 ? 'all' : roomNames.join(', ');

const expiryText = (time: number | null): string => (time === null ? 'never' : timeText(time));

function fields(integration: IntegrationShown): JsonObject {
  const { name, state, scopes, rooms, roomNames, key, from } = integration;
  const { grantedAt, issuedAt, expiresAt, revokedAt } = integration;
  return {
    name,
    state,
    scopes,
    rooms: rooms.map((id, index) => ({ id, name: roomNames[index] ?? id })),
    key,
    stream: EVENTS_STREAM,
    consumers: eventKindsOf(integration).map((kind) => consumerName(name, kind)),
    from,
    grantedAt: timeText(grantedAt),
    issuedAt: timeText(issuedAt),
    expiresAt: expiresAt === null ? null : timeText(expiresAt),
    revokedAt: revokedAt === null ? null : timeText(revokedAt),
  };
}

const eventField = ({ position, recordedAt, type, payload, personal }: RecordedEvent): JsonObject => ({
  position,
  time: timeText(recordedAt),
  type,
  payload,
  personal,
});

/** A word that a shell reads as one argument. */
const shellWord = (text: string): string =>
  /^[A-Za-z0-9_./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
