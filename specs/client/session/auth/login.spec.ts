// Registration, login and logout, with a simulated broker and tracker.
import test from 'ava';
import { createNKey } from '../../../../core/bus/credentials/nkey.js';
import { deviceIdSchema } from '../../../../core/ids.js';
import { ALICE, after, createWorld, enrolledSince, grantTo, reply, SECOND, type World } from '../world.js';

const PASSWORD = 'correct-horse-battery';
const OTHER = deviceIdSchema.parse(createNKey('user').publicKey);

test('session: given a guest, when registering, then the session is online as the device before the answer resolves', async (t) => {
  const world = createWorld(t);
  const response = await after(world, 0, world.session.register('alice', PASSWORD));
  t.like(response, { status: 100, phrase: 'REGISTRATION_SUCCESSFUL' });
  t.deepEqual(response.data, { account: ALICE, username: 'alice', device: world.device() });
  t.is(world.session.state.state, 'online');
  t.like(world.session.identity, { account: ALICE, username: 'alice', device: world.device() });
  t.is(world.profile.enrolment?.account, ALICE);
  t.deepEqual(world.states, ['connecting', 'guest', 'authenticating', 'online']);
  t.deepEqual(
    world.broker.open.map(({ role }) => role),
    ['device'],
  );
  const [asked] = world.broker.asked;
  t.is(asked?.subject, `tracker.auth.${world.device()}.register`);
  t.false(asked?.payload.includes(PASSWORD));
  t.false(asked?.payload.includes('alice'));
});

test('session: given a refusal, when logging in, then the caller receives the answer and the session stays a guest', async (t) => {
  const world = createWorld(t);
  world.broker.answer = (asked) => reply(asked, { phrase: 'LOGIN_FAILED' });
  const response = await after(world, 0, world.session.login('alice', PASSWORD));
  t.like(response, { status: 101, phrase: 'LOGIN_FAILED' });
  t.is(world.session.state.state, 'guest');
  t.is(world.session.identity, null);
  t.regex(world.session.state.reason, /username or the password is wrong/);
});

test('session: a password of 4 letters with 8 bytes, valid in an earlier version, can log in but not register', async (t) => {
  const world = createWorld(t);
  world.broker.answer = (asked) => reply(asked, { phrase: 'LOGIN_FAILED' });
  t.like(await after(world, 0, world.session.register('alice', 'öäüß')), { phrase: 'PASSWORD_REFUSED' });
  t.like(await after(world, 0, world.session.login('alice', 'öäüß')), { phrase: 'LOGIN_FAILED' });
});

for (const [name, password, phrase, message] of [
  ['al', PASSWORD, 'INVALID_COMMAND', /at least 3/],
  ['1alice', PASSWORD, 'INVALID_COMMAND', /start with a letter/],
  ['a'.repeat(25), PASSWORD, 'INVALID_COMMAND', /at most 24/],
  ['alice', 'short', 'PASSWORD_REFUSED', /at least 8/],
  ['alice', 'ö'.repeat(37), 'PASSWORD_REFUSED', /74 bytes/],
] as const) {
  test(`session: ${name} with ${password} is refused without a request to the tracker`, async (t) => {
    const world = createWorld(t);
    await world.time.pass(0);
    for (const doing of [world.session.login(name, password), world.session.register(name, password)]) {
      const response = await doing;
      t.like(response, { status: 101, phrase });
      t.regex(response.message, message);
    }
    t.deepEqual(world.broker.asked, []);
    t.deepEqual(world.states, ['connecting', 'guest']);
  });
}

test('session: given a login, when logging in again, then it is refused without a request to the tracker', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  const response = await world.session.login('bob', PASSWORD);
  t.like(response, { status: 101, phrase: 'ALREADY_LOGGED_IN' });
  t.regex(response.message, /belongs to alice/);
  t.deepEqual(world.broker.asked, []);
});

test('session: given a login in progress, when a second one starts, then it runs after the first has finished', async (t) => {
  const world = createWorld(t);
  const both = Promise.all([
    world.session.register('alice', PASSWORD),
    world.session.register('bob', PASSWORD),
  ]);
  const [first, second] = await after(world, 0, both);
  t.is(first.phrase, 'REGISTRATION_SUCCESSFUL');
  t.is(second.phrase, 'ALREADY_LOGGED_IN');
  t.is(world.broker.asked.length, 1);
});

test('session: given a tracker that answers only the second attempt, then both attempts sent the same bytes', async (t) => {
  const world = createWorld(t);
  const { answer } = world.broker;
  world.broker.answer = (asked) => (world.broker.asked.length === 1 ? 'silence' : answer(asked));
  const response = await after(world, 30 * SECOND, world.session.register('alice', PASSWORD));
  t.is(response.phrase, 'REGISTRATION_SUCCESSFUL');
  t.is(new Set(world.broker.asked.map(({ payload }) => payload)).size, 1);
  t.is(world.broker.asked.length, 2);
});

test('session: given a silent tracker, when registering, then the answer is UNAVAILABLE and says what to do', async (t) => {
  const world = createWorld(t);
  world.broker.answer = () => 'silence';
  const response = await after(world, 60 * SECOND, world.session.register('alice', PASSWORD));
  t.like(response, { status: 501, phrase: 'UNAVAILABLE' });
  t.regex(response.message, /does not answer.*\/login/);
  t.is(world.session.state.state, 'guest');
});

for (const [what, data] of [
  ['no credentials', () => null],
  ['credentials of another device', () => grantTo(OTHER, 0)],
  ['credentials that are none', (world: World) => ({ ...grantTo(world.device(), 0), jwt: 'a.b.c' })],
  ['the name of nobody', (world: World) => ({ ...grantTo(world.device(), 0), username: '\u001b[2J' })],
] as const) {
  test(`session: given a grant with ${what}, then there is no login`, async (t) => {
    const world = createWorld(t);
    world.broker.answer = (asked) => reply(asked, { phrase: 'LOGIN_SUCCESSFUL', data: data(world) });
    const response = await after(world, 0, world.session.login('alice', PASSWORD));
    t.is(response.phrase, 'UNAVAILABLE');
    t.regex(response.message, /cannot be read/);
    t.is(world.session.identity, null);
    t.is(world.session.state.state, 'guest');
  });
}

test('session: given a profile that cannot be written, when logging in, then the session is online and the user receives a warning', async (t) => {
  const world = createWorld(t, { write: () => Promise.reject(new Error('disk full')) });
  const response = await after(world, 0, world.session.login('alice', PASSWORD));
  t.is(response.phrase, 'LOGIN_SUCCESSFUL');
  t.regex(response.message, /disk full/);
  t.is(world.session.state.state, 'online');
});

test('session: given a login, when logging out, then login and key are forgotten and the session is a guest', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  const key = world.device();
  const response = await after(world, 0, world.session.logout());
  t.like(response, { status: 100, phrase: 'LOGOUT_SUCCESSFUL' });
  t.deepEqual(world.states, ['connecting', 'online', 'connecting', 'guest']);
  t.is(world.session.state.reason, 'alice is logged out.');
  t.is(world.session.identity, null);
  t.not(world.device(), key);
  const again = await after(world, 0, world.session.login('alice', PASSWORD));
  t.is(again.phrase, 'LOGIN_SUCCESSFUL');
  t.is(world.session.identity?.device, world.device());
});

test('session: given no tracker, when logging out, then nothing changes', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  world.broker.answer = () => 'no-responders';
  const response = await after(world, 11 * SECOND, world.session.logout());
  t.like(response, { status: 501, phrase: 'UNAVAILABLE' });
  t.is(world.session.identity?.username, 'alice');
  t.is(world.session.state.state, 'online');
});

test('session: given a tracker that removes the device but whose answer is lost, when logging out, then the session is a guest', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  world.broker.answer = (asked) => {
    if (asked.request.title === 'Renewal') return reply(asked, { phrase: 'NOT_ENROLLED' });
    world.broker.open[0]?.tell({ type: 'unauthorized' });
    return 'silence';
  };
  const response = await after(world, 11 * SECOND, world.session.logout());
  t.like(response, { status: 100, phrase: 'LOGOUT_SUCCESSFUL' });
  t.is(world.session.state.state, 'guest');
});

test('session: given no login, when logging out, then it is refused', async (t) => {
  const world = createWorld(t);
  t.is((await after(world, 0, world.session.logout())).phrase, 'NOT_LOGGED_IN');
});
