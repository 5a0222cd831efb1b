// Terminals whose tracker was restored from an older backup: they take over its state and do not show earlier notices again.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { until } from '../../../support/until.js';
import { allLinked, has, inRoom, lobby, textsOf } from '../support/lobby.js';
import { SpecTracker } from '../support/tracker.js';
import { createWorld, type Terminal } from '../support/world.js';

const namesIn = async ({ chat }: Terminal): Promise<readonly string[]> => {
  const listed = await chat.members('lobby');
  return 'data' in listed ? listed.data.members.map(({ username }) => username) : [listed.phrase];
};
const noticesOf = (terminal: Terminal): string[] =>
  terminal.all('notice').map(({ type, username, topic }) => `${type} ${topic ?? username}`);

/** The room lobby with Ann, Ben and Cat, and a backup of the tracker. After the backup, Ben left, Dan joined, the topic changed, and the room attic was created. */
async function scene(t: ExecutionContext) {
  const world = await createWorld(t);
  const [ann, ben, cat, dan] = [
    await world.terminal('ann'),
    await world.terminal('ben'),
    await world.terminal('cat'),
    await world.terminal('dan'),
  ];
  await ann.chat.create('lobby');
  for (const one of [ben, cat]) await one.chat.join('lobby');
  await ann.chat.setTopic('before');
  const everyone = [ann, ben, cat, dan] as const;
  for (const one of [ann, ben, cat]) await one.hears('notice', { type: 'TopicChanged' });
  const folder = join(dirname(ann.file), 'restored');
  mkdirSync(folder);
  const backup = await world.tracker.backup(join(folder, 'backup.db'));
  await ben.chat.leave('lobby');
  await dan.chat.join('lobby');
  await ann.chat.create('attic');
  await dan.chat.join('attic');
  for (let count = 0; count < 5; count += 1) {
    await ann.chat.open('#lobby');
    await ann.chat.setTopic(`after ${count}`);
  }
  for (const one of [ann, cat, dan]) await one.hears('notice', { topic: 'after 4' });
  const restore = async (): Promise<SpecTracker> => {
    const tracker = await SpecTracker.open(t, folder, backup);
    tracker.clock.advance(3_600_000);
    return tracker;
  };
  return { world, restore, ann, ben, cat, dan, everyone };
}

test('restored tracker: given terminals that are online, then each takes the rooms of the backup and says so once', async (t) => {
  const { restore, ann, ben, cat, dan, everyone } = await scene(t);
  const before = everyone.map((one) => noticesOf(one).length);
  const tracker = await restore();
  await Promise.all(everyone.map((one) => one.session.moveTo(tracker)));
  for (const one of everyone) {
    await one.hears('notice', { type: 'TrackerRestored' });
    t.true(await one.chat.whenOnline(5_000));
  }
  everyone.forEach((one, index) =>
    t.deepEqual(noticesOf(one).slice(before[index]), [`TrackerRestored ${one.username}`]),
  );
  t.deepEqual(await namesIn(ben), ['ann', 'ben', 'cat']);
  t.deepEqual(ann.chat.conversations, ['#lobby']);
  t.deepEqual(ben.chat.conversations, ['#lobby']);
  t.deepEqual(dan.chat.conversations, []);
  await cat.chat.open('#lobby');
  t.like(await cat.chat.topic(), { data: { topic: 'before' } });

  await ann.chat.open('#lobby');
  await ann.chat.setTopic('again');
  for (const one of [ben, cat]) await one.hears('notice', { topic: 'again' });
  t.like(await dan.chat.join('lobby'), { phrase: 'JOIN_S' });
  await cat.hears('notice', { type: 'MemberJoined', username: 'dan', conversation: '#lobby' });
  t.like(await dan.chat.leave('lobby'), { phrase: 'QUIT_S' });
  t.like(await dan.chat.join('lobby'), { phrase: 'JOIN_S' });
  t.deepEqual(await namesIn(dan), ['ann', 'ben', 'cat', 'dan']);
  await ann.chat.say('#lobby', 'all here');
  for (const one of [ben, cat, dan]) await one.hears('message', { text: 'all here' });
});

test('restored tracker: given terminals that return later, then each takes the rooms of the backup, also after a crash', async (t) => {
  const { restore, world, ann, ben } = await scene(t);
  const tracker = await restore();
  for (const one of [ann, ben]) {
    await one.session.moveTo(tracker);
    await one.hears('notice', { type: 'TrackerRestored' });
    await one.stop();
  }
  world.tracker.isUp = false;
  for (const one of [ann, ben]) {
    const again = await world.restart(one);
    await again.session.moveTo(tracker);
    t.true(await again.chat.whenOnline(5_000));
    t.deepEqual(await namesIn(again), ['ann', 'ben', 'cat']);
    t.deepEqual(again.all('notice'), []);
  }
});

test('restored tracker: given a tracker that reports no log, then terminals compare versions as before', async (t) => {
  const world = await createWorld(t);
  world.tracker.alters = (title, answer) =>
    title === 'Sync' ? { ...answer, data: { ...Object(answer.data), log: undefined } } : answer;
  const ann = await world.terminal('ann');
  await ann.chat.create('lobby');
  await ann.hears('notice', { type: 'RoomCreated' });
  await ann.session.become('reconnecting');
  await ann.session.become('online');
  t.true(await ann.chat.whenOnline(5_000));
  t.deepEqual(noticesOf(ann), ['RoomCreated ann']);
  await until(() => ann.chat.conversations.includes('#lobby'), 'the room is still there');
});

/**
 * A room of the users `names`, and a backup of the tracker. After the backup the topic of the room was changed `changes` times.
 * The users `outsiders` are online and not in the room.
 */
async function backedUp(
  t: ExecutionContext,
  names: readonly string[],
  changes: number,
  outsiders: readonly string[] = [],
) {
  const world = await createWorld(t);
  const members = await inRoom(world, ...names);
  const others = await Promise.all(outsiders.map((name) => world.terminal(name)));
  const everyone = [...members, ...others];
  const [first] = everyone;
  if (first === undefined) throw new Error('a room has at least one member');
  const folder = join(dirname(first.file), 'restored');
  mkdirSync(folder);
  const backup = await world.tracker.backup(join(folder, 'backup.db'));
  for (let count = 0; count < changes; count += 1) await first.chat.setTopic(`after ${count}`);
  for (const one of members) await one.hears('notice', { topic: `after ${changes - 1}` });
  const conversation = await lobby(world);
  const restore = async (): Promise<SpecTracker> => {
    const tracker = await SpecTracker.open(t, folder, backup);
    tracker.clock.advance(3_600_000);
    return tracker;
  };
  return { world, everyone, first, conversation, restore };
}

async function moveAll(tracker: SpecTracker, everyone: readonly Terminal[]): Promise<void> {
  await Promise.all(everyone.map((one) => one.session.moveTo(tracker)));
  for (const one of everyone) await one.chat.whenOnline(60_000);
}

test('restored tracker: given a message that was on its way when the tracker was restored, when author and recipient meet again, then it arrives', async (t) => {
  const { world, everyone, first: ann, conversation, restore } = await backedUp(t, ['ann', 'ben', 'cat'], 5);
  const [, ben, cat] = everyone;
  if (ben === undefined || cat === undefined) return t.fail();
  await ben.stop();
  await ann.chat.say('#lobby', 'on its way');
  await cat.hears('message', { text: 'on its way' });
  const tracker = await restore();
  await moveAll(tracker, [ann, cat]);
  const again = await world.restart(ben);
  await again.session.moveTo(tracker);
  await has(again, conversation, 1);
  await ann.hears('delivery', { state: 'delivered' });
});

test('restored tracker: given a message that only another member can pass on, when the tracker was restored, then it arrives', async (t) => {
  const { world, everyone, first: ann, conversation, restore } = await backedUp(t, ['ann', 'ben', 'cat'], 5);
  const [, ben, cat] = everyone;
  if (ben === undefined || cat === undefined) return t.fail();
  await ben.stop();
  await ann.chat.say('#lobby', 'passed on');
  await cat.hears('message', { text: 'passed on' });
  await ann.stop();
  const tracker = await restore();
  await moveAll(tracker, [cat]);
  const again = await world.restart(ben);
  await again.session.moveTo(tracker);
  await has(again, conversation, 1);
});

test('restored tracker: given a room that a terminal had left or that was closed after the backup, then it is open again with its messages', async (t) => {
  const { everyone, first: ann, conversation, restore } = await backedUp(t, ['ann', 'ben'], 1);
  const [, ben] = everyone;
  if (ben === undefined) return t.fail();
  await ann.chat.say('#lobby', 'before');
  await has(ben, conversation, 1);
  await ben.chat.leave('lobby');
  await ann.hears('notice', { type: 'MemberLeft' });
  await ann.chat.leave('lobby');
  t.deepEqual(ann.chat.conversations, []);
  const tracker = await restore();
  await moveAll(tracker, everyone);
  for (const one of everyone) {
    t.deepEqual(one.chat.conversations, ['#lobby']);
    t.deepEqual(await namesIn(one), ['ann', 'ben']);
  }
  await ann.chat.say('#lobby', 'after');
  await has(ben, conversation, 2);
  await ben.chat.say('#lobby', 'and back');
  await has(ann, conversation, 3);
});

for (const changesAfterwards of [0, 4]) {
  test(`restored tracker: given a message from the time after the backup, when a person joins the restored room after ${changesAfterwards} changes, then they never get it`, async (t) => {
    const outsiders = ['dan'];
    const {
      world,
      everyone,
      first: ann,
      conversation,
      restore,
    } = await backedUp(t, ['ann', 'ben'], 5, outsiders);
    const [, ben, dan] = everyone;
    if (ben === undefined || dan === undefined) return t.fail();
    await ann.chat.say('#lobby', 'not for dan');
    await has(ben, conversation, 1);
    const tracker = await restore();
    await moveAll(tracker, everyone);
    for (let count = 0; count < changesAfterwards; count += 1) await ann.chat.setTopic(`again ${count}`);
    t.like(await dan.chat.join('lobby'), { phrase: 'JOIN_S' });
    await ann.hears('notice', { type: 'MemberJoined', username: 'dan' });
    await allLinked(world, everyone);
    await ann.chat.say('#lobby', 'for all');
    await has(ben, conversation, 2);
    await ann.stop();
    await ben.stop();
    // A terminal that starts again offers all messages that the other terminal may have.
    const again = await world.restart(ben);
    await again.session.moveTo(tracker);
    t.true(await again.chat.whenOnline(60_000));
    await allLinked(world, [again, dan]);
    await again.chat.say('#lobby', 'from ben');
    await dan.hears('message', { text: 'from ben' });
    await dan.chat.say('#lobby', 'from dan');
    await has(again, conversation, 4);
    t.deepEqual(await textsOf(dan, conversation), ['for all', 'from ben', 'from dan']);
  });
}

test('restored tracker: given a person who was removed after the backup and is a member again by the restore, then messages from the time without them stay unknown to them', async (t) => {
  const { world, everyone, first: ann, conversation, restore } = await backedUp(t, ['ann', 'ben', 'cat'], 1);
  const [, ben, cat] = everyone;
  if (ben === undefined || cat === undefined) return t.fail();
  await ann.chat.say('#lobby', 'with cat');
  await has(cat, conversation, 1);
  await cat.stop();
  t.like(await ann.chat.moderate({ operation: 'REMOVE', username: 'cat', reason: '' }), {
    phrase: 'MEMBER_REMOVED_S',
  });
  await ben.hears('notice', { type: 'MemberRemoved', username: 'cat' });
  await ann.chat.say('#lobby', 'about cat');
  await has(ben, conversation, 2);
  const tracker = await restore();
  await moveAll(tracker, [ann, ben]);
  world.tracker.isUp = false;
  const again = await world.restart(cat);
  await again.session.moveTo(tracker);
  t.true(await again.chat.whenOnline(60_000));
  await ben.stop();
  const offering = await world.restart(ben);
  await offering.session.moveTo(tracker);
  t.true(await offering.chat.whenOnline(60_000));
  await allLinked(world, [ann, offering, again]);
  await offering.chat.say('#lobby', 'with cat again');
  await again.hears('message', { text: 'with cat again' });
  await again.chat.say('#lobby', 'from cat');
  await has(offering, conversation, 4);
  t.deepEqual(await textsOf(again, conversation), ['with cat', 'with cat again', 'from cat']);
});

/** The number of terminals in one room. */
const TERMINALS = Number(process.env['RESTORED_TERMINALS'] ?? 4);

test('restored tracker: given a room of many terminals, when each returns to the restored tracker, then all have one another and every message', async (t) => {
  t.timeout(300_000);
  const names = Array.from({ length: TERMINALS }, (_, index) => `user${index}`);
  const { world, everyone, conversation, restore } = await backedUp(t, names, 3);
  await Promise.all(everyone.map(({ chat, username }) => chat.say('#lobby', `before ${username}`)));
  await moveAll(await restore(), everyone);
  await allLinked(world, everyone);
  await Promise.all(everyone.map(({ chat, username }) => chat.say('#lobby', `after ${username}`)));
  for (const one of everyone) {
    await has(one, conversation, 2 * names.length);
    t.deepEqual(await namesIn(one), names);
    t.is(one.all('notice').filter(({ type }) => type === 'TrackerRestored').length, 1);
  }
});
