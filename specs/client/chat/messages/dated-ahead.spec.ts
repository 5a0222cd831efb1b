// Messages dated in the future, when the tracker's clock was set back and only some terminals have noticed.
import test from 'ava';
import * as fc from 'fast-check';
import { writeFrame } from '../../../../client/chat/peers/wire.js';
import { type Request, respond } from '../../../../core/protocol/envelope.js';
import { messageSchema } from '../../../../core/protocol/message/message.js';
import { until } from '../../../support/until.js';
import { createSetClock } from '../../../support/set-clock.js';
import { allLinked, has, inRoom, lobby, textsOf } from '../support/lobby.js';
import { meetStranger, type Stranger } from '../support/stranger.js';
import { createWorld, type Terminal, type World } from '../support/world.js';

const DAY_MS = 86_400_000;

/** Every terminal has exactly these messages, in this order. */
async function haveAll(world: World, terminals: readonly Terminal[], texts: readonly string[]) {
  const conversation = await lobby(world);
  for (const terminal of terminals) {
    await until(
      async () => (await textsOf(terminal, conversation)).join() === texts.join(),
      `${terminal.username} has ${texts.join()}`,
    );
  }
}

const learnTime = (terminals: readonly Terminal[]) => Promise.all(terminals.map(({ chat }) => chat.people()));

async function roomADayAhead(world: World, ...names: readonly string[]) {
  world.tracker.time.aheadMs = DAY_MS;
  const terminals = await inRoom(world, ...names);
  await terminals[0]?.chat.say('#lobby', 'before');
  for (const terminal of terminals) await has(terminal, await lobby(world), 1);
  world.tracker.time.aheadMs = 0;
  return terminals;
}

test('dated ahead: given a message that one recipient takes and another refuses, then all have it once, in the same place', async (t) => {
  const world = await createWorld(t);
  const terminals = await roomADayAhead(world, 'alice', 'bob', 'carol');
  const [alice, , carol] = terminals;
  if (alice === undefined || carol === undefined) return t.fail();
  await learnTime([carol]);
  const sent = await alice.chat.say('#lobby', 'after');
  if (!sent.isOk) return t.fail();
  await alice.hears('delivery', { id: sent.data.id, state: 'delivered' });
  await learnTime(terminals);
  await carol.chat.say('#lobby', 'last');
  await haveAll(world, terminals, ['before', 'after', 'last']);
  const shown = carol.all('message').find(({ text }) => text === 'after');
  t.true((shown?.at ?? Infinity) < Date.now() + 60_000, 'it is shown with the time of its arrival');
  for (const terminal of terminals)
    t.true(terminal.all('message').filter(({ text }) => text === 'after').length <= 1);
});

test('dated ahead: given a message that one recipient has not answered and another refuses, then it keeps its number', async (t) => {
  const world = await createWorld(t);
  const [alice, carol] = await roomADayAhead(world, 'alice', 'carol');
  if (alice === undefined || carol === undefined) return t.fail();
  const bob = await meetStranger(world, alice, 'bob');
  await bob.user.join('lobby');
  await alice.hears('notice', { type: 'MemberJoined', username: 'bob' });
  bob.answers = () => null;
  await learnTime([carol]);
  const sent = await alice.chat.say('#lobby', 'after');
  if (!sent.isOk) return t.fail();
  await alice.hears('delivery', { id: sent.data.id, state: 'sent' });
  const refused = await until(
    () => alice.all('delivery').find(({ refusal }) => refusal?.phrase === 'DATED_AHEAD'),
    'carol has refused it',
  );
  t.is(refused.id, sent.data.id);
  t.deepEqual(numbersOf(bob), [2], 'bob may have stored it');
  const [request] = requestsTo(bob);
  if (request === undefined) return t.fail();
  bob.send(writeFrame(respond(request, 4, { phrase: 'MESSAGE_SENT' })));
  await haveAll(world, [alice, carol], ['before', 'after']);
  await alice.hears('delivery', { id: sent.data.id, state: 'delivered' });
  t.deepEqual(numbersOf(bob), [2]);
});

const requestsTo = ({ frames }: Stranger): readonly Request[] =>
  frames.flatMap((frame) => (frame.kind === 'request' ? [frame.request] : []));
const numbersOf = (stranger: Stranger): readonly number[] =>
  requestsTo(stranger).map(({ data }) => messageSchema.parse(data).seq);

const NAMES = ['alice', 'bob', 'carol'];

test('dated ahead: given a tracker that is set back, when any terminals have noticed and any write, then all have each message once, in the order in which they were said', async (t) => {
  t.timeout(300_000);
  const step = fc.record({ author: fc.nat({ max: NAMES.length - 1 }), noticed: fc.subarray(NAMES) });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      const world = await createWorld(t);
      const terminals = await roomADayAhead(world, ...NAMES);
      const said = ['before'];
      for (const { author, noticed } of steps) {
        await learnTime(terminals.filter(({ username }) => noticed.includes(username)));
        said.push(`${said.length}`);
        await terminals[author]?.chat.say('#lobby', said.at(-1) ?? '');
        for (const terminal of terminals) await has(terminal, await lobby(world), said.length);
      }
      await learnTime(terminals);
      await haveAll(world, terminals, said);
      for (const terminal of terminals) await terminal.stop();
    }),
    { numRuns: Number(process.env['CLOCK_STORIES'] ?? 2), endOnFailure: true },
  );
});

test('dated ahead: given an older tracker that is replaced by one that names its time while terminals run, then messages dated by wrong machines get their places', async (t) => {
  const world = await createWorld(t);
  world.tracker.alters = (_, { at: _told, ...answer }) => answer;
  const alice = await world.terminal('alice', { clock: createSetClock(2 * DAY_MS) });
  const bob = await world.terminal('bob');
  await alice.chat.create('lobby');
  await bob.chat.join('lobby');
  await allLinked(world, [alice, bob]);
  const conversation = await lobby(world);
  await alice.chat.say('#lobby', 'first');
  await has(bob, conversation, 1);
  world.tracker.alters = (_, answer) => answer;
  await learnTime([alice, bob]);
  await bob.chat.say('#lobby', 'second');
  await haveAll(world, [alice, bob], ['first', 'second']);
});
