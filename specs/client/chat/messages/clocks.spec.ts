// Terminals whose clocks are wrong: the order of messages, their timestamps, and the sentences about clocks.
import test from 'ava';
import * as fc from 'fast-check';
import { hlcAt, millisecondsOf } from '../../../../core/protocol/message/hlc.js';
import { createSetClock } from '../../../support/set-clock.js';
import { until } from '../../../support/until.js';
import { allLinked, has, inRoom, lobby, textsOf } from '../support/lobby.js';
import { meetStranger, messageOf } from '../support/stranger.js';
import { createWorld, type Terminal, type World } from '../support/world.js';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;

/** Terminals of the named users, all in one room. The clock of each machine is ahead by its `aheadMs`. */
async function inRoomWith(world: World, machines: readonly (readonly [name: string, aheadMs: number])[]) {
  const clocks = machines.map(([, aheadMs]) => createSetClock(aheadMs));
  const terminals: Terminal[] = [];
  for (const [index, [name]] of machines.entries()) {
    const clock = clocks[index];
    const terminal = await world.terminal(name, clock === undefined ? {} : { clock });
    await (index === 0 ? terminal.chat.create('lobby') : terminal.chat.join('lobby'));
    terminals.push(terminal);
  }
  await allLinked(world, terminals);
  return { clocks, terminals };
}

const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);

const at = <T>(all: readonly T[], index: number): T => {
  const one = all[index];
  if (one === undefined) throw new Error(`there is none at ${index}`);
  return one;
};

/** Sends a request to the tracker, whose answer gives the tracker's time. Every terminal does this each minute. */
const syncAll = (terminals: readonly Terminal[]) => Promise.all(terminals.map(({ chat }) => chat.people()));

const clockWarnings = (terminal: Terminal): readonly string[] =>
  terminal
    .all('warning')
    .filter(({ type }) => type === 'ClockDiffers')
    .map(({ message }) => message);

for (const [title, aheadMs] of [
  ['two days ahead', 2 * DAY_MS],
  ['a year behind', -YEAR_MS],
  ['ten years ahead', 10 * YEAR_MS],
] as const) {
  test(`clocks: given an author whose machine is ${title}, then all see the messages in the order in which they were said`, async (t) => {
    const world = await createWorld(t);
    const { terminals } = await inRoomWith(world, [
      ['alice', aheadMs],
      ['bob', 0],
    ]);
    const conversation = await lobby(world);
    const said = ['one', 'two', 'three', 'four'];
    for (const [index, text] of said.entries()) {
      await at(terminals, index % 2).chat.say('#lobby', text);
      for (const terminal of terminals) await has(terminal, conversation, index + 1);
    }
    for (const terminal of terminals) {
      t.deepEqual(await textsOf(terminal, conversation), said);
      const page = await terminal.history.messagesBefore(conversation, null, 10);
      for (const { at: shownAt } of page) t.true(Math.abs(shownAt - Date.now()) < 60_000);
    }
  });
}

test('clocks: given a message from an older terminal that is dated two days ahead, then it is refused with both times', async (t) => {
  const world = await createWorld(t);
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  await alice.chat.startPrivate('bob');
  const conversation = `private-${[alice.session.account, bob.user.account].sort().join('-')}`;
  const ahead = Date.now() + 2 * DAY_MS;
  const refused = await bob.say(messageOf(bob.user, { conversation, hlc: hlcAt(ahead) }));
  t.like(refused, { status: 401, phrase: 'DATED_AHEAD' });
  t.true(refused.message.includes(`dated ${day(ahead)}`));
  t.true(refused.message.includes(`says ${day(Date.now())}`));
  t.deepEqual(alice.all('message'), []);
  const near = await bob.say(messageOf(bob.user, { conversation, seq: 2, hlc: hlcAt(Date.now() + 40_000) }));
  t.like(near, { phrase: 'MESSAGE_SENT' });
});

test('clocks: given an older tracker that names no time, then no message is refused because of its date', async (t) => {
  const world = await createWorld(t);
  world.tracker.alters = (_, { at: _told, ...answer }) => answer;
  const alice = await world.terminal('alice');
  const bob = await meetStranger(world, alice, 'bob');
  await alice.chat.startPrivate('bob');
  const conversation = `private-${[alice.session.account, bob.user.account].sort().join('-')}`;
  const ahead = await bob.say(messageOf(bob.user, { conversation, hlc: hlcAt(Date.now() + DAY_MS) }));
  t.like(ahead, { phrase: 'MESSAGE_SENT' });
  await alice.chat.say(null, 'hello');
  await alice.hears('delivery', { state: 'delivered' });
});

test('clocks: given messages that were written before the tracker told its time, when it tells it, then they get their final timestamps and arrive in order', async (t) => {
  const world = await createWorld(t);
  const { terminals, clocks } = await inRoomWith(world, [
    ['alice', 0],
    ['bob', 0],
  ]);
  const conversation = await lobby(world);
  const bob = at(terminals, 1);
  await at(terminals, 0).stop();
  at(clocks, 0).aheadMs = 2 * DAY_MS;
  world.tracker.isUp = false;
  const alice = await world.restart(at(terminals, 0));
  for (const text of ['one', 'two']) t.like(await alice.chat.say('#lobby', text), { phrase: 'MESSAGE_SENT' });
  await bob.chat.say('#lobby', 'between');
  world.tracker.isUp = true;
  await alice.session.become('online');
  await alice.chat.say('#lobby', 'three');
  await Promise.all([alice, bob].map((terminal) => has(terminal, conversation, 4)));
  t.deepEqual(await textsOf(bob, conversation), await textsOf(alice, conversation));
  t.deepEqual(
    (await textsOf(bob, conversation)).filter((text) => text !== 'between'),
    ['one', 'two', 'three'],
  );
  const page = await bob.history.messagesBefore(conversation, null, 10);
  for (const { message } of page) {
    t.true(Math.abs(millisecondsOf(message.hlc) - Date.now()) < 60_000, message.text);
  }
  t.deepEqual(bob.all('warning'), []);
});

test('clocks: given a tracker that was a day ahead and is set right, when one terminal has not noticed, then its message is refused, and it sends the message again with a new timestamp', async (t) => {
  const world = await createWorld(t);
  world.tracker.time.aheadMs = DAY_MS;
  const [alice, bob] = (await inRoom(world, 'alice', 'bob')) as readonly [Terminal, Terminal];
  const conversation = await lobby(world);
  await alice.chat.say('#lobby', 'before');
  await has(bob, conversation, 1);
  world.tracker.time.aheadMs = 0;
  await syncAll([bob]);
  const sent = await alice.chat.say('#lobby', 'after');
  if (!sent.isOk) return t.fail();
  await has(bob, conversation, 2);
  await alice.hears('delivery', { id: sent.data.id, state: 'delivered' });
  for (const terminal of [alice, bob]) {
    await until(
      async () => (await textsOf(terminal, conversation)).join() === 'before,after',
      `${terminal.username} has both in order`,
    );
    const last = (await terminal.history.messagesBefore(conversation, null, 1))[0];
    t.true(Math.abs(millisecondsOf(last?.message.hlc ?? hlcAt(0)) - Date.now()) < 60_000);
  }
  const types = bob.all('warning').map(({ type }) => type);
  t.false(types.includes('Contradiction'), 'the same number was not used for two messages');
});

test('clocks: given a machine whose clock is wrong, then its user learns it from the clocks of the others', async (t) => {
  const world = await createWorld(t);
  const { terminals } = await inRoomWith(world, [
    ['alice', DAY_MS],
    ['bob', 0],
    ['carol', 0],
  ]);
  const [alice, bob] = [at(terminals, 0), at(terminals, 1)];
  const warning = await alice.hears('warning', { type: 'ClockDiffers' });
  t.regex(warning.message, /The tracker's clock says .* UTC, and this machine's clock says .* UTC\./);
  t.regex(warning.message, /this machine's clock is wrong. Set this machine's clock/);
  t.like(await alice.chat.why(), { data: { event: 'ClockDiffers' } });
  t.deepEqual(clockWarnings(bob), []);
});

test('clocks: given a tracker a day ahead, then everyone learns that its clock is wrong', async (t) => {
  const world = await createWorld(t);
  world.tracker.time.aheadMs = DAY_MS;
  const terminals = await inRoom(world, 'alice', 'bob', 'carol');
  for (const terminal of terminals) {
    const { message } = await terminal.hears('warning', { type: 'ClockDiffers' });
    t.regex(message, /the tracker's clock is wrong. Tell the operator of the tracker/);
    t.notRegex(message, /Set this machine/);
  }
});

const aheadMs = fc.oneof(
  { arbitrary: fc.constant(0), weight: 3 },
  { arbitrary: fc.integer({ min: -10 * YEAR_MS, max: 10 * YEAR_MS }), weight: 4 },
);
const NAMES = ['alice', 'bob', 'carol'] as const;
const who = fc.nat({ max: NAMES.length - 1 });
const step = fc.oneof(
  { arbitrary: fc.record({ kind: fc.constant('say' as const), one: who }), weight: 5 },
  { arbitrary: fc.record({ kind: fc.constant('machine' as const), one: who, aheadMs }), weight: 2 },
  { arbitrary: fc.record({ kind: fc.constant('tracker' as const), aheadMs }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constant('restart' as const), one: who, aheadMs }), weight: 1 },
);
const story = fc.record({
  machines: fc.tuple(aheadMs, aheadMs, aheadMs),
  tracker: aheadMs,
  steps: fc.array(step, { minLength: 6, maxLength: 14 }),
});

test('clocks: given any clocks of terminals and tracker that step at any time, then all see the order in which messages were said, none is deleted, and no right clock is called wrong', async (t) => {
  t.timeout(300_000);
  await fc.assert(
    fc.asyncProperty(story, async ({ machines, tracker, steps }) => {
      const world = await createWorld(t);
      world.tracker.time.aheadMs = tracker;
      const clocks = machines.map((ahead) => createSetClock(ahead));
      const terminals: Terminal[] = [];
      for (const [index, name] of NAMES.entries()) {
        const keeps = { keepDays: 1, keepMessages: undefined };
        const terminal = await world.terminal(name, { clock: at(clocks, index), keeps });
        await (index === 0 ? terminal.chat.create('lobby') : terminal.chat.join('lobby'));
        terminals.push(terminal);
      }
      await allLinked(world, terminals);
      const conversation = await lobby(world);
      /** Whether each machine's clock and the tracker's clock were right all the time. */
      const right = { machines: machines.map((ahead) => ahead === 0), tracker: tracker === 0 };
      const told: { readonly index: number; readonly message: string }[] = [];
      const said: string[] = [];
      for (const one of steps) {
        if (one.kind === 'say') {
          said.push(`${said.length}`);
          await at(terminals, one.one).chat.say('#lobby', said.at(-1) ?? '');
          for (const terminal of terminals) await has(terminal, conversation, said.length);
        } else if (one.kind === 'machine') {
          at(clocks, one.one).aheadMs = one.aheadMs;
          right.machines[one.one] = false;
        } else if (one.kind === 'tracker') {
          world.tracker.time.aheadMs = one.aheadMs;
          right.tracker = false;
          await syncAll(terminals);
        } else {
          const former = at(terminals, one.one);
          told.push(...clockWarnings(former).map((message) => ({ index: one.one, message })));
          await former.stop();
          at(clocks, one.one).aheadMs = one.aheadMs;
          right.machines[one.one] = false;
          terminals[one.one] = await world.restart(former);
          await allLinked(world, terminals);
        }
      }
      await syncAll(terminals);
      for (const [index, terminal] of terminals.entries()) {
        t.is(await terminal.retention.confirm(), null, 'no deletion waits');
        // A terminal that learns the time repairs the order of its messages in the background, so the answer may come first.
        await until(
          async () => (await textsOf(terminal, conversation)).join() === said.join(),
          `${terminal.username} has all in the order in which they were said`,
        );
        told.push(...clockWarnings(terminal).map((message) => ({ index, message })));
      }
      // The majority decides which clock is wrong, so most machines must have been right.
      const isDecidable = right.machines.filter(Boolean).length >= 2;
      for (const { index, message } of isDecidable ? told : []) {
        if (right.tracker) t.notRegex(message, /the tracker's clock is wrong/);
        if (right.machines[index] === true) t.notRegex(message, /this machine's clock is wrong/);
      }
      for (const terminal of terminals) await terminal.stop();
    }),
    { numRuns: Number(process.env['CLOCK_STORIES'] ?? 4), endOnFailure: true },
  );
});
