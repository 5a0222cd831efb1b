// The renewal of credentials, before and after they expire. The specs control the time.
import test from 'ava';
import { isFresh } from '../../../../client/session/auth/renewal.js';
import { ALICE, after, createWorld, enrolledSince, HOUR_MS, reply, SECOND } from '../world.js';

test('session: given fresh credentials, when the session opens, then it is online without a request to the tracker', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(HOUR_MS / 10) });
  await world.time.pass(0);
  t.deepEqual(world.states, ['connecting', 'online']);
  t.deepEqual(world.broker.asked, []);
  t.is(world.session.state.reason, 'Logged in as alice.');
});

test('session: given stale credentials, when the session opens, then a guest renews them first', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(HOUR_MS + 1) });
  await world.time.pass(0);
  t.deepEqual(world.states, ['connecting', 'authenticating', 'online']);
  t.deepEqual(
    world.broker.asked.map(({ subject, role }) => [subject, role]),
    [[`tracker.auth.${world.device()}.renew`, 'guest']],
  );
  t.is(world.broker.open.length, 1);
});

test('session: given stale credentials and no tracker, when a tracker starts, then the session is online after its first answer', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(HOUR_MS + 1) });
  const { answer } = world.broker;
  world.broker.answer = () => 'no-responders';
  await world.time.pass(20 * SECOND);
  t.is(world.session.state.state, 'reconnecting');
  t.regex(world.session.state.reason, /tracker is not running/);
  await world.time.pass(20 * SECOND);
  t.is(world.session.state.state, 'offline');
  t.deepEqual(world.states, ['connecting', 'authenticating', 'reconnecting', 'offline']);
  world.broker.answer = answer;
  await world.time.pass(3 * SECOND);
  t.is(world.session.state.state, 'online');
});

test('session: given a device that the tracker does not know, when it renews, then the session is a guest with a new key', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(HOUR_MS + 1) });
  const key = world.device();
  world.broker.answer = (asked) => reply(asked, { phrase: 'NOT_ENROLLED' });
  await world.time.pass(0);
  t.is(world.session.state.state, 'guest');
  t.regex(world.session.state.reason, /does not know this device/);
  t.is(world.session.identity, null);
  t.not(world.device(), key);
  t.is((await world.session.request('Sync', { versions: {} })).phrase, 'NOT_LOGGED_IN');
});

test('session: given credentials that the broker refuses, then they are renewed and not presented again', async (t) => {
  const world = createWorld(t, {
    enrolment: enrolledSince(0),
    before: (broker) => {
      const revoked = new Set<string>();
      broker.refusal = (jwt, role) => {
        if (role === 'device' && revoked.size === 0) revoked.add(jwt);
        return revoked.has(jwt) ? 'unauthorized' : null;
      };
    },
  });
  await world.time.pass(5 * SECOND);
  t.is(world.session.state.state, 'online');
  t.is(world.broker.shown.length, 3);
});

test('session: given an online session, when the broker rejects the credentials, then the session renews them as a guest', async (t) => {
  for (const type of ['unauthorized', 'expired'] as const) {
    const world = createWorld(t, { enrolment: enrolledSince(0) });
    await world.time.pass(0);
    const [before] = world.broker.shown;
    world.broker.open[0]?.tell({ type });
    await world.time.pass(SECOND);
    t.deepEqual(world.states, ['connecting', 'online', 'reconnecting', 'authenticating', 'online']);
    t.not(world.broker.shown.at(-1), before);
    t.is(world.broker.open.length, 1);
  }
});

test('session: given credentials for an hour, then they are renewed after about three quarters of each lifetime', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  let renewed = 0;
  world.session.events.on('renewed', () => {
    renewed += 1;
  });
  await world.time.pass(0.69 * HOUR_MS);
  t.is(world.broker.asked.length, 0);
  await world.time.pass(0.12 * HOUR_MS);
  t.is(world.broker.asked.length, 1);
  t.is(renewed, 1);
  t.like(world.broker.asked[0], {
    subject: `tracker.cmd.${ALICE}.${world.device()}.account`,
    role: 'device',
  });
  await world.time.pass(HOUR_MS);
  t.is(world.broker.asked.length, 2);
  t.is(world.session.state.state, 'online');
  t.is(new Set(world.broker.shown).size, 3);
  t.is(world.broker.shown.at(-1), world.profile.enrolment?.jwt);
  t.is(renewed, 2);
  t.deepEqual(world.states, ['connecting', 'online'], 'nobody was away');
});

test('session: given a reconnection whose first attempt fails, then the session is interrupted', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(SECOND);
  const [connection] = world.broker.open;
  connection?.tell({ type: 'disconnected', reason: 'this client reconnects', isAsked: true });
  connection?.tell({ type: 'reconnecting' });
  await world.time.pass(0);
  t.is(world.session.state.state, 'online');
  connection?.tell({ type: 'reconnecting' });
  await world.time.pass(0);
  t.is(world.session.state.state, 'reconnecting');
  t.regex(world.session.state.reason, /broker does not accept the new connection/);
  connection?.tell({ type: 'connected' });
  await world.time.pass(0);
  t.is(world.session.state.state, 'online');
});

test('session: given credentials of an earlier run, then the renewal takes their age into account', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0.6 * HOUR_MS) });
  await world.time.pass(0.05 * HOUR_MS);
  t.is(world.broker.asked.length, 0);
  await world.time.pass(0.2 * HOUR_MS);
  t.is(world.broker.asked.length, 1);
});

test('session: given a tracker that does not answer the renewal, then the renewal is retried before the credentials expire', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  const { answer } = world.broker;
  world.broker.answer = () => 'silence';
  await world.time.pass(0.85 * HOUR_MS);
  t.true(world.broker.asked.length > 3);
  t.is(world.session.state.state, 'online');
  world.broker.answer = answer;
  await world.time.pass(0.05 * HOUR_MS);
  t.true((world.profile.enrolment?.expiresAt ?? 0) > world.time.now() + HOUR_MS / 2);
});

test('session: given a device removed at the tracker, when it renews early, then the session is a guest', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  world.broker.answer = (asked) => reply(asked, { phrase: 'NOT_ENROLLED' });
  await world.time.pass(0.8 * HOUR_MS);
  t.deepEqual(world.states, ['connecting', 'online', 'connecting', 'guest']);
  t.is(world.session.identity, null);
});

test('session: given a request in progress, when a renewal reconnects the session, then the request is sent twice with one id and answered', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  const { answer } = world.broker;
  world.broker.answer = (asked) => {
    const isFirstOfRooms = asked.request.title === 'ChatRoom' && rooms().length === 1;
    return isFirstOfRooms ? 'silence' : answer(asked);
  };
  const rooms = () => world.broker.asked.filter(({ request }) => request.title === 'ChatRoom');
  await world.time.pass(0.75 * HOUR_MS - 1);
  const request = world.session.request('ChatRoom', { operation: 'SEE' });
  const response = await after(world, SECOND, request);
  t.is(response.phrase, 'ROOM_LISTED_S');
  t.is(world.broker.shown.length, 2);
  t.is(rooms().length, 2);
  t.is(new Set(rooms().map(({ request: { id } }) => id)).size, 1);
});

test('session: credentials are fresh until a minute before they expire, or a tenth of a short lifetime before', (t) => {
  const enrolment = { account: ALICE, username: 'alice', jwt: 'j', grantedAt: 0 };
  t.true(isFresh({ ...enrolment, expiresAt: HOUR_MS }, HOUR_MS - 60_001));
  t.false(isFresh({ ...enrolment, expiresAt: HOUR_MS }, HOUR_MS - 60_000));
  t.true(isFresh({ ...enrolment, expiresAt: 2_000 }, 1_799));
  t.false(isFresh({ ...enrolment, expiresAt: 2_000 }, 1_800));
});
