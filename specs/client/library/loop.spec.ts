import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { PartylineError } from '../../../client/library/error.js';
import { until } from '../../support/until.js';
import { createWorld } from '../chat/support/world.js';
import { botIn, botOf, follow, sees, texts } from './scene.js';

test('library: given two bots that echo everything in one room, when a person writes, then they answer, and stop', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  await alice.chat.create('lobby');
  const one = await botIn(t, world, 'echo-one', 'lobby');
  const two = await botIn(t, world, 'echo-two', 'lobby');
  for (const { bot } of [one, two]) {
    follow(bot, (event) => event.event === 'message' && event.reply(`${bot.username}: ${event.text}`));
  }
  const linked = ({ terminal }: typeof one) => terminal.all('link').filter(({ state }) => state === 'open');
  await until(() => linked(one).length === 2 && linked(two).length === 2, 'all are linked');
  await alice.chat.say('#lobby', 'hi');
  const answers = ['echo-one: hi', 'echo-two: hi', 'echo-one: echo-two: hi', 'echo-two: echo-one: hi'];
  for (const text of answers) await alice.hears('message', { text });
  // A second message passes through both loops, so an answer to the last answers would be on its way before it.
  await alice.chat.say('#lobby', 'again');
  await alice.hears('message', { text: 'echo-one: echo-two: again' });
  await alice.hears('message', { text: 'echo-two: echo-one: again' });
  const heard = alice.all('message');
  t.is(heard.length, 8, heard.map(({ text }) => text).join('\n'));
  t.deepEqual(
    answers.map((text) => heard.find((message) => message.text === text)?.hops),
    [1, 1, 2, 2],
  );
});

test('library: given send instead of reply while a message is handled, then the count rises as well; a notice begins with 1', async (t) => {
  const world = await createWorld(t);
  const { bot } = await botIn(t, world, 'robot', 'lobby', { maxHops: 7 });
  follow(bot, async (event) => {
    if (event.event === 'message') await bot.send('#lobby', `got ${event.text}`);
    else if (event.type === 'MemberJoined') await bot.send('#lobby', `welcome ${event.username}`);
  });
  const alice = await world.terminal('alice');
  await alice.chat.join('lobby');
  t.is((await alice.hears('message', { text: 'welcome alice' })).hops, 1);
  await alice.chat.say('#lobby', 'one');
  t.is((await alice.hears('message', { text: 'got one' })).hops, 1);
  await alice.chat.say('#lobby', 'three', 'message', 3);
  t.is((await alice.hears('message', { text: 'got three' })).hops, 4);
  await alice.chat.say('#lobby', 'seven', 'message', 7);
  t.is((await alice.hears('message', { text: 'got seven' })).hops, 8);
  await alice.chat.say('#lobby', 'eight', 'message', 8);
  await alice.chat.say('#lobby', 'end');
  await alice.hears('message', { text: 'got end' });
  t.false(alice.all('message').some(({ text }) => text === 'got eight'));
});

test('library: given a break, an exception or a restart, then the loop begins again with the event that was not handled', async (t) => {
  const world = await createWorld(t);
  const { terminal, bot } = await botIn(t, world, 'robot', 'lobby');
  const alice = await world.terminal('alice');
  await alice.chat.join('lobby');
  for (const text of ['1', '2', '3', '4']) await alice.chat.say('#lobby', text);
  await terminal.hears('message', { text: '4' });
  const upTo = async (text: string): Promise<readonly string[]> => {
    const seen: string[] = [];
    for await (const event of bot) {
      if (event.event !== 'message') continue;
      seen.push(event.text);
      if (event.text === text) break;
    }
    return seen;
  };
  t.deepEqual(await upTo('2'), ['1', '2']);
  t.deepEqual(await upTo('2'), ['2']);
  await t.throwsAsync(
    async () => {
      for await (const event of bot) throw new Error(event.event);
    },
    { message: 'message' },
  );
  t.deepEqual(await upTo('3'), ['2', '3']);
  for await (const event of bot) {
    await event.done();
    break;
  }
  await bot.close();
  await terminal.stop();
  const again = botOf(t, await world.restart(terminal));
  const { events } = follow(again.bot, () => undefined);
  await sees(events, '4');
  t.deepEqual(texts(events), ['4']);
});

test('library: given a loop that handles nothing for now, then what arrives waits on the disk, and the loop holds one page', async (t) => {
  const world = await createWorld(t);
  const { terminal, bot } = await botIn(t, world, 'robot', 'lobby');
  const alice = await world.terminal('alice');
  await alice.chat.join('lobby');
  const { unhandled } = terminal.chat;
  const pages: number[] = [];
  const after = unhandled.after.bind(unhandled);
  const counted: typeof after = async (...args) => {
    const page = await after(...args);
    pages.push(page.events.length);
    return page;
  };
  Object.assign(unhandled, { after: counted });
  const holding = new AbortController();
  const isHeld = once(holding.signal, 'abort');
  const { events } = follow(bot, () => isHeld);
  await until(() => events.length === 1, 'the first event is in hand');
  const count = 200;
  await Promise.all(Array.from({ length: count }, (_, index) => alice.chat.say('#lobby', `${index}`)));
  await terminal.hears('message', { text: `${count - 1}` });
  await nextTurn();
  t.deepEqual(pages.length, 1, 'no further page is read while an event is in hand');
  holding.abort();
  await sees(events, `${count - 1}`);
  t.deepEqual(
    texts(events),
    Array.from({ length: count }, (_, index) => `${index}`),
  );
  t.true(Math.max(...pages) <= 64);
});

test('library: given a second loop at the same time, then it is refused; after the first one ended it may run', async (t) => {
  const world = await createWorld(t);
  const { bot } = await botIn(t, world, 'robot', 'lobby');
  const first = bot[Symbol.asyncIterator]();
  t.throws(() => bot[Symbol.asyncIterator](), { instanceOf: PartylineError });
  await first.return?.();
  t.deepEqual(await first.next(), { done: true, value: undefined });
  const { events } = follow(bot, () => undefined);
  await until(() => events.length > 0, 'the second loop gets the creation of the room');
});

test('library: given a history that cannot store the handled place, then the loop ends with an error', async (t) => {
  const world = await createWorld(t);
  const { terminal, bot } = await botIn(t, world, 'robot', 'lobby', { isClosed: false });
  const alice = await world.terminal('alice');
  await alice.chat.join('lobby');
  await alice.chat.say('#lobby', 'one');
  Object.assign(terminal.chat.unhandled, {
    handled: () => Promise.reject(new Error('the disk is full')),
  });
  const { ended } = follow(bot, () => undefined);
  const failure = { instanceOf: PartylineError, message: /the disk is full/ };
  await t.throwsAsync(ended, failure);
  await t.throwsAsync(bot.close(), failure);
});
