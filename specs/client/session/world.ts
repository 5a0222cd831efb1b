// A session with a simulated broker and tracker, a time that the spec controls and a profile in memory.
import type { ExecutionContext } from 'ava';
import type { Profile } from '../../../client/profile/profile.js';
import type { Enrolment } from '../../../client/profile/record.js';
import type { Session, SessionState } from '../../../client/session/port.js';
import { createTrackerClock } from '../../../client/time/tracker-clock.js';
import { openSession } from '../../../client/session/session.js';
import { mintJwt } from '../../../core/bus/credentials/jwt.js';
import { createNKey, nkeyFromKey } from '../../../core/bus/credentials/nkey.js';
import {
  type AccountId,
  accountIdSchema,
  type DeviceId,
  deviceIdSchema,
  systemIds,
} from '../../../core/ids.js';
import { generateSigningKey } from '../../../core/keys.js';
import { silentLog } from '../../../core/log.js';
import { type Answer, familyOf, respond } from '../../../core/protocol/envelope.js';
import type { Grant } from '../../../core/protocol/operations.js';
import { type Asked, createFakeBroker, type FakeBroker, type Reaction } from './broker.js';
import { createTime, type Time } from '../../support/time.js';

export const ALICE: AccountId = accountIdSchema.parse('01ARZ3NDEKTSV4RRFFQ69G5FAV');
export const SECOND = 1_000;
export const HOUR_MS = 3_600_000;
const issuer = createNKey('account');

export interface World {
  readonly time: Time;
  readonly broker: FakeBroker;
  readonly profile: Profile;
  readonly session: Session;
  /** The states of the session in order, without their reasons. */
  readonly states: readonly SessionState['state'][];
  readonly device: () => DeviceId;
}

export interface WorldOptions {
  readonly enrolment?: (device: DeviceId, nowMs: number) => Enrolment;
  /** Configures broker and tracker before the session opens. By default they accept everything. */
  readonly before?: (broker: FakeBroker) => void;
  readonly write?: () => Promise<void>;
}

export function createWorld(t: ExecutionContext, { enrolment, before, write }: WorldOptions = {}): World {
  const time = createTime();
  const broker = createFakeBroker(time);
  let key = generateSigningKey();
  const device = (): DeviceId => deviceIdSchema.parse(nkeyFromKey('user', key).publicKey);
  let stored = enrolment?.(device(), time.now()) ?? null;
  broker.answer = (asked) => generous(asked, grantTo(device(), time.now()));
  before?.(broker);
  const invite = {
    host: '127.0.0.1',
    port: 4222,
    guest: createNKey('account').seed,
    sign: Buffer.from(generateSigningKey().publicKey),
    seal: Buffer.alloc(32, 9),
  };
  const profile: Profile = {
    name: 'spec',
    folder: '/nowhere',
    invite,
    get device() {
      return key;
    },
    get enrolment() {
      return stored;
    },
    async enrol(next) {
      stored = next;
      await write?.();
    },
    async forget() {
      stored = null;
      key = generateSigningKey();
      await write?.();
    },
    close: async () => undefined,
  };
  const trackerClock = createTrackerClock({ machine: time, steady: time, run: (work) => void work });
  const clocks = { clock: time, steadyClock: time, trackerClock };
  const tools = { ...clocks, schedule: time.schedule, random: () => 0.5, ids: systemIds, log: silentLog };
  const session = openSession(profile, {
    ...tools,
    connect: broker.connect,
    deviceName: 'desk',
    onAdmitted: () => () => undefined,
  });
  t.teardown(() => session.close());
  const states: SessionState['state'][] = [session.state.state];
  session.events.on('state', ({ state }) => {
    if (states.at(-1) !== state) states.push(state);
  });
  return { time, broker, profile, session, states, device };
}

export function grantTo(device: DeviceId, nowMs: number, lifeMs = HOUR_MS): Grant {
  const expiresAt = nowMs + lifeMs;
  const claim = {
    subject: device,
    name: ALICE,
    issuedAt: nowMs,
    expiresAt,
    nats: { spec: systemIds.next() },
  };
  return { account: ALICE, username: 'alice', device, jwt: mintJwt(claim, issuer), expiresAt };
}

/** A login that is `agoMs` old, with credentials for `lifeMs`. */
export function enrolledSince(agoMs: number, lifeMs = HOUR_MS) {
  return (device: DeviceId, nowMs: number): Enrolment => {
    const { jwt } = grantTo(device, nowMs - agoMs, lifeMs);
    const grantedAt = nowMs - agoMs;
    return { account: ALICE, username: 'alice', jwt, grantedAt, expiresAt: grantedAt + lifeMs };
  };
}

/** The tracker's answer to a request, in bytes. */
export function reply({ request }: Asked, answer: Answer): Reaction {
  return Buffer.from(JSON.stringify(respond(request, familyOf(request.title), answer)));
}

function generous(asked: Asked, data: Grant): Reaction {
  switch (asked.request.title) {
    case 'Registration':
      return reply(asked, { phrase: 'REGISTRATION_SUCCESSFUL', data });
    case 'Login':
      return reply(asked, { phrase: 'LOGIN_SUCCESSFUL', data });
    case 'Renewal':
      return reply(asked, { phrase: 'RENEWAL_SUCCESSFUL', data });
    case 'Account':
      return isRenewal(asked)
        ? reply(asked, { phrase: 'RENEWAL_SUCCESSFUL', data })
        : reply(asked, { phrase: 'LOGOUT_SUCCESSFUL' });
    case 'ChatRoom':
      return reply(asked, { phrase: 'ROOM_LISTED_S', data: { rooms: [] } });
    case 'MESSAGE':
    case 'History':
    case 'People':
    case 'PRIVATE':
    case 'Sync':
      return 'no-responders';
  }
}

const isRenewal = ({ request }: Asked): boolean => JSON.stringify(request.data).includes('RENEW');

/** Lets `ms` pass and returns the result of the promise. */
export async function after<T>({ time }: World, ms: number, doing: Promise<T>): Promise<T> {
  await time.pass(ms);
  return doing;
}
