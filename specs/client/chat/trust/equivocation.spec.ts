import { cpSync, existsSync, rmSync } from 'node:fs';
import test from 'ava';
import { type Given, writePassed } from '../../../../core/protocol/backfill/backfill.js';
import {
  type Message,
  messageSchema,
  privateConversation,
} from '../../../../core/protocol/message/message.js';
import { proveTurn } from '../../../../core/protocol/message/proof.js';
import { until } from '../../../support/until.js';
import { enrolmentOf } from '../support/enrolment.js';
import { has, inRoom, lobby, saysMany, textsOf } from '../support/lobby.js';
import { linkAs } from '../support/member.js';
import { meetStranger, messageOf } from '../support/stranger.js';
import { createWorld } from '../support/world.js';

test('equivocation: given a device that sends two messages under one number, then the first is kept, the second is refused, and one warning is shown', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const mallory = await meetStranger(world, alice, 'mallory');
  const conversation = privateConversation(alice.session.account, mallory.user.account);
  const say = (seq: number, text: string) =>
    mallory.say(messageOf(mallory.user, { conversation, seq, text }));
  t.like(await say(1, 'I owe you 100'), { status: 400, phrase: 'MESSAGE_SENT' });
  t.like(await say(1, 'I owe you 1'), { status: 401, phrase: 'NUMBER_TAKEN' });
  const warning = await alice.hears('warning', { type: 'Contradiction', peer: 'mallory' });
  t.regex(
    warning.message,
    /mallory sent two different messages with the same number in @mallory.*keeps the first.*I owe you 1"/,
  );
  t.like(await alice.chat.why(), { data: { event: 'Contradiction', by: 'mallory' } });
  t.like(await say(1, 'I owe you 10'), { status: 401, phrase: 'NUMBER_TAKEN' });
  t.like(await say(2, 'or do I'), { status: 400, phrase: 'MESSAGE_SENT' });
  t.deepEqual(await textsOf(alice, conversation), ['I owe you 100', 'or do I']);
  t.deepEqual(
    alice.all('message').map(({ text }) => text),
    ['I owe you 100', 'or do I'],
  );
  t.is(alice.all('warning').filter(({ type }) => type === 'Contradiction').length, 1);
});

test('equivocation: given a relayed message with another text under a known number, then the first text is kept, the warning names the author, and the rest is fetched', async (t) => {
  const world = await createWorld(t);
  const [alice, carol, dave] = await inRoom(world, 'alice', 'carol', 'dave');
  if (alice === undefined || carol === undefined || dave === undefined) return t.fail();
  const conversation = await lobby(world);
  await dave.stop();
  await saysMany(alice, 3);
  await has(carol, conversation, 3);
  const stored = await carol.history.relayableMessages(
    conversation,
    [{ device: alice.device, ranges: [[1, 3]] }],
    { fromRoster: 0, account: null },
    10,
  );
  const [latest] = stored;
  if (latest === undefined) return t.fail();
  await Promise.all([alice.stop(), carol.stop()]);
  const bearer = await linkAs(world, 'carol', dave);
  const back = await world.restart(dave);
  const other: Message = messageSchema.parse({ ...latest.message, text: 'what alice said to dave' });
  const [proof] = proveTurn([other], (data) => alice.key.sign(data));
  let asked = 0;
  bearer.onHistory = (operation) => {
    if (operation.operation === 'HAVE') return null;
    asked += 1;
    // The same message arrives from alice herself while the answer is under way.
    void back.history.store(other, 'read', proof);
    const messages = stored.flatMap((one) =>
      one.proof === null ? [] : [writePassed(one.message, one.proof)],
    );
    return { messages, enrolments: [enrolmentOf(world.tracker.key, alice.session)] } satisfies Given;
  };
  await bearer.meet(back);
  bearer.send({ operation: 'HAVE', conversation, devices: [`${alice.device} 1-3`] });
  const warning = await back.hears('warning', { type: 'Contradiction', peer: 'alice' });
  t.regex(warning.message, /"alice 2"/);
  await has(back, conversation, 3);
  t.deepEqual(await textsOf(back, conversation), ['alice 0', 'alice 1', 'what alice said to dave']);
  t.false(back.all('link').some(({ reason }) => reason.includes('forged')));
  t.is(asked, 1, 'the messages are requested once');
});

test('equivocation: given two members with different messages under one number, when their link opens, then both warn about the author, keep their own message and receive later ones', async (t) => {
  const world = await createWorld(t);
  const [alice, bob, carol] = await inRoom(world, 'alice', 'bob', 'carol');
  if (alice === undefined || bob === undefined || carol === undefined) return t.fail();
  const conversation = await lobby(world);
  await saysMany(alice, 2);
  await Promise.all([has(bob, conversation, 2), has(carol, conversation, 2)]);
  await alice.stop();
  const [last] = await bob.history.messagesBefore(conversation, null, 1);
  if (last === undefined) return t.fail();
  for (const [terminal, text] of [
    [bob, 'yes'],
    [carol, 'no'],
  ] as const) {
    const message = messageSchema.parse({ ...last.message, seq: 3, text });
    const [proof] = proveTurn([message], (data) => alice.key.sign(data));
    await terminal.history.store(message, 'read', proof);
  }
  world.net.cut(bob.device, carol.device);
  world.net.heal(bob.device, carol.device);
  t.regex((await bob.hears('warning', { type: 'Contradiction', peer: 'alice' })).message, /"no"/);
  t.regex((await carol.hears('warning', { type: 'Contradiction', peer: 'alice' })).message, /"yes"/);
  await bob.chat.say('#lobby', 'what now?');
  await has(carol, conversation, 4);
  t.deepEqual(await textsOf(bob, conversation), ['alice 0', 'alice 1', 'yes', 'what now?']);
  t.deepEqual(await textsOf(carol, conversation), ['alice 0', 'alice 1', 'no', 'what now?']);
  for (const one of [bob, carol]) t.false(one.all('link').some(({ reason }) => reason.includes('forged')));
});

test('equivocation: given a profile restored from a copy, when it reuses a number, then that message is not delivered, both sides see why, and the next message is delivered', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await world.terminal('bob');
  await alice.chat.startPrivate('bob');
  await alice.chat.say('@bob', 'one');
  await alice.hears('delivery', { state: 'delivered' });
  await alice.stop();
  copy(alice.file, `${alice.file}.copy`);
  const before = await world.restart(alice);
  await before.chat.say('@bob', 'two');
  await before.hears('delivery', { state: 'delivered' });
  await before.stop();
  copy(`${alice.file}.copy`, alice.file);
  world.net.cut(alice.device, bob.device);
  const again = await world.restart(alice);
  t.like(await again.chat.say('@bob', 'two, but other'), { status: 400 });
  world.net.heal(alice.device, bob.device);
  await bob.hears('warning', { type: 'Contradiction', peer: 'alice' });
  await until(async () => /NUMBER_TAKEN/.test((await again.chat.why()).message), 'alice sees why');
  t.false(again.all('delivery').some(({ state }) => state === 'delivered'));
  await again.chat.say('@bob', 'three');
  await bob.hears('message', { text: 'three' });
  const [conversation] = (await bob.history.knownState()).privates;
  if (conversation === undefined) return t.fail();
  t.deepEqual(await textsOf(bob, conversation), ['one', 'two', 'three']);
});

/** Copies a database with its write-ahead log, if there is one. */
function copy(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    rmSync(`${to}${suffix}`, { force: true });
    if (existsSync(`${from}${suffix}`)) cpSync(`${from}${suffix}`, `${to}${suffix}`);
  }
}
