// Logins and credentials when the clocks of this machine, the tracker and the broker differ.
import test from 'ava';
import { respond } from '../../../../core/protocol/envelope.js';
import { after, createWorld, grantTo, reply, SECOND } from '../world.js';

const PASSWORD = 'correct-horse-battery';
const DAY_MS = 86_400_000;

for (const aheadMs of [2 * DAY_MS, -365 * DAY_MS]) {
  test(`session: given a tracker whose clock is ${aheadMs / DAY_MS} days ahead, when it refuses the time of a login, then the login is repeated with its time and succeeds`, async (t) => {
    const world = createWorld(t);
    const ids = new Set<string>();
    world.broker.answer = ({ request }) => {
      ids.add(request.id);
      const at = world.time.now() + aheadMs;
      const answer =
        ids.size === 1
          ? ({ phrase: 'REQUEST_EXPIRED' } as const)
          : ({ phrase: 'LOGIN_SUCCESSFUL', data: grantTo(world.device(), at) } as const);
      return Buffer.from(JSON.stringify({ ...respond(request, 1, answer), at }));
    };
    const response = await after(world, 0, world.session.login('alice', PASSWORD));
    t.like(response, { status: 100, phrase: 'LOGIN_SUCCESSFUL' });
    t.is(ids.size, 2, 'each request has an id of its own');
    t.is(world.session.state.state, 'online');
  });
}

test('session: given an older tracker that refuses the time of a login, then the answer names the time here and blames nobody', async (t) => {
  const world = createWorld(t);
  world.broker.answer = (asked) =>
    reply(asked, { phrase: 'REQUEST_EXPIRED', message: 'Set the clock of this machine and try again.' });
  const response = await after(world, 0, world.session.login('alice', PASSWORD));
  t.like(response, { status: 101, phrase: 'REQUEST_EXPIRED' });
  t.regex(response.message, /This machine's clock says 2023-11-14 22:13:20 UTC.*Compare both/);
  t.notRegex(response.message, /Set the clock of this machine/);
  t.is(world.broker.asked.length, 1);
});

test('session: given a broker that refuses credentials right after they were granted, then both times are named and the remedy is not to wait', async (t) => {
  const world = createWorld(t, {
    before(broker) {
      broker.refusal = (_, role) => (role === 'device' ? 'unauthorized' : null);
    },
  });
  const { answer } = world.broker;
  world.broker.answer = (asked) => {
    const reaction = answer(asked);
    if (typeof reaction === 'string') return reaction;
    const said: unknown = JSON.parse(Buffer.from(reaction).toString());
    return Buffer.from(JSON.stringify({ ...Object(said), at: world.time.now() + DAY_MS }));
  };
  const login = world.session.login('alice', PASSWORD);
  await world.time.pass(12 * SECOND);
  t.like(await login, { phrase: 'LOGIN_SUCCESSFUL' });
  const seen: { readonly reason: string; readonly remedy?: string }[] = [];
  world.session.events.on('state', (state) => void seen.push(state));
  await world.time.pass(12 * SECOND);
  const refused = seen.find(({ remedy }) => remedy !== undefined);
  t.regex(refused?.reason ?? '', /tracker's clock says 2023-11-15 .*this machine's clock says 2023-11-14 /);
  t.regex(refused?.remedy ?? '', /Ask the operator to compare the clocks/);
});
