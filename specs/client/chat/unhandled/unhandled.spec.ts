// The messages and notices that a program has not handled, over a whole chat and its history.
import test from 'ava';
import type { HandledPlace } from '../../../../client/chat/unhandled/unhandled.js';
import { until } from '../../../support/until.js';
import { inRoom } from '../support/lobby.js';
import { createWorld, type Terminal } from '../support/world.js';

/** Everything after `place`, as texts of messages and types of notices. */
async function wordsAfter(terminal: Terminal, place: HandledPlace): Promise<readonly string[]> {
  const { events, end } = await terminal.chat.unhandled.after(place, 3);
  const words = events.map((one) =>
    one.kind === 'message' ? one.message.text : `${one.notice.type} ${one.notice.username}`,
  );
  return events.length === 0 ? words : [...words, ...(await wordsAfter(terminal, end))];
}

test('unhandled: given messages and notices, then they come in the order of storing, and after a restart those that were not handled', async (t) => {
  const world = await createWorld(t);
  const bot = await world.terminal('robot', { isBot: true });
  const begin = await bot.chat.unhandled.place();
  await bot.chat.create('lobby');
  const alice = await world.terminal('alice');
  await alice.chat.join('lobby');
  await until(
    async () => (await wordsAfter(bot, begin)).includes('MemberJoined alice'),
    'the bot sees alice',
  );
  await until(() => alice.chat.conversations.includes('#lobby'), 'alice is in the room');
  await alice.chat.say('#lobby', 'one');
  await bot.hears('message', { text: 'one' });
  await alice.chat.setTopic('tea');
  await bot.chat.say('#lobby', 'its own message');
  await bot.chat.setTopic('tea');
  await until(async () => (await wordsAfter(bot, begin)).includes('TopicChanged robot'), 'the topic is kept');
  await alice.chat.say('#lobby', 'two');
  await bot.hears('message', { text: 'two' });
  const all = ['RoomCreated robot', 'MemberJoined alice', 'one', 'TopicChanged robot', 'two'];
  t.deepEqual(await wordsAfter(bot, begin), all);

  const [first, second] = (await bot.chat.unhandled.after(begin, 2)).events;
  t.is(first?.kind, 'notice');
  if (second === undefined) return t.fail();
  await bot.chat.unhandled.handled(second.place);
  await bot.stop();
  const again = await world.restart(bot);
  return t.deepEqual(await wordsAfter(again, await again.chat.unhandled.place()), all.slice(2));
});

test('unhandled: given messages of a blocked person only, then the place moves behind them', async (t) => {
  const world = await createWorld(t);
  const [bot, alice, bob] = await inRoom(world, 'robot', 'alice', 'bob');
  if (bot === undefined || alice === undefined || bob === undefined) return t.fail();
  const begin = await bot.chat.unhandled.place();
  for (const text of ['1', '2', '3', '4']) await bob.chat.say('#lobby', text);
  await bot.hears('message', { text: '4' });
  await bot.chat.block('bob');
  const { events, end } = await bot.chat.unhandled.after(begin, 3);
  t.deepEqual(events, []);
  t.is(end.message, begin.message + 4);
  await alice.chat.say('#lobby', 'hello');
  await bot.hears('message', { text: 'hello' });
  return t.deepEqual(await wordsAfter(bot, begin), ['hello']);
});

test('unhandled: given a terminal of a person, then no notices are kept, and what is stored before the first look counts as handled', async (t) => {
  const world = await createWorld(t);
  const [alice, bob] = await inRoom(world, 'alice', 'bob');
  if (alice === undefined || bob === undefined) return t.fail();
  await bob.chat.say('#lobby', 'early');
  await alice.hears('message', { text: 'early' });
  const place = await alice.chat.unhandled.place();
  t.is(place.notice, 0);
  t.deepEqual(await wordsAfter(alice, place), []);
  await bob.chat.leave('lobby');
  await alice.hears('notice', { type: 'MemberLeft' });
  return t.deepEqual(await wordsAfter(alice, place), []);
});
