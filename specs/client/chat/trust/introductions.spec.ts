import test from 'ava';
import { accountIdSchema, deviceIdSchema, systemIds } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { signStatement } from '../../../../core/protocol/signed/signed.js';
import type { Introduction } from '../../../../core/protocol/signed/statements.js';
import { until } from '../../../support/until.js';
import type { Client } from '../support/client.js';
import { createWorld, newDevice, type Terminal } from '../support/world.js';

const stranger = (world: ReturnType<typeof createWorld>, username: string): Client => ({
  device: newDevice(),
  person: world.tracker.person(username),
  isOnline: true,
  addresses: [],
  onNotice: () => undefined,
  onIntroduction: () => undefined,
});

const linked = (world: ReturnType<typeof createWorld>, terminal: Terminal): number =>
  world.net.end(terminal.device).list().length;

test('introductions: given one that is signed by somebody else, then there is no link and the user sees why', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const forged = world.tracker.introduction(stranger(world, 'bob'), alice.device);
  alice.session.onIntroduction(signStatement(generateSigningKey(), 'introduction', forged));
  const told = await alice.hears('link', { peer: 'bob', link: 'tcp', state: 'closed' });
  t.regex(told.reason, /signature on the introduction is not the tracker's/);
  t.is(linked(world, alice), 0);
  const why = await alice.chat.why();
  t.like(why, { status: 500, data: { event: 'link closed', by: 'bob', reason: told.reason } });
});

test('introductions: given one that the tracker signed for something else, or that cannot be read, then it is refused', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const value = world.tracker.introduction(stranger(world, 'bob'), alice.device);
  alice.session.onIntroduction(signStatement(world.tracker.key, 'notice', value));
  await alice.hears('link', { peer: 'bob', state: 'closed' });
  alice.session.onIntroduction(
    signStatement(world.tracker.key, 'introduction', { peer: { username: '\u001b[2Jbo\nb' } }),
  );
  await alice.hears('link', { peer: '[2Jbo b', state: 'closed' });
  alice.session.onIntroduction(signStatement(world.tracker.key, 'introduction', 'what?'));
  await alice.hears('link', { peer: 'unknown', state: 'closed' });
  t.is(linked(world, alice), 0);
});

test('introductions: given one to oneself, or with a mistyped key, then it is refused; one for another terminal of the account is passed over', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const push = async (change: Partial<Introduction>, client: Client, like: RegExp): Promise<void> => {
    const before = alice.all('link').length;
    const value = { ...world.tracker.introduction(client, alice.device), ...change };
    alice.session.onIntroduction(world.tracker.sign('introduction', value));
    await until(() => alice.all('link').length > before, 'a refusal');
    t.regex(alice.all('link').at(-1)?.reason ?? '', like);
  };
  const bob = stranger(world, 'bob');
  const forAnother = { ...world.tracker.introduction(bob, alice.device), to: newDevice() };
  alice.session.onIntroduction(world.tracker.sign('introduction', forAnother));
  await push({}, { ...bob, device: alice.device }, /to this terminal itself/);
  await push(
    {},
    { ...bob, device: deviceIdSchema.parse(`U${'A'.repeat(55)}`) },
    /key of the device is mistyped/,
  );
  t.is(linked(world, alice), 0);
  t.is(alice.all('link').length, 2, 'of the one for another terminal nothing is told');
});

test('introductions: given a device that comes under another account, also after a restart, then it is refused', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const bob = stranger(world, 'bob');
  alice.session.onIntroduction(
    world.tracker.sign('introduction', world.tracker.introduction(bob, alice.device)),
  );
  await until(() => linked(world, alice) === 1, 'bob is wanted');
  await alice.stop();
  const again = await world.restart(alice);
  const mallory = { ...bob, person: world.tracker.person('mallory') };
  again.session.onIntroduction(
    world.tracker.sign('introduction', world.tracker.introduction(mallory, again.device)),
  );
  const told = await again.hears('link', { peer: 'mallory', state: 'closed' });
  t.regex(told.reason, /under another account before/);
});

test('introductions: given an answer about another person than was asked for, then no conversation is opened', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = stranger(world, 'mallory');
  const introductions = [
    world.tracker.sign('introduction', world.tracker.introduction(mallory, alice.device)),
  ];
  const peer = { account: mallory.person.account, username: 'bob' };
  const request = alice.session.request.bind(alice.session);
  alice.session.request = async (title, data) => ({
    ...(await request(title, data)),
    ...(title === 'PRIVATE'
      ? { status: 300, phrase: 'PRIVATE_SESSION_INITIATED', data: { introductions, peer } }
      : {}),
  });
  t.like(await alice.chat.startPrivate('bob'), { status: 501, phrase: 'INTERNAL' });
  const told = await alice.hears('link', { peer: 'bob', state: 'closed' });
  t.regex(told.reason, /is to mallory, who was not asked for/);
  t.deepEqual(alice.chat.conversations, []);
});

test('introductions: given a name for an account that nobody signed, when the signed one differs, then nothing goes out', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = stranger(world, 'mallory');
  const request = alice.session.request.bind(alice.session);
  const peer = { account: mallory.person.account, username: 'bob' };
  alice.session.request = async (title, data) => ({
    ...(await request(title, data)),
    ...(title === 'PRIVATE'
      ? { status: 301, phrase: 'USERNAME_OFFLINE', data: { introductions: [], peer } }
      : {}),
  });
  t.like(await alice.chat.startPrivate('bob'), { status: 301, phrase: 'USERNAME_OFFLINE' });
  await alice.chat.say('@bob', 'for bob only');
  alice.session.onIntroduction(
    world.tracker.sign('introduction', world.tracker.introduction(mallory, alice.device)),
  );
  const told = await alice.hears('link', { peer: 'mallory', state: 'closed' });
  t.regex(told.reason, /first gave another name/);
  t.is(linked(world, alice), 0);
});

test('introductions: given more people than fit into one request, then they are asked for in several', async (t) => {
  const world = createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('one');
  await alice.chat.create('two');
  world.tracker.letsPass = () => false;
  for (const name of ['one', 'two']) {
    for (let index = 0; index < 100; index += 1) {
      world.tracker.join(world.tracker.room(name), {
        account: accountIdSchema.parse(systemIds.next()),
        username: `${name}-${index}`,
      });
    }
  }
  world.tracker.asked.length = 0;
  await alice.session.become('online');
  t.true(await alice.chat.whenOnline(5_000));
  const sizes = world.tracker.asked.map(
    ({ data }) => (data as { accounts?: string[] }).accounts?.length ?? 0,
  );
  t.true(sizes.every((size) => size <= 128));
  t.true(sizes.includes(128) && sizes.includes(201 - 128), sizes.join());
});
