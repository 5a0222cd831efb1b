// A bot is killed repeatedly while messages come. It handles each message at least once, and in order.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'ava';
import { spawnTied } from '../../bin/children/tied.js';
import { PASSWORD } from '../support/device.js';
import { openStage } from '../support/processes/tracker-process.js';
import { until } from '../support/until.js';
import { counted, throwDice } from './support/seeded-random.js';

const KILLS = counted('BOT_KILLS', { usual: 2, soak: 200 });
const MESSAGES = counted('BOT_MESSAGES', { usual: 60, soak: 10_000 });
const MINUTE_MS = 60_000;
const BOT = fileURLToPath(new URL('support/hold-bot.js', import.meta.url));

test(`faults: given a bot killed ${KILLS} times while ${MESSAGES} messages come, then it handles each at least once, in order`, async (t) => {
  t.timeout(5 * MINUTE_MS + KILLS * 30_000);
  const dice = throwDice();
  t.log(`seed ${dice.seed}`);
  const stage = await openStage(t);
  const alice = stage.terminal('alice');
  await alice.type(`/register alice ${PASSWORD}`);
  await alice.type('/create lobby');
  const file = join(stage.folder, 'handled');
  const handled = (): readonly string[] => linesOf(file);

  const start = async () => {
    const words = [BOT, 'robot', PASSWORD, stage.invite, join(stage.folder, 'bots'), file];
    const { process: child, stdout } = spawnTied({ words, stdin: 'ignore', stderr: 'inherit' });
    const ended = once(child, 'exit');
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    t.teardown(kill);
    const ready = once(createInterface(stdout), 'line');
    return { kill, ready };
  };

  let bot = await start();
  await bot.ready;
  let said = 0;
  const perLife = Math.ceil(MESSAGES / KILLS);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const before = handled().length;
    const part = Math.min(perLife, MESSAGES - said);
    const first = said + 1;
    said += part;
    const sent = Promise.all(Array.from({ length: part }, (_, index) => alice.type(`${first + index}`)));
    // Killed after some of the messages of this life, or while it still connects.
    const share = dice.roll(part + 1);
    await until(() => handled().length >= before + share, `${share} messages are handled in life ${kill}`);
    await bot.kill();
    await sent;
    bot = await start();
    if (dice.roll(2) === 0) await bot.ready;
  }
  await bot.ready;
  await until(() => new Set(handled()).size >= MESSAGES, 'every message is handled', MINUTE_MS * 5);
  t.deepEqual(
    [...new Set(handled())],
    Array.from({ length: MESSAGES }, (_, index) => `${index + 1}`),
    'the first handling of each message is in order',
  );
  const twice = handled().length - MESSAGES;
  t.log(`${twice} of ${MESSAGES} messages were handled again after a kill`);
});

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(0, -1);
  } catch {
    return [];
  }
}
