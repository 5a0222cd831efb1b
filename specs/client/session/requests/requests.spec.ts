// The requests of a logged-in account: waiting, retries and invalid answers.
import test from 'ava';
import type { Asked } from '../broker.js';
import { after, createWorld, enrolledSince, reply, SECOND } from '../world.js';

test('session: given no login, when sending a request, then it is refused without reaching the tracker', async (t) => {
  const world = createWorld(t);
  await world.time.pass(0);
  const response = await world.session.request('ChatRoom', { operation: 'SEE' });
  t.like(response, { status: 101, phrase: 'NOT_LOGGED_IN' });
  t.deepEqual(world.broker.asked, []);
});

test('session: given a request, then it is sent to the subject of its title and carries its connection', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  world.broker.answer = (asked) => reply(asked, { phrase: 'BUSY' });
  const ask = async (...request: Parameters<typeof world.session.request>) =>
    after(world, 0, world.session.request(...request));
  t.like(await ask('PRIVATE', { username: 'bob' }, { connection: 'UDP' }), {
    status: 501,
    connection: 'UDP',
  });
  await ask('People', { operation: 'LIST' });
  await ask('Sync', { versions: {} });
  t.deepEqual(
    world.broker.asked.map(({ subject }) => subject.split('.').at(-1)),
    ['private', 'people', 'sync'],
  );
});

test('session: given a busy tracker, then the answer is BUSY', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  world.broker.answer = (asked) => reply(asked, { phrase: 'BUSY' });
  const response = await after(world, 0, world.session.request('ChatRoom', { operation: 'SEE' }));
  t.is(response.phrase, 'BUSY');
  t.is(world.broker.asked.length, 1);
});

test('session: given a session that is reconnecting, when sending a request, then the request waits for the connection', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  const [connection] = world.broker.open;
  connection?.tell({ type: 'disconnected', reason: 'the cable is out', isAsked: false });
  const asking = world.session.request('ChatRoom', { operation: 'SEE' });
  await world.time.pass(5 * SECOND);
  t.is(world.broker.asked.length, 0);
  connection?.tell({ type: 'connected' });
  t.is((await after(world, 0, asking)).phrase, 'ROOM_LISTED_S');
});

test('session: given a session that does not reconnect, when sending a request, then the answer after the timeout gives the reason', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  world.broker.open[0]?.tell({ type: 'disconnected', reason: 'the cable is out', isAsked: false });
  const asking = world.session.request('ChatRoom', { operation: 'SEE' }, { timeoutMs: 3 * SECOND });
  const response = await after(world, 3 * SECOND, asking);
  t.like(response, { status: 501, phrase: 'UNAVAILABLE' });
  t.regex(response.message, /The cable is out\./);
});

for (const failure of ['no-responders', 'timeout', 'disconnected'] as const) {
  test(`session: given ${failure} at first, when sending a request, then the same request is sent again until it is answered`, async (t) => {
    const world = createWorld(t, { enrolment: enrolledSince(0) });
    const { answer } = world.broker;
    world.broker.answer = (asked) => (world.broker.asked.length < 4 ? failure : answer(asked));
    const asking = world.session.request('ChatRoom', { operation: 'SEE' });
    t.is((await after(world, 9 * SECOND, asking)).phrase, 'ROOM_LISTED_S');
    t.is(world.broker.asked.length, 4);
    t.is(new Set(world.broker.asked.map(({ payload }) => payload)).size, 1);
  });
}

for (const failure of ['denied', 'too-large'] as const) {
  test(`session: given ${failure}, when sending a request, then it is not sent again`, async (t) => {
    const world = createWorld(t, { enrolment: enrolledSince(0) });
    world.broker.answer = () => failure;
    const response = await after(world, 0, world.session.request('ChatRoom', { operation: 'SEE' }));
    t.is(response.phrase, 'UNAVAILABLE');
    t.is(world.broker.asked.length, 1);
  });
}

const garbage: Readonly<Record<string, (asked: Asked) => Uint8Array>> = {
  nothing: () => Buffer.alloc(0),
  'no JSON': () => Buffer.from('{'),
  binary: () => Buffer.from([0, 1, 2, 255]),
  null: () => Buffer.from('null'),
  'a list': () => Buffer.from('[]'),
  'the answer to another request': ({ request }) =>
    Buffer.from(
      JSON.stringify({ ...request, id: 'other', status: 200, phrase: 'JOIN_S', message: 'You are in.' }),
    ),
  'a status that is none': ({ request }) =>
    Buffer.from(JSON.stringify({ ...request, status: 7, phrase: 'JOIN_S', message: 'You are in.' })),
};
for (const [what, answer] of Object.entries(garbage)) {
  test(`session: given ${what} as an answer, then the result is UNAVAILABLE and gives the reason`, async (t) => {
    const world = createWorld(t, { enrolment: enrolledSince(0) });
    world.broker.answer = answer;
    const response = await after(world, 0, world.session.request('ChatRoom', { operation: 'SEE' }));
    t.like(response, { status: 501, phrase: 'UNAVAILABLE' });
    t.regex(response.message, /cannot be read/);
  });
}

test('session: given a request that is too large for the broker, then the terminal refuses it', async (t) => {
  const world = createWorld(t, { enrolment: enrolledSince(0) });
  await world.time.pass(0);
  const response = await world.session.request('ChatRoom', { operation: 'CREATE', name: 'x'.repeat(70_000) });
  t.like(response, { status: 201, phrase: 'INVALID_COMMAND' });
  t.regex(response.message, /65536/);
  t.deepEqual(world.broker.asked, []);
});
