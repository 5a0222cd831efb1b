// A whole tracker with its own broker, and bare terminals: keys, credentials and envelopes only.
import type { ExecutionContext } from 'ava';
import { startTracker, type Tracker, type TrackerOptions } from '../../actors/tracker.js';
import type { Bus } from '../../core/bus/bus.js';
import { connectBus } from '../../core/bus/connection/connection.js';
import type { Credentials } from '../../core/bus/credentials/credentials.js';
import { createNKey, type NKey, nkeyFromSeed } from '../../core/bus/credentials/nkey.js';
import {
  type AuthOperation,
  authSubject,
  type CommandTopic,
  commandSubject,
  deviceInbox,
  guestInbox,
  introductionSubject,
  noticeSubject,
} from '../../core/bus/subjects.js';
import { systemClock } from '../../core/time/clock.js';
import { type CommandId, type DeviceId, systemIds } from '../../core/ids.js';
import type { Json } from '../../core/json.js';
import { silentLog } from '../../core/log.js';
import { makeRequest, type Response, responseSchema, type Title } from '../../core/protocol/envelope.js';
import { parseInvite } from '../../core/protocol/invite.js';
import { type Grant, grantSchema } from '../../core/protocol/operations.js';
import { sealCredentials } from '../../core/protocol/signed/sealed.js';
import { parseJson } from '../../core/protocol/signed/signed.js';
import { guestCredentials, testNats } from '../support/bus/broker.js';
import { temporaryFolder } from '../support/folder.js';
import { newDeviceId } from '../support/identities.js';
import { generous } from './limits.js';
import { newCommandId } from './tracker-fixture.js';

const patience = { timeoutMs: 40_000 };
export const password = 'correct-horse-battery';
const titles = { register: 'Registration', login: 'Login', renew: 'Renewal' } as const;
const titleOf = {
  account: 'Account',
  people: 'People',
  chatroom: 'ChatRoom',
  private: 'PRIVATE',
  sync: 'Sync',
} as const;

/** A tracker in `home` or in a new home. It stops with the spec. */
export async function openTracker(
  t: ExecutionContext,
  options: Partial<TrackerOptions> = {},
): Promise<Tracker & { readonly home: string }> {
  const home = options.home ?? (await temporaryFolder(t));
  const tracker = await startTracker({
    nats: await testNats(),
    host: '127.0.0.1',
    port: 0,
    tls: 'none',
    passwords: { cost: 10, maxQueue: 64 },
    admission: generous,
    adminAbsenceMs: null,
    clock: systemClock,
    ids: systemIds,
    log: silentLog,
    ...options,
    home,
  });
  t.teardown(() => tracker.stop());
  return { ...tracker, home };
}

export interface Guest {
  readonly bus: Bus;
  readonly key: NKey;
  readonly device: DeviceId;
  /** Sends raw bytes and resolves with the answer. */
  readonly send: (operation: string, data: Uint8Array) => Promise<Response>;
  readonly authenticate: (operation: AuthOperation, username: string, password?: string) => Promise<Response>;
}

/** A guest, who has only the invite. */
export async function guestOf(
  t: ExecutionContext,
  tracker: Tracker,
  key = createNKey('user'),
  servers = tracker.broker.url,
): Promise<Guest> {
  const device = newDeviceId(key);
  const { seal, guest } = inviteOf(tracker);
  const credentials = guestCredentials({ guestSigning: nkeyFromSeed(guest) }, key);
  const bus = await connect(t, tracker, credentials, guestInbox(device), servers);
  const send = (operation: string, data: Uint8Array) => ask(bus, `tracker.auth.${device}.${operation}`, data);
  return {
    bus,
    key,
    device,
    send,
    async authenticate(operation, username, secret = password) {
      const id = newCommandId();
      const fields = { id, device, at: Date.now(), username, password: secret };
      const data = operation === 'renew' ? {} : { sealed: sealCredentials(fields, seal) };
      return ask(bus, authSubject(device, operation), encode({ id, title: titles[operation], data }));
    },
  };
}

export interface Terminal {
  readonly bus: Bus;
  readonly grant: Grant;
  readonly key: NKey;
  readonly send: (topic: string, data: Uint8Array) => Promise<Response>;
  readonly command: (topic: CommandTopic, data: Json, id?: CommandId) => Promise<Response>;
  readonly notices: unknown[];
  readonly introductions: unknown[];
}

/** A device with its grant, subscribed to its notices and introductions. */
export async function terminalOf(
  t: ExecutionContext,
  tracker: Tracker,
  grant: Grant,
  key: NKey,
): Promise<Terminal> {
  const { account, device, jwt } = grant;
  const bus = await connect(t, tracker, { key, jwt: () => jwt }, deviceInbox(device));
  const notices: unknown[] = [];
  const introductions: unknown[] = [];
  bus.subscribe(noticeSubject(account), ({ data }) => void notices.push(decode(data)));
  bus.subscribe(introductionSubject(account), ({ data }) => void introductions.push(decode(data)));
  await bus.flush();
  return {
    bus,
    grant,
    key,
    notices,
    introductions,
    send: (topic, data) => ask(bus, `tracker.cmd.${account}.${device}.${topic}`, data),
    command: (topic, data, id = newCommandId()) =>
      ask(bus, commandSubject(account, device, topic), encode({ id, title: titleOf[topic], data })),
  };
}

/** A device that has registered or logged in and is connected. */
export async function enter(
  t: ExecutionContext,
  tracker: Tracker,
  username: string,
  operation: AuthOperation = 'register',
): Promise<Terminal> {
  const guest = await guestOf(t, tracker);
  const { data } = await guest.authenticate(operation, username);
  await guest.bus.close();
  return terminalOf(t, tracker, grantSchema.parse(data), guest.key);
}

export function inviteOf({ invite }: Tracker) {
  const parsed = parseInvite(invite);
  if (!('invite' in parsed)) throw new Error('the tracker wrote an invite that cannot be read');
  return parsed.invite;
}

async function connect(
  t: ExecutionContext,
  tracker: Tracker,
  credentials: Credentials,
  inboxPrefix: string,
  servers = tracker.broker.url,
): Promise<Bus> {
  const bus = await connectBus({
    servers,
    pin: inviteOf(tracker).tls,
    credentials,
    inboxPrefix,
    name: 'spec',
    log: silentLog,
  });
  t.teardown(() => bus.close());
  return bus;
}

async function ask(bus: Bus, subject: string, data: Uint8Array): Promise<Response> {
  return responseSchema.parse(decode(await bus.request(subject, data, patience)));
}

const encode = (fields: { id: CommandId; title: Title; data: Json }): Uint8Array =>
  Buffer.from(JSON.stringify(makeRequest(fields)));
const decode = (data: Uint8Array): unknown => parseJson(Buffer.from(data).toString());
