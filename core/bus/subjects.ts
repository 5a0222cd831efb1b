// Every subject of the broker: builders and parsers. It does not read payloads.
import { type AccountId, accountIdSchema, type DeviceId, deviceIdSchema } from '../ids.js';

/** The requests that a guest may send to the tracker. */
export const AUTH_OPERATIONS = ['register', 'login', 'renew'] as const;
export type AuthOperation = (typeof AUTH_OPERATIONS)[number];

/** The topics of a device's commands. */
export const COMMAND_TOPICS = ['account', 'people', 'chatroom', 'private', 'sync'] as const;
export type CommandTopic = (typeof COMMAND_TOPICS)[number];

/** All requests of guests, for the tracker's subscription. */
export const ALL_AUTH = 'tracker.auth.*.*';
/** All commands of devices, for the tracker's subscription. */
export const ALL_COMMANDS = 'tracker.cmd.*.*.*';
/** The service that the door's account exports to guests. */
export const AUTH_SERVICE = 'tracker.auth.>';

/** All events that the tracker publishes from its log, one subject for each aggregate. */
export const ALL_EVENTS = 'events.>';

const STREAM = /^([a-z]+)-([A-Za-z0-9_-]+)$/;
const LINK = /^[A-Za-z0-9_-]{1,64}$/;
// The broker's reply subject for a requester in another account.
const SERVICE_REPLY = /^_R_\.[A-Za-z0-9]+\.[A-Za-z0-9]+$/;

export const authSubject = (device: DeviceId, operation: AuthOperation): string =>
  `tracker.auth.${device}.${operation}`;

export const commandSubject = (account: AccountId, device: DeviceId, topic: CommandTopic): string =>
  `tracker.cmd.${account}.${device}.${topic}`;

/** The subject of the notices to one account. */
export const noticeSubject = (account: AccountId): string => `user.${account}.notice`;

/** The subject of the introductions to one account. */
export const introductionSubject = (account: AccountId): string => `user.${account}.introduction`;

/** The subject for events of the log's stream `<kind>-<id>`: `events.<kind>.<id>`. */
export function eventSubject(stream: string): string {
  const [, kind, id] = STREAM.exec(stream) ?? [];
  if (kind === undefined || id === undefined) throw new RangeError(`"${stream}" cannot be part of a subject`);
  return `events.${kind}.${id}`;
}

/** Frames of the relayed link `link` (1–64 letters, digits, `_`, `-`). */
export function relaySubject(to: DeviceId, from: DeviceId, link: string): string {
  if (!LINK.test(link)) throw new RangeError('a link id is 1 to 64 letters, digits, _ or -');
  return `relay.${to}.${from}.${link}`;
}

/** All that is relayed to `device`, for its subscription. */
export const relaysTo = (device: DeviceId): string => `relay.${device}.>`;

/** The inbox prefix of a guest; nobody else may listen there. */
export const guestInbox = (device: DeviceId): string => `_GUEST.${device}`;

/** The inbox prefix of a device that is logged in; nobody else may listen there. */
export const deviceInbox = (device: DeviceId): string => `_INBOX_${device}`;

/** Whether `subject` lies within the inbox `prefix`. */
export const isWithinInbox = (subject: string, prefix: string): boolean => subject.startsWith(`${prefix}.`);

/** Whether `reply` leads to a requester of another account. Only the broker can create such a subject. */
export const isServiceReply = (reply: string): boolean => SERVICE_REPLY.test(reply);

/** The permissions of a device as subject patterns; `device` may be a template that the broker fills in. */
export const permissions = {
  guest: (device: string) => ({ publish: [`tracker.auth.${device}.>`], subscribe: [`_GUEST.${device}.>`] }),
  device: (account: AccountId, device: DeviceId) => ({
    publish: [`tracker.cmd.${account}.${device}.>`, `relay.*.${device}.>`],
    subscribe: [`${deviceInbox(device)}.>`, `user.${account}.>`, relaysTo(device)],
  }),
} as const;

export interface AuthAddress {
  readonly device: DeviceId;
  readonly operation: AuthOperation;
}

/** Parses an auth subject; `undefined` if `subject` is of another kind. */
export function parseAuthSubject(subject: string): AuthAddress | undefined {
  const [tracker, kind, device, operation, ...rest] = subject.split('.');
  if (tracker !== 'tracker' || kind !== 'auth' || rest.length > 0) return undefined;
  const sender = deviceIdSchema.safeParse(device);
  const known = AUTH_OPERATIONS.find((name) => name === operation);
  return sender.success && known ? { device: sender.data, operation: known } : undefined;
}

export interface CommandAddress {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly topic: CommandTopic;
}

/** Parses a command subject; `undefined` if `subject` is of another kind. */
export function parseCommandSubject(subject: string): CommandAddress | undefined {
  const [tracker, kind, account, device, topic, ...rest] = subject.split('.');
  if (tracker !== 'tracker' || kind !== 'cmd' || rest.length > 0) return undefined;
  const owner = accountIdSchema.safeParse(account);
  const sender = deviceIdSchema.safeParse(device);
  const known = COMMAND_TOPICS.find((name) => name === topic);
  if (!owner.success || !sender.success || !known) return undefined;
  return { account: owner.data, device: sender.data, topic: known };
}

/** The subject on which the tracker reports that an account's block list changed. Its devices then request the list. */
export const blocksSubject = (account: AccountId): string => `user.${account}.blocks`;

/** The account that a notice is for; `undefined` if `subject` is not a notice subject. */
export function parseNoticeSubject(subject: string): AccountId | undefined {
  const [user, account, notice, ...rest] = subject.split('.');
  if (user !== 'user' || notice !== 'notice' || rest.length > 0) return undefined;
  return accountIdSchema.safeParse(account).data;
}

export interface RelayAddress {
  readonly to: DeviceId;
  readonly from: DeviceId;
  readonly link: string;
}

/** Parses a relay subject; `undefined` if `subject` is of another kind. */
export function parseRelaySubject(subject: string): RelayAddress | undefined {
  const [relay, to, from, link, ...rest] = subject.split('.');
  if (relay !== 'relay' || link === undefined || !LINK.test(link) || rest.length > 0) return undefined;
  const receiver = deviceIdSchema.safeParse(to);
  const sender = deviceIdSchema.safeParse(from);
  if (!receiver.success || !sender.success) return undefined;
  return { to: receiver.data, from: sender.data, link };
}
