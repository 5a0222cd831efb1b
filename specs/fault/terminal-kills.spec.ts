// A sending and a receiving terminal are killed repeatedly. Every message accepted with 400 reaches the other side
// exactly once, in its author's order.
import { join } from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { PASSWORD } from '../support/device.js';
import { openStage } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';
import { counted, throwDice } from './support/seeded-random.js';
import {
  type MortalTerminal,
  rollMoment,
  startMortalTerminal,
  type Told,
} from './support/mortal-terminal.js';
import { createSpeaker } from './support/speaker.js';
import { auditTranscripts, readTranscript } from './support/transcripts.js';

/** Kills of the sending terminal. The receiving terminal is killed as often. */
const KILLS = counted('TERMINAL_KILLS', { usual: 2, soak: 200 });
const MINUTE_MS = 60_000;
const LONGEST_LIFE_MS = 4_000;
/** The most messages to send in one life of either terminal. */
const MOST_SAID = counted('TERMINAL_MESSAGES', { usual: 40, soak: 200 });
const UNDER_WAY = [1, 1, 4, 32];
const CARRIERS = ['tcp', 'udp', 'relay', 'auto'];
/** The number of kills before another carrier is chosen. */
const DEATHS_PER_CARRIER = 4;
/** The longest time without any delivery while messages wait. The total time is not limited. */
const PATIENCE_MS = MINUTE_MS;

const SPEAKER = [
  'start',
  'session online',
  'link dialing',
  'link open',
  'reply',
  'delivery sent',
  'delivery delivered',
];
const LISTENER = ['start', 'session online', 'link dialing', 'link open', 'message', 'message', 'message'];

test(`faults: given a sending and a receiving terminal killed ${KILLS} times each, then each accepted message arrives once and in order`, async (t) => {
  t.timeout(5 * MINUTE_MS + KILLS * 30_000);
  const dice = throwDice();
  t.log(`seed ${dice.seed}`);
  const stage = await openStage(t);
  const home = join(stage.folder, 'terminals');
  const heard = { all: new Map<string, number>(), twice: [] as Told[] };
  const speaker = createSpeaker(dice, ['#lobby', '@bob']);
  const terminals = new Set<MortalTerminal>();
  t.teardown(() => Promise.all([...terminals].map((terminal) => terminal.kill())));

  let deaths = 0;
  let carrier = 'auto';
  const start = (profile: string, partner: string): MortalTerminal => {
    const shown = new Set<string>();
    const terminal = startMortalTerminal({ home, profile, invite: stage.invite }, (told) => {
      if (told.event !== 'message' || told.id === undefined) return;
      if (shown.has(told.id)) heard.twice.push(told);
      shown.add(told.id);
      const way = `${profile} over ${told.link}`;
      heard.all.set(way, (heard.all.get(way) ?? 0) + 1);
    });
    terminals.add(terminal);
    for (const label of [`@${partner}`, '#lobby'])
      terminal.type(`/link ${carrier} ${label}`, () => undefined);
    return terminal;
  };
  const startSpeaker = (): MortalTerminal => {
    const terminal = start('alice', 'bob');
    speaker.sitAt(terminal, dice.pick(UNDER_WAY));
    speaker.speak(1 + dice.roll(MOST_SAID));
    return terminal;
  };
  const dieOften = async (kills: number, kinds: readonly string[], begin: () => MortalTerminal) => {
    for (let kill = 0; kill < kills; kill += 1) {
      if (deaths % DEATHS_PER_CARRIER === 0) carrier = dice.pick(CARRIERS);
      const terminal = begin();
      await terminal.dieAt(rollMoment(dice, kinds, MOST_SAID / 2), LONGEST_LIFE_MS);
      terminals.delete(terminal);
      deaths += 1;
    }
  };
  const dieSpeaking = (kills: number) => dieOften(kills, SPEAKER, startSpeaker);
  const dieListening = (kills: number) =>
    dieOften(kills, LISTENER, () => {
      speaker.speak(1 + dice.roll(MOST_SAID));
      return start('bob', 'alice');
    });

  const [first, bob, carol] = [start('alice', 'bob'), start('bob', 'alice'), start('carol', 'bob')];
  await gather(first, bob, carol);
  await first.kill();
  const alone = Math.ceil(KILLS / 3);
  await dieSpeaking(alone);
  await bob.kill();
  const alice = startSpeaker();
  await dieListening(alone);
  await alice.kill();
  await Promise.all([dieSpeaking(KILLS - alone), dieListening(KILLS - alone)]);

  carrier = 'auto';
  const last = { alice: startSpeaker(), bob: start('bob', 'alice'), carol };
  await until(() => speaker.isSilent, 'the last is accepted', MINUTE_MS);
  const before = performance.now();
  // A person is listed only after being introduced.
  const isMet = async (): Promise<boolean> => (await queuesAt(last.alice)).length === 2;
  await until(isMet, 'the others are introduced', MINUTE_MS);
  const countWaiting = async (): Promise<number> =>
    (await queuesAt(last.alice)).reduce((sum, queued) => sum + queued, 0);
  const rest = await countWaiting();
  for (let waiting = rest; waiting > 0; waiting = await countWaiting()) {
    const isFewer = async (): Promise<boolean> => (await countWaiting()) < waiting;
    await until(isFewer, `one of the ${waiting} waiting messages is delivered`, PATIENCE_MS);
  }
  t.log(`${rest} messages waited at the end, for ${Math.round(performance.now() - before)} ms`);

  const read = (who: keyof typeof last, label: string) =>
    readTranscript(last[who], label, join(stage.folder, `${who}${label}`));
  const lobby = [await read('alice', '#lobby'), await read('bob', '#lobby'), await read('carol', '#lobby')];
  t.log(auditTranscripts(t, speaker, '#lobby', lobby));
  t.log(auditTranscripts(t, speaker, '@bob', [await read('alice', '@bob'), await read('bob', '@alice')]));
  t.deepEqual(heard.twice, [], 'nothing is shown twice in one life');
  t.deepEqual(speaker.refused.slice(0, 3), []);
  t.log(`${2 * KILLS} kills; shown: ${[...heard.all].map((one) => one.join(' ')).join(', ')}`);
  for (const terminal of Object.values(last)) t.is(await terminal.leave(), 0);
});

/** Three people who share one room. Two of them also have a private conversation. */
async function gather(alice: MortalTerminal, bob: MortalTerminal, carol: MortalTerminal): Promise<void> {
  const people = { alice, bob, carol };
  await Promise.all(
    Object.entries(people).map(([name, terminal]) => terminal.ask(`/register ${name} ${PASSWORD}`)),
  );
  await alice.ask('/create lobby');
  await Promise.all([bob.ask('/join lobby'), carol.ask('/join lobby')]);
  // Opens the private conversation on both sides. In a short run bob may get no private message, but both transcripts are read at
  // the end.
  await Promise.all([alice.ask('/msg bob'), bob.ask('/msg alice')]);
}

const linksSchema = z.object({ links: z.array(z.object({ queued: z.int() })) });

/** The number of waiting messages for each linked peer. */
async function queuesAt(terminal: MortalTerminal): Promise<readonly number[]> {
  const { links } = linksSchema.parse((await terminal.ask('/links')).data);
  return links.map(({ queued }) => queued);
}
