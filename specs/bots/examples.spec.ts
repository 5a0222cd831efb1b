// The examples of bots run as their first lines say, from the folder of Partyline.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { until } from '../support/until.js';
import { openStage } from '../support/processes/tracker-process.js';
import { PASSWORD } from '../support/device.js';
import { root, startProgram } from './fresh-folder.js';

/** Each example and the page that explains it. */
const pages: Readonly<Record<string, string>> = {
  'audit-sink.mjs': 'docs/integrations.md',
  'moderation-bot.mjs': 'docs/bots.md',
  'room-statistics.mjs': 'docs/bots.md',
  'welcome-bot.mjs': 'docs/bots.md',
};

test('examples: each has fewer than 100 lines, its line in README and its line on the page that explains it', (t) => {
  const programs = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.mjs'));
  t.deepEqual(programs.toSorted(), Object.keys(pages).toSorted());
  for (const [name, explained] of Object.entries(pages)) {
    t.true(readFileSync(join(root, 'examples', name), 'utf8').split('\n').length <= 100, name);
    for (const page of ['README.md', explained]) {
      t.true(readFileSync(join(root, page), 'utf8').includes(`examples/${name}`), `${page}: ${name}`);
    }
  }
});

test('examples: the bots greet, answer, remove and count, and statistics continue after a restart', async (t) => {
  const stage = await openStage(t);
  const env = {
    ...process.env,
    XDG_DATA_HOME: join(stage.folder, 'data'),
    BOT_PASSWORD: 'a-password-for-the-bot',
  };
  const start = (words: string) => startProgram(t, `node examples/${words}`, root, env);
  const alice = stage.terminal('alice');
  await alice.type(`/register alice ${PASSWORD}`);
  await alice.type('/create lobby');
  const file = join(stage.folder, 'statistics.json');
  const bots = [
    start(`welcome-bot.mjs lobby '${stage.invite}'`),
    start(`moderation-bot.mjs lobby '${stage.invite}' spam`),
    start(`room-statistics.mjs lobby '${stage.invite}' '${file}'`),
  ];
  const names = ['welcome-bot', 'moderator', 'statistics'];
  await Promise.all(bots.map((bot, index) => bot.sees(`${names[index]} is in #lobby`)));
  await alice.type('/promote moderator');

  const bob = stage.terminal('bob');
  await bob.type(`/register bob ${PASSWORD}`);
  await bob.type('/join lobby');
  const welcome = { event: 'message', from: 'welcome-bot', text: 'Welcome, bob! Write `!ping` to test me.' };
  t.like(await bob.expect(welcome, 'the greeting'), { bot: true, hops: 1 });
  await bob.type('!ping');
  await bob.expect({ event: 'message', from: 'welcome-bot', text: 'pong' }, 'the answer');
  await bob.type('buy Spam, now');
  const removed = { event: 'notice', type: 'MemberRemoved', username: 'bob', by: 'moderator' };
  t.like(await alice.expect(removed, 'the removal'), { reason: '"spam" is not allowed here' });

  await until(() => counted(file)['bob'] === 2, 'both messages of bob are counted');
  const statistics = bots[2];
  t.is(await statistics?.interrupt(), 0);
  await alice.type('hello');
  const again = start(`room-statistics.mjs lobby '' '${file}'`);
  await again.sees('statistics is in #lobby');
  await alice.type('!stats');
  const answer = await alice.expect({ event: 'message', from: 'statistics' }, 'the statistics');
  const said = String(answer['text']);
  for (const part of ['bob: 2', 'alice: 1']) t.true(said.includes(part), said);
});

function counted(file: string): Readonly<Record<string, number>> {
  try {
    const { counts } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly counts: Readonly<Record<string, number>>;
    };
    return counts;
  } catch {
    return {};
  }
}
