// The expulsion of a terminal by the tracker, and its difference from a logout.
import test from 'ava';
import type { Expulsion } from '../../../client/session/port.js';
import { after, createWorld, enrolledSince, HOUR_MS, reply, SECOND, type World } from './world.js';

function expulsionsOf({ session }: World): readonly Expulsion[] {
  const expulsions: Expulsion[] = [];
  session.events.on('expelled', (expulsion) => void expulsions.push(expulsion));
  return expulsions;
}

const told = {
  NOT_ENROLLED: 'This terminal was logged out of the account alice from another terminal of the account.',
  ACCOUNT_DISABLED: 'The operator of the tracker has disabled the account alice. Reason: spam',
} as const;

for (const phrase of ['NOT_ENROLLED', 'ACCOUNT_DISABLED'] as const) {
  const message = told[phrase];

  test(`session: given an online session, when the broker disconnects it and the tracker answers ${phrase}, then it forgets login and key and reports the reason`, async (t) => {
    const world = createWorld(t, { enrolment: enrolledSince(0) });
    const expulsions = expulsionsOf(world);
    await world.time.pass(0);
    const key = world.device();
    world.broker.answer = (asked) => reply(asked, { phrase, message });
    world.broker.open[0]?.tell({ type: 'unauthorized' });
    await world.time.pass(SECOND);
    t.deepEqual(world.session.state, { state: 'guest', reason: message });
    t.deepEqual(expulsions, [{ phrase, reason: message }]);
    t.is(world.session.identity, null);
    t.is(world.profile.enrolment, null);
    t.not(world.device(), key);
    t.deepEqual(
      world.broker.asked.map(({ request, role }) => [request.title, role]),
      [['Renewal', 'guest']],
      'asked once',
    );
    await world.time.pass(HOUR_MS);
    t.is(world.broker.asked.length, 1, 'and not again');
  });

  test(`session: given an online session, when an early renewal finds ${phrase}, then the session is expelled once, with the same reason`, async (t) => {
    const world = createWorld(t, { enrolment: enrolledSince(0) });
    const expulsions = expulsionsOf(world);
    world.broker.answer = (asked) => reply(asked, { phrase, message });
    await world.time.pass(2 * HOUR_MS);
    t.deepEqual(expulsions, [{ phrase, reason: message }]);
    t.deepEqual(world.states, ['connecting', 'online', 'connecting', 'guest']);
  });
}

test('session: given waiting requests, when the session is expelled, then they are answered with the reason', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  world.broker.answer = (asked) =>
    asked.request.title === 'Renewal'
      ? reply(asked, { phrase: 'ACCOUNT_DISABLED', message: told.ACCOUNT_DISABLED })
      : 'silence';
  const waiting = world.session.request('ChatRoom', { operation: 'SEE' });
  await world.time.pass(0);
  world.broker.open[0]?.tell({ type: 'unauthorized' });
  const response = await after(world, 20 * SECOND, waiting);
  t.like(response, { status: 101, phrase: 'NOT_LOGGED_IN', message: told.ACCOUNT_DISABLED });
});

test('session: given a logout or a busy tracker, then no expulsion is reported', async (t) => {
  const busy = createWorld(t, { enrolment: enrolledSince(0) });
  const expulsions = expulsionsOf(busy);
  await busy.time.pass(0);
  busy.broker.answer = (asked) => reply(asked, { phrase: 'UNAVAILABLE' });
  busy.broker.open[0]?.tell({ type: 'unauthorized' });
  await busy.time.pass(20 * SECOND);
  t.not(busy.session.identity, null);
  const leaving = createWorld(t, { enrolment: enrolledSince(0) });
  const others = expulsionsOf(leaving);
  t.like(await after(leaving, 0, leaving.session.logout()), { phrase: 'LOGOUT_SUCCESSFUL' });
  await leaving.time.pass(SECOND);
  t.deepEqual([...expulsions, ...others], []);
});
