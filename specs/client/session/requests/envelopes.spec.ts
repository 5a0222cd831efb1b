// The addresses of every envelope between a terminal and the tracker, read off the connection for each title and each family.
import test, { type ExecutionContext } from 'ava';
import type { Connect } from '../../../../client/session/auth/admission.js';
import { openProfile } from '../../../../client/profile/profile.js';
import { createTrackerClock } from '../../../../client/time/tracker-clock.js';
import { openSession } from '../../../../client/session/session.js';
import type { Session } from '../../../../client/session/port.js';
import type { Bus } from '../../../../core/bus/bus.js';
import { connectBus } from '../../../../core/bus/connection/connection.js';
import { systemIds } from '../../../../core/ids.js';
import type { Json } from '../../../../core/json.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { silentLog } from '../../../../core/log.js';
import type { Address, Title } from '../../../../core/protocol/envelope.js';
import type { Invite } from '../../../../core/protocol/invite.js';
import { keepAliveSchedule, systemClock } from '../../../../core/time/clock.js';
import { inviteOf, openTracker, password } from '../../../actors/deployment.js';
import { temporaryFolder } from '../../../support/folder.js';
import { until } from '../../../support/until.js';

/** One request and its answer, as the bytes on the wire say. */
interface Crossing {
  readonly title: string;
  readonly status: number;
  readonly connections: readonly unknown[];
  /** The addresses of both ends of the terminal's connection at that time. */
  readonly ends: Bus['ends'];
  readonly request: { readonly from: Address; readonly to: Address };
  readonly response: { readonly from: Address; readonly to: Address };
}

function tapped(bus: Bus, crossings: Crossing[]): Bus {
  const request: Bus['request'] = async (subject, data, asking) => {
    const answer = await bus.request(subject, data, asking);
    const [asked, answered] = [data, answer].map((bytes) => JSON.parse(Buffer.from(bytes).toString()));
    const connections = [asked.connection, answered.connection];
    const { title } = asked;
    const { status } = answered;
    crossings.push({ title, status, connections, ends: bus.ends, request: asked, response: answered });
    return answer;
  };
  return new Proxy(bus, {
    get: (target, name) => {
      if (name === 'request') return request;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function terminal(t: ExecutionContext, invite: Invite, crossings: Crossing[]): Promise<Session> {
  const choice = { home: await temporaryFolder(t), name: 'spec', invite, localInvite: null };
  const profile = await openProfile(choice, { clock: systemClock, newKey: generateSigningKey });
  const connect: Connect = async (options) => tapped(await connectBus(options), crossings);
  const session = openSession(profile, {
    clock: systemClock,
    steadyClock: systemClock,
    trackerClock: createTrackerClock({ machine: systemClock, steady: systemClock, run: (work) => void work }),
    schedule: keepAliveSchedule,
    random: () => 0.5,
    ids: systemIds,
    log: silentLog,
    connect,
    deviceName: 'desk',
    onAdmitted: () => () => undefined,
  });
  t.teardown(async () => {
    await session.close();
    await profile.close();
  });
  await until(() => session.state.state === 'guest', 'the terminal is a guest');
  return session;
}

const asked: readonly (readonly [title: Title, data: Json, connection: 'TCP' | 'UDP', status: number])[] = [
  ['Account', { operation: 'DEVICES' }, 'TCP', 100],
  ['Account', {}, 'TCP', 101],
  ['ChatRoom', { operation: 'CREATE', name: 'lobby' }, 'TCP', 200],
  ['ChatRoom', { operation: 'JOIN', name: 'nowhere' }, 'TCP', 201],
  ['Sync', { versions: {} }, 'TCP', 200],
  ['Sync', {}, 'TCP', 201],
  ['People', { operation: 'LIST' }, 'TCP', 300],
  ['People', {}, 'TCP', 301],
  ['PRIVATE', { username: 'nobody-here' }, 'UDP', 301],
  ['PRIVATE', { accounts: ['01ARZ3NDEKTSV4RRFFQ69G5FAV'] }, 'TCP', 300],
];

const sorted = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].toSorted((one, other) => one.localeCompare(other));

test('envelopes: given the broker as carrier, then each request and response has the addresses of its sender to the broker', async (t) => {
  const tracker = await openTracker(t);
  const crossings: Crossing[] = [];
  const session = await terminal(t, inviteOf(tracker), crossings);
  t.is((await session.login('ann', password)).status, 101);
  t.is((await session.register('ann', password)).status, 100);
  for (const [title, data, connection, status] of asked) {
    t.is((await session.request(title, data, { connection })).status, status, title);
  }
  t.is((await session.changePassword('wrong-horse-battery', 'staple-correct-9')).status, 101);
  t.is((await session.logout()).status, 100);
  t.is((await session.login('ann', password)).status, 100);

  const cases = crossings.map(({ title, status }) => `${title} ${status}`);
  const expected = asked.map(([title, , , status]) => `${title} ${status}`);
  t.deepEqual(
    sorted(cases),
    sorted([...expected, 'Registration 100', 'Login 101', 'Login 100', 'Account 101', 'Account 100']),
    'each title and each family crossed the wire',
  );
  const broker = { ip: '127.0.0.1', port: tracker.broker.port };
  for (const { title, connections, ends, request, response } of crossings) {
    t.deepEqual(request.from, ends?.local, title);
    t.deepEqual(request.to, broker, title);
    t.deepEqual(response.to, broker, title);
    t.is(response.from.ip, '127.0.0.1', title);
    t.not(response.from.port, request.from.port, 'the answer shows no address of the terminal');
    t.is(connections[0], connections[1], title);
  }
  t.deepEqual(sorted(crossings.map(({ connections }) => String(connections[0]))), ['TCP', 'UDP']);
});
