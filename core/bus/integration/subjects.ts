// The subjects of integrations: where they read events and presence, and where they send requests. It does not read payloads.
import type { AccountId } from '../../ids.js';
import { type IntegrationName, integrationNameSchema, type Scoped } from './scope.js';

/** The stream that holds the events. */
export const EVENTS_STREAM = 'EVENTS';

/** The prefix under which an integration reaches JetStream, instead of `$JS.API`. */
export const API_PREFIX = 'partyline.api';

/** The kinds of events, each with a consumer of its own. */
export const EVENT_KINDS = ['rooms', 'accounts'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** The durable consumer of one integration for one kind of events. */
export const consumerName = (name: IntegrationName, kind: EventKind): string => `${name}-${kind}`;

/** The kinds of events that an integration may read. */
export const eventKindsOf = ({ scopes }: Pick<Scoped, 'scopes'>): readonly EventKind[] =>
  EVENT_KINDS.filter((kind) => scopes.includes(`events:${kind}`));

/** The subjects of the events of one kind that an integration may read. */
export function eventFilters(kind: EventKind, { rooms }: Pick<Scoped, 'rooms'>): readonly string[] {
  if (kind === 'accounts') return ['events.account.*'];
  return rooms.length === 0 ? ['events.room.*'] : rooms.map((stream) => `events.room.${idOf(stream)}`);
}

/** All requests of integrations, for the tracker's subscription. */
export const ALL_REQUESTS = 'integration.*.>';

/** Presence of all accounts. */
export const ALL_PRESENCE = 'presence.*';

/** The subject on which the tracker publishes that an account goes online or offline. */
export const presenceSubject = (account: AccountId): string => `presence.${account}`;

/** The services API of NATS: discovery and statistics. */
export const ALL_SERVICES = '$SRV.>';

/** The target of a request that concerns no single room or account. */
const ANY_TARGET = 'all';

export interface RequestAddress {
  readonly name: IntegrationName;
  /** The first two tokens after the name, such as `rooms.read`; for the scope `admin` only `admin`. */
  readonly area: string;
  /** The id of a room or account, or `all`. */
  readonly target: string;
  readonly operation: string;
}

/** Parses the subject of a request; `undefined` if `subject` is of another kind. */
export function parseRequestSubject(subject: string): RequestAddress | undefined {
  const [first, name, ...rest] = subject.split('.');
  const parsed = integrationNameSchema.safeParse(name);
  if (first !== 'integration' || !parsed.success || rest.some((token) => token === '')) return undefined;
  const [one, two, three, four, ...further] = rest;
  if (one === undefined || two === undefined) return undefined;
  if (one === 'admin') {
    if (three !== undefined) return undefined;
    return { name: parsed.data, area: one, target: ANY_TARGET, operation: two };
  }
  if (three === undefined || four === undefined || further.length > 0) return undefined;
  return { name: parsed.data, area: `${one}.${two}`, target: three, operation: four };
}

/** The rights of an integration as subject patterns. */
export interface IntegrationRights {
  /** The consumers from which it may read, one for each kind of events. */
  readonly consumers: readonly string[];
  /** The subjects of its requests to the tracker. */
  readonly requests: readonly string[];
  readonly hasPresence: boolean;
}

export function rightsOf(name: IntegrationName, scoped: Scoped): IntegrationRights {
  const { scopes, rooms } = scoped;
  const base = `integration.${name}`;
  const inRooms = (area: string): readonly string[] =>
    rooms.length === 0 ? [`${base}.${area}.*.*`] : rooms.map((room) => `${base}.${area}.${idOf(room)}.*`);
  return {
    consumers: eventKindsOf(scoped).map((kind) => consumerName(name, kind)),
    requests: [
      ...(scopes.includes('presence:read') ? [`${base}.presence.read.*.*`] : []),
      ...(scopes.includes('rooms:read') ? inRooms('rooms.read') : []),
      ...(scopes.includes('rooms:moderate') ? inRooms('rooms.moderate') : []),
      ...(scopes.includes('accounts:read') ? [`${base}.accounts.read.*.*`] : []),
      ...(scopes.includes('admin') ? [`${base}.admin.*`] : []),
    ],
    hasPresence: scopes.includes('presence:read'),
  };
}

/** The subjects of JetStream for one consumer: how the integration names each, and its name in the account of the events. */
export function consumerSubjects(
  consumer: string,
): readonly { readonly local: string; readonly real: string; readonly answers: 'one' | 'many' }[] {
  const verb = (name: string, answers: 'one' | 'many') => ({
    local: `${API_PREFIX}.CONSUMER.${name}.${EVENTS_STREAM}.${consumer}`,
    real: `$JS.API.CONSUMER.${name}.${EVENTS_STREAM}.${consumer}`,
    answers,
  });
  // An acknowledgement goes to the reply subject of its message, which is the same in both accounts.
  const ack = `$JS.ACK.${EVENTS_STREAM}.${consumer}.>`;
  return [verb('INFO', 'one'), verb('MSG.NEXT', 'many'), { local: ack, real: ack, answers: 'one' }];
}

/** The permissions of an integration as subject patterns. Its inbox is private, because its account has no other users. */
export function integrationPermissions(name: IntegrationName, scoped: Scoped) {
  const { consumers, requests, hasPresence } = rightsOf(name, scoped);
  return {
    publish: [
      ...consumers.flatMap(consumerSubjects).map(({ local }) => local),
      ...requests,
      ...(requests.length > 0 ? [ALL_SERVICES] : []),
    ],
    subscribe: ['_INBOX.>', ...(hasPresence ? [ALL_PRESENCE] : [])],
  };
}

const idOf = (stream: string): string => stream.slice(stream.indexOf('-') + 1);
