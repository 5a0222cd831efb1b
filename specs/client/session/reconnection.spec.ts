// The connection and reconnection of a session with a real broker, real credentials and a profile on disk.
import test, { type ExecutionContext } from 'ava';
import { openProfile, type Profile } from '../../../client/profile/profile.js';
import type { Session, SessionState } from '../../../client/session/port.js';
import { openSession } from '../../../client/session/session.js';
import { connectBus } from '../../../core/bus/connection/connection.js';
import { noticeSubject } from '../../../core/bus/subjects.js';
import { createTrackerClock } from '../../../client/time/tracker-clock.js';
import { keepAliveSchedule, systemClock } from '../../../core/time/clock.js';
import { systemIds } from '../../../core/ids.js';
import { generateSigningKey } from '../../../core/keys.js';
import { silentLog } from '../../../core/log.js';
import type { Invite } from '../../../core/protocol/invite.js';
import { signStatement } from '../../../core/protocol/signed/signed.js';
import { temporaryFolder } from '../../support/folder.js';
import { until } from '../../support/until.js';
import { type TestTracker, testTracker } from './tracker.js';

const PASSWORD = 'correct-horse-battery';

interface Terminal {
  readonly profile: Profile;
  readonly session: Session;
  readonly states: readonly SessionState[];
  close(): Promise<void>;
}

async function terminal(t: ExecutionContext, home: string, invite: Invite | null): Promise<Terminal> {
  const tools = { clock: systemClock, newKey: generateSigningKey };
  const profile = await openProfile({ home, name: 'alice', invite, localInvite: null }, tools);
  const session = openSession(profile, {
    clock: systemClock,
    steadyClock: systemClock,
    trackerClock: createTrackerClock({ machine: systemClock, steady: systemClock, run: (work) => void work }),
    schedule: keepAliveSchedule,
    random: Math.random,
    ids: systemIds,
    log: silentLog,
    connect: connectBus,
    deviceName: 'desk',
    onAdmitted: () => () => undefined,
  });
  const states: SessionState[] = [session.state];
  session.events.on('state', (state) => void states.push(state));
  const close = async (): Promise<void> => {
    await session.close();
    await profile.close();
  };
  t.teardown(close);
  return { profile, session, states, close };
}

const reaches = ({ session }: Terminal, state: SessionState['state']): Promise<true> =>
  until(() => session.state.state === state, `the session to be ${state}`);

async function registered(
  t: ExecutionContext,
): Promise<{ tracker: TestTracker; alice: Terminal; home: string }> {
  const tracker = await testTracker(t);
  const home = await temporaryFolder(t);
  const alice = await terminal(t, home, tracker.invite);
  const response = await alice.session.register('alice', PASSWORD);
  t.is(response.phrase, 'REGISTRATION_SUCCESSFUL', response.message);
  return { tracker, alice, home };
}

test('session: given a real broker, when registering, then the session is online, its requests are answered and it receives notices', async (t) => {
  const { tracker, alice } = await registered(t);
  t.is(alice.session.state.state, 'online');
  t.is((await alice.session.request('Sync', { versions: {} })).phrase, 'SYNC_S');
  const account = alice.session.identity?.account ?? t.fail();
  const notice = signStatement(generateSigningKey(), 'notice', { type: 'MemberJoined' });
  const heard = alice.session.events.once('notice');
  tracker.bus().publish(noticeSubject(account), Buffer.from(JSON.stringify(notice)));
  t.deepEqual(await heard, notice);
});

test('session: given a stored profile and no tracker, when the terminal starts again, then the session is online without a login', async (t) => {
  const { tracker, alice, home } = await registered(t);
  const identity = alice.session.identity;
  await alice.close();
  await tracker.kill();
  const asked = tracker.asked.length;
  const again = await terminal(t, home, null);
  await reaches(again, 'online');
  t.deepEqual(again.session.identity, identity);
  t.is(tracker.asked.length, asked);
});

test('session: given a broker that is killed with -9 and started again, then the session reconnects by itself', async (t) => {
  const { tracker, alice } = await registered(t);
  const { broker } = tracker.broker;
  const { pid } = broker;
  process.kill(pid, 'SIGKILL');
  await reaches(alice, 'reconnecting');
  const asking = alice.session.request('Sync', { versions: {} });
  await until(() => broker.pid !== 0 && broker.pid !== pid, 'the next broker');
  await reaches(alice, 'online');
  t.is((await asking).phrase, 'SYNC_S');
  t.is((await alice.session.request('Sync', { versions: {} })).phrase, 'SYNC_S');
});

test('session: given a tracker that is killed and started again, then a request that was sent in between is answered, with one id', async (t) => {
  const { tracker, alice } = await registered(t);
  await tracker.kill();
  const asking = alice.session.request('Sync', { versions: {} });
  await tracker.start();
  t.is((await asking).phrase, 'SYNC_S');
  t.is(alice.session.state.state, 'online');
});

test('session: given short-lived credentials, then they are renewed early each time and no request is lost', async (t) => {
  const tracker = await testTracker(t);
  tracker.lifeMs = 4_000;
  const alice = await terminal(t, await temporaryFolder(t), tracker.invite);
  await alice.session.register('alice', PASSWORD);
  const phrases = new Set<string>();
  const renewals = () => tracker.asked.filter(({ title }) => title === 'Account').length;
  await until(async () => {
    phrases.add((await alice.session.request('Sync', { versions: {} })).phrase);
    return renewals() >= 2;
  }, 'two renewals');
  t.deepEqual([...phrases], ['SYNC_S']);
  t.false(tracker.asked.some(({ title }) => title === 'Renewal'));
  t.false(alice.states.some(({ reason }) => reason.includes('no longer accepts')));
});

test('session: given credentials that expired while the terminal was off, then the session renews them as a guest', async (t) => {
  const tracker = await testTracker(t);
  tracker.lifeMs = 2_000;
  const home = await temporaryFolder(t);
  const alice = await terminal(t, home, tracker.invite);
  await alice.session.register('alice', PASSWORD);
  await alice.close();
  const { expiresAt = 0 } = alice.profile.enrolment ?? {};
  await until(() => Date.now() > expiresAt, 'the end of the credentials');
  tracker.lifeMs = 3_600_000;
  const again = await terminal(t, home, null);
  await reaches(again, 'online');
  t.is(tracker.asked.at(-1)?.title, 'Renewal');
  t.is((await again.session.request('Sync', { versions: {} })).phrase, 'SYNC_S');
});

test('session: given credentials that expire while the tracker is down, then the session is online again after the tracker starts', async (t) => {
  const tracker = await testTracker(t);
  tracker.lifeMs = 2_000;
  const alice = await terminal(t, await temporaryFolder(t), tracker.invite);
  await alice.session.register('alice', PASSWORD);
  await tracker.kill();
  await until(() => alice.session.state.reason.includes('tracker'), 'the want of a tracker');
  t.is(alice.session.state.state, 'reconnecting');
  tracker.lifeMs = 3_600_000;
  await tracker.start();
  await reaches(alice, 'online');
});

test('session: given a device that the tracker has removed, when its credentials expire, then the session is a guest that can log in again', async (t) => {
  const { tracker, alice, home } = await registered(t);
  const device = alice.session.identity?.device;
  tracker.devices.clear();
  await alice.close();
  const stale = await openProfile(
    { home, name: 'alice', invite: null, localInvite: null },
    { clock: systemClock, newKey: generateSigningKey },
  );
  await stale.enrol({ ...(stale.enrolment ?? t.fail()), expiresAt: Date.now() });
  await stale.close();
  const again = await terminal(t, home, null);
  await reaches(again, 'guest');
  t.regex(again.session.state.reason, /does not know this device/);
  t.is((await again.session.login('alice', PASSWORD)).phrase, 'LOGIN_SUCCESSFUL');
  t.is(again.session.state.state, 'online');
  t.not(again.session.identity?.device, device);
});

test('session: given credentials revoked at the broker, when the device is still enrolled, then the session renews them', async (t) => {
  const { tracker, alice } = await registered(t);
  const { device = t.fail() } = alice.session.identity ?? {};
  await tracker.revoke(device);
  await until(() => alice.states.some(({ state }) => state === 'reconnecting'), 'the revocation');
  await reaches(alice, 'online');
  t.is(tracker.asked.at(-1)?.title, 'Renewal');
  t.is((await alice.session.request('Sync', { versions: {} })).phrase, 'SYNC_S');
});

test('session: given a device that the tracker removed and the broker disconnected, then the session is a guest', async (t) => {
  const { tracker, alice } = await registered(t);
  const { device = t.fail() } = alice.session.identity ?? {};
  tracker.devices.delete(device);
  await tracker.revoke(device);
  await reaches(alice, 'guest');
  t.is(alice.session.identity, null);
  t.is((await alice.session.request('Sync', { versions: {} })).phrase, 'NOT_LOGGED_IN');
  t.is(alice.profile.enrolment, null);
});

test('session: given a logout, then the next login enrols another device of the account', async (t) => {
  const { tracker, alice } = await registered(t);
  const before = alice.session.identity;
  t.is((await alice.session.logout()).phrase, 'LOGOUT_SUCCESSFUL');
  t.is(alice.session.state.state, 'guest');
  t.is((await alice.session.login('alice', PASSWORD)).phrase, 'LOGIN_SUCCESSFUL');
  t.not(alice.session.identity?.device, before?.device);
  t.is(tracker.devices.size, 1);
});

test('session: given two terminals, when both register, then each has a separate account', async (t) => {
  const tracker = await testTracker(t);
  const [alice, bob] = [
    await terminal(t, await temporaryFolder(t), tracker.invite),
    await terminal(t, await temporaryFolder(t), tracker.invite),
  ];
  t.is((await alice.session.register('alice', PASSWORD)).phrase, 'REGISTRATION_SUCCESSFUL');
  t.is((await bob.session.register('bob', PASSWORD)).phrase, 'REGISTRATION_SUCCESSFUL');
  t.not(alice.session.identity?.account, bob.session.identity?.account);
});
