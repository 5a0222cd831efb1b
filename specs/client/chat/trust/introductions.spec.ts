import test from 'ava';
import { deviceIdSchema } from '../../../../core/ids.js';
import { generateSigningKey } from '../../../../core/keys.js';
import { signStatement } from '../../../../core/protocol/signed/signed.js';
import type { Introduction } from '../../../../core/protocol/signed/statements.js';
import { until } from '../../../support/until.js';
import { createWorld, newDevice, type Terminal, type World } from '../support/world.js';

const linksOf = ({ net }: World, { device }: Terminal): number => net.end(device).list().length;

test('introductions: given one that is not signed by the tracker, then there is no link and the user sees the reason', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.user('bob');
  const { value } = await bob.introductionTo(alice.session);
  alice.session.push('introduction', signStatement(generateSigningKey(), 'introduction', value));
  const told = await alice.hears('link', { peer: 'bob', link: 'tcp', state: 'closed' });
  t.regex(told.reason, /the tracker did not sign the introduction/);
  t.is(linksOf(world, alice), 0);
  const why = await alice.chat.why();
  t.like(why, { status: 500, data: { event: 'link closed', by: 'bob', reason: told.reason } });
});

test('introductions: given one that is signed for another purpose or cannot be read, then it is refused', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const { value } = await (await world.user('bob')).introductionTo(alice.session);
  alice.session.push('introduction', world.tracker.sign('notice', value));
  await alice.hears('link', { peer: 'bob', state: 'closed' });
  const unreadable = { peer: { username: '\u001b[2Jbo\nb' } };
  alice.session.push('introduction', world.tracker.sign('introduction', unreadable));
  await alice.hears('link', { peer: '[2Jbo b', state: 'closed' });
  alice.session.push('introduction', world.tracker.sign('introduction', 'what?'));
  await alice.hears('link', { peer: 'unknown', state: 'closed' });
  t.is(linksOf(world, alice), 0);
});

test('introductions: given one to the terminal itself or with a mistyped key, then it is refused; one for another terminal of the account is ignored', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const { value } = await (await world.user('bob')).introductionTo(alice.session);
  const push = (change: Partial<Introduction>): void =>
    alice.session.push('introduction', world.tracker.sign('introduction', { ...value, ...change }));
  const refusalOf = async (device: Introduction['peer']['device']): Promise<string> => {
    const before = alice.all('link').length;
    push({ peer: { ...value.peer, device } });
    await until(() => alice.all('link').length > before, 'a refusal');
    return alice.all('link').at(-1)?.reason ?? '';
  };
  push({ to: newDevice() });
  t.regex(await refusalOf(alice.device), /to this terminal itself/);
  t.regex(await refusalOf(deviceIdSchema.parse(`U${'A'.repeat(55)}`)), /key of the device is not valid/);
  t.is(linksOf(world, alice), 0);
  t.is(alice.all('link').length, 2, 'the introduction for another terminal causes no event');
});

test('introductions: given a device that comes under another account, also after a restart, then it is refused', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.user('bob');
  await bob.meet(alice.session);
  await until(() => linksOf(world, alice) === 1, 'bob is wanted');
  await alice.stop();
  const again = await world.restart(alice);
  const { value } = await (await world.user('mallory')).introductionTo(again.session);
  const moved = { ...value, peer: { ...value.peer, device: bob.device } };
  again.session.push('introduction', world.tracker.sign('introduction', moved));
  const told = await again.hears('link', { peer: 'mallory', state: 'closed' });
  t.regex(told.reason, /first introduced the device under another account/);
});

test('introductions: given an answer about another person than the user asked for, then no conversation opens', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = await world.user('mallory');
  const introductions = [(await mallory.introductionTo(alice.session)).signed];
  const peer = { account: mallory.account, username: 'bob' };
  world.tracker.alters = (title, answer) =>
    title === 'PRIVATE'
      ? {
          ...answer,
          status: 300,
          phrase: 'PRIVATE_SESSION_INITIATED',
          data: { introductions: introductions.map((one) => ({ ...one })), peer },
        }
      : answer;
  t.like(await alice.chat.startPrivate('bob'), { status: 501, phrase: 'INTERNAL' });
  const told = await alice.hears('link', { peer: 'bob', state: 'closed' });
  t.regex(told.reason, /did not ask for an introduction to mallory/);
  t.deepEqual(alice.chat.conversations, []);
});

test('introductions: given an unsigned name for an account, when the signed name differs, then nothing is sent', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = await world.user('mallory');
  const peer = { account: mallory.account, username: 'bob' };
  world.tracker.alters = (title, answer) =>
    title === 'PRIVATE'
      ? { ...answer, status: 301, phrase: 'USERNAME_OFFLINE', data: { introductions: [], peer } }
      : answer;
  t.like(await alice.chat.startPrivate('bob'), { status: 301, phrase: 'USERNAME_OFFLINE' });
  await alice.chat.say('@bob', 'for bob only');
  await mallory.meet(alice.session);
  const told = await alice.hears('link', { peer: 'mallory', state: 'closed' });
  t.regex(told.reason, /first gave another name/);
  t.is(linksOf(world, alice), 0);
});

test('introductions: given more people than one request may name, then several requests are sent', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  world.tracker.letsPass = () => false;
  for (const name of ['one', 'two']) {
    await alice.chat.create(name);
    const users = await Promise.all(
      Array.from({ length: 100 }, (_, index) => world.user(`${name}-${index}`)),
    );
    await Promise.all(users.map((user) => user.join(name)));
  }
  world.tracker.asked.length = 0;
  await alice.session.become('online');
  t.true(await alice.chat.whenOnline(60_000));
  const sizes = world.tracker.asked.map(
    ({ data }) => (data as { accounts?: string[] }).accounts?.length ?? 0,
  );
  t.true(sizes.every((size) => size <= 128));
  t.true(sizes.includes(128) && sizes.includes(201 - 128), sizes.join());
});
