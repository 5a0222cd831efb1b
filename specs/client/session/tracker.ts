// A minimal tracker on a real broker. It enrols every device and removes devices on demand.
import type { ExecutionContext } from 'ava';
import { pushAccount } from '../../../core/bus/credentials/account.js';
import type { Bus, BusMessage } from '../../../core/bus/bus.js';
import { applicationAccountJwt, deviceJwt } from '../../../core/bus/credentials/credentials.js';
import { ALL_AUTH, ALL_COMMANDS, parseAuthSubject, parseCommandSubject } from '../../../core/bus/subjects.js';
import type { AccountId, DeviceId } from '../../../core/ids.js';
import {
  type Answer,
  familyOf,
  parseRequest,
  type Request,
  respond,
} from '../../../core/protocol/envelope.js';
import type { Invite } from '../../../core/protocol/invite.js';
import type { Grant } from '../../../core/protocol/operations.js';
import { sealedSchema, unsealCredentials } from '../../../core/protocol/signed/sealed.js';
import { type TestBroker, testBroker } from '../../support/bus/broker.js';
import { newAccountId } from '../../support/identities.js';

interface Enrolled {
  readonly account: AccountId;
  readonly username: string;
}

export interface TestTracker {
  readonly broker: TestBroker;
  readonly invite: Invite;
  /** The tracker's connection to the broker since its last `start`. */
  bus(): Bus;
  readonly devices: Map<DeviceId, Enrolled>;
  /** The requests in order, each attempt separately. */
  readonly asked: Request[];
  /** The lifetime of credentials. */
  lifeMs: number;
  /** Stops the tracker without notifying anyone, until `start`. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Makes the broker disconnect `device` and reject all credentials issued so far. */
  revoke(device: DeviceId): Promise<void>;
}

export async function testTracker(t: ExecutionContext): Promise<TestTracker> {
  const broker = await testBroker(t);
  const { keyring } = broker;
  const devices = new Map<DeviceId, Enrolled>();
  const asked: Request[] = [];
  let bus: Bus;
  let door: Bus;

  const grant = (device: DeviceId, { account, username }: Enrolled): Grant => {
    const issuedAt = Date.now();
    const expiresAt = issuedAt + tracker.lifeMs;
    const jwt = deviceJwt({ account, device, issuedAt, expiresAt }, keyring);
    return { account, username, device, jwt, expiresAt };
  };
  const renew = (device: DeviceId): Answer => {
    const enrolled = devices.get(device);
    if (enrolled === undefined) return { phrase: 'NOT_ENROLLED' };
    return { phrase: 'RENEWAL_SUCCESSFUL', data: grant(device, enrolled) };
  };
  const enrol = (
    device: DeviceId,
    request: Request,
    phrase: 'REGISTRATION_SUCCESSFUL' | 'LOGIN_SUCCESSFUL',
  ): Answer => {
    const { sealed } = sealedSchema.parse(request.data);
    const opened = unsealCredentials(sealed, keyring.sealing, { id: request.id, device, nowMs: Date.now() });
    if (!('credentials' in opened)) return opened;
    const { username } = opened.credentials;
    const known = [...devices.values()].find((one) => one.username === username);
    const enrolled = known ?? { account: newAccountId(), username };
    devices.set(device, enrolled);
    return { phrase, data: grant(device, enrolled) };
  };
  const answerTo = (device: DeviceId, request: Request): Answer => {
    switch (request.title) {
      case 'Registration':
        return enrol(device, request, 'REGISTRATION_SUCCESSFUL');
      case 'Login':
        return enrol(device, request, 'LOGIN_SUCCESSFUL');
      case 'Renewal':
        return renew(device);
      case 'Account':
        if (JSON.stringify(request.data).includes('RENEW')) return renew(device);
        devices.delete(device);
        return { phrase: 'LOGOUT_SUCCESSFUL' };
      case 'ChatRoom':
      case 'MESSAGE':
      case 'History':
      case 'People':
      case 'PRIVATE':
      case 'Sync':
        return { phrase: 'SYNC_S', data: { rosters: [], notices: [] } };
    }
  };
  const serve = ({ subject, data, reply }: BusMessage): void => {
    const device = (parseAuthSubject(subject) ?? parseCommandSubject(subject))?.device;
    const parsed = parseRequest(JSON.parse(Buffer.from(data).toString()));
    if (device === undefined || reply === undefined || !('request' in parsed)) throw new Error(subject);
    const { request } = parsed;
    asked.push(request);
    const response = respond(request, familyOf(request.title), answerTo(device, request));
    (parseAuthSubject(subject) ? door : bus).publish(reply, Buffer.from(JSON.stringify(response)));
  };

  const tracker: TestTracker = {
    broker,
    devices,
    asked,
    lifeMs: 3_600_000,
    invite: {
      host: broker.broker.host,
      port: broker.broker.port,
      guest: keyring.guestSigning.seed,
      sign: Buffer.from(keyring.signing.publicKey),
      seal: Buffer.from(keyring.sealing.publicKey),
    },
    bus: () => bus,
    kill: async () => void (await Promise.all([bus.close(), door.close()])),
    async revoke(device) {
      const now = Date.now();
      await pushAccount(await broker.system(), applicationAccountJwt(keyring, now, new Map([[device, now]])));
    },
    async start() {
      [bus, door] = await Promise.all([broker.tracker(), broker.door()]);
      door.subscribe(ALL_AUTH, serve);
      bus.subscribe(ALL_COMMANDS, serve);
      await Promise.all([bus.flush(), door.flush()]);
    },
  };
  await tracker.start();
  return tracker;
}
