// The connection, the reconnection, the pushes and the close of a session, with a simulated broker and tracker.
import test from 'ava';
import { generateSigningKey } from '../../../core/keys.js';
import { signStatement } from '../../../core/protocol/signed/signed.js';
import { ALICE, createWorld, enrolledSince, HOUR_MS, SECOND } from './world.js';

test('session: given no login, when the session opens, then it is a guest and the reason says so', async (t) => {
  const world = createWorld(t);
  t.is(world.session.state.state, 'connecting');
  t.is(world.session.identity, null);
  await world.time.pass(0);
  t.deepEqual(world.states, ['connecting', 'guest']);
  t.is(world.session.state.reason, 'Nobody is logged in here.');
  t.is(world.broker.open[0]?.role, 'guest');
});

test('session: given no broker, when the session opens, then it retries, reports the reason and connects when a broker starts', async (t) => {
  const world = createWorld(t, {
    enrolment: enrolledSince(0),
    before: (broker) => {
      broker.refusal = () => 'disconnected';
    },
  });
  await world.time.pass(SECOND);
  t.deepEqual(world.states, ['connecting', 'reconnecting']);
  t.regex(world.session.state.reason, /127\.0\.0\.1:4222 cannot be reached/);
  await world.time.pass(60 * SECOND);
  t.deepEqual(world.states, ['connecting', 'reconnecting', 'offline']);
  const attempts = world.broker.shown.length;
  t.true(attempts > 25 && attempts < 60, `${attempts} attempts`);
  world.broker.refusal = null;
  await world.time.pass(2 * SECOND);
  t.is(world.session.state.state, 'online');
});

test('session: given a guest whose invite the broker refuses, then the reason says so', async (t) => {
  const world = createWorld(t, {
    before: (broker) => {
      broker.refusal = () => 'unauthorized';
    },
  });
  await world.time.pass(0);
  t.regex(world.session.state.reason, /does not accept this invite/);
});

test('session: given a server that is not the broker of the invite, then the reason says so and what to do', async (t) => {
  const world = createWorld(t, {
    before: (broker) => {
      broker.refusal = () => 'untrusted';
    },
  });
  await world.time.pass(0);
  t.regex(world.session.state.reason, /does not prove to be the broker of this invite.*current invite/);
});

test('session: given an online session, when the connection is lost and restored, then the state of the session follows, with its reason', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  const [connection] = world.broker.open;
  connection?.tell({ type: 'disconnected', reason: 'the broker is shutting down', isAsked: false });
  t.like(world.session.state, { state: 'reconnecting', reason: 'The broker is shutting down.' });
  await world.time.pass(31 * SECOND);
  t.is(world.session.state.state, 'offline');
  connection?.tell({ type: 'connected' });
  t.is(world.session.state.state, 'online');
});

test('session: given a connection that the library has closed permanently, then another is opened', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  world.broker.open[0]?.tell({ type: 'closed', reason: 'the broker said so' });
  t.is(world.session.state.reason, 'Logged in as alice.');
  await world.time.pass(SECOND);
  t.deepEqual(world.states, ['connecting', 'online', 'reconnecting', 'online']);
});

test('session: given pushes, then the well-formed ones are forwarded and the others are dropped', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  const seen: unknown[] = [];
  world.session.events.on('notice', (signed) => void seen.push(['notice', signed]));
  world.session.events.on('introduction', (signed) => void seen.push(['introduction', signed]));
  world.session.events.on('blocks', (nothing) => void seen.push(['blocks', nothing]));
  const key = generateSigningKey();
  const notice = signStatement(key, 'notice', { type: 'MemberJoined' });
  const introduction = signStatement(key, 'introduction', { device: 'x' });
  const [connection] = world.broker.open;
  for (const bad of [
    '',
    'null',
    '{',
    '[]',
    '{"body":1}',
    '\u0000',
    JSON.stringify({ ...notice, signature: 'x' }),
  ]) {
    connection?.push(`user.${ALICE}.notice`, bad);
  }
  connection?.push(`user.${ALICE}.notice`, JSON.stringify(notice));
  connection?.push(`user.${ALICE}.introduction`, JSON.stringify(introduction));
  connection?.push(`user.${ALICE}.blocks`, 'whatever');
  await world.time.pass(0);
  t.deepEqual(seen, [
    ['notice', notice],
    ['introduction', introduction],
    ['blocks', null],
  ]);
});

test('session: given waiting requests, when the session closes, then it sends a leave notice, answers the requests and leaves nothing open', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  world.broker.answer = () => 'silence';
  await world.time.pass(0);
  const asking = world.session.request('ChatRoom', { operation: 'SEE' });
  await world.time.pass(0);
  const closing = world.session.close();
  await world.time.pass(SECOND);
  await closing;
  t.deepEqual(world.broker.asked.at(-1)?.request.data, { operation: 'LEAVE' });
  t.is((await asking).phrase, 'UNAVAILABLE');
  t.deepEqual(world.broker.open, []);
  t.is((await world.session.request('ChatRoom', { operation: 'SEE' })).phrase, 'UNAVAILABLE');
  await world.time.pass(2 * HOUR_MS);
  t.is(world.broker.shown.length, 1);
});

test('session: given a session that is still connecting, when it closes, then it stops trying to connect', async (t) => {
  const world = createWorld(t, {
    before: (broker) => {
      broker.refusal = () => 'timeout';
    },
  });
  await world.time.pass(SECOND);
  await world.session.close();
  const attempts = world.broker.shown.length;
  await world.time.pass(60 * SECOND);
  t.is(world.broker.shown.length, attempts);
});

test('session: given a leave notice that throws, when the session closes, then its connection closes too and the error is reported', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  world.broker.answer = () => {
    throw new Error('the notice cannot be sent');
  };
  await t.throwsAsync(world.session.close(), { message: 'the notice cannot be sent' });
  t.deepEqual(world.broker.asked.at(-1)?.request.data, { operation: 'LEAVE' });
  t.deepEqual(world.broker.open, []);
  await world.time.pass(HOUR_MS);
  t.is(world.broker.shown.length, 1);
});
